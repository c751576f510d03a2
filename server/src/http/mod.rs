//! Routes. What each answers is in the files beside this one; none of them knows WebSockets.

mod acts;
mod devices;
mod emoji;
mod export;
mod fields;
mod forms;
mod gate;
mod guard;
mod health;
mod history;
mod host;
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
    routing::{MethodRouter, get, post},
};
use tower_http::{CompressionLevel, compression::CompressionLayer};

use crate::{Shared, connection};

pub(crate) use guard::too_many;
pub(crate) use whence::Whence;

/// The longest body is 16 KiB, and a form writes three bytes for one.
const MAX_FORM: usize = 64 * 1024;
/// Of gzip: better ones take longer than they save.
const QUALITY: CompressionLevel = CompressionLevel::Precise(4);

type Route = (&'static str, MethodRouter<Shared>);

pub(crate) fn router(server: Shared) -> Router {
    // Drawing a page asks for it.
    let _ = any_spawner::Executor::init_tokio();
    let packed = with(packed())
        .fallback(pages::other)
        .with_state(server.clone())
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(from_fn(guard::hurry))
        .layer(CompressionLayer::new().quality(QUALITY));
    with(plain())
        .with_state(server.clone())
        .layer(from_fn(guard::hurry))
        .merge(packed)
        .layer(from_fn_with_state(server.clone(), whence::whence))
        .merge(with(watched()).with_state(server.clone()).layer(from_fn(guard::hurry)))
        .layer(from_fn_with_state(server, guard::guard))
        .layer(from_fn(log::request))
}

fn with(routes: Vec<Route>) -> Router<Shared> {
    routes.into_iter().fold(Router::new(), |router, (path, route)| router.route(path, route))
}

fn packed() -> Vec<Route> {
    vec![
        ("/", get(pages::lobby)),
        ("/new", get(pages::new_room)),
        ("/rooms", post(forms::create)),
        ("/join", post(forms::join_by_code)),
        ("/look", post(forms::look)),
        ("/i", post(gate::accept)),
        ("/i/{key}", get(gate::invited)),
        ("/settings", get(pages::settings)),
        ("/devices", get(devices::page)),
        ("/devices/sign-out", post(devices::sign_out)),
        ("/devices/move", post(devices::open_way)),
        ("/move/{token}", get(devices::arrival).post(devices::arrive)),
        ("/r/{code}", get(pages::room).post(forms::post)),
        ("/r/{code}/", get(pages::room)),
        ("/r/{code}/act", post(acts::act)),
        ("/r/{code}/desk", get(host::desk)),
        ("/r/{code}/history", get(history::history)),
        ("/r/{code}/people", get(people::people)),
        ("/r/{code}/people/{member}", get(host::person)),
        ("/r/{code}/report", post(acts::report)),
        ("/r/{code}/rules", get(host::rules).post(acts::set_rules)),
        ("/r/{code}/join", post(forms::join)),
        ("/r/{code}/knock", post(gate::knock)),
        ("/r/{code}/leave", post(forms::leave)),
        ("/r/{code}/m/{seq}", get(host::message)),
        ("/r/{code}/name", post(forms::rename)),
        ("/r/{code}/qr.svg", get(share::qr)),
        ("/r/{code}/read", post(forms::read)),
        ("/emoji/{language}", get(emoji::get)),
        ("/favicon.ico", get(site::icon)),
    ]
}

/// What is long packs better than what is short, and takes megabytes for each reader; a socket has nothing to pack.
fn plain() -> Vec<Route> {
    vec![("/live", get(connection::upgrade)), ("/r/{code}/export/{format}", get(export::get))]
}

/// Answered whoever asks: who watches over the server must not take it for dead because of where they are.
fn watched() -> Vec<Route> {
    vec![("/healthz", get(health::alive)), ("/readyz", get(health::ready))]
}

#[cfg(test)]
fn routes() -> impl Iterator<Item = &'static str> {
    [packed(), plain(), watched()].into_iter().flatten().map(|(path, _)| path)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests;
