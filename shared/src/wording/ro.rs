//! Romanian, with *tu*; comma below, not cedilla.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "ro",
    rtl: false,
    recommendation: Asked {
        question: "Cât de probabil este să recomanzi {brand} unui prieten sau unui coleg?",
        question_unbranded: "Cât de probabil este să ne recomanzi unui prieten sau unui coleg?",
        low: "Deloc probabil",
        high: "Extrem de probabil",
    },
    agreement: Asked {
        question: "La {brand} mi-a fost ușor să fac ce mi-am propus.",
        question_unbranded: "Mi-a fost ușor să fac ce mi-am propus.",
        low: "Dezacord total",
        high: "Acord total",
    },
    ease: Asked {
        question: "Cât de ușor ți-a fost să faci ce ți-ai propus la {brand}?",
        question_unbranded: "Cât de ușor ți-a fost să faci ce ți-ai propus?",
        low: "Foarte greu",
        high: "Foarte ușor",
    },
    effort: Asked {
        question: "Cât efort ai depus ca să faci ce ți-ai propus la {brand}?",
        question_unbranded: "Cât efort ai depus ca să faci ce ți-ai propus?",
        low: "Foarte puțin",
        high: "Foarte mult",
    },
    satisfaction: Asked {
        question: "Cum a fost experiența ta cu {brand}?",
        question_unbranded: "Cum a fost experiența ta cu noi?",
        low: "Foarte slabă",
        high: "Excelentă",
    },
    follow_up: ["Ce ți-a plăcut cel mai mult?", "Ce am putea îmbunătăți?", "Ce nu a mers bine?"],
    point: "{n} din {max}",
    star: "{n} din {max} stele",
    faces: ["Foarte slabă", "Slabă", "Acceptabilă", "Bună", "Excelentă"],
    thumbs: ["Slabă", "Bună"],
    send: "Trimite",
    dismiss: "Nu, mulțumesc",
    noted: "Răspunsul tău a fost înregistrat.",
    thanks: "Îți mulțumim pentru părere.",
    other: "Altceva",
    never: "Nu mă mai întreba",
    close: "Închide",
    tab: "Părerea ta",
    choose: "Alege mai întâi o notă.",
    failed: "Nu s-a putut trimite. Încearcă din nou.",
    refused: "Răspunsul tău nu a putut fi înregistrat.",
    ended: "Acest sondaj s-a încheiat.",
    invited: Invited {
        subject: "O întrebare de la {brand}",
        hint: "Alegeți un răspuns. Îl mai puteți schimba pe pagina care se deschide.",
        unsubscribe: "Nu mai vreau întrebări",
        unsubscribed: "Nu vă vom mai întreba.",
        expired: "Acest link a expirat.",
        used: "Ați răspuns deja la această întrebare.",
        unknown: "Acest link nu este valabil.",
    },
};
