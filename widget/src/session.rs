//! One prompt on one page: may it be asked, what was answered, and what follows from it.

use std::cell::RefCell;

use gloo::timers::callback::Timeout;
use parere_shared::config::{SiteConfig, SurveyConfig};
use parere_shared::gate::Visit;
use parere_shared::limit;
use parere_shared::memory::Moment;
use parere_shared::response::Device;
use parere_shared::text;
use wasm_bindgen::JsValue;

use crate::answer::{self, Context};
use crate::dom::Node;
use crate::memory::Keep;
use crate::outbox::Entry;
use crate::page::Page;
use crate::prompt::view::{Kind, View};
use crate::prompt::{Answer, Effect, Event, Prompt};
use crate::{dom, mail, report};

/// How long the arrow keys must rest on a point until it counts as chosen: longer than a walk, shorter than a wait.
const REST_MS: u32 = 1_000;

thread_local! {
    static SESSION: RefCell<Option<Box<Session>>> = const { RefCell::new(None) };
}

/// Its texts lie in the bytes of the configuration.
pub(crate) type Survey = SurveyConfig<&'static str>;

struct Session {
    survey: &'static Survey,
    keep: Keep,
    prompt: Prompt,
    view: View,
    /// Its id and moment are empty until the first choice.
    context: Context,
    /// The wait for the arrow keys to rest; a new one ends the old one.
    rest: Option<Timeout>,
}

/// A DOM event that waits until the session is free again: the page may call us from its listener.
struct Told {
    host: Node,
    name: &'static str,
    init: JsValue,
}

/// Sends what is left and asks, if there is a slot and the gates agree; says whether a prompt stands.
///
/// The bytes of the configuration stay for the life of the page: the texts in them are used where they lie.
pub(crate) fn start(config: Vec<u8>, page: &Page) -> bool {
    report::to(page.clone());
    let Ok(config) = postcard::from_bytes::<SiteConfig<&str>>(config.leak()) else {
        report::say("the configuration is unreadable");
        return false;
    };
    let config: &'static SiteConfig<&str> = Box::leak(Box::new(config));
    mail::open(config.site, &page.base());
    if mail::is_stopped() || SESSION.with_borrow(Option::is_some) {
        return false;
    }
    let session = Session::new(config, page);
    let stands = session.is_some();
    SESSION.with_borrow_mut(|current| *current = session.map(Box::new));
    stands
}

/// Lets `event` happen to the prompt, if there is one.
pub(crate) fn act(event: Event) {
    let (told, over) = SESSION.with(|session| {
        let Ok(mut session) = session.try_borrow_mut() else { return (Vec::new(), None) };
        let Some(current) = session.as_mut() else { return (Vec::new(), None) };
        let mut told = Vec::new();
        let mut is_over = false;
        for effect in current.prompt.step(event) {
            is_over |= effect == Effect::Close;
            current.perform(effect, &mut told);
        }
        (told, if is_over { session.take() } else { None })
    });
    for told in told {
        dom::tell(&told.host, told.name, &told.init);
    }
    // Only now: a host that has left the page is not heard.
    if let Some(session) = over {
        session.view.close();
    }
}

/// Lets the view say what a DOM event means; nothing while the session is busy.
pub(crate) fn hear(kind: Kind, event: &web_sys::Event) {
    let heard = SESSION.with(|session| session.try_borrow_mut().ok()?.as_mut()?.view.hear(kind, event));
    if let Some(event) = heard {
        act(event);
    }
}

impl Session {
    /// The survey that the loader found a slot for, if the gates agree.
    fn new(config: &'static SiteConfig<&str>, page: &Page) -> Option<Self> {
        let host = page.host()?;
        let slug = page.survey()?;
        let mut keep = Keep::open(config.site);
        if keep.memory.visitor.is_empty() {
            keep.memory.visitor = page.visitor().unwrap_or_default();
        }
        let survey = config.surveys.iter().find(|survey| survey.slug == slug)?;
        let location = page.location();
        let path = location.pathname();
        let url = text::concat(&[&path, &location.search(), &location.hash()]);
        let visit = Visit { url: &url, now: dom::now() };
        if !page.forced() && survey.gate.judge(&slug, &visit, &keep.memory).is_err() {
            report::say("a gate refused");
            return None;
        }
        let Some(view) = View::new(host, survey, page.height()) else {
            report::say("this slot cannot hold a prompt");
            return None;
        };
        let short = |field: Option<String>| field.map(|field| text::clean(&field, limit::FIELD_CHARS_MAX));
        let context = Context {
            site: config.site,
            survey: survey.slug,
            id: String::new(),
            instrument: survey.instrument,
            locale: survey.language,
            page: text::clean(&path, limit::PAGE_CHARS_MAX),
            touchpoint: survey.touchpoint,
            device: Some(Device::of_width(page.screen().width())),
            order_ref: short(page.order_ref()),
            subject: short(page.subject()),
            per_mille: survey.gate.sample_per_mille,
            occurred_at: String::new(),
        };
        Some(Self { prompt: Prompt::new(&survey.follow_ups), survey, keep, view, context, rest: None })
    }

    fn perform(&mut self, effect: Effect, told: &mut Vec<Told>) {
        match effect {
            Effect::Note(moment) => {
                self.keep.note(self.survey.slug, moment, dom::now());
                match moment {
                    Moment::Shown => told.push(self.told("parere:shown", None)),
                    Moment::Dismissed => told.push(self.told("parere:dismissed", None)),
                    Moment::Answered => {}
                }
            }
            Effect::Store(answer) => {
                self.store(&answer);
                told.push(self.told("parere:answered", Some(&answer)));
            }
            Effect::AwaitRest => self.rest = Some(Timeout::new(REST_MS, || act(Event::Settled))),
            Effect::Ask(index) => {
                if let Some(follow_up) = self.survey.follow_ups.get(index) {
                    self.view.ask(follow_up.question);
                }
                self.view.say(self.survey.noted);
            }
            Effect::Thank => self.view.thank(self.survey.thanks),
            Effect::Close => {}
        }
    }

    /// Keeps and sends one revision; the request leaves in the same task as the tap.
    fn store(&mut self, answer: &Answer) {
        let context = &mut self.context;
        if context.id.is_empty() {
            context.id = dom::response_id();
            context.occurred_at = dom::timestamp();
        }
        if let Some(body) = answer::json(context, answer) {
            mail::put(Entry::new(&context.id, answer.revision, body, dom::now()));
        }
    }

    fn told(&self, name: &'static str, answer: Option<&Answer>) -> Told {
        Told { host: self.view.host().clone(), name, init: answer::event_init(&self.context, answer) }
    }
}
