//! English.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "en",
    rtl: false,
    recommendation: Asked {
        question: "How likely are you to recommend {brand} to a friend or colleague?",
        question_unbranded: "How likely are you to recommend us to a friend or colleague?",
        low: "Not at all likely",
        high: "Extremely likely",
    },
    agreement: Asked {
        question: "{brand} made it easy for me to do what I came for.",
        question_unbranded: "It was easy for me to do what I came for.",
        low: "Strongly disagree",
        high: "Strongly agree",
    },
    ease: Asked {
        question: "How easy was it to do what you came for at {brand}?",
        question_unbranded: "How easy was it to do what you came for?",
        low: "Very difficult",
        high: "Very easy",
    },
    effort: Asked {
        question: "How much effort did it take you to do what you came for at {brand}?",
        question_unbranded: "How much effort did it take you to do what you came for?",
        low: "Very little",
        high: "A great deal",
    },
    satisfaction: Asked {
        question: "How was your experience with {brand}?",
        question_unbranded: "How was your experience with us?",
        low: "Very poor",
        high: "Excellent",
    },
    follow_up: ["What did you like most?", "What could we improve?", "What went wrong for you?"],
    point: "{n} of {max}",
    star: "{n} of {max} stars",
    faces: ["Very poor", "Poor", "Fair", "Good", "Excellent"],
    thumbs: ["Not good", "Good"],
    send: "Send",
    dismiss: "No, thanks",
    noted: "Your answer is noted.",
    thanks: "Thank you for your opinion.",
    other: "Something else",
    never: "Don’t ask me again",
    close: "Close",
    tab: "Your opinion",
    choose: "Choose a score first.",
    failed: "That did not work. Please try again.",
    refused: "Your answer could not be stored.",
    ended: "This question is closed.",
    invited: Invited {
        subject: "A question from {brand}",
        hint: "Choose an answer. You can still change it on the page that opens.",
        unsubscribe: "No more questions by mail",
        unsubscribed: "We will not ask you again.",
        expired: "This link has expired.",
        used: "You have already answered this question.",
        unknown: "This link is not valid.",
    },
};
