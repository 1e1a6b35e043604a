//! What is measured, for whoever watches: counts, sizes and times, never a site, a sender or a text.
//!
//! Every label has a fixed list of values, so that nobody outside can make the list of series grow.

use std::sync::Arc;

use parere_shared::event::EventKind;
use parere_shared::problem::Verdict;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::error::ApiError;
use crate::store::{DeliveryState, Event, Flags};

/// Upper bounds of times, in seconds: from a lone commit on a fast disk to a sender that has given up.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Upper bounds of batches, in answers.
const ROWS: [f64; 8] = [1.0, 4.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// What can become of an answer: verdicts, and the reasons of `error.rs`.
const OUTCOMES: [&str; 13] = [
    "stored",
    "duplicate",
    "superseded",
    "conflict",
    "malformed",
    "invalid",
    "too-large",
    "unsupported-media",
    "forbidden",
    "not-found",
    "closed",
    "too-many",
    "unavailable",
];

/// An event for which there was no room.
const DROPPED: &str = "dropped";

/// A label with one of a fixed list of values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Label {
    reason: &'static str,
}

/// All that is counted; cloning it costs nothing.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// Connections that are open.
    pub connections: Gauge,
    refused: Family<Label, Counter>,
    answers: Family<Label, Counter>,
    flags: Family<Label, Counter>,
    events: Family<Label, Counter>,
    deliveries: Family<Label, Counter>,
    /// From the arrival of an answer to its acknowledgement, in seconds.
    pub acknowledged_s: Histogram,
    /// Answers in one transaction.
    pub commit_rows: Histogram,
    /// Length of one transaction, in seconds.
    pub commit_s: Histogram,
    /// Answers that wait for a transaction.
    pub waiting: Gauge,
    registry: Arc<Registry>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("parere");
        let metrics = Self {
            connections: Gauge::default(),
            refused: Family::default(),
            answers: Family::default(),
            flags: Family::default(),
            events: Family::default(),
            deliveries: Family::default(),
            acknowledged_s: Histogram::new(SECONDS),
            commit_rows: Histogram::new(ROWS),
            commit_s: Histogram::new(SECONDS),
            waiting: Gauge::default(),
            registry: Arc::default(),
        };
        // Every series is there from the start, at 0.
        for reason in OUTCOMES {
            metrics.answers.get_or_create(&Label { reason }).inc_by(0);
        }
        for (_, reason) in Flags::NAMED {
            metrics.flags.get_or_create(&Label { reason }).inc_by(0);
        }
        for reason in EventKind::ALL.map(EventKind::as_str).into_iter().chain([DROPPED]) {
            metrics.events.get_or_create(&Label { reason }).inc_by(0);
        }
        for state in [DeliveryState::Delivered, DeliveryState::Waiting, DeliveryState::Failed] {
            metrics.deliveries.get_or_create(&Label { reason: state.as_str() }).inc_by(0);
        }
        for reason in ["total", "client"] {
            metrics.refused.get_or_create(&Label { reason }).inc_by(0);
        }
        let m = metrics.clone();
        registry.register("connections", "Connections that are open", m.connections);
        registry.register(
            "connections_refused",
            "Connections closed at once, by the limit they met",
            m.refused,
        );
        registry.register("answers", "Answers received, by what became of them", m.answers);
        registry.register("flags", "Answers that were doubted, by the doubt", m.flags);
        registry.register("events", "Events of questions, by kind, or dropped for want of memory", m.events);
        registry.register(
            "deliveries",
            "Tries to deliver to hooks, by what became of the delivery",
            m.deliveries,
        );
        registry.register(
            "acknowledged_seconds",
            "From the arrival of an answer to its acknowledgement, which is after its fsync",
            m.acknowledged_s,
        );
        registry.register("commit_rows", "Answers in one transaction", m.commit_rows);
        registry.register("commit_seconds", "Length of one transaction, fsync included", m.commit_s);
        registry.register("waiting", "Answers that wait for a transaction", m.waiting);
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        registry.register(
            "build",
            "The running version",
            prometheus_client::metrics::info::Info::new(version),
        );
        Self { registry: Arc::new(registry), ..metrics }
    }
}

impl Metrics {
    /// A connection was closed at once.
    pub fn refuse_connection(&self, reason: &'static str) {
        self.refused.get_or_create(&Label { reason }).inc();
    }

    /// An answer was received, and this became of it.
    pub fn count_answer(&self, outcome: Result<Verdict, &ApiError>) {
        let reason = match outcome {
            Ok(Verdict::Stored) => "stored",
            Ok(Verdict::Duplicate) => "duplicate",
            Ok(Verdict::Superseded) => "superseded",
            Ok(Verdict::Conflict) => "conflict",
            Err(error) => error.reason(),
        };
        self.answers.get_or_create(&Label { reason }).inc();
    }

    /// An answer was stored with these doubts.
    pub fn count_flags(&self, flags: Flags) {
        for (flag, reason) in Flags::NAMED {
            if flags.meets(flag) {
                self.flags.get_or_create(&Label { reason }).inc();
            }
        }
    }

    /// A delivery was tried, and this became of it.
    pub fn count_delivery(&self, state: DeliveryState) {
        self.deliveries.get_or_create(&Label { reason: state.as_str() }).inc();
    }

    /// These events were received, of which so many were `dropped`.
    pub fn count_events(&self, events: &[Event], dropped: u64) {
        for event in events {
            self.events.get_or_create(&Label { reason: event.kind.as_str() }).inc();
        }
        self.events.get_or_create(&Label { reason: DROPPED }).inc_by(dropped);
    }

    /// Everything in the text form of `OpenMetrics`.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}
