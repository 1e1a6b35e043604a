//! What every store must keep, whatever it is made of; written over `&dyn Store` and run for each of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use parere_collector::auth::SiteScope;
use parere_collector::origin::OriginRule;
use parere_collector::store::{self, Flags, Purpose, Record, Retention, Row, Site, Store};
use parere_shared::response::{Channel, Device, ResponseId};
use parere_shared::survey::{Metric, Survey};
use parere_shared::time::DAY_MS;
use serde_json::json;

use crate::answer::{NOON, fresh_id};
use crate::postgres::Database;

mod addresses;
mod answers;
mod cases;
mod catalogue;
mod counting;
mod deliveries;
mod erasing;
mod events;
mod invitations;
mod inviting;
mod marks;
mod opening;
mod orders;
mod people;
mod planning;
mod schema;
mod segments;
mod separation;
mod shared_database;
mod sources;
mod tickets;

/// The store and what it lives in.
struct Opened {
    store: Arc<dyn Store>,
    _folder: Option<tempfile::TempDir>,
}

async fn sqlite() -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("parere.db").display());
    Opened { store: store::open(&url, Purpose::Serve).await.unwrap(), _folder: Some(folder) }
}

async fn postgres() -> Opened {
    opened(Database::create().await).await
}

/// What distributed engines do by themselves: any transaction can be refused for what others did meanwhile.
async fn serializable() -> Opened {
    opened(Database::serializable().await).await
}

async fn opened(database: Database) -> Opened {
    Opened { store: store::open(&database.url(), Purpose::Serve).await.unwrap(), _folder: None }
}

/// One test for each promise and store.
macro_rules! contract {
    ($($store:ident),+ => $promises:tt) => { $(contract!(@ $store $promises);)+ };
    (@ $store:ident { $($module:ident::$promise:ident),+ $(,)? }) => {
        mod $store {
            $(#[tokio::test]
            async fn $promise() {
                let opened = super::$store().await;
                super::$module::$promise(&*opened.store).await;
                opened.store.close().await.unwrap();
            })+
        }
    };
}

contract!(sqlite, postgres, serializable => {
    addresses::orders_and_answers_are_found_by_an_address,
    addresses::invitations_to_an_address_go,
    answers::a_batch_gets_one_verdict_for_each_record_in_order,
    answers::an_answer_comes_back_whole,
    answers::pages_reach_every_answer_once,
    answers::a_page_is_what_the_filter_says,
    answers::a_search_goes_as_far_as_it_is_told,
    answers::a_refused_record_leaves_nothing_of_its_batch,
    answers::one_site_never_sees_another,
    cases::low_scores_open_cases_and_better_ones_close_them,
    cases::a_case_is_changed_by_one_hand_at_a_time,
    cases::cases_are_read_by_what_is_due,
    cases::cases_are_read_by_their_opening_and_by_person,
    cases::a_case_goes_with_its_answer,
    catalogue::sites_are_added_once_and_changed,
    catalogue::surveys_come_and_go_and_keep_their_instruments,
    catalogue::it_is_known_from_when_on_what_was_asked,
    catalogue::every_save_that_changes_a_survey_is_kept,
    counting::counts_equal_a_recount_after_random_revisions_and_reviews,
    counting::a_review_of_many_answers_reaches_each,
    counting::whole_days_and_moments_agree,
    deliveries::hooks_come_and_go,
    deliveries::what_a_hook_wants_is_in_the_queue_with_the_answer,
    deliveries::a_claim_holds_until_its_end,
    deliveries::a_day_is_put_in_the_queue_once,
    deliveries::it_is_known_what_a_hook_was_told_since,
    counting::the_latest_answers_are_read_and_no_more,
    erasing::what_is_erased_is_not_counted_and_never_comes_back,
    erasing::a_person_is_found_by_subject_and_by_order,
    erasing::an_erasure_of_many_goes_on_where_it_was,
    erasing::what_was_kept_long_enough_goes_and_its_counts_stay,
    erasing::a_removed_site_leaves_nothing_and_takes_nothing,
    events::events_add_up_by_day_and_key,
    events::a_link_is_followed_for_the_first_time_once,
    orders::what_happened_is_kept_once_and_in_its_place,
    orders::an_order_is_joined_found_and_forgotten,
    orders::orders_go_when_they_were_kept_long_enough,
    orders::orders_and_happenings_go_with_their_site,
    segments::lists_of_people_are_joined_and_forgotten,
    segments::answers_get_what_lists_say_of_who_gave_them,
    segments::customers_are_found_by_their_address,
    sources::a_connection_is_kept_with_when_it_was_heard,
    tickets::what_is_heard_of_a_ticket_is_joined,
    tickets::tickets_of_a_person_go_for_good,
    tickets::answers_name_tickets_and_people,
    tickets::a_desk_keeps_its_hours,
    invitations::there_is_one_invitation_of_a_key,
    invitations::an_invitation_is_handed_over_once,
    invitations::three_senders_share_what_is_due,
    invitations::what_is_called_off_is_not_sent,
    invitations::who_is_suppressed_is_not_asked,
    inviting::a_table_is_taken_whole_or_not_at_all,
    inviting::the_same_keys_again_find_what_was_made,
    inviting::two_who_invite_the_same_people_find_the_same,
    planning::rules_come_and_go,
    planning::a_happening_is_planned_once_and_decided_once,
    planning::whose_turn_is_over_writes_nothing,
    planning::a_person_and_a_site_take_their_plans_with_them,
    marks::marks_come_and_go,
    people::accounts_come_with_their_roles_and_change,
    people::there_is_one_first_account,
    people::a_link_is_used_once,
    people::sessions_end,
    people::tokens_are_found_by_their_hash,
    people::the_log_is_read_backwards_within_reach,
});

