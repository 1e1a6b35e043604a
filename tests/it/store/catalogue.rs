//! Sites, surveys.

use parere_collector::origin::OriginRule;
use parere_collector::store::{self, Purpose, Removal, Retention, Site, Store, SurveyVersion, SurveyWrite};
use parere_shared::survey::{Survey, SurveyState, Texts};

use super::{SITE, bare, open_shop, scope, site, survey, write_of};
use crate::answer::NOON;

pub(super) async fn sites_are_added_once_and_changed(store: &dyn Store) {
    assert_eq!(store.sites().await.unwrap(), []);
    assert!(store.add_site(site("pk_b")).await.unwrap());
    assert!(store.add_site(site("pk_a")).await.unwrap());
    assert!(!store.add_site(Site { name: "Again".into(), ..site("pk_b") }).await.unwrap());
    assert_eq!(store.sites().await.unwrap(), [site("pk_a"), site("pk_b")]);

    let changed = Site {
        name: "Renamed".into(),
        zone: "UTC".into(),
        origins: vec![OriginRule::Any],
        consent_needed: true,
        retention: Retention { comments_days: Some(30), responses_days: None },
        case_hours: None,
        ..site("pk_a")
    };
    assert!(store.change_site(&scope("pk_a"), changed.clone()).await.unwrap());
    assert!(!store.change_site(&scope("pk_c"), changed.clone()).await.unwrap());
    assert_eq!(store.sites().await.unwrap(), [changed, site("pk_b")]);
}

pub(super) async fn surveys_come_and_go_and_keep_their_instruments(store: &dyn Store) {
    open_shop(store, SITE).await;
    assert!(!store.add_survey(&scope(SITE), write_of(survey("nps"))).await.unwrap(), "the slug is taken");
    assert_eq!(store.surveys().await.unwrap(), [(SITE.to_owned(), survey("nps"))]);
    assert_eq!(store.instruments().await.unwrap().len(), 2, "one for each language");

    let mut reworded = survey("nps");
    let own = Texts { question: Some("Ci consiglieresti?".into()), ..Texts::default() };
    reworded.texts = [("it".to_owned(), own)].into();
    reworded.state = SurveyState::Paused;
    assert!(store.replace_survey(&scope(SITE), write_of(reworded.clone())).await.unwrap());
    assert!(!store.replace_survey(&scope(SITE), write_of(survey("ces"))).await.unwrap());
    assert_eq!(store.surveys().await.unwrap(), [(SITE.to_owned(), reworded.clone())]);

    let instruments = store.instruments().await.unwrap();
    assert_eq!(instruments.len(), 3, "the Italian question was asked in two ways");
    for (site, slug, id, instrument) in &instruments {
        assert_eq!((site.as_str(), slug.as_str(), id), (SITE, "nps", &instrument.id()));
    }

    store.append([bare(SITE, 9)].into()).await.unwrap();
    assert_eq!(store.remove_survey(&scope(SITE), "nps").await.unwrap(), Removal::Answered);
    assert!(store.add_survey(&scope(SITE), write_of(survey("unanswered"))).await.unwrap());
    assert_eq!(store.remove_survey(&scope(SITE), "unanswered").await.unwrap(), Removal::Removed);
    assert_eq!(store.remove_survey(&scope(SITE), "unanswered").await.unwrap(), Removal::Absent);
    assert_eq!(store.surveys().await.unwrap(), [(SITE.to_owned(), reworded)]);
    assert_eq!(store.instruments().await.unwrap().len(), 3);
}

