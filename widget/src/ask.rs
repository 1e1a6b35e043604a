//! May a survey be asked on this page, must something happen first, and how is it drawn? Pure: texts in, a text out.

use parere_shared::config::SurveyConfig;
use parere_shared::gate::{On, order_slug};
use parere_shared::memory::Memory;
use parere_shared::survey::Placement;
use parere_shared::text::{concat, push_number};
use parere_shared::time::Millis;

use crate::drawing::{Drawing, style};
use crate::page::Page;

/// Its texts lie in the bytes of the configuration.
pub(crate) type Survey<'a> = SurveyConfig<&'a str>;

/// What becomes of a survey, as text for `browser/ask.js`: kind and values, separated by NUL.
///
/// * `no`, why
/// * `wait`, kind of happening, amount, name
/// * `draw`, place, instrument, touchpoint, markup, words; [`sheet`] has the stylesheet
pub(crate) fn ask(page: &Page<'_>, memory: &str, config: &[u8], is_due: bool, now: Millis) -> String {
    let Ok(survey) = postcard::from_bytes::<Survey<'_>>(config) else { return "no\0unreadable".into() };
    let memory = &remember(page, memory);
    let awaited = &survey.awaited;
    if !page.is_forced {
        if let Err(refusal) = survey.gate.judge(survey.slug, &page.visit(now), memory) {
            return concat(&["no\0", refusal.as_str()]);
        }
        if awaited.on == On::Purchase {
            if page.order_ref.is_empty() || memory.of(&order_slug(survey.slug, page.order_ref)).is_some() {
                return "no\0order".into();
            }
        } else if awaited.on != On::Start && !is_due {
            let mut wait = String::from("wait\0");
            push_number(&mut wait, awaited.on as i64);
            wait.push('\0');
            push_number(&mut wait, awaited.amount.into());
            return concat(&[&wait, "\0", awaited.name]);
        }
    }
    let drawing = Drawing::question(&survey);
    let kind = match survey.placement {
        Placement::Inline => "",
        Placement::Popover => "popover ",
        Placement::Bar => "bar ",
        Placement::Tab => "tab ",
    };
    let position = if kind.is_empty() { "" } else { survey.position.as_str() };
    let known = concat(&["draw\0", kind, position, "\0", survey.instrument, "\0", survey.touchpoint, "\0"]);
    concat(&[&known, &drawing.markup, "\0", &drawing.words])
}

/// The stylesheet of a question that is drawn where it `looks` so; apart from [`ask`], because most visits are refused
/// or wait, and reading how a page looks is work for the browser.
pub(crate) fn sheet(config: &[u8], looks: &str) -> String {
    let survey = postcard::from_bytes::<Survey<'_>>(config);
    survey.map_or_else(|_| String::new(), |survey| style::sheet(looks, survey.scale.points()))
}

/// Did what the survey waits for happen with this event? `properties` as in [`Page::attributes`].
pub(crate) fn is_event(config: &[u8], name: &str, properties: &str) -> bool {
    let survey = postcard::from_bytes::<Survey<'_>>(config);
    survey.is_ok_and(|survey| survey.awaited.is_met(On::Event, 0, name, properties))
}

