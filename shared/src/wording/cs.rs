//! Czech, with *vy*; no past forms that tell the shopper’s sex, no case ending on the name.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "cs",
    rtl: false,
    recommendation: Asked {
        question: "Jak pravděpodobné je, že náš obchod {brand} doporučíte přátelům nebo kolegům?",
        question_unbranded: "Jak pravděpodobné je, že nás doporučíte přátelům nebo kolegům?",
        low: "Zcela nepravděpodobné",
        high: "Velmi pravděpodobné",
    },
    agreement: Asked {
        question: "V obchodě {brand} pro mě bylo snadné vyřídit vše potřebné.",
        question_unbranded: "Bylo pro mě snadné vyřídit vše potřebné.",
        low: "Rozhodně nesouhlasím",
        high: "Rozhodně souhlasím",
    },
    ease: Asked {
        question: "Jak snadné pro vás bylo vyřídit v obchodě {brand} vše potřebné?",
        question_unbranded: "Jak snadné pro vás bylo vyřídit vše potřebné?",
        low: "Velmi obtížné",
        high: "Velmi snadné",
    },
    effort: Asked {
        question: "Kolik úsilí vás stálo vyřídit v obchodě {brand} vše potřebné?",
        question_unbranded: "Kolik úsilí vás stálo vyřídit vše potřebné?",
        low: "Velmi málo",
        high: "Velmi mnoho",
    },
    satisfaction: Asked {
        question: "Jak hodnotíte svou zkušenost s obchodem {brand}?",
        question_unbranded: "Jak hodnotíte svou zkušenost s námi?",
        low: "Velmi špatně",
        high: "Výborně",
    },
    follow_up: ["Co se vám líbilo nejvíc?", "Co bychom mohli zlepšit?", "Co se nepovedlo?"],
    point: "{n} z {max}",
    star: "{n} z {max} hvězdiček",
    faces: ["Velmi špatně", "Špatně", "Průměrně", "Dobře", "Výborně"],
    thumbs: ["Špatně", "Dobře"],
    send: "Odeslat",
    dismiss: "Ne, děkuji",
    noted: "Vaše odpověď byla uložena.",
    thanks: "Děkujeme za váš názor.",
    other: "Něco jiného",
    never: "Už se neptat",
    close: "Zavřít",
    tab: "Váš názor",
    choose: "Nejprve vyberte hodnocení.",
    failed: "Odeslání se nezdařilo. Zkuste to prosím znovu.",
    refused: "Vaši odpověď se nepodařilo uložit.",
    ended: "Tento průzkum už skončil.",
    invited: Invited {
        subject: "Otázka od {brand}",
        hint: "Vyberte odpověď. Na stránce, která se otevře, ji můžete ještě změnit.",
        unsubscribe: "Už nechci žádné otázky",
        unsubscribed: "Už se vás nebudeme ptát.",
        expired: "Platnost odkazu vypršela.",
        used: "Na tuto otázku jste už odpověděli.",
        unknown: "Tento odkaz není platný.",
    },
};
