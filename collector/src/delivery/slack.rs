//! What people read in Slack, and in what takes the same messages.

use parere_shared::score::{State, Summary};
use parere_shared::survey::{Metric, Scale};

use super::digest::{Digest, OfSurvey};
use crate::store::Row;

/// Most characters of a comment in a message; the whole of it is behind the link.
const COMMENT_CHARS_MAX: usize = 1_000;

/// Text that says what it says: `<!channel>` rings nobody's bell, and `<https://…|here>` leads nowhere.
///
/// Source: Slack's formatting reference, which asks for these three and no others.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An answer: what was given, what was said, where, and the way to it.
pub(super) fn response(row: &Row, scale: Option<&Scale>, is_revised: bool, link: &str) -> String {
    let ends = scale.map_or_else(String::new, |scale| format!(" ({} to {})", scale.min, scale.max));
    let mut text = format!("*{}{ends}* · {} · {}", row.score, escaped(&row.band), escaped(&row.survey));
    if is_revised {
        text.push_str(" · revised");
    }
    if row.test {
        text.push_str(" · test");
    }
    if let Some(comment) = &row.comment {
        let cut: String = comment.chars().take(COMMENT_CHARS_MAX).collect();
        for line in escaped(&cut).lines() {
            text.push_str("\n> ");
            text.push_str(line);
        }
        if cut.len() < comment.len() {
            text.push_str(" …");
        }
    }
    let facts = [row.touchpoint.as_deref(), row.page.as_deref(), row.locale.as_deref()];
    let facts: Vec<String> = facts.into_iter().flatten().map(escaped).collect();
    text.push('\n');
    for fact in facts {
        text.push_str(&fact);
        text.push_str(" · ");
    }
    text + &format!("<{}|Open the answer>", escaped(link))
}

/// A day's scores.
pub(super) fn digest(digest: &Digest, site_name: &str, link: &str) -> String {
    let mut text = format!("*{}* · {}", escaped(site_name), digest.day);
    for survey in &digest.surveys {
        text.push_str(&of_survey(survey));
    }
    if digest.surveys.is_empty() {
        text.push_str("\nNo answers in the last 30 days.");
    }
    text + &format!("\n<{}|Open the dashboard>", escaped(link))
}

fn of_survey(survey: &OfSurvey) -> String {
    let metric = survey.day.metric;
    format!(
        "\n*{}* · {}\n{} that day · last 30 days: {}",
        escaped(&survey.survey),
        escaped(&survey.question),
        answers(survey.day.summary.n),
        figure(metric, &survey.last_30_days.summary)
    )
}

fn answers(n: u64) -> String {
    match n {
        1 => "1 answer".into(),
        n => format!("{n} answers"),
    }
}

/// A score with how sure it is, or why there is none.
fn figure(metric: Metric, summary: &Summary) -> String {
    let from = answers(summary.n);
    let early = match summary.state {
        State::None => return "no answers".into(),
        State::Hidden => return format!("{from}, too few for a score"),
        State::Early => "early: ",
        State::Ok => "",
    };
    let written = |value: f64| match metric {
        Metric::Nps => format!("{:.0}", value.round() + 0.0),
        Metric::Csat => format!("{:.0} %", value.round() + 0.0),
        Metric::Ces => format!("{value:.1}"),
    };
    match (summary.score, summary.interval) {
        (Some(score), Some(interval)) => format!(
            "{early}{}, likely between {} and {}, from {from}",
            written(score),
            written(interval.low),
            written(interval.high)
        ),
        _ => format!("{from}, too few for a score"),
    }
}

#[cfg(test)]
mod tests {
    use parere_shared::response::ResponseId;
    use parere_shared::score::{self, Counts};
    use parere_shared::survey::{Look, Polarity};

    use super::*;
    use crate::store::Flags;

    fn row(comment: Option<&str>) -> Row {
        Row {
            id: ResponseId::parse("019aa5a0-0000-7000-8000-000000000001").unwrap(),
            survey: "nps".into(),
            metric: Metric::Nps,
            instrument: "i".into(),
            revision: 1,
            score: 2,
            band: "detractor".into(),
            comment: comment.map(Into::into),
            choices: "[]".into(),
            locale: Some("it".into()),
            channel: None,
            touchpoint: None,
            device: None,
            page: Some("/a?x=<&>".into()),
            order_ref: None,
            attributes: "{}".into(),
            test: false,
            flags: Flags::default(),
            inclusion: None,
            occurred_at: 0,
            received_at: 0,
        }
    }

    #[test]
    fn a_shopper_rings_nobodys_bell() {
        for (said, written) in [
            ("<!channel> help", "&lt;!channel&gt; help"),
            ("<!here>", "&lt;!here&gt;"),
            ("<!everyone|x>", "&lt;!everyone|x&gt;"),
            ("<@U012AB3CD>", "&lt;@U012AB3CD&gt;"),
            ("<#C012AB3CD>", "&lt;#C012AB3CD&gt;"),
            ("<!subteam^S1>", "&lt;!subteam^S1&gt;"),
            ("<https://evil.example|your bank>", "&lt;https://evil.example|your bank&gt;"),
            ("a & b", "a &amp; b"),
            ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
            ("@channel", "@channel"),
            ("<<!channel>>", "&lt;&lt;!channel&gt;&gt;"),
            ("", ""),
        ] {
            assert_eq!(escaped(said), written, "{said}");
        }
    }

    #[test]
    fn an_answer_reads_as_a_message() {
        let scale = Scale { min: 0, max: 10, polarity: Polarity::HighIsGood, look: Look::Numbers };
        let link = "https://feedback.example/x?a=1&b=2";
        assert_eq!(
            response(&row(Some("Brutte <!here>\ne care")), Some(&scale), false, link),
            "*2 (0 to 10)* · detractor · nps\n> Brutte &lt;!here&gt;\n> e care\n/a?x=&lt;&amp;&gt; · it · \
             <https://feedback.example/x?a=1&amp;b=2|Open the answer>"
        );
        let long = response(&row(Some(&"é".repeat(1_001))), None, true, link);
        assert!(long.starts_with("*2* · detractor · nps · revised\n> é") && long.contains("é …\n"), "{long}");
        assert!(!response(&row(None), None, false, link).contains("> "));
    }

    #[test]
    fn a_score_is_told_with_how_sure_it_is() {
        let scale = Scale { min: 0, max: 10, polarity: Polarity::HighIsGood, look: Look::Numbers };
        for (promoters, detractors, expected) in [
            (0, 0, "no answers"),
            (9, 0, "9 answers, too few for a score"),
            (8, 4, "early: 33, likely between "),
            (60, 20, "50, likely between "),
        ] {
            let counts: Counts = [(10, 1000, promoters), (0, 1000, detractors)].into_iter().collect();
            let summary = score::summarize(Metric::Nps, &scale, &counts);
            assert!(figure(Metric::Nps, &summary).starts_with(expected), "{}", figure(Metric::Nps, &summary));
        }
    }
}