const SITE: &str = "pk_shop";

fn scope(site: &str) -> SiteScope {
    SiteScope::at_the_machine(site)
}

fn site(key: &str) -> Site {
    Site {
        key: key.into(),
        name: format!("Shop {key}"),
        zone: "Europe/Rome".into(),
        origins: vec![OriginRule::Own, OriginRule::Exact("https://shop.example".into())],
        consent_needed: false,
        retention: Retention::default(),
        case_hours: Some(48),
        secret: [7; 32],
        created_at: NOON,
    }
}

fn survey(slug: &str) -> Survey {
    serde_json::from_value(json!({
        "slug": slug, "state": "live", "metric": "nps", "languages": ["it", "en"],
        "scale": {"min": 0, "max": 10, "polarity": "high_is_good", "look": "numbers"},
    }))
    .unwrap()
}

fn write_of(survey: Survey) -> store::SurveyWrite {
    let instruments = survey.languages.iter().map(|language| survey.instrument(language)).collect();
    store::SurveyWrite { survey, instruments, author: "Ada".into(), now: NOON }
}

/// A site with one survey, `nps`.
async fn open_shop(store: &dyn Store, key: &str) {
    assert!(store.add_site(site(key)).await.unwrap());
    assert!(store.add_survey(&scope(key), write_of(survey("nps"))).await.unwrap());
}

/// An answer with every field filled.
fn record(site: &str, score: i32) -> Record {
    let id = ResponseId::parse(&fresh_id()).unwrap();
    Record {
        site: site.into(),
        digest: [1; 16],
        subject: Some([2; 32]),
        day: 20_778,
        counted_locale: "it".into(),
        counted_touchpoint: "product".into(),
        counted_per_mille: 1000,
        is_news: true,
        row: Row {
            id,
            survey: "nps".into(),
            metric: Metric::Nps,
            instrument: "0123456789abcdef".into(),
            revision: 1,
            score,
            band: "passive".into(),
            comment: Some("Comode, «belle» 👟\nمريح".into()),
            choices: r#"["fit"]"#.into(),
            locale: Some("it".into()),
            channel: Some(Channel::Inline),
            touchpoint: Some("product".into()),
            device: Some(Device::Phone),
            page: Some("/products/scarpe".into()),
            order_ref: Some("1001".into()),
            attributes: r#"{"plan":"gold"}"#.into(),
            test: false,
            flags: Flags::CLOCK,
            inclusion: Some(0.25),
            occurred_at: NOON - 2_000,
            received_at: NOON,
        },
    }
}

/// An answer with nothing but what is required.
fn bare(site: &str, score: i32) -> Record {
    let full = record(site, score);
    Record {
        subject: None,
        counted_locale: String::new(),
        counted_touchpoint: String::new(),
        row: Row {
            comment: None,
            choices: "[]".into(),
            locale: None,
            channel: None,
            touchpoint: None,
            device: None,
            page: None,
            order_ref: None,
            attributes: "{}".into(),
            flags: Flags::default(),
            inclusion: None,
            ..full.row
        },
        ..full
    }
}

/// The same answer, said again with another score.
fn revised(record: &Record, revision: u32, score: i32) -> Record {
    let digest = [u8::try_from(revision).unwrap(); 16];
    Record { digest, row: Row { revision, score, ..record.row.clone() }, ..record.clone() }
}

/// A record received `days` later.
fn later(record: Record, days: i32) -> Record {
    let received_at = record.row.received_at + i64::from(days) * DAY_MS;
    Record { day: record.day + days, row: Row { received_at, ..record.row }, ..record }
}

/// n by key, score and thousandths of shoppers asked.
fn tally(counts: Vec<store::Count>) -> BTreeMap<(String, i32, u16), u64> {
    let mut tally = BTreeMap::new();
    for count in counts {
        *tally.entry((count.key, count.score, count.per_mille)).or_default() += count.n;
    }
    tally
}
