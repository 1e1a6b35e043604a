//! Norwegian Bokmål, with *du*.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "nb",
    rtl: false,
    recommendation: Asked {
        question: "Hvor sannsynlig er det at du vil anbefale {brand} til en venn eller kollega?",
        question_unbranded: "Hvor sannsynlig er det at du vil anbefale oss til en venn eller kollega?",
        low: "Slett ikke sannsynlig",
        high: "Svært sannsynlig",
    },
    agreement: Asked {
        question: "Det var enkelt å få gjort det jeg skulle hos {brand}.",
        question_unbranded: "Det var enkelt å få gjort det jeg skulle.",
        low: "Helt uenig",
        high: "Helt enig",
    },
    ease: Asked {
        question: "Hvor enkelt var det å få gjort det du skulle hos {brand}?",
        question_unbranded: "Hvor enkelt var det å få gjort det du skulle?",
        low: "Svært vanskelig",
        high: "Svært enkelt",
    },
    effort: Asked {
        question: "Hvor mye måtte du anstrenge deg for å få gjort det du skulle hos {brand}?",
        question_unbranded: "Hvor mye måtte du anstrenge deg for å få gjort det du skulle?",
        low: "Svært lite",
        high: "Svært mye",
    },
    satisfaction: Asked {
        question: "Hvordan var opplevelsen din hos {brand}?",
        question_unbranded: "Hvordan var opplevelsen din hos oss?",
        low: "Svært dårlig",
        high: "Utmerket",
    },
    follow_up: ["Hva likte du best?", "Hva kan vi gjøre bedre?", "Hva gikk galt?"],
    point: "{n} av {max}",
    star: "{n} av {max} stjerner",
    faces: ["Svært dårlig", "Dårlig", "Middels", "God", "Utmerket"],
    thumbs: ["Ikke bra", "Bra"],
    send: "Send",
    dismiss: "Nei takk",
    noted: "Svaret ditt er lagret.",
    thanks: "Takk for tilbakemeldingen.",
    other: "Noe annet",
    never: "Ikke spør meg igjen",
    close: "Lukk",
    tab: "Si din mening",
    choose: "Velg en vurdering først.",
    failed: "Svaret ble ikke sendt. Prøv igjen.",
    refused: "Svaret ditt kunne ikke lagres.",
    ended: "Undersøkelsen er avsluttet.",
    invited: Invited {
        subject: "Et spørsmål fra {brand}",
        hint: "Velg et svar. Du kan fortsatt endre det på siden som åpnes.",
        unsubscribe: "Ikke få flere spørsmål",
        unsubscribed: "Vi stiller deg ikke flere spørsmål.",
        expired: "Denne lenken er utløpt.",
        used: "Du har allerede svart på dette spørsmålet.",
        unknown: "Denne lenken er ikke gyldig.",
    },
};
