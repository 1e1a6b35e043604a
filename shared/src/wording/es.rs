//! Spanish, with *tú*, in words of both sides of the Atlantic.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "es",
    rtl: false,
    recommendation: Asked {
        question: "¿Qué probabilidad hay de que recomiendes {brand} a un amigo o colega?",
        question_unbranded: "¿Qué probabilidad hay de que nos recomiendes a un amigo o colega?",
        low: "Nada probable",
        high: "Muy probable",
    },
    agreement: Asked {
        question: "En {brand} me resultó fácil hacer lo que quería.",
        question_unbranded: "Me resultó fácil hacer lo que quería.",
        low: "Totalmente en desacuerdo",
        high: "Totalmente de acuerdo",
    },
    ease: Asked {
        question: "¿Te resultó fácil o difícil hacer lo que querías en {brand}?",
        question_unbranded: "¿Te resultó fácil o difícil hacer lo que querías?",
        low: "Muy difícil",
        high: "Muy fácil",
    },
    effort: Asked {
        question: "¿Cuánto esfuerzo te costó hacer lo que querías en {brand}?",
        question_unbranded: "¿Cuánto esfuerzo te costó hacer lo que querías?",
        low: "Muy poco",
        high: "Muchísimo",
    },
    satisfaction: Asked {
        question: "¿Qué tal tu experiencia con {brand}?",
        question_unbranded: "¿Qué tal tu experiencia con nosotros?",
        low: "Muy mal",
        high: "Muy bien",
    },
    follow_up: ["¿Qué es lo que más te gustó?", "¿Qué podríamos mejorar?", "¿Qué salió mal?"],
    point: "{n} de {max}",
    star: "{n} de {max} estrellas",
    faces: ["Muy mal", "Mal", "Regular", "Bien", "Muy bien"],
    thumbs: ["Mal", "Bien"],
    send: "Enviar",
    dismiss: "No, gracias",
    noted: "Respuesta guardada.",
    thanks: "Gracias por tu opinión.",
    other: "Otra cosa",
    never: "No volver a preguntarme",
    close: "Cerrar",
    tab: "Tu opinión",
    choose: "Primero elige una puntuación.",
    failed: "No se pudo enviar. Inténtalo de nuevo.",
    refused: "No se ha podido guardar la respuesta.",
    ended: "Esta encuesta ya está cerrada.",
    invited: Invited {
        subject: "Una pregunta de {brand}",
        hint: "Elige una respuesta. Podrás cambiarla en la página que se abre.",
        unsubscribe: "No recibir más preguntas",
        unsubscribed: "No te haremos más preguntas.",
        expired: "Este enlace ha caducado.",
        used: "Ya has respondido a esta pregunta.",
        unknown: "Este enlace no es válido.",
    },
};
