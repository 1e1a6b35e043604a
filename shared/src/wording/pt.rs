//! Portuguese without a pronoun, in words that Brazil and Portugal share.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "pt",
    rtl: false,
    recommendation: Asked {
        question: "Qual é a probabilidade de recomendar a loja {brand} a um amigo ou colega?",
        question_unbranded: "Qual é a probabilidade de nos recomendar a um amigo ou colega?",
        low: "Nada provável",
        high: "Muito provável",
    },
    agreement: Asked {
        question: "Na loja {brand}, foi fácil fazer o que eu queria.",
        question_unbranded: "Foi fácil fazer o que eu queria.",
        low: "Discordo totalmente",
        high: "Concordo totalmente",
    },
    ease: Asked {
        question: "Quão fácil foi fazer o que queria na loja {brand}?",
        question_unbranded: "Quão fácil foi fazer o que queria?",
        low: "Muito difícil",
        high: "Muito fácil",
    },
    effort: Asked {
        question: "Quanto esforço foi preciso para fazer o que queria na loja {brand}?",
        question_unbranded: "Quanto esforço foi preciso para fazer o que queria?",
        low: "Muito pouco",
        high: "Muitíssimo",
    },
    satisfaction: Asked {
        question: "Como foi a sua experiência na loja {brand}?",
        question_unbranded: "Como foi a sua experiência na nossa loja?",
        low: "Péssima",
        high: "Excelente",
    },
    follow_up: ["Do que mais gostou?", "O que podemos melhorar?", "O que não funcionou bem?"],
    point: "{n} de {max}",
    star: "{n} de {max} estrelas",
    faces: ["Péssima", "Fraca", "Razoável", "Boa", "Excelente"],
    thumbs: ["Não gostei", "Gostei"],
    send: "Enviar",
    dismiss: "Agora não",
    noted: "Recebemos a sua resposta.",
    thanks: "Agradecemos a sua opinião.",
    other: "Outra coisa",
    never: "Não perguntar novamente",
    close: "Fechar",
    tab: "A sua opinião",
    choose: "Escolha primeiro uma pontuação.",
    failed: "Não foi possível enviar. Tente novamente.",
    refused: "Não foi possível guardar a sua resposta.",
    ended: "Esta pergunta já foi encerrada.",
    invited: Invited {
        subject: "Uma pergunta de {brand}",
        hint: "Escolha uma resposta. Você ainda pode mudá-la na página que se abre.",
        unsubscribe: "Não receber mais perguntas",
        unsubscribed: "Não faremos mais perguntas.",
        expired: "Este link expirou.",
        used: "Você já respondeu a esta pergunta.",
        unknown: "Este link não é válido.",
    },
};
