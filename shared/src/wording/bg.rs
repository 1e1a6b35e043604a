//! Bulgarian, with *Вие*; the name stands after no preposition that hangs on its first sound.

use super::{Asked, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "bg",
    rtl: false,
    recommendation: Asked {
        question: "Колко вероятно е да препоръчате {brand} на приятел или колега?",
        question_unbranded: "Колко вероятно е да ни препоръчате на приятел или колега?",
        low: "Изобщо не е вероятно",
        high: "Изключително вероятно",
    },
    agreement: Asked {
        question: "В магазина {brand} лесно свърших това, за което дойдох.",
        question_unbranded: "Лесно свърших това, за което дойдох.",
        low: "Пълно несъгласие",
        high: "Пълно съгласие",
    },
    ease: Asked {
        question: "Колко лесно беше да свършите това, за което дойдохте в магазина {brand}?",
        question_unbranded: "Колко лесно беше да свършите това, за което дойдохте?",
        low: "Много трудно",
        high: "Много лесно",
    },
    effort: Asked {
        question: "Колко усилия Ви струваше да свършите това, за което дойдохте в магазина {brand}?",
        question_unbranded: "Колко усилия Ви струваше да свършите това, за което дойдохте?",
        low: "Съвсем малко",
        high: "Изключително много",
    },
    satisfaction: Asked {
        question: "Какви са впечатленията Ви от {brand}?",
        question_unbranded: "Какви са впечатленията Ви от нас?",
        low: "Много лоши",
        high: "Отлични",
    },
    follow_up: ["Какво Ви хареса най-много?", "Какво можем да подобрим?", "Какво се обърка?"],
    point: "{n} от {max}",
    star: "{n} от {max} звезди",
    faces: ["Много лоши", "Лоши", "Средни", "Добри", "Отлични"],
    thumbs: ["Лоши", "Добри"],
    send: "Изпращане",
    dismiss: "Не, благодаря",
    noted: "Отговорът Ви е записан.",
    thanks: "Благодарим за мнението Ви.",
    other: "Нещо друго",
    never: "Не ме питайте повече",
    close: "Затваряне",
    tab: "Вашето мнение",
    choose: "Първо изберете оценка.",
    failed: "Изпращането не бе успешно. Опитайте отново.",
    refused: "Отговорът Ви не можа да бъде записан.",
    ended: "Тази анкета приключи.",
};
