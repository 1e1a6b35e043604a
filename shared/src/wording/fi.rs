//! Finnish, with *sinä*; the name stands where it needs no case ending.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "fi",
    rtl: false,
    recommendation: Asked {
        question: "{brand}: kuinka todennäköisesti suosittelisit meitä ystävälle tai kollegalle?",
        question_unbranded: "Kuinka todennäköisesti suosittelisit meitä ystävälle tai kollegalle?",
        low: "En lainkaan todennäköisesti",
        high: "Erittäin todennäköisesti",
    },
    agreement: Asked {
        question: "{brand} teki asioinnistani helppoa.",
        question_unbranded: "Asiointini oli helppoa.",
        low: "Täysin eri mieltä",
        high: "Täysin samaa mieltä",
    },
    ease: Asked {
        question: "{brand}: kuinka helppoa asiointisi oli?",
        question_unbranded: "Kuinka helppoa asiointisi oli?",
        low: "Erittäin vaikeaa",
        high: "Erittäin helppoa",
    },
    effort: Asked {
        question: "{brand}: kuinka paljon vaivaa asiointisi vaati?",
        question_unbranded: "Kuinka paljon vaivaa asiointisi vaati?",
        low: "Hyvin vähän",
        high: "Hyvin paljon",
    },
    satisfaction: Asked {
        question: "{brand}: miten asiointisi sujui?",
        question_unbranded: "Miten asiointisi sujui?",
        low: "Erittäin huonosti",
        high: "Erinomaisesti",
    },
    follow_up: ["Mistä pidit eniten?", "Mitä voisimme parantaa?", "Mikä meni pieleen?"],
    point: "{n} kautta {max}",
    star: "Tähdet: {n} kautta {max}",
    faces: ["Erittäin huonosti", "Huonosti", "Kohtalaisesti", "Hyvin", "Erinomaisesti"],
    thumbs: ["Huonosti", "Hyvin"],
    send: "Lähetä",
    dismiss: "Ei kiitos",
    noted: "Vastauksesi on tallennettu.",
    thanks: "Kiitos mielipiteestäsi.",
    other: "Jotain muuta",
    never: "Älä kysy uudelleen",
    close: "Sulje",
    tab: "Kerro mielipiteesi",
    choose: "Valitse ensin arvosana.",
    failed: "Lähetys ei onnistunut. Yritä uudelleen.",
    refused: "Vastaustasi ei voitu tallentaa.",
    ended: "Tämä kysely on päättynyt.",
    invited: Invited {
        subject: "{brand} kysyy sinulta",
        hint: "Valitse vastaus. Voit vielä muuttaa sitä avautuvalla sivulla.",
        unsubscribe: "En halua enää kysymyksiä",
        unsubscribed: "Emme lähetä sinulle enää kysymyksiä.",
        expired: "Linkki on vanhentunut.",
        used: "Olet jo vastannut tähän kysymykseen.",
        unknown: "Linkki ei kelpaa.",
    },
};
