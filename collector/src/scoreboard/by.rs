//! What a series is told apart by.

use serde::Serialize;
use utoipa::ToSchema;

use crate::catalogue::date_of;
use crate::store::{Count, Dimension, Known, ShopOrder};

/// What a series is told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Local day: `2026-11-20`.
    Day,
    /// ISO week: `2026-W47`.
    Week,
    /// Month: `2026-11`.
    Month,
    /// How the question came.
    Channel,
    /// Language of the prompt.
    Locale,
    /// Class of device.
    Device,
    /// Where in the customer journey.
    Touchpoint,
    /// Page of the shop: the latest 20,000 answers, those of few pages together by folder or as `other`.
    Page,
    /// What exactly was asked.
    Instrument,
    /// How the order that the answer names stands; this and the next four of the latest 20,000 answers.
    OrderStatus,
    /// How its delivery went: `late`, `delivered`, `in_transit`, `not_sent`.
    Delivery,
    /// Who carried it.
    Carrier,
    /// Country and province of the customer.
    Region,
    /// Each article in it.
    Sku,
}

impl By {
    /// All of them; whoever offers or reads some picks them from here.
    pub const ALL: [Self; 14] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Channel,
        Self::Locale,
        Self::Device,
        Self::Touchpoint,
        Self::Page,
        Self::Instrument,
        Self::OrderStatus,
        Self::Delivery,
        Self::Carrier,
        Self::Region,
        Self::Sku,
    ];

    /// Their names in a sentence.
    pub const NAMES: &'static str = "day, week, month, channel, locale, device, touchpoint, page, instrument, \
        order_status, delivery, carrier, region or sku";

    /// Its name in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Channel => "channel",
            Self::Locale => "locale",
            Self::Device => "device",
            Self::Touchpoint => "touchpoint",
            Self::Page => "page",
            Self::Instrument => "instrument",
            Self::OrderStatus => "order_status",
            Self::Delivery => "delivery",
            Self::Carrier => "carrier",
            Self::Region => "region",
            Self::Sku => "sku",
        }
    }

    /// Reads the name in a query.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == text)
    }

    /// Is a series of it one of time?
    pub fn is_of_time(self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month)
    }

    /// Is it read from the latest answers, because nobody counts it by day?
    pub(super) fn is_of_latest(self) -> bool {
        self == Self::Page || self.is_of_order()
    }

    pub(super) fn dimension(self) -> Dimension {
        match self {
            Self::Day | Self::Week | Self::Month => Dimension::Day,
            Self::Channel => Dimension::Channel,
            Self::Locale => Dimension::Locale,
            Self::Device => Dimension::Device,
            Self::Touchpoint => Dimension::Touchpoint,
            // Pages and orders are not counted by day; see `place.rs`.
            Self::Instrument
            | Self::Page
            | Self::OrderStatus
            | Self::Delivery
            | Self::Carrier
            | Self::Region
            | Self::Sku => Dimension::All,
        }
    }

    /// The key in the series for a count.
    pub(super) fn key(self, count: &Count) -> String {
        match self {
            Self::Day | Self::Week | Self::Month => {
                self.key_of_day(count.key.parse().unwrap_or_default()).unwrap_or_default()
            }
            Self::Instrument => count.instrument.clone(),
            Self::Channel | Self::Locale | Self::Device | Self::Touchpoint if count.key.is_empty() => {
                "unknown".into()
            }
            Self::Channel | Self::Locale | Self::Device | Self::Touchpoint => count.key.clone(),
            // Read from the latest answers, each under its own keys.
            Self::Page | Self::OrderStatus | Self::Delivery | Self::Carrier | Self::Region | Self::Sku => {
                String::new()
            }
        }
    }

    /// Is it a property of the order that an answer names?
    pub fn is_of_order(self) -> bool {
        matches!(self, Self::OrderStatus | Self::Delivery | Self::Carrier | Self::Region | Self::Sku)
    }

    /// The keys of an order: several articles, none where something is not known.
    pub(super) fn keys_of(self, order: &ShopOrder) -> Vec<String> {
        let known = |fact: &Option<Known<String>>| fact.iter().map(|known| known.value.clone()).collect();
        match self {
            Self::OrderStatus => vec![order.status().into()],
            Self::Delivery => vec![order.delivery().into()],
            Self::Carrier => known(&order.carrier),
            Self::Region => known(&order.region),
            Self::Sku => order.skus.iter().flat_map(|known| known.value.iter().cloned()).collect(),
            _ => Vec::new(),
        }
    }

    /// The key in the series for a local day, since 1970-01-01; none where the series is not one of time.
    pub fn key_of_day(self, day: i32) -> Option<String> {
        let date = date_of(day);
        match self {
            Self::Day => Some(date.to_string()),
            Self::Week => {
                let week = date.iso_week_date();
                Some(format!("{:04}-W{:02}", week.year(), week.week()))
            }
            Self::Month => Some(date.strftime("%Y-%m").to_string()),
            Self::Channel
            | Self::Locale
            | Self::Device
            | Self::Touchpoint
            | Self::Page
            | Self::Instrument
            | Self::OrderStatus
            | Self::Delivery
            | Self::Carrier
            | Self::Region
            | Self::Sku => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_one_name() {
        for by in By::ALL {
            assert_eq!(By::parse(by.as_str()), Some(by));
            assert_eq!(serde_json::to_value(by).unwrap(), by.as_str(), "as it is sent");
        }
        assert_eq!(By::NAMES.replace(" or ", ", "), By::ALL.map(By::as_str).join(", "));
        assert_eq!(By::parse("mood"), None);
    }
}
