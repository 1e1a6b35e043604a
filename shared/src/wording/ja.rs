//! Japanese, in the polite style.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "ja",
    rtl: false,
    recommendation: Asked {
        question: "{brand}を友人や同僚に薦める可能性はどのくらいありますか？",
        question_unbranded: "当店を友人や同僚に薦める可能性はどのくらいありますか？",
        low: "まったくない",
        high: "非常に高い",
    },
    agreement: Asked {
        question: "{brand}では、したいことが簡単にできました。",
        question_unbranded: "したいことが簡単にできました。",
        low: "まったくそう思わない",
        high: "とてもそう思う",
    },
    ease: Asked {
        question: "{brand}では、したいことが簡単にできましたか？",
        question_unbranded: "したいことが簡単にできましたか？",
        low: "とても難しかった",
        high: "とても簡単だった",
    },
    effort: Asked {
        question: "{brand}でご利用の目的を果たすのに、どのくらい手間がかかりましたか？",
        question_unbranded: "ご利用の目的を果たすのに、どのくらい手間がかかりましたか？",
        low: "ほとんどかからなかった",
        high: "とてもかかった",
    },
    satisfaction: Asked {
        question: "{brand}のご利用はいかがでしたか？",
        question_unbranded: "当店のご利用はいかがでしたか？",
        low: "とても悪い",
        high: "とても良い",
    },
    follow_up: [
        "特に良かった点は何ですか？",
        "どのような点を改善すればよいでしょうか？",
        "どのような点にご不満がありましたか？",
    ],
    point: "{max}点中{n}点",
    star: "星{max}個中{n}個",
    faces: ["とても悪い", "悪い", "普通", "良い", "とても良い"],
    thumbs: ["良くない", "良い"],
    send: "送信",
    dismiss: "回答しない",
    noted: "回答を記録しました。",
    thanks: "ご意見ありがとうございました。",
    other: "その他",
    never: "今後は表示しない",
    close: "閉じる",
    tab: "ご意見はこちら",
    choose: "先に評価を選んでください。",
    failed: "送信できませんでした。もう一度お試しください。",
    refused: "回答を記録できませんでした。",
    ended: "このアンケートは終了しました。",
    invited: Invited {
        subject: "{brand}からの質問",
        hint: "回答を選んでください。開いたページで変更できます。",
        unsubscribe: "今後の質問を受け取らない",
        unsubscribed: "今後は質問をお送りしません。",
        expired: "このリンクは期限が切れています。",
        used: "この質問にはすでに回答済みです。",
        unknown: "このリンクは無効です。",
    },
};
