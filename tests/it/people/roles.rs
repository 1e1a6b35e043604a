//! Roles: given and taken by owners, within their own sites, and in force at once.

use parere_collector::auth::Role;
use serde_json::json;

use super::{House, PASSWORD, form};
use crate::client::Reply;

const PEOPLE: &str = "/dashboard/people";

async fn give(house: &House, cookie: &str, email: &str, site: &str, role: &str) -> Reply {
    house.submit(PEOPLE, cookie, &form(&[("email", email), ("site", site), ("role", role)])).await
}

async fn held(house: &House, email: &str) -> Vec<(Option<String>, Role)> {
    let account = house.store.access().account(email).await.unwrap().unwrap();
    account.memberships.into_iter().map(|held| (held.site, held.role)).collect()
}

#[tokio::test]
async fn an_owner_of_a_site_gives_roles_there_and_nowhere_else() {
    let house = House::open().await;
    house.add("owner@x", Some("pk_demo"), Role::Owner).await;
    house.add("bea@x", Some("pk_scales"), Role::Viewer).await;
    house.add("cleo@x", Some("pk_scales"), Role::Owner).await;
    let owner = house.session("owner@x").await;
    for (email, site, role, status) in [
        ("bea@x", "pk_demo", "editor", 303),
        ("bea@x", "pk_scales", "owner", 404),
        ("bea@x", "*", "viewer", 404),
        ("owner@x", "*", "owner", 404),
        ("bea@x", "pk_nobody", "viewer", 404),
        // Only owners of every site make accounts: a link lets in with all that the account may do.
        ("new@x", "pk_demo", "viewer", 422),
        ("nonsense", "pk_demo", "viewer", 422),
    ] {
        let reply = give(&house, &owner, email, site, role).await;
        assert_eq!(reply.status, status, "{email} {site} {role}: {reply:?}");
    }
    let expected = [(Some("pk_demo".to_owned()), Role::Editor), (Some("pk_scales".to_owned()), Role::Viewer)];
    assert_eq!(held(&house, "bea@x").await, expected);
    assert!(house.store.access().account("new@x").await.unwrap().is_none());
    for path in ["/dashboard/people/link", "/dashboard/people/state"] {
        let reply = house.submit(path, &owner, &form(&[("email", "bea@x"), ("state", "closed")])).await;
        assert_eq!(reply.status, 403, "{path}");
    }
    let page = house.open_page(PEOPLE, &owner).await;
    assert!(
        page.text().contains("bea@x") && !page.text().contains("cleo@x"),
        "people of other sites are not shown"
    );
    assert!(!page.text().contains("at pk_scales"), "nor is what somebody is elsewhere");
    assert_eq!(give(&house, &owner, "bea@x", "pk_demo", "none").await.status, 303);
    assert_eq!(held(&house, "bea@x").await, expected[1..]);
}

#[tokio::test]
async fn what_a_person_may_changes_with_the_next_request() {
    let house = House::open().await;
    house.add("owner@x", None, Role::Owner).await;
    house.add("bea@x", Some("pk_demo"), Role::Viewer).await;
    let (owner, bea) = (house.session("owner@x").await, house.session("bea@x").await);
    let write = async || {
        let survey = house.server.read("/surveys/nps").await;
        let request = house.server.request(reqwest::Method::PUT, "/api/v1/sites/pk_demo/surveys/nps");
        let request = request.header("cookie", &bea).header("origin", &house.server.base).json(&survey);
        Reply::to(request).await.status
    };
    for (role, status) in [("viewer", 403), ("editor", 200), ("owner", 200), ("none", 404), ("editor", 200)] {
        assert_eq!(give(&house, &owner, "bea@x", "pk_demo", role).await.status, 303);
        assert_eq!(write().await, status, "{role}");
    }
    let state = async |state: &str| {
        let fields = form(&[("email", "bea@x"), ("state", state)]);
        house.submit("/dashboard/people/state", &owner, &fields).await.status
    };
    assert_eq!((state("closed").await, write().await), (303, 401), "the session has ended");
    assert_eq!(house.sign_in("bea@x", PASSWORD).await.status, 403);
    assert_eq!((state("open").await, house.sign_in("bea@x", PASSWORD).await.status), (303, 303));
    assert_eq!(state("ajar").await, 422);
}

#[tokio::test]
async fn nobody_shuts_themselves_out() {
    let house = House::open().await;
    house.add("owner@x", None, Role::Owner).await;
    let owner = house.session("owner@x").await;
    for role in ["viewer", "none"] {
        assert_eq!(give(&house, &owner, "Owner@X", "*", role).await.status, 422, "{role}");
    }
    let close = form(&[("email", "owner@x"), ("state", "closed")]);
    assert_eq!(house.submit("/dashboard/people/state", &owner, &close).await.status, 422);
    assert_eq!(held(&house, "owner@x").await, [(None, Role::Owner)]);
    assert_eq!(house.open_page(PEOPLE, &owner).await.status, 200);
}

#[tokio::test]
async fn everybody_sees_their_own_sites_and_no_others() {
    let house = House::open().await;
    for (email, site, shown, hidden) in [
        ("demo@x", Some("pk_demo"), &["pk_demo"][..], &["pk_scales"][..]),
        ("scales@x", Some("pk_scales"), &["pk_scales"], &["pk_demo"]),
        ("all@x", None, &["pk_demo", "pk_scales"], &[]),
    ] {
        house.add(email, site, Role::Viewer).await;
        let cookie = house.session(email).await;
        let page = house.open_page("/dashboard", &cookie).await;
        let sites = house.open_page("/api/v1/sites", &cookie).await.json();
        let keys: Vec<_> =
            sites["sites"].as_array().unwrap().iter().map(|site| site["site"].clone()).collect();
        assert_eq!(keys, shown.iter().map(|key| json!(key)).collect::<Vec<_>>(), "{email}");
        assert!(shown.iter().all(|key| page.text().contains(key)), "{email}");
        assert!(!hidden.iter().any(|key| page.text().contains(key)), "{email}");
        assert!(!page.text().contains("/dashboard/tokens"), "what one may not do is not offered");
        let survey = house.open_page("/dashboard/pk_demo/surveys/nps", &cookie).await;
        assert!(!survey.text().contains("responses.csv"), "viewers do not export");
    }
}

#[tokio::test]
async fn who_may_not_decide_is_not_asked_to() {
    let house = House::open().await;
    house.server.clock.advance(1_000);
    let answer = crate::answer::with(crate::answer::valid(9), json!({"comment": "Comode"}));
    assert_eq!(house.server.post(&answer).await.status, 200);
    for (email, role, expected) in [("viewer@x", Role::Viewer, 0), ("editor@x", Role::Editor, 1)] {
        house.add(email, Some("pk_demo"), role).await;
        let page = house.open_page("/dashboard/pk_demo/comments", &house.session(email).await).await;
        assert!(page.text().contains("Comode"));
        assert_eq!(page.text().matches("name=\"id\"").count(), expected, "{email}");
        assert_eq!(page.text().matches("method=\"post\" class=\"ticking\"").count(), expected, "{email}");
    }
}
