//! Danish, with *du*.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "da",
    rtl: false,
    recommendation: Asked {
        question: "Hvor sandsynligt er det, at du vil anbefale {brand} til en ven eller kollega?",
        question_unbranded: "Hvor sandsynligt er det, at du vil anbefale os til en ven eller kollega?",
        low: "Slet ikke sandsynligt",
        high: "Meget sandsynligt",
    },
    agreement: Asked {
        question: "Hos {brand} var det nemt for mig at gøre det, jeg ville.",
        question_unbranded: "Det var nemt for mig at gøre det, jeg ville.",
        low: "Helt uenig",
        high: "Helt enig",
    },
    ease: Asked {
        question: "Hvor nemt var det hos {brand} at gøre det, du ville?",
        question_unbranded: "Hvor nemt var det at gøre det, du ville?",
        low: "Meget svært",
        high: "Meget nemt",
    },
    effort: Asked {
        question: "Hvor meget skulle du anstrenge dig for at gøre det, du ville, hos {brand}?",
        question_unbranded: "Hvor meget skulle du anstrenge dig for at gøre det, du ville?",
        low: "Meget lidt",
        high: "Rigtig meget",
    },
    satisfaction: Asked {
        question: "Hvordan var din oplevelse hos {brand}?",
        question_unbranded: "Hvordan var din oplevelse hos os?",
        low: "Meget dårlig",
        high: "Fremragende",
    },
    follow_up: ["Hvad kunne du bedst lide?", "Hvad kan vi gøre bedre?", "Hvad gik galt?"],
    point: "{n} af {max}",
    star: "{n} af {max} stjerner",
    faces: ["Meget dårlig", "Dårlig", "Okay", "God", "Fremragende"],
    thumbs: ["Ikke god", "God"],
    send: "Send",
    dismiss: "Nej tak",
    noted: "Dit svar er gemt.",
    thanks: "Tak for din mening.",
    other: "Noget andet",
    never: "Spørg mig ikke igen",
    close: "Luk",
    tab: "Din mening",
    choose: "Vælg først en bedømmelse.",
    failed: "Dit svar kunne ikke sendes. Prøv igen.",
    refused: "Dit svar kunne ikke gemmes.",
    ended: "Undersøgelsen er afsluttet.",
    invited: Invited {
        subject: "Et spørgsmål fra {brand}",
        hint: "Vælg et svar. Du kan stadig ændre det på siden, der åbner.",
        unsubscribe: "Ingen flere spørgsmål",
        unsubscribed: "Vi stiller dig ikke flere spørgsmål.",
        expired: "Dette link er udløbet.",
        used: "Du har allerede besvaret dette spørgsmål.",
        unknown: "Dette link er ikke gyldigt.",
    },
};
