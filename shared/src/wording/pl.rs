//! Polish, with *ty*; no past forms that tell the shopper’s sex, no case ending on the name.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "pl",
    rtl: false,
    recommendation: Asked {
        question: "Na ile prawdopodobne jest, że polecisz nasz sklep {brand} znajomym lub współpracownikom?",
        question_unbranded: "Na ile prawdopodobne jest, że polecisz nas znajomym lub współpracownikom?",
        low: "Zupełnie nieprawdopodobne",
        high: "Bardzo prawdopodobne",
    },
    agreement: Asked {
        question: "W sklepie {brand} łatwo było mi zrealizować cel wizyty.",
        question_unbranded: "Łatwo było mi zrealizować cel wizyty.",
        low: "Zdecydowanie się nie zgadzam",
        high: "Zdecydowanie się zgadzam",
    },
    ease: Asked {
        question: "Jak łatwo było zrealizować cel wizyty w sklepie {brand}?",
        question_unbranded: "Jak łatwo było zrealizować cel wizyty?",
        low: "Bardzo trudno",
        high: "Bardzo łatwo",
    },
    effort: Asked {
        question: "Ile wysiłku wymagało zrealizowanie celu wizyty w sklepie {brand}?",
        question_unbranded: "Ile wysiłku wymagało zrealizowanie celu wizyty?",
        low: "Bardzo mało",
        high: "Bardzo dużo",
    },
    satisfaction: Asked {
        question: "Jak oceniasz wizytę w sklepie {brand}?",
        question_unbranded: "Jak oceniasz wizytę w naszym sklepie?",
        low: "Bardzo źle",
        high: "Bardzo dobrze",
    },
    follow_up: ["Co podobało Ci się najbardziej?", "Co możemy poprawić?", "Co poszło nie tak?"],
    point: "{n} z {max}",
    star: "{n} z {max} gwiazdek",
    faces: ["Bardzo źle", "Źle", "Przeciętnie", "Dobrze", "Bardzo dobrze"],
    thumbs: ["Źle", "Dobrze"],
    send: "Wyślij",
    dismiss: "Nie, dziękuję",
    noted: "Twoja odpowiedź została zapisana.",
    thanks: "Dziękujemy za opinię.",
    other: "Coś innego",
    never: "Nie pytaj ponownie",
    close: "Zamknij",
    tab: "Twoja opinia",
    choose: "Najpierw wybierz ocenę.",
    failed: "Nie udało się wysłać. Spróbuj ponownie.",
    refused: "Twojej odpowiedzi nie udało się zapisać.",
    ended: "Ta ankieta została zakończona.",
    invited: Invited {
        subject: "Pytanie od {brand}",
        hint: "Wybierz odpowiedź. Możesz ją jeszcze zmienić na stronie, która się otworzy.",
        unsubscribe: "Nie chcę więcej pytań",
        unsubscribed: "Nie będziemy już zadawać pytań.",
        expired: "Ten link wygasł.",
        used: "Na to pytanie już odpowiedziano.",
        unknown: "Ten link jest nieprawidłowy.",
    },
};
