//! Arabic, in forms that are written alike for women and men.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "ar",
    rtl: true,
    recommendation: Asked {
        question: "ما مدى احتمال أن توصي بمتجر {brand} لصديق أو زميل؟",
        question_unbranded: "ما مدى احتمال أن توصي بنا لصديق أو زميل؟",
        low: "غير محتمل إطلاقًا",
        high: "محتمل جدًا",
    },
    agreement: Asked {
        question: "كان من السهل عليّ إنجاز ما أردته في متجر {brand}.",
        question_unbranded: "كان من السهل عليّ إنجاز ما أردته.",
        low: "لا أوافق بشدة",
        high: "أوافق بشدة",
    },
    ease: Asked {
        question: "ما مدى سهولة إنجاز ما أردته في متجر {brand}؟",
        question_unbranded: "ما مدى سهولة إنجاز ما أردته؟",
        low: "صعب جدًا",
        high: "سهل جدًا",
    },
    effort: Asked {
        question: "ما مقدار الجهد الذي بذلته لإنجاز ما أردته في متجر {brand}؟",
        question_unbranded: "ما مقدار الجهد الذي بذلته لإنجاز ما أردته؟",
        low: "قليل جدًا",
        high: "كبير جدًا",
    },
    satisfaction: Asked {
        question: "كيف كانت تجربتك مع متجر {brand}؟",
        question_unbranded: "كيف كانت تجربتك معنا؟",
        low: "سيئة جدًا",
        high: "ممتازة",
    },
    follow_up: ["ما أكثر ما أعجبك؟", "ما الذي يمكننا تحسينه؟", "ما الذي لم يسر على ما يرام؟"],
    point: "{n} من {max}",
    star: "{n} من {max} نجوم",
    faces: ["سيئة جدًا", "سيئة", "مقبولة", "جيدة", "ممتازة"],
    thumbs: ["سيئة", "جيدة"],
    send: "إرسال",
    dismiss: "لا، شكرًا",
    noted: "تم تسجيل إجابتك.",
    thanks: "شكرًا على رأيك.",
    other: "شيء آخر",
    never: "عدم السؤال مجددًا",
    close: "إغلاق",
    tab: "رأيك يهمنا",
    choose: "يُرجى اختيار تقييم أولًا.",
    failed: "تعذّر الإرسال. يُرجى المحاولة مرة أخرى.",
    refused: "تعذّر حفظ إجابتك.",
    ended: "انتهى هذا الاستبيان.",
    invited: Invited {
        subject: "سؤال من {brand}",
        hint: "اختر إجابة. لا يزال بإمكانك تغييرها في الصفحة التي تفتح.",
        unsubscribe: "لا أريد أسئلة أخرى",
        unsubscribed: "لن نسألك مرة أخرى.",
        expired: "انتهت صلاحية هذا الرابط.",
        used: "لقد أجبت عن هذا السؤال.",
        unknown: "هذا الرابط غير صالح.",
    },
};
