//! Cases: opened and closed by answers, changed by one hand at a time, gone with their answers.

use parere_collector::store::{
    Case, CaseChange, CaseFilter, CaseOutcome, CasePlace, CaseRow, CaseStatus, CaseTally, Filter, Part,
    Person, Record, Retirement, Review, Row, Site, Store,
};
use parere_shared::time::DAY_MS;

use super::{SITE, bare, open_shop, record, revised, scope};
use crate::answer::NOON;

const HOUR_MS: i64 = 3_600_000;

fn in_band(record: Record, band: &str) -> Record {
    Record { row: Row { band: band.into(), ..record.row }, ..record }
}

fn low() -> Record {
    in_band(bare(SITE, 2), "detractor")
}

fn at(record: Record, received_at: i64) -> Record {
    Record { row: Row { received_at, ..record.row }, ..record }
}

async fn keep(store: &dyn Store, records: &[Record]) {
    store.append(records.to_vec().into()).await.unwrap();
}

async fn case(store: &dyn Store, record: &Record) -> Option<CaseRow> {
    store.cases().case(&scope(SITE), record.row.id).await.unwrap()
}

/// Status and outcome.
async fn stand(store: &dyn Store, record: &Record) -> Option<(CaseStatus, Option<CaseOutcome>)> {
    case(store, record).await.map(|row| (row.case.status, row.case.outcome))
}

async fn change(store: &dyn Store, record: &Record, wish: CaseChange, now: i64) -> Case {
    let before = case(store, record).await.unwrap().case;
    let after = before.changed(wish, now).unwrap();
    assert!(store.cases().change_case(&scope(SITE), &before, &after).await.unwrap());
    after
}

fn take(owner: &str) -> CaseChange {
    CaseChange { owner: Some(Some(owner.into())), ..CaseChange::default() }
}

pub(super) async fn low_scores_open_cases_and_better_ones_close_them(store: &dyn Store) {
    use CaseOutcome::ChangedMind;
    use CaseStatus::{Done, Open};
    open_shop(store, SITE).await;
    let (good, bad) = (in_band(bare(SITE, 9), "promoter"), low());
    let negative = in_band(record(SITE, 1), "negative");
    let test = Record { row: Row { test: true, ..low().row }, ..low() };
    let made_up = Record { is_news: false, ..low() };
    let all = [good.clone(), bad.clone(), negative.clone(), test.clone(), made_up.clone()];
    keep(store, &all).await;
    keep(store, &all).await;
    let opened = case(store, &bad).await.unwrap();
    assert_eq!((opened.case.opened_at, opened.case.due_at), (NOON, NOON + 48 * HOUR_MS));
    assert_eq!((opened.score, &*opened.band, opened.comment), (2, "detractor", None));
    let told = case(store, &negative).await.unwrap();
    assert_eq!((told.locale.as_deref(), told.order_ref.as_deref()), (Some("it"), Some("1001")));
    for none in [&good, &test, &made_up] {
        assert_eq!(stand(store, none).await, None);
    }
    // A better score closes what nobody has touched, a worse one opens it again, and one batch may say both.
    let better = at(in_band(revised(&bad, 2, 9), "promoter"), NOON + 60);
    keep(store, std::slice::from_ref(&better)).await;
    assert_eq!(stand(store, &bad).await, Some((Done, Some(ChangedMind))));
    assert_eq!(case(store, &bad).await.unwrap().case.closed_at, Some(NOON + 60));
    let worse = at(in_band(revised(&bad, 3, 1), "detractor"), NOON + 90);
    keep(store, std::slice::from_ref(&worse)).await;
    let again = case(store, &bad).await.unwrap().case;
    assert_eq!((again.status, again.closed_at, again.opened_at), (Open, None, NOON + 90));
    keep(store, &[in_band(revised(&bad, 4, 9), "promoter"), in_band(revised(&bad, 5, 0), "detractor")]).await;
    assert_eq!(stand(store, &bad).await, Some((Open, None)));
    keep(store, &[in_band(revised(&good, 2, 3), "detractor")]).await;
    assert_eq!(stand(store, &good).await, Some((Open, None)));
    // What somebody has touched is theirs to close.
    change(store, &bad, take("ada@x"), NOON).await;
    keep(store, &[in_band(revised(&bad, 6, 9), "promoter")]).await;
    assert_eq!(stand(store, &bad).await, Some((Open, None)));
    // What somebody leaves out of the scores needs no answer, unless it has one.
    store.review(&scope(SITE), &Filter::default(), Review::Exclude).await.unwrap();
    assert_eq!(stand(store, &good).await, None);
    assert_eq!(stand(store, &bad).await, Some((Open, None)));
    // Where cases are off none is opened.
    assert!(store.change_site(&scope(SITE), Site { case_hours: None, ..super::site(SITE) }).await.unwrap());
    let late = low();
    keep(store, std::slice::from_ref(&late)).await;
    assert_eq!(stand(store, &late).await, None);
}

