//! Where a request comes from, by the socket or by a proxy whose word counts; and the place among the
//! connections of its address that it takes when its socket is such a proxy's.

use std::sync::{Arc, Once};

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{CONNECTION, RETRY_AFTER},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::pages;
use crate::{
    Server, Shared,
    address::{self, Network},
    admission::Place,
    clock::now,
    transport::Peer,
};

/// Goes with each request, and with the socket that it becomes.
#[derive(Clone, Default)]
pub(crate) struct Whence {
    /// Whom it counts for; nobody, if anybody may be behind it.
    pub(crate) network: Option<Network>,
    /// By each of a proxy's two headers. Of two that disagree one is a lie, and who is banned may not choose which.
    pub(crate) said: [Option<Network>; 2],
    /// While it is there, and its proxy's socket has none of its own.
    pub(crate) place: Option<Arc<Place>>,
}

impl Whence {
    /// Until when nobody comes from there, if so.
    pub(crate) fn banned(&self, server: &Server, at: i64) -> Option<i64> {
        self.said.into_iter().filter_map(|from| server.bans.until(from, at)).max()
    }
}

pub(super) async fn whence(
    State(server): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut whence = Whence::default();
    if let Some(&Peer(peer)) = request.extensions().get() {
        let trusted = server.proxies.trust(peer);
        whence.said = server.proxies.said(peer, request.headers());
        whence.network = address::agreed(peer, whence.said);
        match whence.network {
            Some(network) if trusted => match server.admission.place(network) {
                Some(place) => whence.place = Some(Arc::new(place)),
                None => return too_many(),
            },
            None if !trusted && address::says(request.headers()) => warn(),
            Some(_) | None => {}
        }
    }
    let at = now();
    if let Some(until) = whence.banned(&server, at) {
        return banned(request.headers(), until - at);
    }
    let held = whence.place.clone();
    request.extensions_mut().insert(whence);
    let response = next.run(request).await;
    drop(held);
    response
}

/// For so many milliseconds. They keep no connection either.
fn banned(headers: &HeaderMap, ms: i64) -> Response {
    let words = pages::words(headers);
    let headers = [(RETRY_AFTER, (ms / 1000 + 1).to_string()), (CONNECTION, "close".to_owned())];
    (StatusCode::FORBIDDEN, headers, format!("{}\n", words.banned_from_here)).into_response()
}

fn too_many() -> Response {
    let said = "Too many connections from this address.\n";
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "10")], said).into_response()
}

/// Once, for whoever put a proxy in front: nobody is limited by address until it is said who that is.
fn warn() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::warn!("a proxy says where requests come from, and is not among the trusted ones");
    });
}
