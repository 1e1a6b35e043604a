//! Chinese in traditional characters, in the words of Taiwan.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "zh-Hant",
    rtl: false,
    recommendation: Asked {
        question: "您有多大可能會把{brand}推薦給朋友或同事？",
        question_unbranded: "您有多大可能會把我們推薦給朋友或同事？",
        low: "完全不可能",
        high: "非常有可能",
    },
    agreement: Asked {
        question: "在{brand}，我很輕鬆地完成了想做的事。",
        question_unbranded: "我很輕鬆地完成了想做的事。",
        low: "非常不同意",
        high: "非常同意",
    },
    ease: Asked {
        question: "您覺得在{brand}完成想做的事容易嗎？",
        question_unbranded: "您覺得完成想做的事容易嗎？",
        low: "非常困難",
        high: "非常容易",
    },
    effort: Asked {
        question: "在{brand}完成想做的事，您花了多少心力？",
        question_unbranded: "完成想做的事，您花了多少心力？",
        low: "很少",
        high: "很多",
    },
    satisfaction: Asked {
        question: "您在{brand}的體驗如何？",
        question_unbranded: "您在我們這裡的體驗如何？",
        low: "很差",
        high: "很好",
    },
    follow_up: ["您最喜歡哪一點？", "我們哪裡可以做得更好？", "哪裡讓您不滿意？"],
    point: "{n}分，最高{max}分",
    star: "{n}顆星，最高{max}顆星",
    faces: ["很差", "不太好", "普通", "不錯", "很好"],
    thumbs: ["不好", "好"],
    send: "送出",
    dismiss: "不用了，謝謝",
    noted: "已記錄您的回答。",
    thanks: "謝謝您的意見。",
    other: "其他",
    never: "不要再詢問",
    close: "關閉",
    tab: "您的意見",
    choose: "請先選擇評分。",
    failed: "無法送出，請再試一次。",
    refused: "無法記錄您的回答。",
    ended: "本次調查已結束。",
    invited: Invited {
        subject: "來自{brand}的一個問題",
        hint: "請選擇一個答案。在開啟的頁面上仍可更改。",
        unsubscribe: "不再接收問題",
        unsubscribed: "我們不會再向您提問。",
        expired: "此連結已過期。",
        used: "您已經回答過這個問題。",
        unknown: "此連結無效。",
    },
};
