//! Sessions: new at each sign-in, kept as hashes, listed and ended by their holder, and closed to other pages.

use std::fs;

use parere_collector::auth::Role;
use parere_collector::store::Session;
use parere_shared::time::DAY_MS;
use reqwest::Method;

use super::{House, PASSWORD, cookie, form};
use crate::answer::NOON;
use crate::client::{Reply, TOKEN};

const YOU: &str = "/dashboard/you";

async fn with_anna() -> House {
    let house = House::open().await;
    house.add("anna@x", None, Role::Owner).await;
    house
}

async fn is_in(house: &House, cookie: &str) -> bool {
    house.open_page(YOU, cookie).await.status == 200
}

#[tokio::test]
async fn a_sign_in_begins_a_session_of_its_own_and_ends_the_one_before() {
    let house = with_anna().await;
    let fields = form(&[("email", "anna@x"), ("password", PASSWORD)]);
    let sign_in = async |carried: &str| cookie(&house.submit("/dashboard/sign-in", carried, &fields).await);
    // Somebody put a cookie of their own choice into the browser.
    let planted = "parere=0123456789abcdef0123456789abcdef";
    let first = sign_in(planted).await;
    assert_ne!(first, planted);
    assert!(!is_in(&house, planted).await && is_in(&house, &first).await);
    let second = sign_in(&first).await;
    assert_ne!(first, second);
    assert!(!is_in(&house, &first).await && is_in(&house, &second).await);
    let other = sign_in("").await;
    assert!(is_in(&house, &second).await && is_in(&house, &other).await, "two browsers, two sessions");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_holder_alone() {
    let house = with_anna().await;
    house.add("bea@x", None, Role::Owner).await;
    let (one, two, beas) =
        (house.session("anna@x").await, house.session("anna@x").await, house.session("bea@x").await);
    let page = house.open_page(YOU, &one).await;
    assert_eq!(page.text().matches("Firefox on Linux").count(), 3, "twice, and once in the button's name");
    assert_eq!(page.text().matches("this browser").count(), 1);
    let ids = |page: &Reply| -> Vec<String> {
        let values = page.text().split("name=\"session\" value=\"").skip(1);
        values.map(|rest| rest.split('"').next().unwrap().to_owned()).filter(|id| id != "all").collect()
    };
    let [other]: [String; 1] = ids(&page).try_into().unwrap();
    house.submit("/dashboard/you/sessions", &beas, &form(&[("session", &other)])).await;
    assert!(is_in(&house, &two).await, "another one's session is not there");
    let ended = house.submit("/dashboard/you/sessions", &one, &form(&[("session", &other)])).await;
    assert_eq!((ended.status, ended.header("location")), (303, YOU));
    assert!(is_in(&house, &one).await && !is_in(&house, &two).await);
    let three = house.session("anna@x").await;
    let everywhere = house.submit("/dashboard/you/sessions", &one, &form(&[("session", "all")])).await;
    assert!(everywhere.header("set-cookie").contains("Max-Age=0"), "{everywhere:?}");
    assert!(!is_in(&house, &one).await && !is_in(&house, &three).await && is_in(&house, &beas).await);
}

#[tokio::test]
async fn another_password_ends_every_other_session() {
    let house = with_anna().await;
    let (one, two) = (house.session("anna@x").await, house.session("anna@x").await);
    let change = async |current: &str, new: &str, again: &str| {
        let fields = form(&[("current", current), ("password", new), ("again", again)]);
        house.submit("/dashboard/you/password", &one, &fields).await
    };
    for (current, new, again, said) in [
        ("wrong password", "another horse", "another horse", "not your password"),
        (PASSWORD, "too short", "too short", "at least 10 characters"),
        (PASSWORD, "another horse", "another house", "not the same"),
    ] {
        let refused = change(current, new, again).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(said), "{}", refused.text());
    }
    assert!(is_in(&house, &two).await, "nothing has changed yet");
    let changed = change(PASSWORD, "another horse", "another horse").await;
    assert_eq!((changed.status, changed.header("location")), (303, YOU), "{changed:?}");
    assert!(is_in(&house, &cookie(&changed)).await);
    assert!(!is_in(&house, &one).await && !is_in(&house, &two).await);
    assert_eq!(house.sign_in("anna@x", PASSWORD).await.status, 403);
    assert_eq!(house.sign_in("anna@x", "another horse").await.status, 303);
}

#[tokio::test]
async fn forms_of_other_pages_are_refused_whatever_they_are_for() {
    let house = with_anna().await;
    let cookie = house.session("anna@x").await;
    let base = house.server.base.clone();
    let described: Vec<String> = crate::tidy::documents::routes().into_iter().collect();
    let forms: Vec<&str> = described
        .iter()
        .filter_map(|route| route.strip_prefix("POST "))
        .filter(|path| path.contains("dashboard"))
        .collect();
    assert!(forms.len() >= 10, "{forms:?}");
    for path in forms {
        for (site, origin) in [
            (None, Some("https://evil.example")),
            (None, Some("null")),
            (None, None),
            (Some("cross-site"), Some(&*base)),
            (Some("same-site"), Some(&*base)),
            (Some("none"), None),
        ] {
            let mut request =
                house.server.request(Method::POST, path).header("cookie", &cookie).body("session=all");
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
            let reply = Reply::to(request).await;
            assert_eq!((reply.status, reply.header("set-cookie")), (403, ""), "{path}: {site:?} {origin:?}");
        }
    }
    // By programs' paths, a cookie of another page's request is none.
    let request = house.server.request(Method::POST, "/api/v1/tokens").header("cookie", &cookie);
    let request = request.header("origin", "https://evil.example").json(&serde_json::json!({}));
    assert_eq!(Reply::to(request).await.status, 401);
    assert!(is_in(&house, &cookie).await, "and nothing has happened");
}

#[tokio::test]
async fn no_secret_is_kept_as_it_is() {
    let house = with_anna().await;
    let signed_in = cookie(&house.sign_in("anna@x", PASSWORD).await);
    let secret = signed_in.strip_prefix("parere=").unwrap();
    let (token, _) = house.token(&["read"], &[], None).await;
    let database = house.server.database();
    let files =
        [database.clone(), database.with_extension("db-wal")].map(|file| fs::read(file).unwrap_or_default());
    let kept = String::from_utf8_lossy(&files.concat()).into_owned();
    assert!(kept.contains("anna@x") && kept.contains("$argon2id$"), "these are the files");
    for secret in [secret, &token, PASSWORD, TOKEN] {
        assert!(!kept.contains(secret), "{secret} stands in the database");
    }
}

#[tokio::test]
async fn the_administrators_sessions_end_with_the_token() {
    let house = House::open().await;
    let reply = house.submit("/dashboard/sign-in", "", &form(&[("token", TOKEN)])).await;
    let page = house.open_page(YOU, &cookie(&reply)).await;
    assert!(
        page.text().contains("administrator") && !page.text().contains("new-password"),
        "{}",
        page.text()
    );
    // As one that began with the token of an earlier start.
    let session = Session {
        hash: parere_collector::auth::hash("earlier"),
        account: "administrator:0123456789abcdef".into(),
        browser: String::new(),
        created_at: NOON,
        used_at: NOON,
        expires_at: NOON + DAY_MS,
    };
    house.store.access().add_session(session).await.unwrap();
    assert!(!is_in(&house, "parere=earlier").await);
}
