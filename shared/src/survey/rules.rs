//! Whom to ask, when, and after what.

use serde::{Deserialize, Serialize};

use crate::gate::{Condition, Recontact, UrlRule};

/// Whom to ask; an empty targeting asks everybody everywhere, within the recontact rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Targeting {
    /// Rules on the page's address: at least one of the plain ones and none of the `not` ones must match.
    pub urls: Vec<UrlRule>,
    /// What else must hold, all of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Share of shoppers asked, in thousandths, 1–1000; sticky for each browser.
    pub sample_per_mille: u16,
    /// How long to leave a shopper alone.
    pub recontact: Recontact,
    /// How many answers are wanted.
    #[serde(skip_serializing_if = "Quota::is_open")]
    pub quota: Quota,
}

impl Default for Targeting {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            conditions: Vec::new(),
            sample_per_mille: 1000,
            recontact: Recontact::default(),
            quota: Quota::default(),
        }
    }
}

/// How many answers that count in scores are wanted; the collector stops asking when they are there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Quota {
    /// In all, at least 1; no limit where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// On one day of the site's zone, at least 1; no limit where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily: Option<u32>,
}

impl Quota {
    /// Is there no limit?
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Are `total` answers in all, `today` of them today, as many as are wanted?
    pub fn is_met(&self, total: u64, today: u64) -> bool {
        let met = |wanted: Option<u32>, n: u64| wanted.is_some_and(|wanted| n >= wanted.into());
        met(self.total, total) || met(self.daily, today)
    }
}

/// The time in which the survey may be asked; open where absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// First moment, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// First moment after, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Days of the week, in the site's zone; empty: every day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Weekday>,
    /// Times of the day `[from, until]` as `HH:MM` in the site's zone; may run past midnight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<[String; 2]>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// What must happen on the page before the prompt appears.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "on", rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// Nothing.
    #[default]
    Immediately,
    /// The page was in view for a while.
    Seconds {
        /// 1–3,600.
        seconds: u16,
    },
    /// It was scrolled down.
    Scroll {
        /// 1–100 percent of what can be scrolled.
        percent: u16,
    },
    /// The shopper is about to leave: the pointer left at the top, or a touch screen was flung upwards.
    Exit,
    /// Something was clicked.
    Click {
        /// A CSS selector.
        selector: String,
    },
    /// Something came into view.
    InView {
        /// A CSS selector.
        selector: String,
    },
    /// The page said that something happened: `parere.track(name, properties)`.
    Event {
        /// Name of the event.
        name: String,
        /// What must hold for its properties, all of it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        properties: Vec<Condition>,
    },
    /// The page names an order (`data-ref`) that was not asked about before.
    Purchase,
}

impl Trigger {
    /// Is there nothing to wait for?
    pub fn is_immediate(&self) -> bool {
        *self == Self::Immediately
    }
}
