//! Marks: noted once, read by their day, gone with their survey or site.

use parere_collector::store::{Mark, Removal, Store};

use super::{SITE, open_shop, scope};
use crate::answer::NOON;

fn mark(id: &str, survey: &str, day: i32) -> Mark {
    Mark {
        id: id.into(),
        survey: survey.into(),
        touchpoint: (day % 2 == 0).then(|| "returns".into()),
        day,
        text: "Le etichette sono già stampate 👟".into(),
        made_by: "ada@x".into(),
        created_at: NOON,
    }
}

pub(super) async fn marks_come_and_go(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let marks = store.marks();
    let [late, early, other] =
        [mark("mrk_a", "nps", 20_700), mark("mrk_b", "nps", 20_601), mark("mrk_c", "ces", 20_650)];
    for (site, mark) in [(SITE, &late), (SITE, &early), (SITE, &early), (SITE, &other), ("pk_other", &late)] {
        marks.add_mark(&scope(site), mark).await.unwrap();
    }
    let all = marks.marks(&scope(SITE), None).await.unwrap();
    assert_eq!(all, [early.clone(), other.clone(), late.clone()]);
    assert_eq!(marks.marks(&scope(SITE), Some("nps")).await.unwrap(), [early.clone(), late.clone()]);
    assert!(marks.remove_mark(&scope(SITE), "mrk_b").await.unwrap());
    assert!(!marks.remove_mark(&scope(SITE), "mrk_b").await.unwrap());
    assert!(!marks.remove_mark(&scope("pk_other"), "mrk_c").await.unwrap(), "another site's");
    assert_eq!(store.remove_survey(&scope(SITE), "nps").await.unwrap(), Removal::Removed);
    assert_eq!(marks.marks(&scope(SITE), None).await.unwrap(), [other]);
    assert!(store.remove_site(&scope(SITE), NOON).await.unwrap());
    assert!(marks.marks(&scope(SITE), None).await.unwrap().is_empty());
    assert_eq!(marks.marks(&scope("pk_other"), None).await.unwrap(), [late]);
}
