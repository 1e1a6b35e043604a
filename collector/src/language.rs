//! Which language to speak to whoever sent a request.

use axum::http::{HeaderMap, header};
use parere_shared::language::nearest;

/// Most entries of an `Accept-Language` that are looked at: nobody speaks more.
const ACCEPTED_MAX: usize = 20;

/// Language tags that a request asks for, best first: the one that was chosen, then those of the browser.
pub fn wanted(chosen: Option<&str>, headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::ACCEPT_LANGUAGE).into_iter().filter_map(|value| value.to_str().ok());
    let entries = lines.flat_map(|line| line.split(',')).take(ACCEPTED_MAX);
    let mut accepted: Vec<(&str, f32)> = entries.filter_map(weighed).collect();
    // Stable: equal weights keep their order.
    accepted.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let accepted = accepted.into_iter().map(|(tag, _)| tag);
    chosen.into_iter().chain(accepted).map(str::to_owned).collect()
}

/// `pt-BR;q=0.8`; refused languages and `*` are none.
fn weighed(entry: &str) -> Option<(&str, f32)> {
    let (tag, weight) = entry.split_once(';').unwrap_or((entry, ""));
    let weight = weight.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
    let tag = tag.trim();
    (weight > 0.0 && !tag.is_empty() && tag != "*").then_some((tag, weight))
}

/// The first wanted language that is spoken here, as near as it is.
pub fn spoken<'a>(wanted: &[String], own: &[&'a str]) -> Option<&'a str> {
    wanted.iter().find_map(|wanted| nearest(wanted, own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_language_that_both_speak() {
        for (chosen, accepted, expected) in [
            (None, "", None),
            (None, "it-IT,it;q=0.9,en;q=0.8", Some("it")),
            (None, "en;q=0.5, it;q=0.9", Some("it")),
            (None, "sq, *;q=0.1", None),
            (None, "fr;q=0, EN-GB", Some("en")),
            (None, "pt, en", Some("pt-BR")),
            (None, "pt-PT", Some("pt-BR")),
            (None, "it;q=nonsense, en;q=0.1", Some("en")),
            (Some("en"), "it", Some("en")),
            (Some("sq"), "it", Some("it")),
            (Some("PT-br"), "it", Some("pt-BR")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, accepted.parse().unwrap());
            let own = ["it", "en", "pt-BR", "fr"];
            assert_eq!(spoken(&wanted(chosen, &headers), &own), expected, "{chosen:?} {accepted}");
        }
    }
}
