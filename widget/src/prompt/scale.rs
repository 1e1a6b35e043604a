//! The points to choose from: native radio inputs in a fieldset, so that keys and names come with the browser.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::EventListener;
use parere_shared::config::SurveyConfig;
use parere_shared::survey::Look;
use parere_shared::text::parse_number;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, FocusEvent, KeyboardEvent, Node};

use super::{Event, icon};
use crate::{dom, session};

/// More points than this stand in two rows where there is little room; `www/loader.js` reserves for the same.
const ROW_POINTS_MAX: usize = 7;

/// Draws question, points and ends into `card`; returns the fieldset.
pub(super) fn draw(card: &Element, survey: &SurveyConfig) -> Element {
    let fieldset: Element = dom::add(card, "fieldset", &[("part", "scale")]);
    let legend: Element = dom::add(&fieldset, "legend", &[("part", "question")]);
    legend.set_text_content(Some(&survey.question));
    let look = match survey.scale.look {
        Look::Numbers => "points numbers",
        Look::Stars => "points stars",
        Look::Faces => "points faces",
        Look::Thumbs => "points thumbs",
    };
    let points: Element = dom::add(&fieldset, "div", &[("class", look)]);
    let cells: Element = dom::add(&points, "div", &[("class", "cells")]);
    for (index, score) in (survey.scale.min..=survey.scale.max).enumerate() {
        draw_point(&cells, survey, index, score);
    }
    let ends: Element = dom::add(&points, "div", &[("class", "ends"), ("aria-hidden", "true")]);
    for words in [&survey.low, &survey.high] {
        dom::add::<Element>(&ends, "span", &[]).set_text_content(Some(words));
    }
    fieldset
}

fn draw_point(cells: &Element, survey: &SurveyConfig, index: usize, score: i32) {
    let label: Element = dom::add(cells, "label", &[("part", "option")]);
    let value = dom::digits(score);
    let name = survey.names.get(index).unwrap_or(&value);
    let attributes =
        [("type", "radio"), ("name", "score"), ("value", value.as_str()), ("aria-label", name.as_str())];
    dom::add::<Element>(&label, "input", &attributes);
    let mark: Element = dom::add(&label, "span", &[("aria-hidden", "true")]);
    match survey.scale.look {
        Look::Numbers => mark.set_text_content(Some(&value)),
        Look::Stars => icon::star(&mark),
        Look::Faces => icon::face(&mark, index, survey.scale.points()),
        Look::Thumbs => icon::thumb(&mark, index),
    }
}

/// Columns of the scale with and without room.
pub(super) fn columns(points: usize) -> (usize, usize) {
    (points, if points > ROW_POINTS_MAX { points.div_ceil(2) } else { points })
}

/// Listens to a scale.
///
/// The browser moves the choice with every arrow key; that is a walk and not an answer.
/// It becomes one by Space or Enter, by leaving the scale, or by resting.
pub(super) fn listen(scale: &Element) -> [EventListener; 5] {
    let walks = Rc::new(Cell::new(false));
    let walking = Rc::clone(&walks);
    let keydown = dom::on(scale, "keydown", move |event| {
        let key = event.unchecked_ref::<KeyboardEvent>().key();
        walking.set(key.starts_with("Arrow"));
        if key == "Enter" || key == " " {
            session::act(Event::Settled);
        }
    });
    let walking = Rc::clone(&walks);
    let keyup = dom::on(scale, "keyup", move |_| walking.set(false));
    let walking = Rc::clone(&walks);
    let change = dom::on(scale, "change", move |event| {
        if let Some(score) = score_of(event) {
            session::act(if walking.get() { Event::Moved(score) } else { Event::Chosen(score) });
        }
    });
    // A tap on the point that the arrow keys stand on changes nothing, and yet it is an answer.
    let click = dom::on(scale, "click", move |event| {
        if !walks.get() && score_of(event).is_some() {
            session::act(Event::Settled);
        }
    });
    let fieldset: Node = scale.clone().into();
    let leave = dom::on(scale, "focusout", move |event| {
        let to = event.unchecked_ref::<FocusEvent>().related_target();
        if !fieldset.contains(to.as_ref().map(wasm_bindgen::JsCast::unchecked_ref)) {
            session::act(Event::Settled);
        }
    });
    [keydown, keyup, change, click, leave]
}

/// The score of the point an event came from; `None` if it came from elsewhere in the scale.
fn score_of(event: &web_sys::Event) -> Option<i32> {
    let target = event.target()?.unchecked_into::<Element>();
    let value = target.get_attribute("value")?;
    let (sign, number) = value.strip_prefix('-').map_or((1, value.as_str()), |number| (-1, number));
    i32::try_from(sign * parse_number(number)?).ok()
}
