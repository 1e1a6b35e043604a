//! Turkish, with *siz*; endings go to *mağaza*, not to the name.

use super::{Asked, Invited, Wording};

pub(super) const WORDING: Wording = Wording {
    language: "tr",
    rtl: false,
    recommendation: Asked {
        question: "{brand} mağazamızı bir arkadaşınıza veya meslektaşınıza tavsiye etme olasılığınız nedir?",
        question_unbranded: "Bizi bir arkadaşınıza veya meslektaşınıza tavsiye etme olasılığınız nedir?",
        low: "Hiç olası değil",
        high: "Son derece olası",
    },
    agreement: Asked {
        question: "{brand} mağazasında istediğimi kolayca yapabildim.",
        question_unbranded: "İstediğimi kolayca yapabildim.",
        low: "Kesinlikle katılmıyorum",
        high: "Kesinlikle katılıyorum",
    },
    ease: Asked {
        question: "{brand} mağazamızda istediğinizi yapmak ne kadar kolaydı?",
        question_unbranded: "İstediğinizi yapmak ne kadar kolaydı?",
        low: "Çok zor",
        high: "Çok kolay",
    },
    effort: Asked {
        question: "{brand} mağazamızda istediğinizi yapmak için ne kadar çaba harcadınız?",
        question_unbranded: "İstediğinizi yapmak için ne kadar çaba harcadınız?",
        low: "Çok az",
        high: "Çok fazla",
    },
    satisfaction: Asked {
        question: "{brand} mağazamızdaki deneyiminiz nasıldı?",
        question_unbranded: "Mağazamızdaki deneyiminiz nasıldı?",
        low: "Çok kötü",
        high: "Mükemmel",
    },
    follow_up: ["En çok neyi beğendiniz?", "Neyi daha iyi yapabiliriz?", "Yolunda gitmeyen neydi?"],
    point: "{max} üzerinden {n}",
    star: "{max} yıldız üzerinden {n}",
    faces: ["Çok kötü", "Kötü", "Orta", "İyi", "Mükemmel"],
    thumbs: ["İyi değil", "İyi"],
    send: "Gönder",
    dismiss: "Hayır, teşekkürler",
    noted: "Yanıtınız kaydedildi.",
    thanks: "Görüşünüz için teşekkür ederiz.",
    other: "Başka bir şey",
    never: "Bir daha sorulmasın",
    close: "Kapat",
    tab: "Görüşünüz",
    choose: "Önce bir puan seçin.",
    failed: "Gönderilemedi. Lütfen tekrar deneyin.",
    refused: "Yanıtınız kaydedilemedi.",
    ended: "Bu anket sona erdi.",
    invited: Invited {
        subject: "{brand} soruyor",
        hint: "Bir yanıt seçin. Açılan sayfada yanıtı yine değiştirebilirsiniz.",
        unsubscribe: "Artık soru istemiyorum",
        unsubscribed: "Size bir daha soru sormayacağız.",
        expired: "Bu bağlantının süresi doldu.",
        used: "Bu soruyu zaten yanıtladınız.",
        unknown: "Bu bağlantı geçerli değil.",
    },
};
