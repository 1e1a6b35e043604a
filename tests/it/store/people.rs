//! Accounts, sessions, tokens, the log.

use futures_util::future::join_all;
use parere_collector::auth::{ADMIN, Action, Caller, Rights, Role, SitesScope};
use parere_collector::store::{
    AUDIT_KEPT_MS, Account, AccountChange, ActorKind, Entry, EntryKey, Membership, SESSIONS_MAX, Session,
    Store, Token,
};

use crate::answer::NOON;

fn member(site: Option<&str>, role: Role) -> Membership {
    Membership { site: site.map(Into::into), role }
}

fn account(email: &str, memberships: Vec<Membership>) -> Account {
    Account {
        email: email.into(),
        password: Some(format!("hash of {email}")),
        is_disabled: false,
        created_at: NOON,
        memberships,
    }
}

fn session(number: u8, account: &str, created_at: i64) -> Session {
    Session {
        hash: [number; 32],
        account: account.into(),
        browser: "Firefox on Linux".into(),
        created_at,
        used_at: created_at,
        expires_at: created_at + 1_000,
    }
}

async fn known(store: &dyn Store, account: &str, now: i64) -> Vec<u8> {
    store.access().sessions(account, now).await.unwrap().into_iter().map(|session| session.hash[0]).collect()
}

pub(super) async fn accounts_come_with_their_roles_and_change(store: &dyn Store) {
    let anna = account("anna@x", vec![member(None, Role::Owner), member(Some("pk_a"), Role::Viewer)]);
    let bea = Account { password: None, ..account("bea@x", Vec::new()) };
    assert!(
        store.access().add_account(bea.clone()).await.unwrap()
            && store.access().add_account(anna.clone()).await.unwrap()
    );
    assert!(
        !store.access().add_account(account("anna@x", Vec::new())).await.unwrap(),
        "the address is taken"
    );
    assert_eq!(store.access().accounts().await.unwrap(), [anna.clone(), bea.clone()]);
    assert_eq!(store.access().account("anna@x").await.unwrap(), Some(anna));
    assert_eq!(store.access().account("nobody@x").await.unwrap(), None);

    for (site, role) in [
        (Some("pk_a"), Some(Role::Viewer)),
        (Some("pk_a"), Some(Role::Editor)),
        (Some("pk_b"), Some(Role::Owner)),
    ] {
        assert!(store.access().set_role("bea@x", site, role).await.unwrap());
    }
    assert!(store.access().set_role("bea@x", Some("pk_b"), None).await.unwrap());
    assert!(!store.access().set_role("nobody@x", None, Some(Role::Owner)).await.unwrap());
    let held = store.access().account("bea@x").await.unwrap().unwrap().memberships;
    assert_eq!(held, [member(Some("pk_a"), Role::Editor)]);

    for (change, password, is_disabled, sessions) in [
        (AccountChange::Enable, None, false, 1),
        (AccountChange::Password("new".into()), Some("new"), false, 0),
        (AccountChange::Disable, Some("new"), true, 0),
        (AccountChange::Enable, Some("new"), false, 1),
    ] {
        store.access().add_session(session(1, "bea@x", NOON)).await.unwrap();
        store.access().add_session(session(2, "anna@x", NOON)).await.unwrap();
        assert!(store.access().change_account("bea@x", change.clone()).await.unwrap());
        let bea = store.access().account("bea@x").await.unwrap().unwrap();
        assert_eq!((bea.password.as_deref(), bea.is_disabled), (password, is_disabled), "{change:?}");
        assert_eq!(known(store, "bea@x", NOON).await.len(), sessions, "{change:?}");
        assert_eq!(known(store, "anna@x", NOON).await.len(), 1, "others stay: {change:?}");
    }
    assert!(!store.access().change_account("nobody@x", AccountChange::Disable).await.unwrap());
}

