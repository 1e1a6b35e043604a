//! Endpoints, one group a file.

pub mod accessibility;
pub mod assets;
pub mod audit;
pub mod csp_check;
pub mod dashboard;
pub mod definition;
pub mod demo;
pub mod erasure;
pub mod events;
pub mod exports;
pub mod filter;
pub mod funnel;
pub mod health;
pub mod hooks;
pub mod hosted;
pub mod query;
pub mod reading;
pub mod responses;
pub mod scores;
pub mod sites;
pub mod sources;
pub mod stored;
pub mod surveys;
pub mod tokens;
pub mod webhooks;
