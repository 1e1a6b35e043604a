//! Invitations: one of each key, sent by one at a time and never twice, called off, over, and forgotten.

use std::slice;

use parere_collector::auth::SiteScope;
use parere_collector::store::{
    Hash, Invitation, InvitationChannel, InvitationCount, InvitationState, Invitations, Person,
    SettledInvitation, Store, Suppression, SuppressionReason,
};
use parere_shared::response::ResponseId;
use parere_shared::time::DAY_MS;

use super::{SITE, open_shop, scope};
use crate::answer::NOON;

pub(super) const LUCA: Hash = [3; 32];

/// A mail to Luca that is due at noon; its id is made of `n`.
pub(super) fn invitation(n: u8) -> Invitation {
    Invitation {
        id: ResponseId::new(NOON.cast_unsigned() + u64::from(n), &[n; 10]),
        survey: "nps".into(),
        channel: InvitationChannel::Email,
        key: format!("return-{n}"),
        rule: Some("after-return".into()),
        order_ref: Some(format!("100{n}")),
        ticket: Some(format!("t-{n}")),
        subject: Some([n; 32]),
        person: Some(LUCA),
        address: Some("luca@example.com".into()),
        locale: Some("it".into()),
        state: InvitationState::Waiting,
        reason: String::new(),
        tries: 0,
        due_at: NOON,
        expires_at: NOON + 30 * DAY_MS,
        created_at: NOON,
        sent_at: None,
        answered_at: None,
    }
}

/// Invites one; `false` if the site has one of the same key.
pub(super) async fn invite(asked: Invitations<'_>, site: &SiteScope, one: &Invitation) -> bool {
    let kept = asked.invite_all(site, slice::from_ref(one)).await.unwrap();
    assert_eq!(kept.len(), 1);
    kept[0].id == one.id
}

/// What the shop has, oldest first.
async fn all(store: &dyn Store) -> Vec<Invitation> {
    let mut all = store.invitations().latest_invitations(&scope(SITE), None, None, 100).await.unwrap();
    all.reverse();
    all
}

async fn states(store: &dyn Store) -> Vec<(InvitationState, String, bool)> {
    let told = |one: Invitation| (one.state, one.reason, one.address.is_some());
    all(store).await.into_iter().map(told).collect()
}

fn settled(id: ResponseId, claimed_until: i64, state: InvitationState) -> SettledInvitation {
    let sent_at = (state == InvitationState::Sent).then_some(NOON + 9);
    SettledInvitation { id, claimed_until, state, reason: String::new(), tries: 2, due_at: NOON + 7, sent_at }
}

pub(super) async fn there_is_one_invitation_of_a_key(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let (site, asked) = (scope(SITE), store.invitations());
    let one = invitation(1);
    assert!(invite(asked, &site, &one).await);
    assert!(!invite(asked, &site, &Invitation { key: one.key.clone(), ..invitation(2) }).await);
    assert_eq!(asked.invited(&site, one.id).await.unwrap(), Some(one.clone()));
    assert_eq!(asked.invited_for(&site, "return-1").await.unwrap(), Some(one.clone()));
    assert_eq!(asked.invited_for(&site, "return-2").await.unwrap(), None);
    // Another shop's is another one, and nobody else's.
    assert_eq!(asked.invited(&scope("pk_other"), one.id).await.unwrap(), None);
    assert!(invite(asked, &scope("pk_other"), &one).await);
    let bare = Invitation {
        channel: InvitationChannel::Link,
        rule: None,
        order_ref: None,
        ticket: None,
        subject: None,
        person: None,
        address: None,
        locale: None,
        state: InvitationState::Sent,
        sent_at: Some(NOON),
        ..invitation(2)
    };
    assert!(invite(asked, &site, &bare).await);
    assert_eq!(all(store).await, [one.clone(), bare.clone()]);
    let page = |state, before| asked.latest_invitations(&site, state, before, 100);
    assert_eq!(page(Some(InvitationState::Sent), None).await.unwrap(), slice::from_ref(&bare));
    assert_eq!(page(None, Some(bare.id)).await.unwrap(), slice::from_ref(&one));
    assert_eq!(asked.latest_invitations(&site, None, None, 1).await.unwrap(), slice::from_ref(&bare));
    // By subject or by order, as answers are.
    let person =
        |subject: Option<Hash>, order: Option<&str>| Person { subject, order_ref: order.map(Into::into) };
    for (person, found) in [
        (person(Some([1; 32]), None), 1),
        (person(None, Some("1001")), 1),
        (person(Some([1; 32]), Some("1001")), 1),
        (person(None, Some("1009")), 0),
        (person(None, None), 0),
    ] {
        assert_eq!(asked.invitations_of(&site, &person, 10).await.unwrap().len(), found, "{person:?}");
    }
    assert_eq!(asked.erase_invitations(&site, &person(None, Some("1001"))).await.unwrap(), 1);
    assert_eq!(all(store).await, [bare]);
    assert!(asked.invited(&scope("pk_other"), one.id).await.unwrap().is_some());
    // What is old goes by the moment at which it was made.
    assert_eq!(asked.forget_invitations(&site, NOON + 2).await.unwrap(), 0);
    assert_eq!(asked.forget_invitations(&site, NOON + 3).await.unwrap(), 1);
    assert_eq!(all(store).await, []);
}

