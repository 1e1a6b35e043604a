//! Dutch, with *je*.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "nl",
    rtl: false,
    recommendation: Asked {
        question: "Hoe waarschijnlijk is het dat je {brand} aanbeveelt bij een vriend of collega?",
        question_unbranded: "Hoe waarschijnlijk is het dat je ons aanbeveelt bij een vriend of collega?",
        low: "Zeer onwaarschijnlijk",
        high: "Zeer waarschijnlijk",
    },
    agreement: Asked {
        question: "Bij {brand} kon ik makkelijk doen waarvoor ik kwam.",
        question_unbranded: "Ik kon makkelijk doen waarvoor ik kwam.",
        low: "Helemaal mee oneens",
        high: "Helemaal mee eens",
    },
    ease: Asked {
        question: "Hoe makkelijk was het om bij {brand} te doen waarvoor je kwam?",
        question_unbranded: "Hoe makkelijk was het om te doen waarvoor je kwam?",
        low: "Heel moeilijk",
        high: "Heel makkelijk",
    },
    effort: Asked {
        question: "Hoeveel moeite kostte het je om bij {brand} te doen waarvoor je kwam?",
        question_unbranded: "Hoeveel moeite kostte het je om te doen waarvoor je kwam?",
        low: "Heel weinig",
        high: "Heel veel",
    },
    satisfaction: Asked {
        question: "Hoe was je ervaring met {brand}?",
        question_unbranded: "Hoe was je ervaring met ons?",
        low: "Heel slecht",
        high: "Uitstekend",
    },
    follow_up: ["Wat beviel je het meest?", "Wat kunnen we beter doen?", "Wat ging er mis?"],
    point: "{n} van de {max}",
    star: "{n} van de {max} sterren",
    faces: ["Heel slecht", "Slecht", "Redelijk", "Goed", "Uitstekend"],
    thumbs: ["Niet goed", "Goed"],
    send: "Versturen",
    dismiss: "Nee, bedankt",
    noted: "Je antwoord is opgeslagen.",
    thanks: "Bedankt voor je mening.",
    other: "Iets anders",
    never: "Niet meer vragen",
    close: "Sluiten",
    tab: "Jouw mening",
    choose: "Kies eerst een score.",
    failed: "Dat is niet gelukt. Probeer het opnieuw.",
    refused: "Je antwoord kon niet worden opgeslagen.",
    ended: "Deze enquête is gesloten.",
    invited: Invited {
        subject: "Een vraag van {brand}",
        hint: "Kies een antwoord. Op de pagina die opent kun je het nog wijzigen.",
        unsubscribe: "Geen vragen meer ontvangen",
        unsubscribed: "We stellen je geen vragen meer.",
        expired: "Deze link is verlopen.",
        used: "Je hebt deze vraag al beantwoord.",
        unknown: "Deze link is niet geldig.",
    },
};
