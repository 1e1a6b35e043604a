//! Scores over time as a picture: a line, the band in which each may lie, and where the question changed.
//!
//! The pictures carry placeholder colours; `figures.css` gives each the colour of the reader's theme.
//! Whoever cannot see them has the table that stands with each.

use std::ops::Range;

use parere_shared::score::{Interval, State};
use plotters::chart::ChartContext;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::numerals::Numerals;

/// Stands for the accent.
const ACCENT: RGBColor = RGBColor(0, 0, 254);
/// Stands for guides.
const GUIDE: RGBColor = RGBColor(200, 200, 200);
/// Stands for text and for what is drawn like text.
const TEXT: RGBColor = RGBColor(0, 0, 0);
/// Stands for what lies behind everything.
const PAPER: RGBColor = RGBColor(255, 255, 254);
/// How much of the accent the band of intervals has.
const TINT: f64 = 0.16;
/// Height of the letters.
const TEXT_PX: u32 = 16;
/// Width that a label under the axis needs.
const LABEL_PX: u32 = 88;

/// One place on the axis of time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    /// What stands under it: `3 Nov`.
    pub(super) label: String,
    /// Score and the ends of its interval; none where there are too few answers to show one.
    pub(super) score: Option<(f64, Range<f64>)>,
    /// From 10 to 29 answers: drawn hollow.
    pub(super) is_early: bool,
    /// Is this the first place after the question changed?
    pub(super) is_break: bool,
    /// Is this the first place after something was improved?
    pub(super) is_noted: bool,
}

impl Mark {
    /// `score` of `n` answers, where it is fit to be shown.
    pub(super) fn of(label: String, n: u64, score: Option<(f64, Interval)>, is_break: bool) -> Self {
        let score = score.map(|(score, interval)| (score, interval.low..interval.high));
        Self { label, score, is_early: State::of(n) == State::Early, is_break, is_noted: false }
    }
}

/// Are there two scores at least? One makes no line.
pub(super) fn has_line(marks: &[Mark]) -> bool {
    marks.iter().filter(|mark| mark.score.is_some()).count() >= 2
}

/// How a score is written beside the axis.
#[derive(Clone)]
pub(super) struct Unit<'a> {
    pub(super) numerals: &'a Numerals,
    /// Digits after the decimal sign.
    pub(super) digits: usize,
    /// `" %"` or nothing.
    pub(super) suffix: &'static str,
    /// Lowest and highest score there can be.
    pub(super) ends: Range<f64>,
}

impl Unit<'_> {
    /// `−6.5`, `84 %`.
    pub(super) fn written(&self, value: f64) -> String {
        format!("{}{}", self.numerals.decimal(value, self.digits), self.suffix)
    }
}

/// Width and height in CSS pixels.
pub(super) type Size = (u32, u32);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plane<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<Axis, Axis>>;
type Drawn = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// The picture of a trend with its axes, as an `svg` element; empty where there is no score to draw.
pub(super) fn trend(marks: &[Mark], unit: &Unit<'_>, size: Size) -> anyhow::Result<String> {
    let mut svg = String::new();
    let Some(axis) = axis(marks, &unit.ends) else { return Ok(svg) };
    let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
    draw_trend(&area, marks, unit, axis, size.0).map_err(|error| anyhow::anyhow!("{error}"))?;
    drop(area);
    Ok(svg)
}

/// The same without axes and words, for a card.
pub(super) fn spark(marks: &[Mark], ends: &Range<f64>, size: Size) -> anyhow::Result<String> {
    let mut svg = String::new();
    let Some(axis) = axis(marks, ends) else { return Ok(svg) };
    let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
    draw_spark(&area, marks, axis).map_err(|error| anyhow::anyhow!("{error}"))?;
    drop(area);
    Ok(svg)
}

fn draw_spark(area: &Area<'_>, marks: &[Mark], axis: Axis) -> Drawn {
    let mut plane = ChartBuilder::on(area).margin(4).build_cartesian_2d(across(marks, Vec::new()), axis)?;
    draw_scores(&mut plane, marks)?;
    area.present()?;
    Ok(())
}

fn draw_trend(area: &Area<'_>, marks: &[Mark], unit: &Unit<'_>, axis: Axis, width: u32) -> Drawn {
    let room = usize::try_from((width / LABEL_PX).max(2)).unwrap_or(2);
    let labelled = every(marks.len(), room);
    let Range { start, end } = axis.range;
    let mut plane = ChartBuilder::on(area)
        .margin_top(16)
        // For the label of the last score.
        .margin_right(52)
        .x_label_area_size(28)
        .y_label_area_size(52)
        .build_cartesian_2d(across(marks, labelled), axis)?;
    let letters = ("sans-serif", TEXT_PX).into_font().color(&TEXT);
    plane
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(GUIDE)
        .light_line_style(TRANSPARENT)
        .axis_style(TRANSPARENT)
        .label_style(letters.clone())
        .x_label_formatter(&|x| marks.get(place(*x)).map_or_else(String::new, |mark| mark.label.clone()))
        .y_label_formatter(&|y| unit.written(*y))
        .draw()?;
    for (x, _) in marks.iter().enumerate().filter(|(_, mark)| mark.is_break) {
        let x = position(x) - 0.5;
        let line = [(x, start), (x, end)];
        plane.draw_series(DashedLineSeries::new(line, 4, 4, TEXT.into()))?;
    }
    for (x, _) in marks.iter().enumerate().filter(|(_, mark)| mark.is_noted) {
        let x = position(x) - 0.5;
        // Dots, where a change of the question has dashes: the line of scores goes on.
        plane.draw_series(DashedLineSeries::new([(x, start), (x, end)], 1, 5, ACCENT.stroke_width(2)))?;
    }
    draw_scores(&mut plane, marks)?;
    let last = marks.iter().enumerate().filter_map(|(x, mark)| Some((x, mark.score.as_ref()?.0))).next_back();
    if let Some((x, score)) = last {
        let beside = letters.pos(Pos::new(HPos::Left, VPos::Center));
        let label = EmptyElement::at((position(x), score)) + Text::new(unit.written(score), (10, 0), beside);
        plane.plotting_area().draw(&label)?;
    }
    area.present()?;
    Ok(())
}