pub(super) async fn a_case_is_changed_by_one_hand_at_a_time(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let bad = low();
    keep(store, std::slice::from_ref(&bad)).await;
    let before = case(store, &bad).await.unwrap().case;
    let wish = CaseChange {
        owner: Some(Some("ada@x".into())),
        status: Some(CaseStatus::Done),
        outcome: Some(CaseOutcome::Recovered),
        note: Some(Some("Rang her; a new pair is on its way".into())),
    };
    let mine = before.changed(wish, NOON + 5).unwrap();
    let theirs = before.changed(take("bob@x"), NOON + 6).unwrap();
    assert!(store.cases().change_case(&scope(SITE), &before, &mine).await.unwrap());
    assert!(!store.cases().change_case(&scope(SITE), &before, &theirs).await.unwrap());
    assert!(!store.cases().change_case(&scope("pk_other"), &mine, &theirs).await.unwrap());
    assert_eq!(case(store, &bad).await.unwrap().case, mine);
    assert_eq!(store.cases().case(&scope("pk_other"), bad.row.id).await.unwrap(), None);
}

pub(super) async fn cases_are_read_by_what_is_due(store: &dyn Store) {
    open_shop(store, SITE).await;
    let low: Vec<_> = (0..7).map(|n| at(low(), NOON + n * 10)).collect();
    keep(store, &[low[3].clone(), low[0].clone(), low[6].clone()]).await;
    keep(store, &[low[1].clone(), low[2].clone(), low[4].clone(), low[5].clone()]).await;
    change(store, &low[1], take("ada@x"), NOON).await;
    for (n, now) in [(2, NOON + 1_000), (0, NOON + 2_000)] {
        let status = Some(CaseStatus::Done);
        let outcome = Some(CaseOutcome::NotRecovered);
        change(store, &low[n], CaseChange { status, outcome, ..take("ada@x") }, now).await;
    }
    let doing = CaseChange { status: Some(CaseStatus::Doing), ..CaseChange::default() };
    change(store, &low[6], doing, NOON + 60 + HOUR_MS).await;
    let filter = |status: Option<CaseStatus>, owner: Option<Option<&str>>| CaseFilter {
        status,
        owner: owner.map(|owner| owner.map(Into::into)),
    };
    for (filter, expected) in [
        (filter(None, None), &[1, 3, 4, 5, 6][..]),
        (filter(Some(CaseStatus::Open), None), &[1, 3, 4, 5]),
        (filter(Some(CaseStatus::Doing), None), &[6]),
        (filter(Some(CaseStatus::Done), None), &[0, 2]),
        (filter(None, Some(Some("ada@x"))), &[1]),
        (filter(None, Some(None)), &[3, 4, 5, 6]),
        (filter(Some(CaseStatus::Done), Some(None)), &[]),
    ] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = store.cases().cases(&scope(SITE), &filter, after, 2).await.unwrap();
            assert!(page.len() <= 2);
            let Some(last) = page.last() else { break };
            after = Some(last.case.place());
            found.extend(page.iter().map(|row| row.case.response));
        }
        let expected: Vec<_> = expected.iter().map(|n| low[*n].row.id).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
    let tally = |from: i64, to: i64, now: i64| async move {
        store.cases().tally_cases(&scope(SITE), from, to, now).await.unwrap()
    };
    let all = tally(i64::MIN, i64::MAX, NOON + 48 * HOUR_MS + 31).await;
    let by = [
        (CaseStatus::Doing, None, 1),
        (CaseStatus::Done, Some(CaseOutcome::NotRecovered), 2),
        (CaseStatus::Open, None, 4),
    ];
    assert_eq!((all.by, all.overdue), (by.to_vec(), 2));
    let now = NOON + 48 * HOUR_MS + 31;
    let waits: Vec<_> = all.waits.iter().map(|wait| (wait.ms, wait.is_over)).collect();
    let open = |n: i64| (now - NOON - n * 10, false);
    let expected = [(HOUR_MS, true), open(5), open(4), open(3), (980, true), open(1), (2_000, true)];
    assert_eq!(waits, expected, "of the latest first");
    assert_eq!(tally(NOON + 70, NOON + 80, NOON).await, CaseTally::default());
}

