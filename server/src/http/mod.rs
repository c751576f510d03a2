//! Routes. What each answers is in the files beside this one; none of them knows WebSockets.

mod emoji;
mod export;
mod fields;
mod forms;
mod guard;
mod health;
mod history;
mod language;
mod log;
mod pages;
mod people;
mod room;
mod share;
mod site;
mod sorry;
mod visit;
mod whence;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use tower_http::{CompressionLevel, compression::CompressionLayer};

use crate::{Shared, connection};

pub(crate) use whence::Whence;

/// The longest body is 16 KiB, and a form writes three bytes for one.
const MAX_FORM: usize = 64 * 1024;
/// Of brotli and gzip: better ones take longer than they save.
const QUALITY: CompressionLevel = CompressionLevel::Precise(4);

pub(crate) fn router(server: Shared) -> Router {
    // Drawing a page asks for it.
    let _ = any_spawner::Executor::init_tokio();
    let packed = Router::new()
        .route("/", get(pages::lobby))
        .route("/new", get(pages::new_room))
        .route("/rooms", post(forms::create))
        .route("/join", post(forms::join_by_code))
        .route("/look", post(forms::look))
        .route("/settings", get(pages::settings))
        .route("/r/{code}", get(pages::room).post(forms::post))
        .route("/r/{code}/", get(pages::room))
        .route("/r/{code}/history", get(history::history))
        .route("/r/{code}/people", get(people::people))
        .route("/r/{code}/join", post(forms::join))
        .route("/r/{code}/leave", post(forms::leave))
        .route("/r/{code}/name", post(forms::rename))
        .route("/r/{code}/qr.svg", get(share::qr))
        .route("/r/{code}/read", post(forms::read))
        .route("/emoji/{language}", get(emoji::get))
        .route("/live", get(connection::upgrade))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/favicon.ico", get(site::icon))
        .fallback(pages::other)
        .with_state(server.clone())
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(from_fn(guard::hurry))
        .layer(CompressionLayer::new().quality(QUALITY));
    // What is long packs better than what is short, and takes megabytes for each reader.
    Router::new()
        .route("/r/{code}/export/{format}", get(export::get))
        .with_state(server.clone())
        .layer(from_fn(guard::hurry))
        .merge(packed)
        .layer(from_fn_with_state(server.clone(), whence::whence))
        .layer(from_fn_with_state(server, guard::guard))
        .layer(from_fn(log::request))
}
