//! What is written down: who did what, when, to what. Never what was in it.

use super::caller::Who;
use crate::clock::Clock;
use crate::random;
use crate::store::{Entry, EntryKey};

/// Things that are worth knowing of afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names below say what each means")]
pub enum Action {
    SiteCreate,
    SiteChange,
    SiteRemove,
    SurveyCreate,
    SurveyReplace,
    SurveyRemove,
    ResponsesReview,
    ResponsesExport,
    ResponsesErase,
    ResponsesRetire,
    SubjectRead,
    SubjectAsk,
    SubjectErase,
    ResponsesImport,
    SegmentsImport,
    TicketsImport,
    AccountCreate,
    AccountRole,
    AccountLink,
    AccountPassword,
    AccountDisable,
    AccountEnable,
    TokenCreate,
    TokenRevoke,
    WebhookCreate,
    WebhookChange,
    WebhookRemove,
    WebhookTest,
    WebhookReplay,
    SourceConnect,
    SourceDisconnect,
    DeskChange,
    InvitationsCreate,
    InvitationCancel,
    SuppressionAdd,
    SuppressionRemove,
    RuleCreate,
    RuleChange,
    RuleRemove,
    CaseChange,
    MarkCreate,
    MarkRemove,
    SessionStart,
    SessionEnd,
}

impl Action {
    /// Every one, with the name under which it is kept and shown.
    pub const NAMED: [(Self, &'static str); 44] = [
        (Self::SiteCreate, "site.create"),
        (Self::SiteChange, "site.change"),
        (Self::SiteRemove, "site.remove"),
        (Self::SurveyCreate, "survey.create"),
        (Self::SurveyReplace, "survey.replace"),
        (Self::SurveyRemove, "survey.remove"),
        (Self::ResponsesReview, "responses.review"),
        (Self::ResponsesExport, "responses.export"),
        (Self::ResponsesErase, "responses.erase"),
        (Self::ResponsesRetire, "responses.retire"),
        (Self::SubjectRead, "subject.read"),
        (Self::SubjectAsk, "subject.ask"),
        (Self::SubjectErase, "subject.erase"),
        (Self::ResponsesImport, "responses.import"),
        (Self::SegmentsImport, "segments.import"),
        (Self::TicketsImport, "tickets.import"),
        (Self::AccountCreate, "account.create"),
        (Self::AccountRole, "account.role"),
        (Self::AccountLink, "account.link"),
        (Self::AccountPassword, "account.password"),
        (Self::AccountDisable, "account.disable"),
        (Self::AccountEnable, "account.enable"),
        (Self::TokenCreate, "token.create"),
        (Self::TokenRevoke, "token.revoke"),
        (Self::WebhookCreate, "webhook.create"),
        (Self::WebhookChange, "webhook.change"),
        (Self::WebhookRemove, "webhook.remove"),
        (Self::WebhookTest, "webhook.test"),
        (Self::WebhookReplay, "webhook.replay"),
        (Self::SourceConnect, "source.connect"),
        (Self::SourceDisconnect, "source.disconnect"),
        (Self::DeskChange, "desk.change"),
        (Self::InvitationsCreate, "invitations.create"),
        (Self::InvitationCancel, "invitation.cancel"),
        (Self::SuppressionAdd, "suppression.add"),
        (Self::SuppressionRemove, "suppression.remove"),
        (Self::RuleCreate, "rule.create"),
        (Self::RuleChange, "rule.change"),
        (Self::RuleRemove, "rule.remove"),
        (Self::CaseChange, "case.change"),
        (Self::MarkCreate, "mark.create"),
        (Self::MarkRemove, "mark.remove"),
        (Self::SessionStart, "session.start"),
        (Self::SessionEnd, "session.end"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(action, _)| *action == self).map_or("", |(_, name)| name)
    }

    /// The action of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(_, known)| *known == name).map(|(action, _)| *action)
    }
}

/// What is written down when `who` does this to `target` of `site`.
///
/// Written after a change was made, and before data is handed out or erased.
pub fn entry(
    clock: &dyn Clock,
    who: &Who,
    action: Action,
    site: Option<&str>,
    target: &str,
) -> anyhow::Result<Entry> {
    // Without its sign, so that a cursor is digits alone.
    let number = i64::from_be_bytes(random::bytes()?) & i64::MAX;
    Ok(Entry {
        key: EntryKey { at: clock.now(), number },
        kind: who.kind(),
        actor: who.name(),
        action,
        site: site.map(Into::into),
        target: target.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_action() {
        for (action, name) in Action::NAMED {
            assert_eq!((Action::parse(name), action.name()), (Some(action), name));
        }
        assert_eq!(Action::parse("survey.read"), None);
    }
}
