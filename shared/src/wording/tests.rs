use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::*;
use crate::{limit, text};

fn questions(wording: &Wording) -> [&Asked; 5] {
    [&wording.recommendation, &wording.agreement, &wording.ease, &wording.effort, &wording.satisfaction]
}

/// What ends with a question mark.
fn asking(wording: &Wording) -> Vec<&'static str> {
    let asked = [&wording.recommendation, &wording.ease, &wording.effort, &wording.satisfaction];
    let mut texts: Vec<&str> = asked.iter().flat_map(|a| [a.question, a.question_unbranded]).collect();
    texts.extend(wording.follow_up);
    texts
}

/// What ends with a full stop.
fn telling(wording: &Wording) -> [&'static str; 13] {
    let Asked { question, question_unbranded, .. } = wording.agreement;
    [
        question,
        question_unbranded,
        wording.noted,
        wording.thanks,
        wording.choose,
        wording.failed,
        wording.refused,
        wording.ended,
        wording.invited.hint,
        wording.invited.unsubscribed,
        wording.invited.expired,
        wording.invited.used,
        wording.invited.unknown,
    ]
}

fn texts(wording: &Wording) -> Vec<&'static str> {
    let asked = questions(wording).into_iter();
    let mut texts: Vec<&str> =
        asked.flat_map(|a| [a.question, a.question_unbranded, a.low, a.high]).collect();
    texts.extend(wording.follow_up.iter().chain(&wording.faces).chain(&wording.thumbs));
    texts.extend([wording.point, wording.star, wording.send, wording.dismiss, wording.noted]);
    texts.extend([wording.thanks, wording.other, wording.never, wording.close, wording.tab]);
    texts.extend([wording.choose, wording.failed, wording.refused, wording.ended]);
    let Invited { subject, hint, unsubscribe, unsubscribed, expired, used, unknown } = wording.invited;
    texts.extend([subject, hint, unsubscribe, unsubscribed, expired, used, unknown]);
    texts
}

/// `text` without its placeholders.
fn words(text: &str) -> String {
    ["{brand}", "{n}", "{max}"].iter().fold(text.to_owned(), |left, name| left.replace(name, ""))
}

/// The letters of a language: of its script, and no Latin ones in a script of its own.
fn letters(language: &str) -> &'static [RangeInclusive<char>] {
    match language {
        "el" => &['\u{370}'..='\u{3ff}'],
        "bg" | "uk" => &['\u{400}'..='\u{4ff}'],
        "he" => &['\u{590}'..='\u{5ff}'],
        "ar" | "fa" => &['\u{600}'..='\u{6ff}'],
        "hi" => &['\u{900}'..='\u{97f}'],
        "ja" => &['\u{3040}'..='\u{30ff}', '\u{4e00}'..='\u{9fff}'],
        "zh-Hans" | "zh-Hant" => &['\u{4e00}'..='\u{9fff}'],
        "ko" => &['\u{ac00}'..='\u{d7a3}'],
        _ => &['A'..='Z', 'a'..='z', '\u{c0}'..='\u{24f}'],
    }
}

/// Letters of the same script that betray another language, or a keyboard of another.
fn strange(language: &str) -> &'static str {
    match language {
        "ar" => "یکگپچژ",
        "fa" => "يكى",
        "ro" => "ŞşŢţ",
        "uk" => "ыэёъЫЭЁЪ",
        "bg" => "ыэёіїєЫЭЁІЇЄ",
        "zh-Hans" => "們請選擇體驗難讓裡過謝關閉記錄觀費嗎東薦對說應",
        "zh-Hant" => "们请选择体验难让里过谢关闭记录观费吗东荐对说应",
        "ja" => "们请选择体验难让",
        _ => "",
    }
}

#[test]
fn languages_are_distinct_and_in_order() {
    let tags: Vec<&str> = ALL.iter().map(|wording| wording.language).collect();
    assert!(tags.len() >= 26, "{} languages", tags.len());
    assert!(tags.is_sorted_by(|a, b| a < b), "{tags:?}");
    assert!(tags.iter().all(|tag| text::is_language(tag)));
    let rtl: Vec<&str> = ALL.iter().filter(|wording| wording.rtl).map(|wording| wording.language).collect();
    assert_eq!(rtl, ["ar", "fa", "he"]);
}

#[test]
fn every_text_is_within_bounds() {
    for wording in ALL {
        let fits = |name: &str, text: &str, max: usize| {
            let chars = text.chars().count();
            assert!(
                (1..=max).contains(&chars),
                "{} {name}: {chars} characters, at most {max}: {text}",
                wording.language
            );
        };
        for text in texts(wording) {
            fits("text", text, limit::TEXT_CHARS_MAX);
            assert_eq!(text.trim(), text, "{}", wording.language);
            assert!(!text::has_control(text) && !text.contains(['\n', '\t']), "{text}");
        }
        // Two ends, or two thumbs, share a row of 320 px.
        for end in questions(wording).iter().flat_map(|asked| [asked.low, asked.high]) {
            fits("end", end, 28);
        }
        for label in wording.faces.iter().chain(&wording.thumbs) {
            fits("face or thumb", label, 28);
        }
        fits("send", wording.send, 14);
        fits("dismiss", wording.dismiss, 24);
        fits("tab", wording.tab, 20);
        fits("never", wording.never, 32);
        fits("unsubscribe", wording.invited.unsubscribe, 32);
    }
}

