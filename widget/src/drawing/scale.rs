//! The points to choose from: native radio inputs in a fieldset, so that keys and names come with the browser.

use parere_shared::config::SurveyConfig;
use parere_shared::icon;
use parere_shared::survey::Look;
use parere_shared::text::{parse_number, push_number};

use super::Drawing;

/// More points than this stand in two rows where there is little room; `www/loader.js` reserves for the same.
const ROW_POINTS_MAX: usize = 7;

/// Draws question, points and ends.
pub(super) fn draw(card: &mut Drawing, survey: &SurveyConfig<&str>) {
    let look = match survey.scale.look {
        Look::Numbers => "points numbers",
        Look::Stars => "points stars",
        Look::Faces => "points faces",
        Look::Thumbs => "points thumbs",
    };
    card.add(
        "\n fieldset|part=scale\n  legend|part=question|text=$\n  div|class=$\n   div|class=cells",
        &[survey.question, look],
    );
    for (index, score) in (survey.scale.min..=survey.scale.max).enumerate() {
        let value = digits(score);
        let name = survey.names.get(index).copied().unwrap_or(&value);
        card.add(
            "\n    label|part=option\n     input|type=radio|name=score|value=$|aria-label=$",
            &[&value, name],
        );
        if survey.scale.look == Look::Numbers {
            card.add("\n     span|aria-hidden=true|text=$", &[&value]);
        } else {
            let [start, end] = icon::path(&survey.scale, index);
            card.add("\n     span|aria-hidden=true\n      svg|viewBox=0 0 24 24\n       path|d=$", &[start]);
            card.extend(end);
        }
    }
    card.add(
        "\n   div|class=ends|aria-hidden=true\n    span|text=$\n    span|text=$",
        &[survey.low, survey.high],
    );
}

/// Columns of the scale with and without room.
pub(super) fn columns(points: usize) -> [usize; 2] {
    [points, if points > ROW_POINTS_MAX { points.div_ceil(2) } else { points }]
}

/// The score that `value` of a point stands for.
pub(crate) fn score_of(value: &str) -> Option<i32> {
    let (sign, number) = value.strip_prefix('-').map_or((1, value), |number| (-1, number));
    i32::try_from(sign * parse_number(number)?).ok()
}

/// `number` in decimal, without the formatting machinery.
fn digits(number: i32) -> String {
    let mut text = String::new();
    push_number(&mut text, number.into());
    text
}