/// What the browser remembers; where nothing can be stored, the visitor's number is the loader's.
pub(crate) fn remember(page: &Page<'_>, memory: &str) -> Memory {
    let mut memory = Memory::parse(memory);
    if memory.visitor.is_empty() {
        memory.visitor = page.visitor.into();
    }
    memory
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use parere_shared::gate::Zone;
    use parere_shared::survey::Survey as Definition;
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;

    pub(crate) const NOW: Millis = 1_795_255_200_000;

    /// Around [`NOW`].
    const ROME: Zone = Zone { offset_min: 60, change_ms: 1_806_195_600_000, then_min: 120 };

    pub(crate) fn config(fields: &Value) -> Vec<u8> {
        let mut survey = json!({
            "slug": "nps", "state": "live", "metric": "nps", "languages": ["en"],
            "scale": {"min": 0, "max": 10, "polarity": "high_is_good", "look": "numbers"},
        });
        for (name, value) in fields.as_object().unwrap() {
            survey[name] = value.clone();
        }
        let survey: Definition = serde_json::from_value(survey).unwrap();
        assert_eq!(survey.violations(), []);
        postcard::to_allocvec(&SurveyConfig::new(&survey, "en", ROME)).unwrap()
    }

    fn start_of(text: &str) -> Vec<&str> {
        text.split('\0').take(2).collect()
    }

    #[test]
    fn a_survey_is_refused_waits_or_is_drawn() {
        let page = Page { url: "/p", order_ref: "1001", ..Page::default() };
        let forced = Page { is_forced: true, ..page.clone() };
        let order = format!("|{} 0 1 0", order_slug("nps", "1001"));
        let (event, purchase) = (json!({"on": "event", "name": "paid"}), json!({"on": "purchase"}));
        for (fields, page, memory, is_due, expected) in [
            (json!({}), &page, "", false, ["draw", ""]),
            (json!({"placement": "bar"}), &page, "", false, ["draw", "bar bottom"]),
            (
                json!({"placement": "popover", "position": "top_start"}),
                &page,
                "",
                false,
                ["draw", "popover top_start"],
            ),
            (json!({}), &page, "|never", false, ["no", "never"]),
            (json!({}), &forced, "|never", false, ["draw", ""]),
            (json!({"schedule": {"until": "2026-01-01T00:00:00Z"}}), &page, "", false, ["no", "until"]),
            (json!({"trigger": event}), &page, "", false, ["wait", "6"]),
            (json!({"trigger": event}), &page, "", true, ["draw", ""]),
            (json!({"trigger": event}), &forced, "", false, ["draw", ""]),
            (json!({"trigger": purchase}), &page, "", false, ["draw", ""]),
            (json!({"trigger": purchase}), &page, &order, false, ["no", "order"]),
            (
                json!({"trigger": purchase}),
                &Page { url: "/p", ..Page::default() },
                "",
                false,
                ["no", "order"],
            ),
        ] {
            let verdict = ask(page, memory, &config(&fields), is_due, NOW);
            assert_eq!(start_of(&verdict), expected, "{fields} {memory}");
        }
        assert_eq!(ask(&page, "", b"\x05", false, NOW), "no\0unreadable");
    }

    /// One visit of the table in `tests/cases`, which the browser tests hold the wasm to, as well.
    #[derive(Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Case {
        is: String,
        url: String,
        now: String,
        screen: i32,
        language: String,
        referrer: String,
        visitor: String,
        views: String,
        attributes: BTreeMap<String, String>,
        memory: String,
        visitor_number: String,
        r#ref: String,
        is_due: bool,
        is_forced: bool,
    }

    impl Default for Case {
        fn default() -> Self {
            let text = String::new;
            Self {
                is: text(),
                url: "/".into(),
                now: "2026-11-21T10:00:00Z".into(),
                screen: 1280,
                language: "en".into(),
                referrer: text(),
                visitor: text(),
                views: text(),
                attributes: BTreeMap::new(),
                memory: text(),
                visitor_number: text(),
                r#ref: text(),
                is_due: false,
                is_forced: false,
            }
        }
    }

    #[derive(Deserialize)]
    struct Cases {
        name: String,
        survey: Value,
        visits: Vec<Case>,
    }

    #[test]
    fn the_table_of_targeting_holds() {
        let table: Vec<Cases> =
            serde_json::from_str(include_str!("../../tests/cases/targeting.json")).unwrap();
        let mut count = 0;
        for Cases { name, survey, visits } in &table {
            let config = config(survey);
            for case in visits {
                let pairs =
                    case.attributes.iter().flat_map(|(name, value)| [name.as_str(), "\0", value, "\0"]);
                let attributes: String = pairs.collect();
                let page = Page {
                    visitor: &case.visitor_number,
                    is_forced: case.is_forced,
                    screen_px: case.screen,
                    url: &case.url,
                    order_ref: &case.r#ref,
                    language: &case.language,
                    referrer: &case.referrer,
                    visits: &case.visitor,
                    views: &case.views,
                    attributes: &attributes,
                    ..Page::default()
                };
                let now = parere_shared::time::parse(&case.now).unwrap();
                let verdict = ask(&page, &case.memory, &config, case.is_due, now);
                let verdict =
                    if verdict.starts_with("draw") { "draw".into() } else { verdict.replace('\0', " ") };
                assert_eq!(verdict, case.is, "{name}: {} {} {}", case.url, case.now, case.memory);
                count += 1;
            }
        }
        assert!(count >= 200, "{count} cases");
    }

    #[test]
    fn an_event_is_told_by_name_and_properties() {
        let fields = json!({"trigger": {"on": "event", "name": "paid",
            "properties": [{"fact": "attribute", "name": "total", "op": "greater", "values": ["50"]}]}});
        let config = config(&fields);
        assert!(is_event(&config, "paid", "total\x0051\0"));
        assert!(!is_event(&config, "paid", "total\x0050\0") && !is_event(&config, "seen", "total\x0051\0"));
    }
}