pub(super) async fn an_invitation_is_handed_over_once(store: &dyn Store) {
    use InvitationState::{Failed, Sent, Waiting};
    open_shop(store, SITE).await;
    let (site, asked) = (scope(SITE), store.invitations());
    for n in 1..=4 {
        let due_at = if n == 4 { NOON + 1_000 } else { NOON };
        invite(asked, &site, &Invitation { due_at, ..invitation(n) }).await;
    }
    assert!(asked.due_invitations(&site, NOON - 1, 9).await.unwrap().is_empty());
    assert_eq!(asked.due_invitations(&site, NOON, 2).await.unwrap().len(), 2);
    let due = asked.due_invitations(&site, NOON, 9).await.unwrap();
    let ids: Vec<_> = due.iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), 3);
    let until = NOON + 60;
    assert_eq!(asked.claim_invitations(&site, &ids[..1], NOON, until).await.unwrap(), ids[..1]);
    let mut rest = asked.claim_invitations(&site, &ids, NOON, until).await.unwrap();
    rest.sort_unstable();
    assert_eq!(rest, ids[1..], "the first is somebody else's");
    // Who died before the mail was handed over leaves it to the next one.
    assert!(asked.due_invitations(&site, NOON + 59, 9).await.unwrap().is_empty());
    assert_eq!(asked.claim_invitations(&site, &ids[..1], until, until + 60).await.unwrap(), ids[..1]);
    assert!(!asked.begin_sending(&site, ids[0], until).await.unwrap(), "a claim that is over");
    assert!(asked.begin_sending(&site, ids[0], until + 60).await.unwrap());
    assert!(!asked.begin_sending(&site, ids[0], until + 60).await.unwrap());
    assert!(!asked.settle_invitation(&site, &settled(ids[0], until, Sent)).await.unwrap());
    assert!(asked.settle_invitation(&site, &settled(ids[0], until + 60, Sent)).await.unwrap());
    let first = asked.invited(&site, ids[0]).await.unwrap().unwrap();
    assert_eq!((first.state, first.tries, first.sent_at, first.address), (Sent, 2, Some(NOON + 9), None));
    // Who was refused waits again, with the address; what nobody may send any more is not begun.
    assert!(asked.begin_sending(&site, ids[1], until).await.unwrap());
    assert!(asked.settle_invitation(&site, &settled(ids[1], until, Waiting)).await.unwrap());
    let second = asked.invited(&site, ids[1]).await.unwrap().unwrap();
    assert_eq!((second.state, second.due_at, second.address.is_some()), (Waiting, NOON + 7, true));
    assert!(asked.cancel_invitation(&site, ids[2], "by hand").await.unwrap());
    assert!(!asked.begin_sending(&site, ids[2], until).await.unwrap());
    // Who died with a mail half handed over leaves it to nobody.
    assert_eq!(asked.claim_invitations(&site, &ids[1..2], NOON + 7, until).await.unwrap(), ids[1..2]);
    assert!(asked.begin_sending(&site, ids[1], until).await.unwrap());
    assert_eq!(asked.lapse(&site, until - 1).await.unwrap(), 0);
    assert_eq!(asked.lapse(&site, until).await.unwrap(), 1);
    assert!(asked.due_invitations(&site, NOON + 999, 9).await.unwrap().is_empty());
    let second = asked.invited(&site, ids[1]).await.unwrap().unwrap();
    assert_eq!((second.state, &*second.reason, second.address), (Failed, "unclear", None));
    // It may have arrived all the same.
    assert!(asked.note_answered(&site, ids[1], NOON + 99).await.unwrap());
    assert!(!asked.note_answered(&site, ids[2], NOON + 99).await.unwrap(), "called off");
    assert!(!asked.settle_invitation(&site, &settled(ids[1], until, Sent)).await.unwrap());
    // What waited too long ends without anybody.
    assert_eq!(asked.lapse(&site, NOON + 30 * DAY_MS).await.unwrap(), 1);
    let told = states(store).await;
    let told: Vec<_> = told.iter().map(|(state, _, has_address)| (state.as_str(), *has_address)).collect();
    assert_eq!(told, [("sent", false), ("answered", false), ("cancelled", false), ("expired", false)]);
}

