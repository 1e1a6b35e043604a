//! Swedish, with *du*.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "sv",
    rtl: false,
    recommendation: Asked {
        question: "Hur troligt är det att du skulle rekommendera {brand} till en vän eller kollega?",
        question_unbranded: "Hur troligt är det att du skulle rekommendera oss till en vän eller kollega?",
        low: "Inte alls troligt",
        high: "Mycket troligt",
    },
    agreement: Asked {
        question: "Det var enkelt att göra det jag ville hos {brand}.",
        question_unbranded: "Det var enkelt att göra det jag ville.",
        low: "Instämmer inte alls",
        high: "Instämmer helt",
    },
    ease: Asked {
        question: "Hur enkelt var det att göra det du ville hos {brand}?",
        question_unbranded: "Hur enkelt var det att göra det du ville?",
        low: "Mycket svårt",
        high: "Mycket enkelt",
    },
    effort: Asked {
        question: "Hur mycket behövde du anstränga dig för att göra det du ville hos {brand}?",
        question_unbranded: "Hur mycket behövde du anstränga dig för att göra det du ville?",
        low: "Väldigt lite",
        high: "Väldigt mycket",
    },
    satisfaction: Asked {
        question: "Hur var din upplevelse hos {brand}?",
        question_unbranded: "Hur var din upplevelse hos oss?",
        low: "Mycket dålig",
        high: "Utmärkt",
    },
    follow_up: ["Vad gillade du mest?", "Vad kan vi göra bättre?", "Vad gick fel?"],
    point: "{n} av {max}",
    star: "{n} av {max} stjärnor",
    faces: ["Mycket dålig", "Dålig", "Okej", "Bra", "Utmärkt"],
    thumbs: ["Inte bra", "Bra"],
    send: "Skicka",
    dismiss: "Nej tack",
    noted: "Ditt svar är sparat.",
    thanks: "Tack för att du tyckte till.",
    other: "Något annat",
    never: "Fråga mig inte igen",
    close: "Stäng",
    tab: "Tyck till",
    choose: "Välj ett betyg först.",
    failed: "Det gick inte att skicka. Försök igen.",
    refused: "Ditt svar kunde inte sparas.",
    ended: "Den här undersökningen är avslutad.",
    invited: Invited {
        subject: "En fråga från {brand}",
        hint: "Välj ett svar. Du kan fortfarande ändra det på sidan som öppnas.",
        unsubscribe: "Få inga fler frågor",
        unsubscribed: "Vi ställer inga fler frågor till dig.",
        expired: "Länken har gått ut.",
        used: "Du har redan svarat på den här frågan.",
        unknown: "Länken är inte giltig.",
    },
};