#[test]
fn what_must_be_told_apart_differs() {
    let mut seen = BTreeSet::new();
    for wording in ALL {
        for asked in questions(wording) {
            for question in [asked.question, asked.question_unbranded] {
                assert!(seen.insert(question), "{}: asked elsewhere: {question}", wording.language);
            }
            assert_ne!(asked.low, asked.high, "{}", wording.language);
        }
        assert_eq!(BTreeSet::from(wording.faces).len(), 5, "{}", wording.language);
        assert_eq!(BTreeSet::from(wording.follow_up).len(), 3, "{}", wording.language);
        assert_ne!(wording.thumbs[0], wording.thumbs[1], "{}", wording.language);
        let buttons = [wording.send, wording.dismiss, wording.never, wording.close];
        assert_eq!(BTreeSet::from(buttons).len(), 4, "{}", wording.language);
    }
}

#[test]
fn placeholders_stand_where_they_are_filled() {
    for wording in ALL {
        let mut branded = questions(wording).map(|asked| asked.question).to_vec();
        branded.push(wording.invited.subject);
        for text in texts(wording) {
            let expected: &[&str] = match text {
                _ if branded.contains(&text) => &["{brand}"],
                _ if [wording.point, wording.star].contains(&text) => &["{n}", "{max}"],
                _ => &[],
            };
            for name in expected {
                assert_eq!(text.matches(name).count(), 1, "{}: {text}", wording.language);
            }
            assert_eq!(text.matches(['{', '}']).count(), 2 * expected.len(), "{}: {text}", wording.language);
        }
    }
}

#[test]
fn every_language_is_in_its_own_letters() {
    for wording in ALL {
        let of_script = |c: char| letters(wording.language).iter().any(|range| range.contains(&c));
        for text in texts(wording) {
            let words = words(text);
            assert!(words.chars().any(of_script), "{}: {text}", wording.language);
            for c in words.chars().filter(|c| c.is_alphabetic()) {
                let own = of_script(c) && !strange(wording.language).contains(c);
                assert!(own, "{}: {c:?} in {text}", wording.language);
            }
        }
    }
}

#[test]
fn sentences_are_set_as_the_language_sets_them() {
    for wording in ALL {
        let (question_mark, full_stop) = match wording.language {
            "ar" | "fa" => ('؟', '.'),
            "el" => (';', '.'),
            "hi" => ('?', '।'),
            "ja" | "zh-Hans" | "zh-Hant" => ('？', '。'),
            _ => ('?', '.'),
        };
        for text in asking(wording) {
            assert!(text.ends_with(question_mark), "{}: {text}", wording.language);
        }
        for text in telling(wording) {
            assert!(text.ends_with(full_stop), "{}: {text}", wording.language);
        }
        for text in texts(wording) {
            let blanks = text.chars().map(char::is_whitespace);
            let doubled = blanks.clone().zip(blanks.skip(1)).any(|(a, b)| a && b);
            assert!(!doubled, "{}: two blanks in {text}", wording.language);
            assert!(!text.contains(['!', '！', '¡', '"', '\'', '…']), "{}: {text}", wording.language);
            let foreign: Vec<char> = ['?', '؟', ';', '？', '.', '。', '।']
                .into_iter()
                .filter(|mark| ![question_mark, full_stop].contains(mark) && text.contains(*mark))
                .collect();
            assert_eq!(foreign, [], "{}: {text}", wording.language);
        }
    }
}

#[test]
fn punctuation_of_one_language_only() {
    let every = |language: &str| texts(of(language).expect("shipped"));
    for text in every("fr") {
        for (at, mark) in text.match_indices(['?', ':', ';']) {
            assert!(text[..at].ends_with('\u{202f}'), "no narrow blank before {mark}: {text}");
        }
    }
    for text in every("es") {
        assert_eq!(text.starts_with('¿'), text.ends_with('?'), "{text}");
    }
    for text in ["ja", "zh-Hans", "zh-Hant"].into_iter().flat_map(every) {
        assert!(!text.contains([',', ':', ' ', '(']), "half-width in {text}");
    }
    for text in ["ar", "fa"].into_iter().flat_map(every) {
        assert!(!text.contains(','), "a Latin comma in {text}");
    }
}

#[test]
fn the_nearest_language_speaks() {
    for (asked, spoken) in [
        ("it", "it"),
        ("it-CH", "it"),
        ("en-GB", "en"),
        ("pt-BR", "pt"),
        ("pt-PT", "pt"),
        ("de-CH", "de"),
        ("DE-at", "de"),
        ("de-Latn-DE-1996", "de"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-hk", "zh-Hant"),
        ("ZH-MO", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("no", "nb"),
        ("nn", "nb"),
        ("nn-NO", "nb"),
        ("NB-no", "nb"),
        ("iw", "he"),
        ("IW-IL", "he"),
        ("sq", "en"),
        ("zhx", "en"),
        ("-", "en"),
        ("", "en"),
    ] {
        assert_eq!(nearest(asked).language, spoken, "{asked}");
    }
}
