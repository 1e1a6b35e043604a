//! Links by which passwords are chosen: of the first account, and of those that an owner makes.

use futures_util::future::join_all;
use parere_collector::auth::Role;
use parere_shared::time::DAY_MS;
use reqwest::Method;

use super::{House, PASSWORD, cookie, form};
use crate::client::Reply;
use crate::program::Program;

#[tokio::test]
async fn the_first_account_is_made_once_and_by_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let key =
        program.welcome.split_once("set-up?key=").unwrap().1.split_whitespace().next().unwrap().to_owned();
    let set_up = async |key: &str, email: &str, password: &str, again: &str| {
        let fields = form(&[("key", key), ("email", email), ("password", password), ("again", again)]);
        let request = program.request(Method::POST, "/dashboard/set-up").header("origin", &program.base);
        Reply::to(request.body(fields)).await
    };
    for (key, email, password, again, status, said) in [
        ("wrong", "anna@x", PASSWORD, PASSWORD, 403, "does not work any more"),
        ("", "anna@x", PASSWORD, PASSWORD, 403, "does not work any more"),
        (&key, "anna", PASSWORD, PASSWORD, 422, "no e-mail address"),
        (&key, "anna@x", "too short", "too short", 422, "at least 10 characters"),
        (&key, "anna@x", &"x".repeat(129), &"x".repeat(129), 422, "at most 128 characters"),
        (&key, "anna@x", PASSWORD, "another horse", 422, "not the same"),
    ] {
        let reply = set_up(key, email, password, again).await;
        assert_eq!((reply.status, reply.header("set-cookie")), (status, ""), "{email} {password}");
        assert!(reply.text().contains(said), "{said}: {}", reply.text());
        assert!(!reply.text().contains(password), "no password is shown again");
    }
    let names: Vec<String> = (0..6).map(|n| format!("{n}@x")).collect();
    let made = join_all(names.iter().map(|email| set_up(&key, email, PASSWORD, PASSWORD))).await;
    let founders: Vec<_> = made.iter().filter(|reply| reply.status == 303).collect();
    assert_eq!(founders.len(), 1, "{made:?}");
    let request = program.request(Method::GET, "/dashboard/people").header("cookie", cookie(founders[0]));
    let page = Reply::to(request).await;
    assert_eq!((page.status, page.text().matches("@x</h2>").count()), (200, 1), "{}", page.text());
}

#[tokio::test]
async fn somebody_is_invited_and_chooses_a_password() {
    let house = House::open().await;
    house.add("owner@x", None, Role::Owner).await;
    let owner = house.session("owner@x").await;
    let key_in = |page: &Reply| {
        page.text().split_once("invitation?key=").unwrap().1.split('<').next().unwrap().to_owned()
    };
    let fields = form(&[("email", "Bea@X"), ("site", "pk_demo"), ("role", "editor")]);
    let first = key_in(&house.submit("/dashboard/people", &owner, &fields).await);
    let again = house.submit("/dashboard/people/link", &owner, &form(&[("email", "bea@x")])).await;
    let second = key_in(&again);
    let page = async |key: &str| house.open_page(&format!("/dashboard/invitation?key={key}"), "").await;
    assert!(page(&second).await.text().contains("bea@x"));
    assert_eq!((page(&first).await.status, page("").await.status), (403, 403), "there is a newer one");
    let accept = async |key: &str, password: &str| {
        let fields = form(&[("key", key), ("password", password), ("again", password)]);
        house.submit("/dashboard/invitation", "", &fields).await
    };
    assert_eq!(accept(&second, "too short").await.status, 422);
    assert_eq!(accept("wrong", PASSWORD).await.status, 403);
    let accepted = accept(&second, PASSWORD).await;
    assert_eq!((accepted.status, accepted.header("location")), (303, "/dashboard"));
    assert_eq!(house.open_page("/dashboard/pk_demo/surveys/nps", &cookie(&accepted)).await.status, 200);
    assert_eq!(house.open_page("/dashboard/pk_scales/surveys/ces-5", &cookie(&accepted)).await.status, 404);
    assert_eq!(house.sign_in("bea@x", PASSWORD).await.status, 303);
    for key in [&first, &second] {
        assert_eq!(
            (accept(key, "another horse").await.status, page(key).await.status),
            (403, 403),
            "used up"
        );
    }
    let third = key_in(&house.submit("/dashboard/people/link", &owner, &form(&[("email", "bea@x")])).await);
    house.server.clock.advance(7 * DAY_MS);
    assert_eq!(accept(&third, "another horse").await.status, 403, "a week has passed");
}
