//! Doubts about an answer that break no rule: it is stored, flagged, and stays out of scores until a person decides.

use parere_shared::response::{Channel, Response, ResponseId};
use parere_shared::time::{self, Millis};

use super::admission::Sender;
use crate::store::Flags;
use crate::visitors::Visitors;

/// Nobody reads a question, decides and taps in less, in milliseconds; what is drawn beforehand was seen before.
const READING_MS_MIN: Millis = 300;

/// What programs that read pages call themselves, in small letters.
const BOTS: [&str; 8] =
    ["bot/", "bot;", "bot)", "googlebot", "crawler", "spider", "slurp", "facebookexternalhit"];

/// What speaks against taking this answer for a shopper's.
///
/// A program of the site's own, which shows its token, sends for many: none of this is about it.
pub(super) fn of(sender: &Sender<'_>, visitors: Option<&Visitors>, response: &Response) -> Flags {
    let Some(id) = ResponseId::parse(&response.id).filter(|_| !sender.is_operator_of(&response.site)) else {
        return Flags::default();
    };
    // A tablet in the shop is one sender for everybody who comes by; an invitation has one answer anyway.
    let is_apart = response.channel == Some(Channel::Kiosk) || sender.invited.is_some();
    let visitors = visitors.filter(|_| !is_apart);
    let place = (&*response.site, &*response.survey);
    let is_repeat = visitors
        .is_some_and(|visitors| visitors.is_repeat(place, sender.client, sender.agent, id, sender.now));
    [
        (is_repeat, Flags::REPEATED),
        (is_bot(sender.agent), Flags::BOT),
        (is_fast(response, id, sender.now), Flags::FAST),
        (sender.is_trapped, Flags::TRAP),
        (sender.invited.as_ref().is_some_and(|invited| invited.is_torn), Flags::CONFLICT),
    ]
    .into_iter()
    .filter(|(is, _)| *is)
    .fold(Flags::default(), |flags, (_, flag)| flags.with(flag))
}

/// Does a program call itself one that reads pages?
pub(super) fn is_bot(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    BOTS.iter().any(|name| agent.contains(name))
}

/// The id is made when the question is drawn, and by the same clock as the moment of the answer.
fn is_fast(response: &Response, id: ResponseId, now: Millis) -> bool {
    let is_drawn = response.channel.is_some_and(|channel| channel != Channel::Api);
    let answered = response.occurred_at.as_deref().map_or(Some(now), time::parse);
    let reading_ms = answered.map(|moment| moment - id.made_ms());
    is_drawn && response.revision == 1 && reading_ms.is_some_and(|ms| (0..READING_MS_MIN).contains(&ms))
}
