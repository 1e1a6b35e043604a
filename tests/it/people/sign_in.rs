//! Signing in: the same answer and the same work for every failure, and no more tries than a person needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parere_collector::auth::Role;
use parere_collector::store::{Account, AccountChange};

use super::{House, PASSWORD, cookie, form};
use crate::answer::{NOON, valid};
use crate::server::Server;

/// A house with one account of each kind that cannot sign in, beside `anna@x`, who can.
async fn with_everybody() -> House {
    let house = House::open().await;
    for email in ["anna@x", "closed@x"] {
        house.add(email, None, Role::Owner).await;
    }
    house.store.access().change_account("closed@x", AccountChange::Disable).await.unwrap();
    let invited = Account {
        email: "invited@x".into(),
        password: None,
        is_disabled: false,
        created_at: NOON,
        memberships: Vec::new(),
    };
    house.store.access().add_account(invited).await.unwrap();
    house
}

#[tokio::test]
async fn every_failure_has_the_same_answer_and_costs_the_same() {
    let house = with_everybody().await;
    let tries = [
        ("anna@x", "wrong"),
        ("nobody@x", PASSWORD),
        ("closed@x", PASSWORD),
        ("invited@x", ""),
        ("no address", "x"),
    ];
    let mut seen = tries.map(|_| (Duration::MAX, String::new()));
    // The fastest of some, in turns: others on this machine slow some of them down, and speed none up.
    for _ in 0..8 {
        for ((email, password), (fastest, page)) in tries.iter().zip(&mut seen) {
            let began = Instant::now();
            let reply = house.sign_in(email, password).await;
            *fastest = began.elapsed().min(*fastest);
            assert_eq!((reply.status, reply.header("set-cookie")), (403, ""), "{email}");
            *page = reply.text().replace(email, "what was typed");
        }
    }
    let (usual, page) = &seen[0];
    for ((email, _), (took, other)) in tries.iter().zip(&seen) {
        assert_eq!(other, page, "{email}");
        // Without a hash it would be a twentieth.
        assert!(*took * 3 > *usual && *took < *usual * 3, "{email}: {took:?}, and {usual:?} for anna@x");
    }
}

#[tokio::test]
async fn an_address_is_the_same_in_any_case() {
    let house = with_everybody().await;
    for email in ["anna@x", " ANNA@X "] {
        let reply = house.sign_in(email, PASSWORD).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/dashboard"), "{email}");
        assert_eq!(house.open_page("/dashboard", &cookie(&reply)).await.status, 200);
    }
}

#[tokio::test]
async fn tries_are_limited_by_account_and_by_network() {
    let house = House::around(Server::start_with(&["--rate-limit", "120"]).await).await;
    house.add("anna@x", None, Role::Owner).await;
    for n in 0..10 {
        assert_eq!(house.sign_in("anna@x", "wrong password").await.status, 403, "try {n}");
    }
    let refused = house.sign_in("anna@x", PASSWORD).await;
    assert_eq!(refused.status, 429, "even the right one waits: {refused:?}");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    assert!(refused.text().contains("role=\"alert\""));
    for n in 0..9 {
        assert_eq!(house.sign_in(&format!("{n}@x"), "wrong password").await.status, 403, "{n}");
    }
    assert_eq!(house.sign_in("other@x", "wrong password").await.status, 429, "twenty from one network");
    let token = house.submit("/dashboard/sign-in", "", &form(&[("token", "wrong")])).await;
    assert_eq!(token.status, 429, "the token is no way around it");
}

#[tokio::test]
async fn the_password_is_not_found_out_in_an_open_browser_either() {
    let house = House::around(Server::start_with(&["--rate-limit", "120"]).await).await;
    house.add("anna@x", None, Role::Owner).await;
    let cookie = house.session("anna@x").await;
    let fields =
        form(&[("current", "wrong password"), ("password", "another horse"), ("again", "another horse")]);
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(house.submit("/dashboard/you/password", &cookie, &fields).await.status);
    }
    assert_eq!(statuses, [[422; 10].as_slice(), &[429; 2]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_sign_ins_holds_up_no_answer() {
    let house = Arc::new(with_everybody().await);
    let ended = Arc::new(AtomicUsize::new(0));
    let flood: Vec<_> = (0..150)
        .map(|_| {
            let (house, ended) = (Arc::clone(&house), Arc::clone(&ended));
            tokio::spawn(async move {
                let status = house.sign_in("anna@x", "wrong password").await.status;
                ended.fetch_add(1, Ordering::Relaxed);
                status
            })
        })
        .collect();
    // Not before the first of them is through.
    while ended.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(house.server.post(&valid(9)).await.status, 200);
    assert!(ended.load(Ordering::Relaxed) < 150, "the answer came in while passwords were still hashed");
    let mut statuses = Vec::new();
    for sent in flood {
        statuses.push(sent.await.unwrap());
    }
    assert!(statuses.iter().all(|status| matches!(status, 403 | 503)), "{statuses:?}");
    assert!(statuses.contains(&503), "no more than a few seconds' worth of them wait");
    assert!(statuses.iter().filter(|status| **status == 403).count() > 60, "{statuses:?}");
}
