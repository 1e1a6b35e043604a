//! One prompt on one page: may it be asked, what was answered, and what follows from it.

use std::cell::RefCell;

use gloo::timers::callback::Timeout;
use parere_shared::config::{SiteConfig, SurveyConfig};
use parere_shared::gate::{BUCKETS, Visit};
use parere_shared::limit;
use parere_shared::memory::Moment;
use parere_shared::response::{Channel, Device, Response};
use parere_shared::text;
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use crate::memory::Keep;
use crate::outbox::Entry;
use crate::page::{Page, WINDOW};
use crate::prompt::view::View;
use crate::prompt::{Answer, Effect, Event, Prompt};
use crate::{dom, mail, report};

/// How long the arrow keys must rest on a point until it counts as chosen: longer than a walk, shorter than a wait.
const REST_MS: u32 = 1_000;

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

struct Session {
    page: Page,
    survey: SurveyConfig,
    keep: Keep,
    site: String,
    prompt: Prompt,
    view: View,
    /// Id of the response and the moment of the first choice; empty until then.
    id: String,
    occurred_at: String,
    /// The wait for the arrow keys to rest; a new one ends the old one.
    rest: Option<Timeout>,
}

/// What the page is told with a DOM event.
#[derive(Serialize)]
struct Detail {
    survey: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

/// An event that waits until the session is free again: the page may call us from its listener.
struct Told {
    host: HtmlElement,
    name: &'static str,
    detail: Detail,
}

/// Sends what is left and asks, if there is a slot and the gates agree; says whether a prompt stands.
pub(crate) fn start(config: &[u8], page: Page) -> bool {
    report::to(page.clone());
    let Ok(config) = postcard::from_bytes::<SiteConfig>(config) else {
        report::say("the configuration is unreadable");
        return false;
    };
    mail::open(&config.site, &page.base());
    if is_busy() {
        report::say("a prompt stands already");
        return false;
    }
    if mail::is_stopped() {
        return false;
    }
    let Some(session) = Session::new(config, page) else { return false };
    SESSION.set(Some(session));
    true
}

/// Lets `event` happen to the prompt, if there is one.
pub(crate) fn act(event: Event) {
    let (told, over) = SESSION.with(|session| {
        let Ok(mut session) = session.try_borrow_mut() else { return (Vec::new(), None) };
        let Some(current) = session.as_mut() else { return (Vec::new(), None) };
        let effects = current.prompt.step(event);
        let is_over = effects.contains(&Effect::Close);
        let told: Vec<Told> = effects.into_iter().filter_map(|effect| current.perform(effect)).collect();
        (told, if is_over { session.take() } else { None })
    });
    for told in told {
        told.tell();
    }
    // Only now: a host that has left the page is not heard.
    if let Some(session) = over {
        session.view.close();
    }
}

fn is_busy() -> bool {
    SESSION.with(|session| session.try_borrow().map_or(true, |session| session.is_some()))
}

impl Session {
    /// The survey that the loader found a slot for, if the gates agree.
    fn new(config: SiteConfig, page: Page) -> Option<Self> {
        let host = page.host()?;
        let slug = page.survey()?;
        let mut keep = Keep::open(&config.site);
        if keep.memory.visitor.is_empty() {
            keep.memory.visitor = page.visitor().unwrap_or_default();
        }
        let survey = config.surveys.into_iter().find(|survey| survey.slug == slug)?;
        let url = WINDOW.with(|window| {
            let location = window.location();
            let parts = [location.pathname(), location.search(), location.hash()];
            parts.into_iter().filter_map(Result::ok).collect::<String>()
        });
        let visit = Visit { url: &url, now: dom::now() };
        if !page.forced() && survey.gate.judge(&slug, &visit, &keep.memory).is_err() {
            report::say("a gate refused");
            return None;
        }
        let view = View::new(host, &survey, page.height());
        let Some(view) = view else {
            report::say("this slot cannot hold a prompt");
            return None;
        };
        let bands = survey.follow_ups.iter().map(|follow_up| (follow_up.from, follow_up.to)).collect();
        Some(Self {
            prompt: Prompt::new(bands),
            page,
            survey,
            keep,
            site: config.site,
            view,
            id: String::new(),
            occurred_at: String::new(),
            rest: None,
        })
    }

