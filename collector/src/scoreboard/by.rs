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
    /// Reads the name in a query.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            "channel" => Self::Channel,
            "locale" => Self::Locale,
            "device" => Self::Device,
            "touchpoint" => Self::Touchpoint,
            "page" => Self::Page,
            "instrument" => Self::Instrument,
            "order_status" => Self::OrderStatus,
            "delivery" => Self::Delivery,
            "carrier" => Self::Carrier,
            "region" => Self::Region,
            "sku" => Self::Sku,
            _ => return None,
        })
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
    pub(super) fn is_of_order(self) -> bool {
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
