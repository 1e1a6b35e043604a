//! The collector from outside: real HTTP, a database of its own for each server, port 0.
//!
//! Files are named after what they ask of: routes, the store, the program, the house itself.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on stops, and says where"
)]

mod abuse;
mod access;
mod answer;
mod assets;
mod backup;
mod cases;
mod client;
mod command;
mod crm;
mod csp_check;
mod dashboard;
mod demo;
mod doctor;
mod durability;
mod editor;
mod erasure;
mod events;
mod export;
mod fuzz;
mod hooks;
mod hosted;
mod import;
mod ingest;
mod invited;
mod marks;
mod metrics;
mod now;
mod openapi;
mod outbox;
mod people;
mod pinned;
mod postgres;
mod program;
mod properties;
mod quota;
mod receiver;
mod responses;
mod rules;
mod scores;
mod segments;
mod server;
mod shared;
mod shop_file;
mod shutdown;
mod sites;
mod store;
mod surveys;
mod tickets;
mod tidy;
mod webhooks;
mod wire;
