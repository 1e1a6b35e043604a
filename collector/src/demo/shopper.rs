//! One made-up shopper: where they were asked, on what, and what they said, as their browser would have sent it.

use std::collections::BTreeMap;

use parere_shared::event::EventKind;
use parere_shared::response::{Channel, Device, Response, ResponseId};
use parere_shared::score::Band;
use parere_shared::survey::{Metric, Polarity};
use parere_shared::time::{self, Millis};

use super::calendar::Couriers;
use super::comment::{Comments, SHOES, Tone, Topic};
use super::dice::Dice;
use super::language::{LANGUAGES, Language};
use super::order::MadeUpOrder;
use super::survey::Asked;
use super::{passing, score};
use crate::store::{Flags, Ticket};

/// An attribute that no answer of a shopper has: what is made up stays recognisable in every list and export.
pub(super) const MADE_UP: (&str, &str) = ("synthetic", "yes");

/// How the question came, of a thousand.
const CHANNELS: [(Channel, u16); 9] = [
    (Channel::Inline, 430),
    (Channel::Popover, 130),
    (Channel::Bar, 60),
    (Channel::Tab, 40),
    (Channel::Link, 50),
    (Channel::Email, 180),
    (Channel::Qr, 45),
    (Channel::Kiosk, 50),
    (Channel::Api, 15),
];

/// Of a thousand screens.
const DEVICES: [(Device, u16); 3] = [(Device::Phone, 660), (Device::Desktop, 280), (Device::Tablet, 60)];

/// Where each question stands, of a thousand times.
const OF_NPS: [(&str, u16); 6] = [
    ("product", 300),
    ("delivery", 300),
    ("checkout", 150),
    ("discovery", 100),
    ("support", 90),
    ("returns", 60),
];
/// See [`OF_NPS`].
const OF_CES: [(&str, u16); 3] = [("checkout", 450), ("support", 300), ("returns", 250)];
/// See [`OF_NPS`].
const OF_CSAT: [(&str, u16); 5] =
    [("delivery", 350), ("product", 300), ("support", 150), ("cart", 100), ("discovery", 100)];
/// Where somebody can be who is written to.
const BY_EMAIL: [(&str, u16); 3] = [("delivery", 600), ("support", 250), ("returns", 150)];

/// The merchant's own word, which is counted under `other`.
const IN_TOWN: &str = "boutique";

/// What it takes to read the question and choose, in milliseconds: at least, and at most beyond that.
const READING_MS: (Millis, u32) = (1_800, 24_000);

/// What it takes to write a comment.
const WRITING_MS: (Millis, u32) = (6_000, 50_000);

/// What an answer needs to arrive.
const ARRIVING_MS: (Millis, u32) = (40, 1_500);

/// An answer with its revisions, each with the moment at which it was received.
#[derive(Debug, Clone)]
pub struct MadeUp {
    /// The first has the score alone; what follows has a comment or another score.
    pub revisions: Vec<(Millis, Response)>,
    /// Doubts about it, as ingest would have had them.
    pub doubts: Flags,
    /// What became of the question here and of those that passed by it, in the order of `EventKind::ALL`.
    pub events: [u32; EventKind::ALL.len()],
    /// What the help desk did for them, and for others.
    pub tickets: Vec<Ticket>,
    /// The order behind it.
    pub order: Option<MadeUpOrder>,
}

/// What is known when somebody answers.
pub(super) struct Moment<'a> {
    /// When the score is chosen.
    pub(super) at: Millis,
    /// How far down the way, from 0 up to 1.
    pub(super) progress: f64,
    /// How it stands with the parcels.
    pub(super) couriers: Couriers,
    /// The survey, as it was asked that day.
    pub(super) asked: &'a Asked,
    /// How the question comes.
    pub(super) channel: Channel,
    /// How many answered before: orders have growing numbers.
    pub(super) n: u32,
}

/// How a question comes, before it is known when.
pub(super) fn channel(dice: &mut Dice) -> Channel {
    dice.pick(&CHANNELS)
}

