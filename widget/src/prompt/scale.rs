//! The points to choose from: native radio inputs in a fieldset, so that keys and names come with the browser.

use parere_shared::survey::Look;
use parere_shared::text::parse_number;

use super::icon;
use crate::dom::{self, Node};
use crate::session::Survey;

/// More points than this stand in two rows where there is little room; `www/loader.js` reserves for the same.
const ROW_POINTS_MAX: usize = 7;

/// Draws question, points and ends into `card`; returns the fieldset.
pub(super) fn draw(card: &Node, survey: &Survey) -> Node {
    let fieldset = dom::add(card, "fieldset|part=scale");
    dom::add(&fieldset, "legend|part=question").set_text(survey.question);
    let look = match survey.scale.look {
        Look::Numbers => "div|class=points numbers",
        Look::Stars => "div|class=points stars",
        Look::Faces => "div|class=points faces",
        Look::Thumbs => "div|class=points thumbs",
    };
    let points = dom::add(&fieldset, look);
    let cells = dom::add(&points, "div|class=cells");
    for (index, score) in (survey.scale.min..=survey.scale.max).enumerate() {
        draw_point(&cells, survey, index, score);
    }
    let ends = dom::add(&points, "div|class=ends|aria-hidden=true");
    for words in [survey.low, survey.high] {
        dom::add(&ends, "span").set_text(words);
    }
    fieldset
}

fn draw_point(cells: &Node, survey: &Survey, index: usize, score: i32) {
    let label = dom::add(cells, "label|part=option");
    let value = dom::digits(score);
    let input = dom::add(&label, "input|type=radio|name=score");
    input.set("value", &value);
    input.set("aria-label", survey.names.get(index).copied().unwrap_or(&value));
    let mark = dom::add(&label, "span|aria-hidden=true");
    match survey.scale.look {
        Look::Numbers => mark.set_text(&value),
        Look::Stars => icon::star(&mark),
        Look::Faces => icon::face(&mark, index, survey.scale.points()),
        Look::Thumbs => icon::thumb(&mark, index),
    }
}

/// Columns of the scale with and without room.
pub(super) fn columns(points: usize) -> (usize, usize) {
    (points, if points > ROW_POINTS_MAX { points.div_ceil(2) } else { points })
}

/// The score of a point; `None` for anything else in the scale.
pub(super) fn score_of(node: &Node) -> Option<i32> {
    let value = node.value()?;
    let (sign, number) = value.strip_prefix('-').map_or((1, value.as_str()), |number| (-1, number));
    i32::try_from(sign * parse_number(number)?).ok()
}
