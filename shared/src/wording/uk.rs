//! Ukrainian, with *ви*; no past forms that tell the shopper’s sex, no case ending on the name.

use super::{Asked, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "uk",
    rtl: false,
    recommendation: Asked {
        question: "Наскільки ймовірно, що ви порекомендуєте магазин {brand} друзям чи колегам?",
        question_unbranded: "Наскільки ймовірно, що ви порекомендуєте нас друзям чи колегам?",
        low: "Вкрай малоймовірно",
        high: "Дуже ймовірно",
    },
    agreement: Asked {
        question: "У магазині {brand} мені легко вдалося зробити все потрібне.",
        question_unbranded: "Мені легко вдалося зробити все потрібне.",
        low: "Зовсім не погоджуюся",
        high: "Повністю погоджуюся",
    },
    ease: Asked {
        question: "Наскільки легко було зробити все потрібне в магазині {brand}?",
        question_unbranded: "Наскільки легко було зробити все потрібне?",
        low: "Дуже складно",
        high: "Дуже легко",
    },
    effort: Asked {
        question: "Скільки зусиль знадобилося, щоб зробити все потрібне в магазині {brand}?",
        question_unbranded: "Скільки зусиль знадобилося, щоб зробити все потрібне?",
        low: "Дуже мало",
        high: "Дуже багато",
    },
    satisfaction: Asked {
        question: "Як ви оцінюєте свій візит до магазину {brand}?",
        question_unbranded: "Як ви оцінюєте свій візит до нас?",
        low: "Дуже погано",
        high: "Чудово",
    },
    follow_up: ["Що вам сподобалося найбільше?", "Що ми можемо покращити?", "Що пішло не так?"],
    point: "{n} з {max}",
    star: "{n} з {max} зірок",
    faces: ["Дуже погано", "Погано", "Нормально", "Добре", "Чудово"],
    thumbs: ["Погано", "Добре"],
    send: "Надіслати",
    dismiss: "Ні, дякую",
    noted: "Вашу відповідь збережено.",
    thanks: "Дякуємо за ваш відгук.",
    other: "Щось інше",
    never: "Більше не питати",
    close: "Закрити",
    tab: "Ваша думка",
    choose: "Спочатку оберіть оцінку.",
    failed: "Не вдалося надіслати. Спробуйте ще раз.",
    refused: "Вашу відповідь не вдалося зберегти.",
    ended: "Це опитування завершено.",
};
