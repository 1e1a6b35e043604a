//! Italian, with *tu*.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "it",
    rtl: false,
    recommendation: Asked {
        question: "Quanto è probabile che consiglieresti {brand} a un amico o a un collega?",
        question_unbranded: "Quanto è probabile che ci consiglieresti a un amico o a un collega?",
        low: "Per niente probabile",
        high: "Molto probabile",
    },
    agreement: Asked {
        question: "Con {brand} è stato facile fare quello che volevo.",
        question_unbranded: "È stato facile fare quello che volevo.",
        low: "Per niente d’accordo",
        high: "Del tutto d’accordo",
    },
    ease: Asked {
        question: "Quanto è stato facile fare quello che volevi da {brand}?",
        question_unbranded: "Quanto è stato facile fare quello che volevi?",
        low: "Molto difficile",
        high: "Molto facile",
    },
    effort: Asked {
        question: "Quanta fatica hai fatto per trovare quello che cercavi da {brand}?",
        question_unbranded: "Quanta fatica hai fatto per trovare quello che cercavi?",
        low: "Pochissima",
        high: "Moltissima",
    },
    satisfaction: Asked {
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
    star: "Stelle: {n} su {max}",
    faces: ["Molto male", "Male", "Così così", "Bene", "Benissimo"],
    thumbs: ["Male", "Bene"],
    send: "Invia",
    dismiss: "No, grazie",
    noted: "Risposta registrata.",
    thanks: "Grazie per il tuo parere.",
    other: "Altro",
    never: "Non chiedermelo più",
    close: "Chiudi",
    tab: "Il tuo parere",
    choose: "Scegli prima un punteggio.",
    failed: "Qualcosa non ha funzionato. Riprova.",
    refused: "Non è stato possibile registrare la risposta.",
    ended: "Questa domanda è chiusa.",
    invited: Invited {
        subject: "Una domanda da {brand}",
        hint: "Scegli una risposta. Puoi ancora cambiarla nella pagina che si apre.",
        unsubscribe: "Non ricevere più domande",
        unsubscribed: "Non ti faremo altre domande.",
        expired: "Questo link è scaduto.",
        used: "Hai già risposto a questa domanda.",
        unknown: "Questo link non è valido.",
    },
};
