//! Hindi, with *आप*; no verb forms that tell the shopper’s sex.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "hi",
    rtl: false,
    recommendation: Asked {
        question: "इसकी कितनी संभावना है कि आप किसी दोस्त या सहकर्मी से {brand} की सिफ़ारिश करें?",
        question_unbranded: "इसकी कितनी संभावना है कि आप किसी दोस्त या सहकर्मी से हमारी सिफ़ारिश करें?",
        low: "बिल्कुल संभावना नहीं",
        high: "बहुत ज़्यादा संभावना",
    },
    agreement: Asked {
        question: "{brand} पर मेरा काम आसानी से हो गया।",
        question_unbranded: "मेरा काम आसानी से हो गया।",
        low: "पूरी तरह असहमत",
        high: "पूरी तरह सहमत",
    },
    ease: Asked {
        question: "{brand} पर आपका काम कितनी आसानी से हुआ?",
        question_unbranded: "आपका काम कितनी आसानी से हुआ?",
        low: "बहुत मुश्किल से",
        high: "बहुत आसानी से",
    },
    effort: Asked {
        question: "{brand} पर अपना काम करने में आपको कितनी मेहनत करनी पड़ी?",
        question_unbranded: "अपना काम करने में आपको कितनी मेहनत करनी पड़ी?",
        low: "बहुत कम",
        high: "बहुत ज़्यादा",
    },
    satisfaction: Asked {
        question: "{brand} के साथ आपका अनुभव कैसा रहा?",
        question_unbranded: "हमारे साथ आपका अनुभव कैसा रहा?",
        low: "बहुत ख़राब",
        high: "बेहतरीन",
    },
    follow_up: ["आपको सबसे अच्छा क्या लगा?", "हम क्या बेहतर कर सकते हैं?", "आपको क्या परेशानी हुई?"],
    point: "{max} में से {n}",
    star: "{max} में से {n} स्टार",
    faces: ["बहुत ख़राब", "ख़राब", "ठीक-ठाक", "अच्छा", "बेहतरीन"],
    thumbs: ["अच्छा नहीं", "अच्छा"],
    send: "भेजें",
    dismiss: "नहीं, धन्यवाद",
    noted: "आपका जवाब दर्ज हो गया है।",
    thanks: "अपनी राय देने के लिए धन्यवाद।",
    other: "कुछ और",
    never: "मुझसे दोबारा न पूछें",
    close: "बंद करें",
    tab: "आपकी राय",
    choose: "पहले रेटिंग चुनें।",
    failed: "जवाब नहीं भेजा जा सका। कृपया फिर से कोशिश करें।",
    refused: "आपका जवाब दर्ज नहीं किया जा सका।",
    ended: "यह सर्वे समाप्त हो गया है।",
    invited: Invited {
        subject: "{brand} का एक प्रश्न",
        hint: "एक उत्तर चुनें। खुलने वाले पेज पर आप उसे अब भी बदल सकते हैं।",
        unsubscribe: "और प्रश्न न भेजें",
        unsubscribed: "हम आपसे फिर नहीं पूछेंगे।",
        expired: "यह लिंक समाप्त हो चुका है।",
        used: "आप इस प्रश्न का उत्तर पहले ही दे चुके हैं।",
        unknown: "यह लिंक मान्य नहीं है।",
    },
};
