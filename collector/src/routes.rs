//! Endpoints, one group a file.

pub mod assets;
pub mod demo;
pub mod health;
pub mod responses;
