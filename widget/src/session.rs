//! One prompt on one page: may it be asked, what was answered, and what follows from it.

use std::cell::RefCell;

use gloo::timers::callback::Timeout;
use parere_shared::config::SurveyConfig;
use parere_shared::gate::Visit;
use parere_shared::limit;
use parere_shared::memory::Moment;
use parere_shared::response::Device;
use parere_shared::text;

use crate::answer::{self, Context};
use crate::dom::{self, Node};
use crate::mail;
use crate::memory::Keep;
use crate::outbox::Entry;
use crate::page::Page;
use crate::prompt::view::{Kind, View};
use crate::prompt::{Answer, Effect, Event, Prompt};

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
    /// Its id and moment are empty until the first choice.
    context: Context,
    /// The wait for the arrow keys to rest; a new one ends the old one.
    rest: Option<Timeout>,
}

/// Asks the survey behind `config` in `host`, if its gates agree; says whether a prompt stands.
///
/// The bytes of the configuration stay for the life of the page: the texts in them are used where they lie.
pub(crate) fn ask(page: &Page<'static>, host: Node, config: Vec<u8>) -> bool {
    // A prompt that the page has taken away, as when it became another page, makes room.
    let stands = |session: &Session| dom::stands(session.asked.view.host());
    if mail::is_stopped() || SESSION.with_borrow(|session| session.as_deref().is_some_and(stands)) {
        return false;
    }
    let Ok(survey) = postcard::from_bytes::<Survey>(config.leak()) else {
        dom::say("the configuration is unreadable");
        return false;
    };
    let asked = Asked::new(Box::leak(Box::new(survey)), page, host);
    let stands = asked.is_some();
    let session =
        asked.map(|asked| Box::new(Session { prompt: Prompt::new(&asked.survey.follow_ups), asked }));
    SESSION.with_borrow_mut(|current| *current = session);
    stands
}

/// Lets `event` happen to the prompt; nothing where there is none, or while it is busy.
pub(crate) fn act(event: Event) {
    with(|session| Some((session, event)));
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
    fn new(survey: &'static Survey, page: &Page<'static>, host: Node) -> Option<Self> {
        let mut keep = Keep::open(page.site);
        if keep.memory.visitor.is_empty() {
            keep.memory.visitor = page.visitor.into();
        }
        let visit = Visit { url: page.url, now: dom::now() };
        if !page.is_forced && survey.gate.judge(survey.slug, &visit, &keep.memory).is_err() {
            dom::say("a gate refused");
            return None;
        }
        let Some(view) = View::new(host, survey, page.reserved_px) else {
            dom::say("this slot cannot hold a prompt");
            return None;
        };
        let context = Context {
            site: page.site,
            survey: survey.slug,
            id: String::new(),
            instrument: survey.instrument,
            locale: survey.language,
            page: text::clean(page.path, limit::PAGE_CHARS_MAX),
            touchpoint: survey.touchpoint,
            device: Device::of_width(page.screen_px),
            order_ref: text::clean(page.order_ref, limit::FIELD_CHARS_MAX),
            subject: text::clean(page.subject, limit::FIELD_CHARS_MAX),
            per_mille: survey.gate.sample_per_mille,
            occurred_at: String::new(),
        };
        Some(Self { survey, keep, view, context, rest: None })
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Note(moment) => {
                self.keep.note(self.survey.slug, moment, dom::now());
                match moment {
                    Moment::Shown => self.tell("shown", None),
                    Moment::Dismissed => self.tell("dismissed", None),
                    Moment::Answered => {}
                }
            }
            Effect::Store(answer) => {
                self.store(&answer);
                self.tell("answered", Some(&answer));
            }
            Effect::AwaitRest => self.rest = Some(Timeout::new(REST_MS, || act(Event::Settled))),
            Effect::Ask(index) => {
                if let Some(follow_up) = self.survey.follow_ups.get(index) {
                    self.view.ask(follow_up.question);
                }
                self.view.say(self.survey.noted);
            }
            Effect::Thank => self.view.thank(self.survey.thanks),
            Effect::Close => self.view.close(),
        }
    }

    /// Keeps and sends one revision; the request leaves in the same task as the tap.
    fn store(&mut self, answer: &Answer) {
        let context = &mut self.context;
        if context.id.is_empty() {
            context.id = dom::response_id();
            context.occurred_at = dom::timestamp();
        }
        let body = answer::json(context, answer);
        mail::put(Entry::new(&context.id, answer.revision, body, dom::now()));
    }

    fn tell(&self, name: &str, answer: Option<&Answer>) {
        dom::tell(self.view.host(), name, &answer::detail(&self.context, answer));
    }
}