pub(super) async fn three_senders_share_what_is_due(store: &dyn Store) {
    open_shop(store, SITE).await;
    let (site, asked) = (scope(SITE), store.invitations());
    for n in 1..=20 {
        invite(asked, &site, &invitation(n)).await;
    }
    let due = asked.due_invitations(&site, NOON, 100).await.unwrap();
    let ids: Vec<_> = due.iter().map(|one| one.id).collect();
    let claim = |n: i64| asked.claim_invitations(&site, &ids, NOON, NOON + n);
    let (a, b, c) = tokio::join!(claim(1), claim(2), claim(3));
    let mut taken: Vec<_> = [a, b, c].into_iter().flat_map(|claimed| claimed.unwrap()).collect();
    taken.sort_unstable();
    let mut all = ids.clone();
    all.sort_unstable();
    assert_eq!(taken, all, "each by one of them");
}

pub(super) async fn what_is_called_off_is_not_sent(store: &dyn Store) {
    open_shop(store, SITE).await;
    let (site, asked) = (scope(SITE), store.invitations());
    for n in 1..=3 {
        invite(asked, &site, &invitation(n)).await;
    }
    let third = invitation(3).id;
    assert!(!asked.cancel_invitation(&scope("pk_other"), third, "").await.unwrap());
    assert!(asked.cancel_invitation(&site, third, "by hand").await.unwrap());
    assert!(!asked.cancel_invitation(&site, third, "by hand").await.unwrap());
    let (cancelled, waiting) = (InvitationState::Cancelled, InvitationState::Waiting);
    let expected = [
        (waiting, String::new(), true),
        (waiting, String::new(), true),
        (cancelled, "by hand".to_owned(), false),
    ];
    assert_eq!(states(store).await, expected);
    let due = asked.due_invitations(&site, NOON, 9).await.unwrap();
    assert!(due.iter().all(|one| one.id != third), "{due:?}");
}

pub(super) async fn who_is_suppressed_is_not_asked(store: &dyn Store) {
    open_shop(store, SITE).await;
    let (site, asked) = (scope(SITE), store.invitations());
    let sent = InvitationState::Sent;
    let given_out = Invitation { state: sent, address: None, sent_at: Some(NOON), ..invitation(1) };
    let other = Invitation { person: Some([9; 32]), ..invitation(3) };
    for one in [given_out, invitation(2), other] {
        invite(asked, &site, &one).await;
    }
    let reason = SuppressionReason::Unsubscribed;
    let suppression = Suppression { person: LUCA, reason, at: NOON };
    assert!(asked.suppress(&site, &suppression).await.unwrap());
    assert!(!asked.suppress(&site, &Suppression { at: NOON + 5, ..suppression.clone() }).await.unwrap());
    assert_eq!(asked.suppressed(&site, &LUCA).await.unwrap(), Some(suppression.clone()));
    assert_eq!(asked.suppressed(&scope("pk_other"), &LUCA).await.unwrap(), None);
    assert_eq!(asked.suppressions(&site, 9).await.unwrap(), [suppression]);
    assert!(invite(asked, &site, &invitation(4)).await);
    let told: Vec<_> =
        states(store).await.into_iter().map(|(state, _, kept)| (state.as_str(), kept)).collect();
    assert_eq!(told, [("sent", false), ("suppressed", false), ("waiting", true), ("suppressed", false)]);
    assert!(asked.unsuppress(&site, &LUCA).await.unwrap());
    assert!(!asked.unsuppress(&site, &LUCA).await.unwrap());
    // By survey and standing, as of a moment.
    let count = |state, is_sent, n| InvitationCount { survey: "nps".into(), state, is_sent, n };
    assert_eq!(
        asked.count_invitations(&site, NOON).await.unwrap(),
        [
            count(sent, true, 1),
            count(InvitationState::Suppressed, false, 2),
            count(InvitationState::Waiting, false, 1)
        ]
    );
    assert_eq!(
        asked.count_invitations(&site, NOON + 30 * DAY_MS).await.unwrap(),
        [
            count(InvitationState::Expired, false, 1),
            count(InvitationState::Expired, true, 1),
            count(InvitationState::Suppressed, false, 2)
        ]
    );
}