pub(super) async fn there_is_one_first_account(store: &dyn Store) {
    let names: Vec<String> = (0..8).map(|n| format!("{n}@x")).collect();
    let access = store.access();
    let tries = names.iter().map(|name| access.found(account(name, vec![member(None, Role::Owner)])));
    let founded: Vec<bool> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(founded.iter().filter(|founded| **founded).count(), 1, "{founded:?}");
    let accounts = access.accounts().await.unwrap();
    let winner = founded.iter().position(|founded| *founded).unwrap();
    assert_eq!(accounts, [account(&names[winner], vec![member(None, Role::Owner)])]);
    assert!(!store.access().found(account("late@x", Vec::new())).await.unwrap());
}

pub(super) async fn a_link_is_used_once(store: &dyn Store) {
    store.access().add_account(Account { password: None, ..account("bea@x", Vec::new()) }).await.unwrap();
    for link in [2, 1] {
        store.access().add_invitation([link; 32], "bea@x", NOON + 1_000).await.unwrap();
    }
    assert_eq!(store.access().invitation([2; 32], NOON).await.unwrap(), None, "there is a newer one");
    for (link, now, whose) in
        [(1, NOON, Some("bea@x")), (1, NOON + 999, Some("bea@x")), (1, NOON + 1_000, None), (3, NOON, None)]
    {
        assert_eq!(
            store.access().invitation([link; 32], now).await.unwrap().as_deref(),
            whose,
            "{link} {now}"
        );
    }
    assert_eq!(store.access().take_invitation([1; 32], NOON + 1_000, "late").await.unwrap(), None);
    store.access().add_session(session(1, "bea@x", NOON)).await.unwrap();
    assert_eq!(
        store.access().take_invitation([1; 32], NOON, "chosen").await.unwrap().as_deref(),
        Some("bea@x")
    );
    assert_eq!(store.access().account("bea@x").await.unwrap().unwrap().password.as_deref(), Some("chosen"));
    assert!(known(store, "bea@x", NOON).await.is_empty(), "who was signed in before is out");
    for link in [1, 2] {
        assert_eq!(store.access().take_invitation([link; 32], NOON, "again").await.unwrap(), None, "{link}");
    }
    store.access().add_invitation([4; 32], "bea@x", NOON + 1_000).await.unwrap();
    store.access().change_account("bea@x", AccountChange::Disable).await.unwrap();
    store.access().add_invitation([5; 32], "bea@x", NOON + 1_000).await.unwrap();
    for link in [4, 5] {
        assert_eq!(store.access().take_invitation([link; 32], NOON, "closed").await.unwrap(), None, "{link}");
    }
}

pub(super) async fn sessions_end(store: &dyn Store) {
    for (number, whose, created_at) in [(1, "anna@x", NOON), (2, "anna@x", NOON + 1), (3, "bea@x", NOON)] {
        store.access().add_session(session(number, whose, created_at)).await.unwrap();
    }
    for (number, now, is_known) in
        [(1, NOON, true), (1, NOON + 999, true), (1, NOON + 1_000, false), (9, NOON, false)]
    {
        let found = store.access().session([number; 32], now).await.unwrap();
        assert_eq!(found, is_known.then(|| session(number, "anna@x", NOON)), "{number} {now}");
    }
    store.access().note_use([1; 32], NOON + 5).await.unwrap();
    assert_eq!(store.access().session([1; 32], NOON).await.unwrap().unwrap().used_at, NOON + 5);
    assert_eq!(known(store, "anna@x", NOON).await, [2, 1], "newest first");
    store.access().remove_session("bea@x", [1; 32]).await.unwrap();
    assert_eq!(known(store, "anna@x", NOON).await, [2, 1], "nobody ends another's");
    store.access().remove_session("anna@x", [1; 32]).await.unwrap();
    assert_eq!(known(store, "anna@x", NOON).await, [2]);
    store.access().add_session(session(4, "anna@x", NOON)).await.unwrap();
    store.access().remove_sessions("anna@x", Some([4; 32])).await.unwrap();
    assert_eq!(known(store, "anna@x", NOON).await, [4]);
    store.access().remove_sessions("anna@x", None).await.unwrap();
    assert_eq!((known(store, "anna@x", NOON).await, known(store, "bea@x", NOON).await), (vec![], vec![3]));
    for number in 0..60 {
        store.access().add_session(session(number + 10, "anna@x", NOON + i64::from(number))).await.unwrap();
    }
    let left = known(store, "anna@x", NOON).await;
    assert_eq!(i64::try_from(left.len()).unwrap(), SESSIONS_MAX);
    assert_eq!((left[0], *left.last().unwrap()), (69, 20), "the oldest ended");
}

