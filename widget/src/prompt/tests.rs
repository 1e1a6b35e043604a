use parere_shared::gate::Zone;
use parere_shared::survey::Survey;
use serde_json::json;

use super::*;

/// A survey of 0–10 with a follow-up for each of these bands, and thanks of their own for promoters.
fn prompt_of(placement: &str, bands: &[(i32, i32)]) -> Prompt {
    let bands: Vec<_> = bands.iter().map(|(from, to)| json!({"from": from, "to": to})).collect();
    let survey: Survey = serde_json::from_value(json!({
        "slug": "nps", "state": "live", "metric": "nps", "languages": ["en"], "follow_ups": bands,
        "scale": {"min": 0, "max": 10, "polarity": "high_is_good", "look": "numbers"},
        "thanks": [{"from": 9, "to": 10, "text": {"en": "How kind."}}],
        "placement": placement,
    }))
    .unwrap();
    let bytes = postcard::to_allocvec(&SurveyConfig::new(&survey, "en", Zone::default())).unwrap();
    Prompt::new(Box::leak(Box::new(postcard::from_bytes(bytes.leak()).unwrap())))
}

fn nps() -> Prompt {
    prompt_of("inline", &[(9, 10), (7, 8), (0, 6)])
}

fn store(score: i32, revision: u32, comment: &str) -> Effect {
    Effect::Store(Answer { score, revision, comment: comment.into(), choices: String::new() })
}

fn step(prompt: &mut Prompt, event: Event) -> Vec<Effect> {
    let mut effects = Vec::new();
    prompt.step(event, &mut |effect| effects.push(effect));
    effects
}

fn sent(comment: &str) -> Event {
    Event::Sent(comment.into(), String::new())
}

#[test]
fn a_prompt_does_what_is_due_after_each_event() {
    type Step = (Event, Vec<Effect>);
    use Effect::{Ask, AwaitRest, Close, Note, Thank};
    use Event::{Chosen, Dismissed, Moved, Seen, Settled};
    use Moment::{Answered, Shown};
    let answered = |score, index| vec![store(score, 1, ""), Note(Answered), Ask(index)];
    let tables: [(&str, Vec<Step>); 9] = [
        ("seen once", vec![(Seen, vec![Note(Shown)]), (Seen, vec![])]),
        (
            "one tap stores, the comment is the next revision",
            vec![
                (Chosen(9), answered(9, 0)),
                (sent(" Ottime \u{7}scarpe "), vec![store(9, 2, "Ottime scarpe"), Thank(0)]),
                (Chosen(3), vec![]),
            ],
        ),
        (
            "the score may change, the question changes with its band",
            vec![
                (Chosen(9), answered(9, 0)),
                (Chosen(9), vec![]),
                (Chosen(4), vec![store(4, 2, ""), Ask(2)]),
                (sent(""), vec![Thank(1)]),
            ],
        ),
        (
            "arrow keys store only where they rest",
            vec![
                (Moved(0), vec![AwaitRest]),
                (Moved(1), vec![AwaitRest]),
                (Moved(2), vec![AwaitRest]),
                (Settled, answered(2, 2)),
                (Settled, vec![]),
            ],
        ),
        (
            "a tap ends the walk of the arrow keys",
            vec![(Moved(4), vec![AwaitRest]), (Chosen(10), answered(10, 0)), (Settled, vec![])],
        ),
        (
            "a score under the arrow keys goes with the comment",
            vec![
                (Chosen(9), answered(9, 0)),
                (Moved(8), vec![AwaitRest]),
                (sent("ok"), vec![store(8, 2, "ok"), Thank(1)]),
            ],
        ),
        (
            "sent away without an answer",
            vec![
                (Moved(4), vec![AwaitRest]),
                (Dismissed, vec![Note(Moment::Dismissed), Close]),
                (Settled, vec![]),
                (Seen, vec![]),
            ],
        ),
        (
            "sent away after the answer: it stays an answer",
            vec![(Chosen(7), answered(7, 1)), (Dismissed, vec![Close]), (Dismissed, vec![])],
        ),
        (
            "thanks go away, too",
            vec![(Chosen(7), answered(7, 1)), (sent(""), vec![Thank(1)]), (Dismissed, vec![Close])],
        ),
    ];
    for (name, steps) in tables {
        let mut prompt = nps();
        for (event, effects) in steps {
            assert_eq!(step(&mut prompt, event.clone()), effects, "{name}: {event:?}");
        }
    }
}

