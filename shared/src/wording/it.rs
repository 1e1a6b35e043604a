//! Italian, with *tu*.

use super::{Asked, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "it",
    rtl: false,
    nps: Asked {
        question: "Quanto è probabile che consiglieresti {brand} a un amico o a un collega?",
        question_unbranded: "Quanto è probabile che ci consiglieresti a un amico o a un collega?",
        low: "Per niente probabile",
        high: "Molto probabile",
    },
    ces_agreement: Asked {
        question: "Con {brand} è stato facile fare quello che volevo.",
        question_unbranded: "È stato facile fare quello che volevo.",
        low: "Per niente d’accordo",
        high: "Del tutto d’accordo",
    },
    ces_effort: Asked {
        question: "Quanta fatica hai fatto per trovare quello che cercavi da {brand}?",
        question_unbranded: "Quanta fatica hai fatto per trovare quello che cercavi?",
        low: "Pochissima",
        high: "Moltissima",
    },
    csat: Asked {
        question: "Com’è andata con {brand}?",
        question_unbranded: "Com’è andata con noi?",
        low: "Molto male",
        high: "Benissimo",
    },
    follow_up: [
        "Che cosa ti è piaciuto di più?",
        "Che cosa possiamo migliorare?",
        "Che cosa è andato storto?",
    ],
    point: "{n} su {max}",
    star: "{n} stelle su {max}",
    faces: ["Molto male", "Male", "Così così", "Bene", "Benissimo"],
    thumbs: ["Male", "Bene"],
    send: "Invia",
    dismiss: "No, grazie",
    noted: "Risposta registrata.",
    thanks: "Grazie per il tuo parere.",
    choose: "Prima scegli un punteggio.",
    failed: "Non ha funzionato. Riprova, per favore.",
    ended: "Questa domanda è chiusa.",
};