    fn perform(&mut self, effect: Effect) -> Option<Told> {
        match effect {
            Effect::Note(moment) => {
                self.keep.note(&self.survey.slug, moment, dom::now());
                return match moment {
                    Moment::Shown => Some(self.told("parere:shown", None)),
                    Moment::Dismissed => Some(self.told("parere:dismissed", None)),
                    Moment::Answered => None,
                };
            }
            Effect::Store(answer) => return Some(self.store(answer)),
            Effect::AwaitRest => self.rest = Some(Timeout::new(REST_MS, || act(Event::Settled))),
            Effect::Ask(index) => {
                if let Some(follow_up) = self.survey.follow_ups.get(index) {
                    self.view.ask(&follow_up.question);
                }
                self.view.say(&self.survey.noted);
            }
            Effect::Thank => self.view.thank(&self.survey.thanks),
            Effect::Close => {}
        }
        None
    }

    /// Keeps and sends one revision; the request leaves in the same task as the tap.
    fn store(&mut self, answer: Answer) -> Told {
        if self.id.is_empty() {
            self.id = dom::response_id();
            self.occurred_at = dom::timestamp();
        }
        let response = self.response(&answer);
        if let Some(body) = json(&response) {
            mail::put(Entry::new(&self.id, answer.revision, body, dom::now()));
        }
        self.told("parere:answered", Some(answer))
    }

    fn response(&self, answer: &Answer) -> Response {
        let survey = &self.survey;
        let (path, width_px) = WINDOW.with(|window| {
            let width_px = window.screen().and_then(|screen| screen.width()).unwrap_or(0);
            (window.location().pathname().unwrap_or_default(), width_px)
        });
        let short = |field: Option<String>| field.map(|field| text::clean(&field, limit::FIELD_CHARS_MAX));
        Response {
            site: self.site.clone(),
            survey: survey.slug.clone(),
            id: self.id.clone(),
            revision: answer.revision,
            score: answer.score,
            comment: answer.comment.clone(),
            instrument: Some(survey.instrument.clone()),
            locale: Some(survey.language.clone()),
            page: Some(text::clean(&path, limit::PAGE_CHARS_MAX)),
            channel: Some(Channel::Inline),
            touchpoint: Some(survey.touchpoint.clone()).filter(|touchpoint| !touchpoint.is_empty()),
            device: Some(Device::of_width(width_px)),
            order_ref: short(self.page.order_ref()),
            subject: short(self.page.subject()),
            inclusion: Some(f64::from(survey.gate.sample_per_mille) / f64::from(BUCKETS)),
            occurred_at: Some(self.occurred_at.clone()),
            ..Response::default()
        }
    }

    fn told(&self, name: &'static str, answer: Option<Answer>) -> Told {
        let (score, revision, comment) = match answer {
            Some(answer) => (Some(answer.score), Some(answer.revision), answer.comment),
            None => (None, None, None),
        };
        let detail =
            Detail { survey: self.survey.slug.clone(), id: self.id.clone(), score, revision, comment };
        Told { host: self.view.host().clone(), name, detail }
    }
}

impl Told {
    /// Bubbles out of every shadow root the shop may have put us in.
    fn tell(&self) {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_detail(&js(&self.detail).unwrap_or(JsValue::NULL));
        if let Ok(event) = CustomEvent::new_with_event_init_dict(self.name, &init) {
            self.host.dispatch_event(&event).ok();
        }
    }
}

fn json(value: &impl Serialize) -> Option<String> {
    js_sys::JSON::stringify(&js(value)?).ok().map(Into::into)
}

fn js(value: &impl Serialize) -> Option<JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).ok()
}
