//! For whoever looks after the process.

use axum::{extract::State, http::StatusCode};

use crate::Shared;

/// The process runs.
pub(super) async fn alive() -> &'static str {
    "ok"
}

/// It can take work: it is not about to stop, and a write would reach the disk.
pub(super) async fn ready(State(server): State<Shared>) -> (StatusCode, &'static str) {
    if *server.stopping.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    match server.store.ready().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}
