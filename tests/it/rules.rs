//! Rules: half a year of a shop through the real decisions and a real store.

mod check;
mod http;
mod rounds;
mod simulation;
mod whole;
mod world;
