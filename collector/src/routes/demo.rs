//! x
use crate::app::App;
use axum::Router;
/// x
pub fn router() -> Router<App> {
    Router::new()
}
