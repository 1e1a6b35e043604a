//! Chinese in simplified characters.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "zh-Hans",
    rtl: false,
    recommendation: Asked {
        question: "您向朋友或同事推荐{brand}的可能性有多大？",
        question_unbranded: "您向朋友或同事推荐我们的可能性有多大？",
        low: "完全不可能",
        high: "极有可能",
    },
    agreement: Asked {
        question: "在{brand}，我很轻松地完成了想做的事。",
        question_unbranded: "我很轻松地完成了想做的事。",
        low: "非常不同意",
        high: "非常同意",
    },
    ease: Asked {
        question: "您觉得在{brand}完成想做的事容易吗？",
        question_unbranded: "您觉得完成想做的事容易吗？",
        low: "非常困难",
        high: "非常容易",
    },
    effort: Asked {
        question: "在{brand}完成想做的事，您花了多少精力？",
        question_unbranded: "完成想做的事，您花了多少精力？",
        low: "很少",
        high: "很多",
    },
    satisfaction: Asked {
        question: "您在{brand}的体验如何？",
        question_unbranded: "您在我们这里的体验如何？",
        low: "很差",
        high: "很好",
    },
    follow_up: ["您最喜欢哪一点？", "我们哪里可以做得更好？", "哪里让您不满意？"],
    point: "{n}分，最高{max}分",
    star: "{n}颗星，最高{max}颗星",
    faces: ["很差", "较差", "一般", "不错", "很好"],
    thumbs: ["不好", "好"],
    send: "发送",
    dismiss: "不用了，谢谢",
    noted: "已记录您的回答。",
    thanks: "感谢您的反馈。",
    other: "其他",
    never: "不再询问",
    close: "关闭",
    tab: "您的意见",
    choose: "请先选择评分。",
    failed: "发送失败，请重试。",
    refused: "未能记录您的回答。",
    ended: "本次调查已结束。",
    invited: Invited {
        subject: "来自{brand}的一个问题",
        hint: "请选择一个答案。在打开的页面上仍可更改。",
        unsubscribe: "不再接收问题",
        unsubscribed: "我们不会再向您提问。",
        expired: "此链接已过期。",
        used: "您已经回答过这个问题。",
        unknown: "此链接无效。",
    },
};
