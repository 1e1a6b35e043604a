//! Persian, with *شما*; parts of a word are joined by U+200C.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "fa",
    rtl: true,
    recommendation: Asked {
        question: "چقدر احتمال دارد فروشگاه {brand} را به دوستان یا همکاران خود پیشنهاد کنید؟",
        question_unbranded: "چقدر احتمال دارد ما را به دوستان یا همکاران خود پیشنهاد کنید؟",
        low: "اصلاً احتمال ندارد",
        high: "بسیار احتمال دارد",
    },
    agreement: Asked {
        question: "در فروشگاه {brand} کارم به‌آسانی انجام شد.",
        question_unbranded: "کارم به‌آسانی انجام شد.",
        low: "کاملاً مخالفم",
        high: "کاملاً موافقم",
    },
    ease: Asked {
        question: "انجام کارتان در فروشگاه {brand} چقدر آسان بود؟",
        question_unbranded: "انجام کارتان چقدر آسان بود؟",
        low: "بسیار دشوار",
        high: "بسیار آسان",
    },
    effort: Asked {
        question: "برای انجام کارتان در فروشگاه {brand} چقدر به زحمت افتادید؟",
        question_unbranded: "برای انجام کارتان چقدر به زحمت افتادید؟",
        low: "بسیار کم",
        high: "بسیار زیاد",
    },
    satisfaction: Asked {
        question: "تجربهٔ شما از فروشگاه {brand} چطور بود؟",
        question_unbranded: "تجربهٔ شما از فروشگاه ما چطور بود؟",
        low: "بسیار بد",
        high: "عالی",
    },
    follow_up: ["از چه چیزی بیشتر خوشتان آمد؟", "چه چیزی را می‌توانیم بهتر کنیم؟", "چه مشکلی پیش آمد؟"],
    point: "{n} از {max}",
    star: "{n} از {max} ستاره",
    faces: ["بسیار بد", "بد", "متوسط", "خوب", "عالی"],
    thumbs: ["بد", "خوب"],
    send: "ارسال",
    dismiss: "نه، ممنون",
    noted: "پاسخ شما ثبت شد.",
    thanks: "از نظر شما سپاسگزاریم.",
    other: "چیز دیگری",
    never: "دیگر نپرسید",
    close: "بستن",
    tab: "نظر شما",
    choose: "ابتدا یک امتیاز انتخاب کنید.",
    failed: "ارسال نشد. لطفاً دوباره تلاش کنید.",
    refused: "پاسخ شما ثبت نشد.",
    ended: "این نظرسنجی پایان یافته است.",
    invited: Invited {
        subject: "پرسشی از {brand}",
        hint: "یک پاسخ را انتخاب کنید. هنوز می‌توانید آن را در صفحه‌ای که باز می‌شود تغییر دهید.",
        unsubscribe: "دیگر پرسشی نمی‌خواهم",
        unsubscribed: "دیگر از شما نمی‌پرسیم.",
        expired: "این پیوند منقضی شده است.",
        used: "پیش‌تر به این پرسش پاسخ داده‌اید.",
        unknown: "این پیوند معتبر نیست.",
    },
};