pub(super) async fn tokens_are_found_by_their_hash(store: &dyn Store) {
    let token = |number: u8, sites: &[&str]| Token {
        hash: [number; 32],
        id: format!("id{number}"),
        name: "CRM «uno»".into(),
        rights: Rights::parse(["read", "export"]).unwrap(),
        sites: sites.iter().map(|site| (*site).to_owned()).collect(),
        made_by: "anna@x".into(),
        created_at: NOON + i64::from(number),
        used_at: None,
        expires_at: (number == 2).then_some(NOON),
    };
    let (bound, free) = (token(1, &["pk_a", "pk_b"]), token(2, &[]));
    store.access().add_token(free.clone()).await.unwrap();
    store.access().add_token(bound.clone()).await.unwrap();
    assert_eq!(store.access().tokens().await.unwrap(), [bound.clone(), free.clone()]);
    assert_eq!(store.access().token([1; 32]).await.unwrap(), Some(bound.clone()));
    assert_eq!(store.access().token([3; 32]).await.unwrap(), None);
    store.access().note_use([1; 32], NOON + 7).await.unwrap();
    assert_eq!(
        store.access().token([1; 32]).await.unwrap(),
        Some(Token { used_at: Some(NOON + 7), ..bound })
    );
    assert!(store.access().revoke_token("id1").await.unwrap());
    assert!(!store.access().revoke_token("id1").await.unwrap());
    assert_eq!(store.access().tokens().await.unwrap(), [free]);
}

pub(super) async fn the_log_is_read_backwards_within_reach(store: &dyn Store) {
    let entry = |at: i64, number: i64, site: Option<&str>| Entry {
        key: EntryKey { at, number },
        kind: ActorKind::Account,
        actor: "anna@x".into(),
        action: Action::SurveyReplace,
        site: site.map(Into::into),
        target: "nps".into(),
    };
    let all: Vec<Entry> = (0..9)
        .map(|n| {
            entry(NOON + n / 3, n % 3, [None, Some("pk_a"), Some("pk_b")][usize::try_from(n % 3).unwrap()])
        })
        .collect();
    for entry in &all {
        store.access().record(entry.clone()).await.unwrap();
    }
    let everything = SitesScope::at_the_machine();
    let (mut read, mut before) = (Vec::new(), None);
    loop {
        let page = store.access().audit(&everything, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.key);
        read.extend(page);
    }
    assert_eq!(read, all.iter().rev().cloned().collect::<Vec<_>>(), "each once, newest first");

    for (memberships, sites) in [
        (vec![member(Some("pk_a"), Role::Owner), member(Some("pk_b"), Role::Viewer)], vec!["pk_a"]),
        (vec![member(Some("pk_a"), Role::Owner), member(Some("pk_b"), Role::Owner)], vec!["pk_a", "pk_b"]),
        (vec![member(None, Role::Viewer)], vec![]),
        (vec![], vec![]),
    ] {
        let reach = Caller::person("bea@x", &memberships).reach(ADMIN);
        let read = store.access().audit(&reach, None, 100).await.unwrap();
        assert_eq!(read.len(), 3 * sites.len(), "{memberships:?}");
        assert!(read.iter().all(|entry| sites.contains(&entry.site.as_deref().unwrap())), "{read:?}");
    }

    let late = NOON + AUDIT_KEPT_MS + 2;
    store.access().record(entry(late, 0, None)).await.unwrap();
    let left = store.access().audit(&everything, None, 100).await.unwrap();
    assert_eq!(
        left.iter().map(|entry| entry.key.at).collect::<Vec<_>>(),
        [late, NOON + 2, NOON + 2, NOON + 2]
    );
}
