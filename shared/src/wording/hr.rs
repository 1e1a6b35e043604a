//! Croatian, with *vi*; no past forms that tell the shopper’s sex, no case ending on the name.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "hr",
    rtl: false,
    recommendation: Asked {
        question: "Koliko je vjerojatno da ćete prijateljima ili kolegama preporučiti našu trgovinu {brand}?",
        question_unbranded: "Koliko je vjerojatno da ćete nas preporučiti prijateljima ili kolegama?",
        low: "Nimalo vjerojatno",
        high: "Iznimno vjerojatno",
    },
    agreement: Asked {
        question: "U trgovini {brand} bilo mi je lako obaviti ono što mi je trebalo.",
        question_unbranded: "Bilo mi je lako obaviti ono što mi je trebalo.",
        low: "Uopće se ne slažem",
        high: "U potpunosti se slažem",
    },
    ease: Asked {
        question: "Koliko vam je bilo lako u trgovini {brand} obaviti ono što ste htjeli?",
        question_unbranded: "Koliko vam je bilo lako obaviti ono što ste htjeli?",
        low: "Vrlo teško",
        high: "Vrlo lako",
    },
    effort: Asked {
        question: "Koliko ste truda uložili kako biste u trgovini {brand} obavili ono što ste htjeli?",
        question_unbranded: "Koliko ste truda uložili kako biste obavili ono što ste htjeli?",
        low: "Vrlo malo",
        high: "Vrlo mnogo",
    },
    satisfaction: Asked {
        question: "Kakvo je vaše iskustvo s trgovinom {brand}?",
        question_unbranded: "Kakvo je vaše iskustvo s nama?",
        low: "Vrlo loše",
        high: "Izvrsno",
    },
    follow_up: ["Što vam se najviše svidjelo?", "Što možemo poboljšati?", "Što nije bilo u redu?"],
    point: "{n} od {max}",
    star: "Zvjezdice: {n} od {max}",
    faces: ["Vrlo loše", "Loše", "Osrednje", "Dobro", "Izvrsno"],
    thumbs: ["Loše", "Dobro"],
    send: "Pošalji",
    dismiss: "Ne, hvala",
    noted: "Vaš je odgovor zabilježen.",
    thanks: "Hvala na mišljenju.",
    other: "Nešto drugo",
    never: "Nemojte me više pitati",
    close: "Zatvori",
    tab: "Vaše mišljenje",
    choose: "Najprije odaberite ocjenu.",
    failed: "Slanje nije uspjelo. Pokušajte ponovno.",
    refused: "Vaš odgovor nije bilo moguće zabilježiti.",
    ended: "Ova je anketa završena.",
    invited: Invited {
        subject: "Pitanje od {brand}",
        hint: "Odaberite odgovor. Još ga možete promijeniti na stranici koja se otvori.",
        unsubscribe: "Ne želim više pitanja",
        unsubscribed: "Više vam nećemo postavljati pitanja.",
        expired: "Ova je poveznica istekla.",
        used: "Na ovo ste pitanje već odgovorili.",
        unknown: "Ova poveznica nije valjana.",
    },
};
