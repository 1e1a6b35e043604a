//! German, with *Sie*.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "de",
    rtl: false,
    recommendation: Asked {
        question: "Wie wahrscheinlich ist es, dass Sie {brand} Freunden oder Kollegen weiterempfehlen?",
        question_unbranded: "Wie wahrscheinlich ist es, dass Sie uns Freunden oder Kollegen weiterempfehlen?",
        low: "Gar nicht wahrscheinlich",
        high: "Äußerst wahrscheinlich",
    },
    agreement: Asked {
        question: "Bei {brand} konnte ich mein Anliegen leicht erledigen.",
        question_unbranded: "Ich konnte mein Anliegen leicht erledigen.",
        low: "Stimme überhaupt nicht zu",
        high: "Stimme voll und ganz zu",
    },
    ease: Asked {
        question: "Wie einfach war es, Ihr Anliegen bei {brand} zu erledigen?",
        question_unbranded: "Wie einfach war es, Ihr Anliegen zu erledigen?",
        low: "Sehr schwierig",
        high: "Sehr einfach",
    },
    effort: Asked {
        question: "Wie viel Mühe hat es Sie gekostet, Ihr Anliegen bei {brand} zu erledigen?",
        question_unbranded: "Wie viel Mühe hat es Sie gekostet, Ihr Anliegen zu erledigen?",
        low: "Sehr wenig",
        high: "Sehr viel",
    },
    satisfaction: Asked {
        question: "Wie war Ihre Erfahrung mit {brand}?",
        question_unbranded: "Wie war Ihre Erfahrung mit uns?",
        low: "Sehr schlecht",
        high: "Ausgezeichnet",
    },
    follow_up: [
        "Was hat Ihnen am besten gefallen?",
        "Was können wir besser machen?",
        "Was ist schiefgelaufen?",
    ],
    point: "{n} von {max}",
    star: "{n} von {max} Sternen",
    faces: ["Sehr schlecht", "Schlecht", "Mittelmäßig", "Gut", "Ausgezeichnet"],
    thumbs: ["Nicht gut", "Gut"],
    send: "Senden",
    dismiss: "Nein, danke",
    noted: "Ihre Antwort ist gespeichert.",
    thanks: "Vielen Dank für Ihre Meinung.",
    other: "Etwas anderes",
    never: "Nicht mehr fragen",
    close: "Schließen",
    tab: "Ihre Meinung",
    choose: "Bitte wählen Sie zuerst eine Bewertung.",
    failed: "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
    refused: "Ihre Antwort konnte nicht gespeichert werden.",
    ended: "Diese Umfrage ist beendet.",
    invited: Invited {
        subject: "Eine Frage von {brand}",
        hint: "Wählen Sie eine Antwort. Auf der Seite, die sich öffnet, können Sie sie noch ändern.",
        unsubscribe: "Keine Fragen mehr erhalten",
        unsubscribed: "Wir fragen Sie nicht mehr.",
        expired: "Dieser Link ist abgelaufen.",
        used: "Sie haben diese Frage schon beantwortet.",
        unknown: "Dieser Link ist ungültig.",
    },
};
