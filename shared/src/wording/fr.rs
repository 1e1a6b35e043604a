//! French, with *vous*; U+202F stands before tall punctuation.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "fr",
    rtl: false,
    recommendation: Asked {
        question: "Quelle est la probabilité que vous recommandiez {brand} à un ami ou à un collègue\u{202f}?",
        question_unbranded: "Quelle est la probabilité que vous nous recommandiez à un ami ou à un collègue\u{202f}?",
        low: "Pas du tout probable",
        high: "Extrêmement probable",
    },
    agreement: Asked {
        question: "Chez {brand}, j’ai pu faire facilement ce que je voulais.",
        question_unbranded: "J’ai pu faire facilement ce que je voulais.",
        low: "Pas du tout d’accord",
        high: "Tout à fait d’accord",
    },
    ease: Asked {
        question: "À quel point a-t-il été facile de faire ce que vous vouliez chez {brand}\u{202f}?",
        question_unbranded: "À quel point a-t-il été facile de faire ce que vous vouliez\u{202f}?",
        low: "Très difficile",
        high: "Très facile",
    },
    effort: Asked {
        question: "Combien d’efforts avez-vous dû fournir pour faire ce que vous vouliez chez {brand}\u{202f}?",
        question_unbranded: "Combien d’efforts avez-vous dû fournir pour faire ce que vous vouliez\u{202f}?",
        low: "Très peu",
        high: "Énormément",
    },
    satisfaction: Asked {
        question: "Comment s’est passée votre expérience avec {brand}\u{202f}?",
        question_unbranded: "Comment s’est passée votre expérience avec nous\u{202f}?",
        low: "Très mal",
        high: "Très bien",
    },
    follow_up: [
        "Qu’est-ce qui vous a le plus plu\u{202f}?",
        "Que pourrions-nous améliorer\u{202f}?",
        "Qu’est-ce qui s’est mal passé\u{202f}?",
    ],
    point: "{n} sur {max}",
    star: "{n} sur {max} étoiles",
    faces: ["Très mal", "Mal", "Moyen", "Bien", "Très bien"],
    thumbs: ["Pas bien", "Bien"],
    send: "Envoyer",
    dismiss: "Non merci",
    noted: "Votre réponse est enregistrée.",
    thanks: "Merci pour votre avis.",
    other: "Autre chose",
    never: "Ne plus me demander",
    close: "Fermer",
    tab: "Votre avis",
    choose: "Choisissez d’abord une note.",
    failed: "L’envoi a échoué. Veuillez réessayer.",
    refused: "Votre réponse n’a pas pu être enregistrée.",
    ended: "Cette enquête est terminée.",
    invited: Invited {
        subject: "Une question de {brand}",
        hint: "Choisissez une réponse. Vous pourrez encore la modifier sur la page qui s’ouvre.",
        unsubscribe: "Ne plus recevoir de questions",
        unsubscribed: "Nous ne vous poserons plus de questions.",
        expired: "Ce lien a expiré.",
        used: "Vous avez déjà répondu à cette question.",
        unknown: "Ce lien n’est pas valide.",
    },
};