/// Somebody who answers then.
pub(super) fn answer(moment: &Moment<'_>, comments: &Comments, dice: &mut Dice) -> MadeUp {
    let Moment { at, asked, channel, .. } = *moment;
    let weights = LANGUAGES.iter().map(|language| f64::from(language.per_mille));
    let language = LANGUAGES.get(dice.weighed(weights)).unwrap_or(&LANGUAGES[0]);
    let touchpoint = touchpoint(channel, asked.metric, dice);
    let doubts = doubts(dice);
    let mood = mood(moment, language, touchpoint);
    let step = if doubts.meets(Flags::REPEATED) { 0 } else { score::choose(asked.metric, mood, dice) };
    let score = asked.score(step);
    let reading_ms = if doubts.meets(Flags::FAST) { 120 } else { lasts(READING_MS, dice) };
    let sent = at + i64::from(dice.below(20));
    let first = Response {
        site: super::SITE.into(),
        survey: asked.slug.clone(),
        id: id(at - reading_ms, dice).encode(),
        revision: 1,
        score,
        instrument: asked.instruments.get(language.tag).cloned(),
        locale: Some(language.tag.into()),
        page: page(channel, touchpoint, &asked.slug, dice),
        channel: Some(channel),
        touchpoint: Some(touchpoint.into()),
        device: device(channel, dice),
        test: dice.happens(4),
        occurred_at: Some(time::format(at)),
        sent_at: Some(time::format(sent)),
        ..Response::default()
    };
    let first = with_order(first, moment.n, dice);
    let received = sent + lasts(ARRIVING_MS, dice);
    let comment =
        comment(moment, language.tag, &first, comments, dice).filter(|_| doubts == Flags::default());
    let revisions = revised(first, received, comment, asked, dice);
    MadeUp { revisions, doubts, events: passing::by(channel, dice), tickets: Vec::new(), order: None }
}

/// The score at once, the comment or another score later; on the hosted page, which has one form, all at once.
fn revised(
    first: Response,
    received: Millis,
    comment: Option<String>,
    asked: &Asked,
    dice: &mut Dice,
) -> Vec<(Millis, Response)> {
    let is_hosted =
        matches!(first.channel, Some(Channel::Link | Channel::Email | Channel::Qr | Channel::Api));
    if is_hosted {
        return vec![(received, Response { comment, ..first })];
    }
    let mut revisions = vec![(received, first.clone())];
    let mut said = first;
    if dice.happens(30) {
        let step = if said.score == asked.score(0) { 1 } else { -1 };
        said.score += step * asked.direction();
        said.revision += 1;
        revisions.push((received + 1_500, said.clone()));
    }
    if comment.is_some() {
        said.comment = comment;
        said.revision += 1;
        revisions.push((received + lasts(WRITING_MS, dice), said));
    }
    revisions
}

fn touchpoint(channel: Channel, metric: Metric, dice: &mut Dice) -> &'static str {
    match (channel, metric) {
        (Channel::Kiosk, _) => IN_TOWN,
        (Channel::Qr, _) => "delivery",
        (Channel::Email, _) => dice.pick(&BY_EMAIL),
        (_, Metric::Nps) => dice.pick(&OF_NPS),
        (_, Metric::Ces) => dice.pick(&OF_CES),
        (_, Metric::Csat) => dice.pick(&OF_CSAT),
    }
}

/// The hosted page is not told on what it stands.
fn device(channel: Channel, dice: &mut Dice) -> Option<Device> {
    let stands_in_page = matches!(channel, Channel::Inline | Channel::Popover | Channel::Bar | Channel::Tab);
    stands_in_page.then(|| dice.pick(&DEVICES))
}

fn page(channel: Channel, touchpoint: &str, survey: &str, dice: &mut Dice) -> Option<String> {
    match (channel, touchpoint) {
        (Channel::Api, _) => None,
        (Channel::Link | Channel::Email | Channel::Qr | Channel::Kiosk, _) => {
            Some(["/s/", super::SITE, "/", survey].concat())
        }
        (_, "product") => dice.one(&SHOES).map(|shoe| ["/products/", &shoe.to_lowercase()].concat()),
        (_, "discovery") => Some("/".into()),
        (_, "checkout") => Some("/checkout/thanks".into()),
        (_, "delivery") => Some("/orders".into()),
        (_, other) => Some(["/", other].concat()),
    }
}

/// Who has bought something has an order, and often an account.
fn with_order(answer: Response, n: u32, dice: &mut Dice) -> Response {
    let has_bought =
        matches!(answer.touchpoint.as_deref(), Some("checkout" | "delivery" | "returns" | "support"));
    let mut attributes = BTreeMap::from([MADE_UP].map(|(name, value)| (name.into(), value.into())));
    let is_known = has_bought && dice.happens(600);
    if has_bought {
        attributes.insert("customer".into(), if is_known { "returning" } else { "new" }.into());
        attributes
            .insert("basket_eur".into(), dice.pick(&[("175", 3), ("189", 4), ("210", 2), ("235", 1)]).into());
    }
    Response {
        order_ref: has_bought.then(|| format!("BF-{}", 100_000 + 2 * n + dice.below(2))),
        subject: is_known.then(|| format!("c-{}", dice.below(1 + n))),
        attributes,
        ..answer
    }
}

