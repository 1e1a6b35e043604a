//! Hebrew, in the plural and in nouns, which speak to women and men alike.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "he",
    rtl: true,
    recommendation: Asked {
        question: "עד כמה סביר שתמליצו על {brand} לחברים או לקולגות?",
        question_unbranded: "עד כמה סביר שתמליצו עלינו לחברים או לקולגות?",
        low: "בכלל לא סביר",
        high: "סביר מאוד",
    },
    agreement: Asked {
        question: "בחנות {brand} היה לי קל לעשות את מה שרציתי.",
        question_unbranded: "היה לי קל לעשות את מה שרציתי.",
        low: "חוסר הסכמה מוחלט",
        high: "הסכמה מלאה",
    },
    ease: Asked {
        question: "עד כמה היה לכם קל לעשות את מה שרציתם בחנות {brand}?",
        question_unbranded: "עד כמה היה לכם קל לעשות את מה שרציתם?",
        low: "קשה מאוד",
        high: "קל מאוד",
    },
    effort: Asked {
        question: "כמה מאמץ נדרש מכם כדי לעשות את מה שרציתם בחנות {brand}?",
        question_unbranded: "כמה מאמץ נדרש מכם כדי לעשות את מה שרציתם?",
        low: "מעט מאוד",
        high: "הרבה מאוד",
    },
    satisfaction: Asked {
        question: "איך הייתה החוויה שלכם בחנות {brand}?",
        question_unbranded: "איך הייתה החוויה שלכם אצלנו?",
        low: "גרועה מאוד",
        high: "מצוינת",
    },
    follow_up: ["מה הכי אהבתם?", "מה נוכל לשפר?", "מה לא היה בסדר?"],
    point: "{n} מתוך {max}",
    star: "{n} מתוך {max} כוכבים",
    faces: ["גרועה מאוד", "לא טובה", "סבירה", "טובה", "מצוינת"],
    thumbs: ["לא טובה", "טובה"],
    send: "שליחה",
    dismiss: "לא, תודה",
    noted: "התשובה נשמרה.",
    thanks: "תודה על המשוב.",
    other: "משהו אחר",
    never: "לא לשאול אותי שוב",
    close: "סגירה",
    tab: "דעתכם חשובה לנו",
    choose: "קודם יש לבחור ציון.",
    failed: "השליחה לא הצליחה. נסו שוב.",
    refused: "לא ניתן היה לשמור את התשובה.",
    ended: "הסקר הסתיים.",
    invited: Invited {
        subject: "שאלה מאת {brand}",
        hint: "בחרו תשובה. אפשר עדיין לשנות אותה בדף שייפתח.",
        unsubscribe: "לא לקבל עוד שאלות",
        unsubscribed: "לא נשאל אתכם שוב.",
        expired: "תוקף הקישור פג.",
        used: "כבר עניתם על השאלה הזאת.",
        unknown: "הקישור אינו תקין.",
    },
};
