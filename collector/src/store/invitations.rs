//! Who is to be asked by a link, and who is not: one more set of verbs, the same for every back end.
//!
//! A sender claims what is due by putting its moment off; who dies then leaves it to the next one. Just before the
//! first byte of a mail is handed over it says so ([`Invitations::begin_sending`]): from then on the mail may have
//! arrived, and whoever dies leaves it to nobody. [`Invitations::lapse`] calls it failed, `unclear`: asking twice is
//! worse than not asking.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;

use super::back_end::{BackEnd, verbs};
use super::invitation::{Invitation, InvitationCount, InvitationState, SettledInvitation, Suppression};
use super::people::Hash;
use super::row::Person;
use crate::auth::SiteScope;

/// The verbs on invitations and suppressions; comes from `invitations` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Invitations<'a>(pub(super) BackEnd<'a>);

verbs! { Invitations:
    /// Adds those whose key the site does not have: all, or with an error none. Gives back what it has of each key, in
    /// their order; new is what has the id that it came with. Of somebody who is suppressed it is kept as such, without
    /// an address.
    invite_all(scope: &SiteScope, invitations: &[Invitation]) -> Vec<Invitation>;
    /// The invitation of this id.
    invited(scope: &SiteScope, id: ResponseId) -> Option<Invitation>;
    /// The invitation with this key.
    invited_for(scope: &SiteScope, key: &str) -> Option<Invitation>;
    /// Invitations made before `before`, newest first, of one state as stored or of all.
    latest_invitations(scope: &SiteScope, state: Option<InvitationState>, before: Option<ResponseId>, limit: usize)
        -> Vec<Invitation>;
    /// How many there are, by survey and by their standing at `now`.
    count_invitations(scope: &SiteScope, now: Millis) -> Vec<InvitationCount>;
    /// What waits and is due, the earliest first.
    due_invitations(scope: &SiteScope, now: Millis, limit: usize) -> Vec<Invitation>;
    /// Takes those that are still due at `now` until `until`; gives back their ids. Nobody else gets them until then.
    claim_invitations(scope: &SiteScope, ids: &[ResponseId], now: Millis, until: Millis) -> Vec<ResponseId>;
    /// Says that a claimed invitation is handed over now; `false` if it is not ours any more, or was called off.
    begin_sending(scope: &SiteScope, id: ResponseId, claimed_until: Millis) -> bool;
    /// Writes what became of a claimed invitation.
    settle_invitation(scope: &SiteScope, settled: &SettledInvitation) -> bool;
    /// Notes that an invitation was answered, and forgets its address; `false` if it cannot have been.
    note_answered(scope: &SiteScope, id: ResponseId, now: Millis) -> bool;
    /// Calls an invitation off; `false` if there is nothing left to call off.
    cancel_invitation(scope: &SiteScope, id: ResponseId, reason: &str) -> bool;
    /// Ends what waited for too long, and what somebody began to send and never settled; says how many.
    lapse(scope: &SiteScope, now: Millis) -> u64;
    /// Forgets a slice of the invitations that were made before `before`; says how many.
    forget_invitations(scope: &SiteScope, before: Millis) -> u64;
    /// Invitations of a person, by what their answers are known by; the latest first.
    invitations_of(scope: &SiteScope, person: &Person, limit: usize) -> Vec<Invitation>;
    /// Forgets the invitations of a person, what waits among them; says how many.
    erase_invitations(scope: &SiteScope, person: &Person) -> u64;
    /// Somebody is not asked any more; what waits for them is ended. `false` if they were on the list already.
    suppress(scope: &SiteScope, suppression: &Suppression) -> bool;
    /// Takes somebody from the list; `false` if they are not on it.
    unsuppress(scope: &SiteScope, person: &Hash) -> bool;
    /// Whether and why somebody is not asked.
    suppressed(scope: &SiteScope, person: &Hash) -> Option<Suppression>;
    /// Who is not asked, latest first.
    suppressions(scope: &SiteScope, limit: usize) -> Vec<Suppression>;
}

/// Most invitations that are forgotten in one transaction.
pub(super) const FORGOTTEN_MAX: i64 = 500;