pub(super) async fn every_save_that_changes_a_survey_is_kept(store: &dyn Store) {
    open_shop(store, SITE).await;
    let first = survey("nps");
    let paused = Survey { state: SurveyState::Paused, ..first.clone() };
    let by = |survey: &Survey, author: &str, now| SurveyWrite {
        author: author.into(),
        now,
        ..write_of(survey.clone())
    };
    assert!(store.replace_survey(&scope(SITE), by(&paused, "Bruno", NOON + 1)).await.unwrap());
    assert!(
        store.replace_survey(&scope(SITE), by(&paused, "Carla", NOON + 2)).await.unwrap(),
        "changes nothing"
    );
    assert!(store.replace_survey(&scope(SITE), by(&first, "Dora", NOON + 3)).await.unwrap());
    let version = |number, survey: &Survey, author: &str, at| SurveyVersion {
        number,
        survey: survey.clone(),
        author: author.into(),
        at,
    };
    let all = [
        version(3, &first, "Dora", NOON + 3),
        version(2, &paused, "Bruno", NOON + 1),
        version(1, &first, "Ada", NOON),
    ];
    assert_eq!(store.survey_versions(&scope(SITE), "nps", 10).await.unwrap(), all);
    assert_eq!(store.survey_versions(&scope(SITE), "nps", 2).await.unwrap(), all[..2]);
    assert_eq!(store.survey_versions(&scope("pk_other"), "nps", 10).await.unwrap(), []);
    assert_eq!(store.remove_survey(&scope(SITE), "nps").await.unwrap(), Removal::Removed);
    assert_eq!(store.survey_versions(&scope(SITE), "nps", 10).await.unwrap(), []);
    assert!(store.add_survey(&scope(SITE), by(&paused, "Ada", NOON)).await.unwrap());
    assert_eq!(
        store.survey_versions(&scope(SITE), "nps", 10).await.unwrap(),
        [version(1, &paused, "Ada", NOON)]
    );
}

pub(super) async fn it_is_known_from_when_on_what_was_asked(store: &dyn Store) {
    open_shop(store, SITE).await;
    let asked = |per_mille: u16, question: &str| {
        let mut survey = survey("nps");
        survey.targeting.sample_per_mille = per_mille;
        let own = Texts { question: Some(question.into()), ..Texts::default() };
        survey.texts = [("it".to_owned(), own)].into();
        survey
    };
    for (later, survey) in [
        (10, asked(250, "Ci consiglieresti?")),
        // Nothing that answers differ by.
        (20, Survey { state: SurveyState::Paused, ..asked(250, "Ci consiglieresti?") }),
        (30, asked(250, "Ci raccomanderesti?")),
        // Two in the same millisecond: the last one counts.
        (40, asked(500, "Ci consiglieresti?")),
        (40, asked(700, "Ci consiglieresti?")),
    ] {
        let write = SurveyWrite { now: NOON + later, ..write_of(survey) };
        assert!(store.replace_survey(&scope(SITE), write).await.unwrap());
    }
    let versions = store.versions().await.unwrap();
    assert!(versions.iter().all(|(site, slug, _)| (site.as_str(), slug.as_str()) == (SITE, "nps")));
    let found: Vec<_> =
        versions.iter().map(|(.., version)| (version.since - NOON, version.per_mille)).collect();
    assert_eq!(found, [(0, Some(1000)), (10, Some(250)), (30, Some(250)), (40, Some(700))]);
    let [first, second, third, last] = [0, 1, 2, 3].map(|at| &versions[at].2.instruments);
    assert!(first != second && second != third && second == last, "{versions:?}");
    assert_eq!(first.len(), 2, "one for each language");
    assert_eq!(store.remove_survey(&scope(SITE), "nps").await.unwrap(), Removal::Removed);
    assert_eq!(store.versions().await.unwrap(), []);
}

#[tokio::test]
async fn what_a_survey_said_before_versions_were_kept_is_the_first_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("parere.db");
    let survey = survey("nps");
    let older = rusqlite::Connection::open(&path).unwrap();
    for step in [
        include_str!("../../../collector/migrations/sqlite/0001_init.sql"),
        include_str!("../../../collector/migrations/sqlite/0002_consent.sql"),
        include_str!("../../../collector/migrations/sqlite/0003_catalogue.sql"),
        "PRAGMA application_id = 0x70617265; PRAGMA user_version = 3;
         INSERT INTO sites (site, name, zone, origins, secret, created_at_ms)
         VALUES ('pk_shop', 'Shop', 'UTC', '[]', zeroblob(32), 1);",
    ] {
        older.execute_batch(step).unwrap();
    }
    let definition = serde_json::to_string(&survey).unwrap();
    let add = "INSERT INTO surveys (site, survey, definition, created_at_ms, updated_at_ms) VALUES ('pk_shop', 'nps', ?1, 1, 2)";
    older.execute(add, [definition]).unwrap();
    drop(older);
    let store = store::open(&format!("sqlite:{}", path.display()), Purpose::Serve).await.unwrap();
    let first = SurveyVersion { number: 1, survey, author: String::new(), at: 2 };
    assert_eq!(store.survey_versions(&scope(SITE), "nps", 10).await.unwrap(), [first]);
}
