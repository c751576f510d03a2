//! One line a request: its id, method, route, status and duration, and of what changes something who did it,
//! where, as a host what, and how it ended. Never the path, the query or anything that was sent.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, field::display};

use crate::activity::{Did, RequestId};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(super) async fn request(mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = RequestId::random();
    request.extensions_mut().insert(id);
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", %id, method = name(request.method()), route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    let did = response.extensions_mut().remove::<Did>();
    let person = did.and_then(|did| did.person).map(display);
    let room = did.and_then(|did| did.room).map(|room| room.0);
    let act = did.and_then(|did| did.act);
    let outcome = did.map(|did| did.outcome);
    span.in_scope(|| tracing::info!(status, ms, person, room, act, outcome, "answered"));
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Any word can stand for a method.
fn name(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if known.contains(method) { method.as_str() } else { "other" }
}
