//! Languages in which the made-up shoppers were asked, and the question as it was worded before.

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Language {
    /// Its tag.
    pub(super) tag: &'static str,
    /// How many of a thousand shoppers speak it.
    pub(super) per_mille: u16,
    /// How much kinder than others they score; see `shopper::Mood`.
    pub(super) mood: f64,
    /// The question of the survey `nps` before it was worded anew.
    pub(super) asked_before: &'static str,
}

const fn spoken(tag: &'static str, per_mille: u16, mood: f64, asked_before: &'static str) -> Language {
    Language { tag, per_mille, mood, asked_before }
}

/// A shop in Italy that sends all over Europe, and a little further.
pub(super) const LANGUAGES: [Language; 10] = [
    spoken("it", 380, 0.01, "Consiglieresti {brand} a un amico?"),
    spoken("en", 200, 0.0, "Would you recommend {brand} to a friend?"),
    spoken("de", 130, -0.02, "Würden Sie {brand} weiterempfehlen?"),
    spoken("fr", 90, -0.02, "Recommanderiez-vous {brand} à un ami ?"),
    spoken("es", 70, 0.02, "¿Recomendarías {brand} a un amigo?"),
    spoken("nl", 40, -0.03, "Zou je {brand} aan een vriend aanraden?"),
    spoken("pt", 30, 0.02, "Recomendaria {brand} a um amigo?"),
    spoken("pl", 30, 0.0, "Czy polecisz {brand} znajomym?"),
    spoken("ja", 20, -0.05, "{brand}を友人に勧めますか？"),
    spoken("ar", 10, 0.01, "هل توصي صديقًا بـ {brand}؟"),
];
