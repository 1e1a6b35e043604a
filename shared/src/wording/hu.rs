//! Hungarian, with *Ön*; the name takes neither an article, which would hang on its first sound, nor an ending.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "hu",
    rtl: false,
    recommendation: Asked {
        question: "Mennyire valószínű, hogy ajánlaná {brand} üzletünket egy barátjának vagy kollégájának?",
        question_unbranded: "Mennyire valószínű, hogy ajánlana minket egy barátjának vagy kollégájának?",
        low: "Egyáltalán nem valószínű",
        high: "Rendkívül valószínű",
    },
    agreement: Asked {
        question: "{brand}: könnyen el tudtam intézni, amit szerettem volna.",
        question_unbranded: "Könnyen el tudtam intézni, amit szerettem volna.",
        low: "Egyáltalán nem értek egyet",
        high: "Teljesen egyetértek",
    },
    ease: Asked {
        question: "Mennyire volt könnyű elintéznie {brand} üzletünkben, amit szeretett volna?",
        question_unbranded: "Mennyire volt könnyű elintéznie, amit szeretett volna?",
        low: "Nagyon nehéz",
        high: "Nagyon könnyű",
    },
    effort: Asked {
        question: "Mennyi erőfeszítésbe került elintéznie {brand} üzletünkben, amit szeretett volna?",
        question_unbranded: "Mennyi erőfeszítésbe került elintéznie, amit szeretett volna?",
        low: "Nagyon kevés",
        high: "Nagyon sok",
    },
    satisfaction: Asked {
        question: "Milyen volt a látogatása {brand} üzletünkben?",
        question_unbranded: "Milyen volt a látogatása nálunk?",
        low: "Nagyon rossz",
        high: "Kiváló",
    },
    follow_up: ["Mi tetszett a legjobban?", "Min javíthatnánk?", "Mi okozott gondot?"],
    point: "{max} pontból {n}",
    star: "{max} csillagból {n}",
    faces: ["Nagyon rossz", "Rossz", "Közepes", "Jó", "Kiváló"],
    thumbs: ["Nem jó", "Jó"],
    send: "Küldés",
    dismiss: "Köszönöm, nem",
    noted: "Válaszát rögzítettük.",
    thanks: "Köszönjük a véleményét.",
    other: "Valami más",
    never: "Ne kérdezzenek többet",
    close: "Bezárás",
    tab: "Az Ön véleménye",
    choose: "Először válasszon értékelést.",
    failed: "Nem sikerült elküldeni. Kérjük, próbálja újra.",
    refused: "Válaszát nem sikerült rögzíteni.",
    ended: "Ez a kérdőív már lezárult.",
    invited: Invited {
        subject: "{brand} kérdezi",
        hint: "Válasszon egy választ. A megnyíló oldalon még módosíthatja.",
        unsubscribe: "Nem kérek több kérdést",
        unsubscribed: "Többé nem kérdezzük meg.",
        expired: "Ez a link lejárt.",
        used: "Erre a kérdésre már válaszolt.",
        unknown: "Ez a link érvénytelen.",
    },
};
