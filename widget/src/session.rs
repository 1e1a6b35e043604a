//! One prompt on one page: what was answered, and what follows from it.

use std::cell::RefCell;

use gloo::timers::callback::Timeout;
use parere_shared::config::SurveyConfig;
use parere_shared::gate::{On, order_slug};
use parere_shared::limit;
use parere_shared::memory::Moment;
use parere_shared::response::Channel;
use parere_shared::survey::Placement;
use parere_shared::text;

use crate::answer::{self, Context};
use crate::dom::{self, Node};
use crate::mail;
use crate::memory::Keep;
use crate::outbox::Entry;
use crate::page::Page;
use crate::prompt::{Answer, Effect, Event, Prompt};
use crate::view::{Kind, View};

/// How long the arrow keys must rest on a point until it counts as chosen: longer than a walk, shorter than a wait.
const REST_MS: u32 = 1_000;

thread_local! {
    static SESSION: RefCell<Option<Box<Session>>> = const { RefCell::new(None) };
}

/// Its texts lie in the bytes of the configuration.
pub(crate) type Survey = SurveyConfig<&'static str>;

struct Session {
    prompt: Prompt,
    asked: Asked,
}

/// What was asked, where, and what is known of the answer.
struct Asked {
    survey: &'static Survey,
    keep: Keep,
    view: View,
    /// Its moment is empty until the first choice.
    context: Context,
    /// The wait for the arrow keys to rest; a new one ends the old one.
    rest: Option<Timeout>,
}

/// Takes over a card that was drawn for the survey behind `config`; says whether it is taken.
///
/// A card that was taken before, and that the page has taken away since, makes room.
/// The bytes stay for the life of the page: the texts in them are used where they lie.
pub(crate) fn attach(page: &Page<'static>, card: Node, config: Vec<u8>) -> bool {
    if mail::is_stopped() {
        return false;
    }
    let Ok(survey) = postcard::from_bytes::<Survey>(config.leak()) else { return false };
    let survey: &'static Survey = Box::leak(Box::new(survey));
    let session = Session { prompt: Prompt::new(survey), asked: Asked::new(survey, page, card) };
    SESSION.with_borrow_mut(|current| *current = Some(Box::new(session)));
    true
}

/// Lets `event` happen to the prompt; nothing where there is none, or while it is busy.
pub(crate) fn act(event: Event) {
    with(|session| Some((session, event)));
}

/// Goes on with the answer `id`, whose first revision is in the outbox already.
pub(crate) fn resume(id: &str, score: i32) {
    with(|session| {
        session.asked.context.id = id.into();
        session.asked.context.occurred_at = dom::timestamp();
        Some((session, Event::Resumed(score)))
    });
}

/// The answer whose revision is called `name` in the outbox will never be stored.
pub(crate) fn refuse(name: &str) {
    with(|session| {
        // Another answer may be of a page before.
        let is_ours = name.starts_with(&session.asked.context.id);
        is_ours.then_some((session, Event::Refused))
    });
}

/// Lets the view say what a DOM event means; nothing while the session is busy.
pub(crate) fn hear(kind: Kind, event: &web_sys::Event) {
    with(|session| {
        let event = session.asked.view.hear(kind, event)?;
        Some((session, event))
    });
}

fn with(mean: impl FnOnce(&mut Session) -> Option<(&mut Session, Event)>) {
    SESSION.with(|session| {
        let Ok(mut session) = session.try_borrow_mut() else { return };
        let meant = session.as_deref_mut().and_then(mean);
        if meant.is_some_and(|(session, event)| session.step(event)) {
            *session = None;
        }
    });
}

impl Session {
    /// Does what follows from `event`; says whether the prompt is over.
    #[inline(never)]
    fn step(&mut self, event: Event) -> bool {
        let mut is_over = false;
        self.prompt.step(event, &mut |effect| {
            is_over |= effect == Effect::Close;
            self.asked.perform(effect);
        });
        is_over
    }
}

impl Asked {
    fn new(survey: &'static Survey, page: &Page<'static>, card: Node) -> Self {
        let mut keep = Keep::open(page.site);
        if survey.awaited.on == On::Purchase {
            keep.note(&order_slug(survey.slug, page.order_ref), Moment::Answered, dom::now());
        }
        let context = Context {
            site: page.site,
            survey: survey.slug,
            // Made now, not at the tap: what lies between is how long somebody had to read.
            id: dom::response_id(),
            instrument: survey.instrument,
            locale: survey.language,
            page: text::clean(page.path, limit::PAGE_CHARS_MAX),
            touchpoint: survey.touchpoint,
            device: page.device(),
            channel: match survey.placement {
                Placement::Inline => Channel::Inline,
                Placement::Popover => Channel::Popover,
                Placement::Bar => Channel::Bar,
                Placement::Tab => Channel::Tab,
            },
            order_ref: text::clean(page.order_ref, limit::FIELD_CHARS_MAX),
            subject: text::clean(page.subject, limit::FIELD_CHARS_MAX),
            attributes: page.attributes,
            per_mille: survey.gate.sample_per_mille,
            occurred_at: String::new(),
        };
        Self { survey, keep, view: View::new(card), context, rest: None }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Note(moment) => self.note(moment),
            Effect::Store(answer) => {
                self.store(&answer);
                self.tell("answered", Some(&answer));
            }
            Effect::Tell(answer) => self.tell("answered", Some(&answer)),
            Effect::AwaitRest => self.rest = Some(Timeout::new(REST_MS, || act(Event::Settled))),
            Effect::Ask(index) => {
                if let Some(follow_up) = self.survey.follow_ups.get(index) {
                    self.view.ask(follow_up, self.survey);
                }
                self.view.say(self.survey.noted);
            }
            Effect::Thank(index) => {
                if let Some(thanks) = self.survey.thanks.get(index) {
                    self.view.thank(thanks);
                }
            }
            Effect::Refuse => self.view.refuse(self.survey.refused),
            Effect::Fold(folded) => self.view.fold(folded),
            Effect::Forswear => self.keep.forswear(),
            Effect::Close => dom::close(),
        }
    }

    /// A tab is opened by the shopper: that it is there, or closed again, is no reason to leave anybody alone.
    fn note(&mut self, moment: Moment) {
        if self.survey.placement != Placement::Tab || moment == Moment::Answered {
            self.keep.note(self.survey.slug, moment, dom::now());
        }
        match moment {
            Moment::Shown => self.tell("shown", None),
            Moment::Dismissed => self.tell("dismissed", None),
            Moment::Answered => {}
        }
    }

    /// Keeps and sends one revision; the request leaves in the same task as the tap.
    fn store(&mut self, answer: &Answer) {
        let context = &mut self.context;
        if context.occurred_at.is_empty() {
            context.occurred_at = dom::timestamp();
        }
        let body = answer::json(context, answer);
        mail::put(Entry::new(&context.id, answer.revision, body, dom::now()));
    }

    fn tell(&self, name: &str, answer: Option<&Answer>) {
        dom::tell(name, &answer::detail(&self.context, answer));
    }
}