/// A few answers look like nobody's.
fn doubts(dice: &mut Dice) -> Flags {
    match dice.below(1000) {
        0..6 => Flags::REPEATED,
        6..10 => Flags::FAST,
        10 => Flags::BOT,
        _ => Flags::default(),
    }
}

fn mood(moment: &Moment<'_>, language: &Language, touchpoint: &str) -> f64 {
    let place = match touchpoint {
        "product" => 0.02,
        "support" => -0.04,
        "returns" => -0.05,
        IN_TOWN => 0.05,
        _ => 0.0,
    };
    let courage = if moment.channel == Channel::Email { -0.02 } else { 0.0 };
    // Asked whether, and not how likely, more say yes: two wordings are two instruments.
    let wording = if moment.asked.is_worded_as_before { 0.03 } else { 0.0 };
    let parcels = match touchpoint {
        "delivery" => -0.26,
        "support" => -0.2,
        "returns" => -0.1,
        _ => -0.07,
    };
    let parcels = match moment.couriers {
        Couriers::Fine => 0.0,
        Couriers::Late => parcels,
        Couriers::Mending => parcels / 3.0,
    };
    language.mood + place + courage + wording + parcels + 0.05 * moment.progress - 0.02
}

/// Who is displeased writes most; on a tablet in the shop hardly anybody does.
fn comment(
    moment: &Moment<'_>,
    language: &str,
    answer: &Response,
    comments: &Comments,
    dice: &mut Dice,
) -> Option<String> {
    let tone = Tone::of(moment.asked.band(answer.score));
    let willing = match tone {
        Tone::Good => 140,
        Tone::Middle => 170,
        Tone::Bad => 390,
    };
    let held_up = match moment.channel {
        Channel::Kiosk => 8,
        Channel::Email | Channel::Link => 1,
        _ if answer.device == Some(Device::Phone) => 2,
        _ => 1,
    };
    if !dice.happens(willing / held_up) {
        return None;
    }
    let topic = topic(moment.couriers, tone, answer.touchpoint.as_deref().unwrap_or_default(), dice);
    comments.write(language, tone, topic, dice)
}

fn topic(couriers: Couriers, tone: Tone, touchpoint: &str, dice: &mut Dice) -> Topic {
    let speaks_of_couriers = match couriers {
        Couriers::Late => 720,
        Couriers::Mending => 250,
        Couriers::Fine => 0,
    };
    if tone != Tone::Good && dice.happens(speaks_of_couriers) {
        return Topic::Couriers;
    }
    match touchpoint {
        "delivery" => dice.pick(&[(Topic::Delivery, 5), (Topic::Shoes, 4)]),
        "returns" => Topic::Returns,
        "support" => dice.pick(&[(Topic::Returns, 4), (Topic::Delivery, 3), (Topic::Shop, 2)]),
        "checkout" | "cart" => dice.pick(&[(Topic::Shop, 5), (Topic::Delivery, 1)]),
        _ => dice.pick(&[(Topic::Shoes, 4), (Topic::Shop, 3)]),
    }
}

fn id(made: Millis, dice: &mut Dice) -> ResponseId {
    let (high, low) = (dice.draw().to_be_bytes(), dice.draw().to_be_bytes());
    let mut random = [0; 10];
    random.iter_mut().zip(high.into_iter().chain(low)).for_each(|(to, from)| *to = from);
    ResponseId::new(made.unsigned_abs(), &random)
}

fn lasts((least, beyond): (Millis, u32), dice: &mut Dice) -> Millis {
    least + Millis::from(dice.below(beyond))
}

impl Asked {
    /// The score so many steps from the worst.
    fn score(&self, step: i32) -> i32 {
        match self.scale.polarity {
            Polarity::HighIsGood => self.scale.min + step,
            Polarity::LowIsGood => self.scale.max - step,
        }
    }

    /// What is added to a score that is a point better.
    fn direction(&self) -> i32 {
        if self.scale.polarity == Polarity::HighIsGood { 1 } else { -1 }
    }

    fn band(&self, score: i32) -> Band {
        Band::of(self.metric, &self.scale, score)
    }
}
