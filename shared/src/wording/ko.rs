//! Korean, in the polite style; the name stands before particles that hang on no last sound.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "ko",
    rtl: false,
    recommendation: Asked {
        question: "친구나 동료에게 {brand} 이용을 추천하실 의향이 얼마나 있으신가요?",
        question_unbranded: "친구나 동료에게 저희 스토어를 추천하실 의향이 얼마나 있으신가요?",
        low: "전혀 추천하고 싶지 않음",
        high: "적극 추천하고 싶음",
    },
    agreement: Asked {
        question: "{brand}에서 원하는 일을 쉽게 처리할 수 있었습니다.",
        question_unbranded: "원하는 일을 쉽게 처리할 수 있었습니다.",
        low: "전혀 그렇지 않다",
        high: "매우 그렇다",
    },
    ease: Asked {
        question: "{brand}에서 원하는 일을 처리하기가 얼마나 쉬웠나요?",
        question_unbranded: "원하는 일을 처리하기가 얼마나 쉬웠나요?",
        low: "매우 어려움",
        high: "매우 쉬움",
    },
    effort: Asked {
        question: "{brand}에서 원하는 일을 처리하는 데 얼마나 많은 노력이 들었나요?",
        question_unbranded: "원하는 일을 처리하는 데 얼마나 많은 노력이 들었나요?",
        low: "거의 들지 않음",
        high: "매우 많이 듦",
    },
    satisfaction: Asked {
        question: "{brand} 이용 경험은 어떠셨나요?",
        question_unbranded: "이번 이용 경험은 어떠셨나요?",
        low: "매우 나쁨",
        high: "매우 좋음",
    },
    follow_up: ["어떤 점이 가장 좋으셨나요?", "어떤 점을 개선하면 좋을까요?", "어떤 점이 불편하셨나요?"],
    point: "{max}점 중 {n}점",
    star: "별 {max}개 중 {n}개",
    faces: ["매우 나쁨", "나쁨", "보통", "좋음", "매우 좋음"],
    thumbs: ["별로예요", "좋아요"],
    send: "보내기",
    dismiss: "답변하지 않기",
    noted: "답변이 저장되었습니다.",
    thanks: "소중한 의견 감사합니다.",
    other: "기타",
    never: "다시 묻지 않기",
    close: "닫기",
    tab: "의견 남기기",
    choose: "먼저 점수를 선택해 주세요.",
    failed: "전송하지 못했습니다. 다시 시도해 주세요.",
    refused: "답변을 저장하지 못했습니다.",
    ended: "종료된 설문입니다.",
    invited: Invited {
        subject: "{brand}의 질문",
        hint: "답을 선택해 주세요. 열리는 페이지에서 바꿀 수 있습니다.",
        unsubscribe: "더 이상 질문 받지 않기",
        unsubscribed: "다시 묻지 않겠습니다.",
        expired: "이 링크는 만료되었습니다.",
        used: "이미 이 질문에 답하셨습니다.",
        unknown: "이 링크는 유효하지 않습니다.",
    },
};