/// The band, the line over it, and a point for each score; a gap where there is none and where the question changed.
fn draw_scores(plane: &mut Plane<'_>, marks: &[Mark]) -> Drawn {
    for run in runs(marks) {
        let upper = run.iter().map(|(x, _, interval)| (*x, interval.end));
        let lower = run.iter().rev().map(|(x, _, interval)| (*x, interval.start));
        let outline: Vec<_> = upper.chain(lower).collect();
        let line: Vec<_> = run.iter().map(|(x, score, _)| (*x, *score)).collect();
        if let [(x, _, interval)] = run.as_slice() {
            // A band of one place has no width: it is a line.
            let alone = [(*x, interval.start), (*x, interval.end)];
            plane.draw_series(std::iter::once(PathElement::new(alone, ACCENT.mix(TINT).stroke_width(8))))?;
        }
        plane.draw_series(std::iter::once(Polygon::new(outline, ACCENT.mix(TINT))))?;
        plane.draw_series(LineSeries::new(line, ACCENT.stroke_width(2)))?;
    }
    for (x, mark) in marks.iter().enumerate() {
        let Some((score, _)) = mark.score else { continue };
        let at = (position(x), score);
        let fill = if mark.is_early { PAPER } else { ACCENT };
        plane.draw_series([Circle::new(at, 3, fill.filled()), Circle::new(at, 3, ACCENT.stroke_width(1))])?;
    }
    Ok(())
}

/// A place with its score and interval.
type Point = (f64, f64, Range<f64>);

/// Neighbouring scores that may be joined by a line.
fn runs(marks: &[Mark]) -> Vec<Vec<Point>> {
    let mut runs: Vec<Vec<Point>> = vec![Vec::new()];
    for (x, mark) in marks.iter().enumerate() {
        if mark.is_break || mark.score.is_none() {
            runs.push(Vec::new());
        }
        if let (Some((score, interval)), Some(run)) = (&mark.score, runs.last_mut()) {
            run.push((position(x), *score, interval.clone()));
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// What an axis shows, and where its guides and labels lie.
#[derive(Debug, Clone, PartialEq)]
struct Axis {
    range: Range<f64>,
    guides: Vec<f64>,
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    #[expect(clippy::cast_possible_truncation, reason = "pixels of a picture")]
    fn map(&self, value: &f64, (first, last): (i32, i32)) -> i32 {
        let part = (value - self.range.start) / (self.range.end - self.range.start);
        first + (part * f64::from(last - first)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.guides.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

/// All intervals and some air, but never so near that noise looks like a mountain: a quarter of the scale at least.
/// None where there is no score.
fn axis(marks: &[Mark], ends: &Range<f64>) -> Option<Axis> {
    let intervals = || marks.iter().filter_map(|mark| mark.score.as_ref().map(|(_, interval)| interval));
    intervals().next()?;
    let low = intervals().map(|interval| interval.start).fold(f64::INFINITY, f64::min);
    let high = intervals().map(|interval| interval.end).fold(f64::NEG_INFINITY, f64::max);
    let whole = ends.end - ends.start;
    let air = (whole / 4.0 - (high - low)).max(0.0) / 2.0;
    let step = step(high - low + 2.0 * air);
    let low = ((low - air) / step).floor().max((ends.start / step).floor()) * step;
    let high = ((high + air) / step).ceil().min((ends.end / step).ceil()) * step;
    let (low, high) = (low.max(ends.start), high.min(ends.end));
    let first = (low / step).ceil();
    let guides = std::iter::successors(Some(first), |at| Some(at + 1.0)).map(|at| at * step);
    Some(Axis { range: low..high, guides: guides.take_while(|guide| *guide <= high).collect() })
}

/// A step that people count in, for some five guides over `span`.
fn step(span: f64) -> f64 {
    let rough = span / 5.0;
    let magnitude = 10_f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|step| step * magnitude);
    steps.into_iter().find(|step| *step >= rough).unwrap_or(10.0 * magnitude)
}

/// At most `room` of `len` places, evenly spread, the last one included.
fn every(len: usize, room: usize) -> Vec<f64> {
    let step = len.div_ceil(room).max(1);
    let mut places: Vec<f64> = (0..len).rev().step_by(step).map(position).collect();
    places.reverse();
    places
}

/// The axis of time, with half a place of air at both ends.
fn across(marks: &[Mark], labelled: Vec<f64>) -> Axis {
    Axis { range: -0.5..position(marks.len()) - 0.5, guides: labelled }
}

#[expect(clippy::cast_precision_loss, reason = "places on an axis are few")]
fn position(place: usize) -> f64 {
    place as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it came from `position`")]
fn place(position: f64) -> usize {
    position.round().max(0.0) as usize
}

#[cfg(test)]
mod tests;
