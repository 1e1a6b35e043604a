use super::*;

const fn band(from: i32, to: i32) -> FollowUpConfig<&'static str> {
    FollowUpConfig { from, to, question: "Why?" }
}

fn nps() -> Prompt {
    Prompt::new(const { &[band(9, 10), band(7, 8), band(0, 6)] })
}

fn store(score: i32, revision: u32, comment: Option<&str>) -> Effect {
    Effect::Store(Answer { score, revision, comment: comment.map(Into::into) })
}

fn step(prompt: &mut Prompt, event: Event) -> Vec<Effect> {
    let mut effects = Vec::new();
    prompt.step(event, &mut |effect| effects.push(effect));
    effects
}

fn sent(comment: &str) -> Event {
    Event::Sent(comment.into())
}

#[test]
fn a_prompt_does_what_is_due_after_each_event() {
    type Step = (Event, Vec<Effect>);
    use Effect::{Ask, AwaitRest, Close, Note, Thank};
    use Event::{Chosen, Dismissed, Moved, Seen, Settled};
    use Moment::{Answered, Shown};
    let answered = |score, index| vec![store(score, 1, None), Note(Answered), Ask(index)];
    let tables: [(&str, Vec<Step>); 9] = [
        ("seen once", vec![(Seen, vec![Note(Shown)]), (Seen, vec![])]),
        (
            "one tap stores, the comment is the next revision",
            vec![
                (Chosen(9), answered(9, 0)),
                (sent(" Ottime \u{7}scarpe "), vec![store(9, 2, Some("Ottime scarpe")), Thank]),
                (Chosen(3), vec![]),
            ],
        ),
        (
            "the score may change, the question changes with its band",
            vec![
                (Chosen(9), answered(9, 0)),
                (Chosen(9), vec![]),
                (Chosen(4), vec![store(4, 2, None), Ask(2)]),
                (sent(""), vec![Thank]),
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
                (sent("ok"), vec![store(8, 2, Some("ok")), Thank]),
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
            vec![(Chosen(7), answered(7, 1)), (sent(""), vec![Thank]), (Dismissed, vec![Close])],
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
    let mut prompt = Prompt::new(const { &[band(0, 6)] });
    let effects = step(&mut prompt, Event::Chosen(9));
    assert_eq!(effects, [store(9, 1, None), Effect::Note(Moment::Answered), Effect::Thank]);
}

#[test]
fn revisions_are_bounded() {
    let mut prompt = nps();
    for n in 0..300 {
        step(&mut prompt, Event::Chosen(n % 2));
    }
    let effects = step(&mut prompt, sent("enough"));
    assert_eq!(effects, [store(0, limit::REVISION_MAX, Some("enough")), Effect::Thank]);
}