#[test]
fn a_score_without_a_follow_up_is_thanked_at_once() {
    let mut prompt = prompt_of("inline", &[(0, 6)]);
    let effects = step(&mut prompt, Event::Chosen(9));
    assert_eq!(effects, [store(9, 1, ""), Effect::Note(Moment::Answered), Effect::Thank(0)]);
}

#[test]
fn revisions_are_bounded() {
    let mut prompt = nps();
    for n in 0..300 {
        step(&mut prompt, Event::Chosen(n % 2));
    }
    let effects = step(&mut prompt, sent("enough"));
    assert_eq!(effects, [store(0, limit::REVISION_MAX, "enough"), Effect::Thank(1)]);
}

#[test]
fn never_again_is_a_dismissal_unless_there_is_an_answer() {
    let mut prompt = nps();
    let effects = step(&mut prompt, Event::Never);
    assert_eq!(effects, [Effect::Forswear, Effect::Note(Moment::Dismissed), Effect::Close]);
    let mut prompt = nps();
    step(&mut prompt, Event::Chosen(9));
    assert_eq!(step(&mut prompt, Event::Never), [Effect::Forswear, Effect::Close]);
}

#[test]
fn a_score_that_is_kept_already_is_not_stored_again() {
    let mut prompt = nps();
    let answer = Answer { score: 9, revision: 1, comment: String::new(), choices: String::new() };
    let effects = step(&mut prompt, Event::Resumed(9));
    assert_eq!(effects, [Effect::Tell(answer), Effect::Note(Moment::Answered), Effect::Ask(0)]);
    assert_eq!(step(&mut prompt, Event::Chosen(9)), []);
    assert_eq!(step(&mut prompt, sent("ok")), [store(9, 2, "ok"), Effect::Thank(0)]);
}

#[test]
fn choices_are_part_of_the_answer() {
    let mut prompt = nps();
    step(&mut prompt, Event::Chosen(3));
    let effects = step(&mut prompt, Event::Sent(String::new(), "fit\nother".into()));
    let answer = Answer { score: 3, revision: 2, comment: String::new(), choices: "fit\nother".into() };
    assert_eq!(effects, [Effect::Store(answer), Effect::Thank(1)]);
}

#[test]
fn a_tab_opens_and_folds_and_counts_only_when_opened() {
    use Effect::{Ask, Close, Fold, Note};
    use Event::{Chosen, Dismissed, Opened, Seen};
    let mut prompt = prompt_of("tab", &[(0, 10)]);
    for (event, effects) in [
        (Seen, vec![]),
        (Chosen(9), vec![]),
        (Opened, vec![Fold(false), Note(Moment::Shown)]),
        (Seen, vec![]),
        (Dismissed, vec![Fold(true)]),
        (Opened, vec![Fold(false)]),
        (Opened, vec![Fold(true)]),
        (Opened, vec![Fold(false)]),
        (Chosen(9), vec![store(9, 1, ""), Note(Moment::Answered), Ask(0)]),
        (Dismissed, vec![Close]),
    ] {
        assert_eq!(step(&mut prompt, event.clone()), effects, "{event:?}");
    }
    let mut prompt = prompt_of("tab", &[]);
    assert_eq!(step(&mut prompt, Dismissed), [Note(Moment::Dismissed), Close], "the page sends the tab away");
}

#[test]
fn an_answer_that_is_refused_ends_the_question_and_takes_the_place_of_thanks() {
    for before in [vec![], vec![sent("Ottime")]] {
        let mut prompt = nps();
        step(&mut prompt, Event::Chosen(9));
        for event in before {
            step(&mut prompt, event);
        }
        assert_eq!(step(&mut prompt, Event::Refused), [Effect::Refuse]);
        assert_eq!(step(&mut prompt, Event::Chosen(3)), []);
        assert_eq!(step(&mut prompt, sent("Again")), []);
        assert_eq!(step(&mut prompt, Event::Dismissed), [Effect::Close]);
        assert_eq!(step(&mut prompt, Event::Refused), [], "it is gone");
    }
}
