//! Cards to print and put in a parcel: a sheet of them as SVG, each with a code.
//!
//! A browser prints it on A4 as it is, or to PDF.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use parere_shared::config::SurveyConfig;
use parere_shared::violation::{Rule, Violation};

use super::note;
use crate::app::App;
use crate::auth::{May, READ, WRITE};
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::error::ApiError;
use crate::invitation::{self, InvitationIn};
use crate::openapi::{CardsQuery, InSite, InvalidQuery, NoSuchSite, Refused};
use crate::routes::hosted::qr;
use crate::routes::query::{Asked, NO_SUCH_SURVEY, refuse_any};

/// Cards of a sheet: two columns and five rows of 85 × 54 mm, the size of a bank card, fit on A4 with room to cut.
const CARDS_MAX: usize = 10;

/// A card and its sheet, in millimetres.
const CARD: (f64, f64) = (85.0, 54.0);
const SHEET: (f64, f64) = (210.0, 297.0);

/// Side of a code with its quiet zone, in millimetres: read by any phone at arm's length.
const CODE_MM: f64 = 34.0;

/// Letters of a line beside the code at 3.6 mm.
const LINE_CHARS: usize = 22;

/// Most lines of a question.
const LINES_MAX: usize = 7;

/// A sheet of cards that all have the survey's public link.
#[utoipa::path(get, path = "/sites/{site}/invitations/cards.svg", operation_id = "print_cards",
    params(InSite, CardsQuery),
    responses((status = 200, body = String, content_type = "image/svg+xml"), NoSuchSite, InvalidQuery, Refused))]
pub(super) async fn print(
    State(app): State<App>,
    May { site, .. }: May<READ>,
    asked: Asked,
) -> Result<Response, ApiError> {
    let (entry, n) = wanted(&site, &asked)?;
    let url = format!("{}/s/{}/{}?via=qr", app.public_url, site.site.key, entry.survey.slug);
    sheet(&site, entry, asked.get("lang"), &vec![url; n])
}

/// A sheet of cards that each have a link of their own, for one customer and one answer.
#[utoipa::path(post, path = "/sites/{site}/invitations/cards.svg", operation_id = "make_cards",
    params(InSite, CardsQuery),
    responses((status = 200, body = String, content_type = "image/svg+xml"), NoSuchSite, InvalidQuery, Refused))]
pub(super) async fn make(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    asked: Asked,
) -> Result<Response, ApiError> {
    let (entry, n) = wanted(&site, &asked)?;
    let mut urls = Vec::with_capacity(n);
    for _ in 0..n {
        let wish = InvitationIn {
            survey: entry.survey.slug.clone(),
            channel: "qr".into(),
            locale: asked.get("lang").map(str::to_owned),
            ..InvitationIn::default()
        };
        let (made, _) = invitation::make(&app, &scope, &site, &wish).await?;
        urls.push(invitation::link(&app.public_url, &site.site, made.id)?);
    }
    note(&app, &caller, &scope, n as u64).await?;
    sheet(&site, entry, asked.get("lang"), &urls)
}

/// The survey, and how many cards.
fn wanted<'a>(site: &'a SiteEntry, asked: &Asked) -> Result<(&'a SurveyEntry, usize), ApiError> {
    let n = asked.get("n").map_or(Some(CARDS_MAX), |n| n.parse().ok());
    let mut found = Vec::new();
    if n.is_none_or(|n| !(1..=CARDS_MAX).contains(&n)) {
        found.push(Violation::new("n", Rule::OutOfRange { min: 1, max: 10 }));
    }
    if asked.get("survey").is_none() {
        found.push(Violation::new("survey", Rule::Missing));
    }
    refuse_any(found)?;
    Ok((asked.survey(site)?.ok_or(NO_SUCH_SURVEY)?, n.unwrap_or(CARDS_MAX)))
}

fn sheet(
    site: &SiteEntry,
    entry: &SurveyEntry,
    language: Option<&str>,
    urls: &[String],
) -> Result<Response, ApiError> {
    let language = entry.survey.language_for(language.unwrap_or_default());
    let config = SurveyConfig::new(&entry.survey, language, site.offsets);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {} {}\" \
         font-family=\"system-ui, sans-serif\" xml:lang=\"{}\">\n<path fill=\"#fff\" d=\"M0 0h{}v{}H0z\"/>\n",
        SHEET.0, SHEET.1, SHEET.0, SHEET.1, config.language, SHEET.0, SHEET.1
    );
    for (place, url) in urls.iter().enumerate() {
        card(&mut svg, place, invitation::brand(site, entry), &config.question, url)?;
    }
    svg.push_str("</svg>\n");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, svg).into_response())
}

/// One card: the outline to cut, the shop, the question, the code.
fn card(svg: &mut String, place: usize, brand: &str, question: &str, url: &str) -> Result<(), ApiError> {
    let (column, row) = (place % 2, place / 2);
    let margin = ((SHEET.0 - 2.0 * CARD.0) / 2.0, (SHEET.1 - 5.0 * CARD.1) / 2.0);
    let at =
        |step: usize, size: f64, margin: f64| margin + f64::from(u32::try_from(step).unwrap_or(0)) * size;
    let (x, y) = (at(column, CARD.0, margin.0), at(row, CARD.1, margin.1));
    let (path, side) = qr::path(url)?;
    let scale = CODE_MM / f64::from(u32::try_from(side).unwrap_or(u32::MAX));
    // Writing to a string cannot fail.
    writeln!(
        svg,
        "<g transform=\"translate({x:.2} {y:.2})\"><path fill=\"none\" stroke=\"#bbb\" stroke-width=\".2\" \
         stroke-dasharray=\"1 1\" d=\"M0 0h{}v{}H0z\"/>\
         <text x=\"5\" y=\"9\" font-size=\"4\" font-weight=\"600\">{}</text>\
         <g transform=\"translate({} {}) scale({scale:.5})\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></g>",
        CARD.0,
        CARD.1,
        escaped(&brand.chars().take(2 * LINE_CHARS).collect::<String>()),
        CARD.0 - CODE_MM - 2.0,
        (CARD.1 - CODE_MM) / 2.0 + 3.0
    )
    .ok();
    for (line, text) in lines(question).iter().enumerate() {
        let y = 16.0 + 5.0 * f64::from(u32::try_from(line).unwrap_or(0));
        writeln!(svg, "<text x=\"5\" y=\"{y}\" font-size=\"3.6\">{}</text>", escaped(text)).ok();
    }
    svg.push_str("</g>\n");
    Ok(())
}

/// A text in lines that fit beside the code; what has no blanks is broken anywhere.
fn lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for part in letters.chunks(LINE_CHARS) {
            let part: String = part.iter().collect();
            let Some(line) = lines.last_mut() else { continue };
            let blank = usize::from(!line.is_empty());
            if line.chars().count() + blank + part.chars().count() > LINE_CHARS {
                lines.push(part);
            } else {
                line.push_str(if blank == 1 { " " } else { "" });
                line.push_str(&part);
            }
        }
    }
    lines.truncate(LINES_MAX);
    lines
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_broken_into_lines_that_fit() {
        for text in
            ["Quanto è probabile che consiglieresti Bottega Fiorini a un amico?", "x".repeat(70).as_str(), ""]
        {
            let found = lines(text);
            assert!(found.iter().all(|line| line.chars().count() <= LINE_CHARS), "{found:?}");
            let (joined, whole) = (found.concat().replace(' ', ""), text.replace(' ', ""));
            assert_eq!(joined, whole);
        }
        assert_eq!(escaped("<a & b>"), "&lt;a &amp; b&gt;");
    }
}
