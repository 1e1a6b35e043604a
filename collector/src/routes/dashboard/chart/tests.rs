use super::super::numerals;
use super::*;

fn mark(label: &str, score: Option<(f64, Range<f64>)>) -> Mark {
    Mark { label: label.into(), score, is_early: false, is_break: false, is_noted: false }
}

fn drawn(marks: &[Mark]) -> String {
    let numerals = numerals::tests::of("it");
    let unit = Unit { numerals: &numerals, digits: 1, suffix: "", ends: 1.0..7.0 };
    trend(marks, &unit, (600, 200)).unwrap()
}

fn count(svg: &str, what: &str) -> usize {
    svg.matches(what).count()
}

#[test]
fn scores_are_joined_where_nothing_lies_between_them() {
    let at = |score: f64| Some((score, score - 0.5..score + 0.5));
    let mut marks =
        vec![mark("1", at(4.0)), mark("2", at(4.5)), mark("3", None), mark("4", at(5.0)), mark("5", at(5.5))];
    assert_eq!(runs(&marks).iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    marks[4].is_break = true;
    assert_eq!(runs(&marks).iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1]);
    assert!(runs(&[mark("1", None)]).is_empty());
}

#[test]
fn the_axis_holds_every_interval_and_shows_noise_as_noise() {
    for (low, high, ends, range, guides) in [
        (30.0, 40.0, -100.0..100.0, 10.0..60.0, 6),
        (-100.0, -90.0, -100.0..100.0, -100.0..-70.0, 4),
        (0.0, 100.0, 0.0..100.0, 0.0..100.0, 6),
        (5.2, 5.4, 1.0..7.0, 4.5..6.5, 5),
    ] {
        let axis = axis(&[mark("", Some((low, low..high)))], &ends).unwrap();
        assert_eq!((axis.range, axis.guides.len()), (range, guides), "{low} to {high}");
    }
    assert_eq!(axis(&[mark("", None)], &(0.0..1.0)), None);
}

#[test]
fn a_picture_has_its_words_and_nothing_of_strangers() {
    let marks: Vec<Mark> =
        (1..=30_i32).map(|day| mark(&format!("{day} Nov"), Some((5.0, 4.5..5.5)))).collect();
    let svg = drawn(&marks);
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
    assert_eq!(count(&svg, "<circle"), 2 * 30);
    assert_eq!(count(&svg, "<polygon"), 1, "one band");
    assert!(svg.contains("30 Nov") && !svg.contains("29 Nov"), "labels have room, and the last is there");
    assert!(svg.contains("5,0"), "numbers are the reader's");
    for attribute in ["style=", "<style", "href", "class="] {
        assert!(!svg.contains(attribute), "{attribute} would need the policy's leave");
    }
    assert_eq!(drawn(&[mark("", None)]), "");
}

#[test]
fn an_improvement_is_dotted_and_parts_no_scores() {
    let mut marks: Vec<Mark> = (1..5).map(|day: i32| mark(&day.to_string(), Some((5.0, 4.5..5.5)))).collect();
    let plain = count(&drawn(&marks), "<polyline");
    marks[2].is_noted = true;
    let svg = drawn(&marks);
    assert!(count(&svg, "<polyline") > plain, "{svg}");
    assert_eq!(runs(&marks).len(), 1);
}

#[test]
fn labels_are_spread_and_end_with_the_last() {
    assert_eq!(every(5, 10), [0.0, 1.0, 2.0, 3.0, 4.0]);
    assert_eq!(every(10, 5), [1.0, 3.0, 5.0, 7.0, 9.0]);
    assert!(every(0, 5).is_empty());
}