pub(super) async fn cases_are_read_by_their_opening_and_by_person(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let of = |n: i64, subject: Option<u8>, order: Option<&str>| {
        let record = at(low(), NOON + n / 2);
        let (subject, order_ref) = (subject.map(|of| [of; 32]), order.map(Into::into));
        Record { row: Row { order_ref, ..record.row }, subject, ..record }
    };
    // Two of them opened at one moment.
    let low =
        [of(0, Some(7), None), of(1, None, Some("1001")), of(2, Some(7), Some("1001")), of(4, None, None)];
    let mut stranger = of(0, Some(7), Some("1001"));
    stranger.site = "pk_other".into();
    keep(store, &low).await;
    keep(store, &[stranger]).await;
    let outcome = Some(CaseOutcome::NoContact);
    change(store, &low[1], CaseChange { status: Some(CaseStatus::Done), outcome, ..take("ada@x") }, NOON)
        .await;
    let opened = async |from: i64, to: i64| {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = store.cases().cases_opened(&scope(SITE), from, to, after, 1).await.unwrap();
            assert!(page.len() <= 1);
            let Some(last) = page.last() else { break found };
            after = Some(CasePlace { at: last.case.opened_at, response: last.case.response });
            found.push(last.case.response);
        }
    };
    let mut ids = low.clone().map(|record| record.row.id);
    ids[..2].sort_unstable();
    assert_eq!(opened(i64::MIN, i64::MAX).await, ids, "done or not");
    assert_eq!(opened(NOON + 1, NOON + 2).await, [ids[2]]);
    let theirs = async |subject: Option<u8>, order: Option<&str>, limit: usize| {
        let person = Person { subject: subject.map(|of| [of; 32]), order_ref: order.map(Into::into) };
        let found = store.cases().cases_of(&scope(SITE), &person, limit).await.unwrap();
        found.into_iter().map(|row| row.case.response).collect::<Vec<_>>()
    };
    assert_eq!(theirs(Some(7), None, 9).await, [low[0].row.id, low[2].row.id]);
    assert_eq!(theirs(None, Some("1001"), 9).await, [low[1].row.id, low[2].row.id]);
    assert_eq!(theirs(Some(7), Some("1001"), 2).await, ids[..2]);
    assert!(theirs(None, None, 9).await.is_empty() && theirs(Some(8), None, 9).await.is_empty());
}

pub(super) async fn a_case_goes_with_its_answer(store: &dyn Store) {
    open_shop(store, SITE).await;
    let commented = |n: i64| {
        let row = Row { comment: Some("Brutte".into()), ..low().row };
        at(Record { row, ..low() }, NOON + n * DAY_MS)
    };
    let [erased, retired, forgotten] = [0, 0, 1].map(commented);
    keep(store, &[erased.clone(), retired.clone(), forgotten.clone()]).await;
    let noted = CaseChange { note: Some(Some("Said so on the phone".into())), ..CaseChange::default() };
    for record in [&erased, &retired, &forgotten] {
        change(store, record, noted.clone(), NOON).await;
    }
    let one = Filter { ids: Some(vec![erased.row.id]), ..Filter::default() };
    assert_eq!(store.erase(&scope(SITE), &one, NOON).await.unwrap(), 1);
    assert_eq!(stand(store, &erased).await, None);
    let part = |what, before: i64| Retirement {
        survey: "nps".into(),
        what,
        from: i64::MIN,
        before: NOON + before,
        before_day: erased.day,
    };
    store.retire_slice(&scope(SITE), &part(Part::Responses, 1)).await.unwrap();
    assert_eq!(stand(store, &retired).await, None);
    store.retire_slice(&scope(SITE), &part(Part::Comments, 2 * DAY_MS)).await.unwrap();
    let left = case(store, &forgotten).await.unwrap();
    assert_eq!((left.case.note, left.comment), (None, None), "what was said of a comment goes with it");
    let tally = store.cases().tally_cases(&scope(SITE), i64::MIN, i64::MAX, NOON).await.unwrap();
    assert_eq!(tally.by, [(CaseStatus::Open, None, 1)]);
    assert!(store.remove_site(&scope(SITE), NOON).await.unwrap());
    while !store.clear_site(&scope(SITE)).await.unwrap() {}
    let tally = store.cases().tally_cases(&scope(SITE), i64::MIN, i64::MAX, NOON).await.unwrap();
    assert_eq!(tally, CaseTally::default());
}
