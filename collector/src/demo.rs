//! A shop to try everything on: made at the first start on an empty database, and filled by `parere demo`.

use parere_shared::gate::Recontact;
use parere_shared::survey::{
    Look, Metric, Placement, Polarity, Scale, Schedule, Survey, SurveyState, Targeting, Trigger,
};
use parere_shared::time::Millis;

use crate::auth::SiteScope;
use crate::origin::OriginRule;
use crate::random;
use crate::store::{CASE_HOURS, Retention, Site, Store, SurveyWrite};

mod calendar;
mod comment;
mod dice;
mod history;
mod language;
mod order;
mod passing;
mod rule;
mod score;
mod shopper;
mod survey;
mod ticket;

pub use history::{History, Wish};
pub use order::MadeUpOrder;
pub use rule::rules;
pub use shopper::MadeUp;

/// Key of the demo site.
pub const SITE: &str = "pk_demo";

/// Key of the site that shows the other scales; kept apart, so that the demo shop has just its three surveys.
pub const SCALES_SITE: &str = "pk_scales";

/// Creates the demo sites if the store has no site at all; `true` if it did.
///
/// The demo shop alone, without the site that is made after it, is what a process leaves that was killed here:
/// what is missing is added.
pub async fn create(store: &dyn Store, now: Millis) -> anyhow::Result<bool> {
    if store.sites().await?.iter().any(|site| site.key != SITE) {
        return Ok(false);
    }
    for (key, name, surveys) in [
        (SITE, "Demo shop", surveys().into()),
        (
            SCALES_SITE,
            "Demo shop: other scales",
            vec![
                ces("ces-5", 5, Polarity::HighIsGood),
                ces("effort-7", 7, Polarity::LowIsGood),
                ces("effort-5", 5, Polarity::LowIsGood),
                csat("csat-faces", 1, 5, Look::Faces),
                csat("csat-thumbs", 0, 1, Look::Thumbs),
            ],
        ),
    ] {
        store.add_site(site(key, name, now)?).await?;
        // One that was removed stays removed.
        if !store.sites().await?.iter().any(|site| site.key == key) {
            continue;
        }
        let scope = SiteScope::at_the_machine(key);
        // A millisecond apart, so that they are listed in this order.
        for (survey, now) in surveys.into_iter().zip(now..) {
            let instruments = survey.languages.iter().map(|language| survey.instrument(language)).collect();
            store
                .add_survey(
                    &scope,
                    SurveyWrite { survey, instruments, author: "the first start".into(), now },
                )
                .await?;
        }
    }
    Ok(true)
}

/// The surveys of the demo shop.
fn surveys() -> [Survey; 3] {
    [nps(), ces("ces", 7, Polarity::HighIsGood), csat("csat", 1, 5, Look::Stars)]
}

fn site(key: &str, name: &str, now: Millis) -> anyhow::Result<Site> {
    Ok(Site {
        key: key.into(),
        name: name.into(),
        zone: "Europe/Rome".into(),
        origins: vec![
            OriginRule::Own,
            OriginRule::AnyPort("http://localhost".into()),
            OriginRule::AnyPort("http://127.0.0.1".into()),
        ],
        consent_needed: false,
        case_hours: Some(CASE_HOURS),
        retention: Retention::default(),
        secret: random::bytes()?,
        created_at: now,
    })
}

fn nps() -> Survey {
    survey("nps", Metric::Nps, 0, 10, Polarity::HighIsGood, Look::Numbers)
}

fn ces(slug: &str, max: i32, polarity: Polarity) -> Survey {
    survey(slug, Metric::Ces, 1, max, polarity, Look::Numbers)
}

fn csat(slug: &str, min: i32, max: i32, look: Look) -> Survey {
    survey(slug, Metric::Csat, min, max, Polarity::HighIsGood, look)
}

fn survey(slug: &str, metric: Metric, min: i32, max: i32, polarity: Polarity, look: Look) -> Survey {
    Survey {
        slug: slug.into(),
        state: SurveyState::Live,
        metric,
        scale: Scale { min, max, polarity, look },
        topic: None,
        brand: "Bottega Fiorini".into(),
        languages: vec!["en".into(), "it".into()],
        texts: [].into(),
        follow_ups: Vec::new(),
        thanks: Vec::new(),
        placement: Placement::Inline,
        position: None,
        touchpoint: "product".into(),
        // Whoever tries it out wants to be asked again at the next page view.
        targeting: Targeting {
            recontact: Recontact { answered_days: 0, dismissed_days: 0, other_days: 0 },
            ..Targeting::default()
        },
        schedule: Schedule::default(),
        trigger: Trigger::Immediately,
    }
}
