//! A request that becomes a WebSocket (RFC 6455, 4.2). What carried the request is then given out as it
//! is: nothing of HTTP is kept for as long as the connection lasts.

use axum::{
    extract::FromRequestParts,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{
            CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
        },
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::admission::Socket;

/// The version that there is.
const VERSION: &str = "13";

/// A request that asks for it as it should.
pub(crate) struct Handshake {
    accept: HeaderValue,
    upgrade: OnUpgrade,
}

impl<S: Sync> FromRequestParts<S> for Handshake {
    type Rejection = Response;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Response> {
        let headers = &request.headers;
        if request.method != Method::GET {
            return Err(StatusCode::METHOD_NOT_ALLOWED.into_response());
        }
        if !names(headers, &CONNECTION, "upgrade") || !names(headers, &UPGRADE, "websocket") {
            return Err((StatusCode::UPGRADE_REQUIRED, [(UPGRADE, "websocket")]).into_response());
        }
        if !names(headers, &SEC_WEBSOCKET_VERSION, VERSION) {
            let known = [(SEC_WEBSOCKET_VERSION, VERSION)];
            return Err((StatusCode::UPGRADE_REQUIRED, known).into_response());
        }
        let bad = || StatusCode::BAD_REQUEST.into_response();
        let key = headers.get(SEC_WEBSOCKET_KEY).ok_or_else(bad)?;
        let accept = derive_accept_key(key.as_bytes()).try_into().map_err(|_| bad())?;
        let upgrade = request.extensions.remove().ok_or_else(bad)?;
        Ok(Self { accept, upgrade })
    }
}

impl Handshake {
    /// Agrees to it, and serves the connection once that is said. What was already read of it comes
    /// along.
    pub(crate) fn accept<Served>(
        self,
        serve: impl FnOnce(Socket, Vec<u8>) -> Served + Send + 'static,
    ) -> Response
    where
        Served: Future<Output = ()> + Send,
    {
        let Self { accept, upgrade } = self;
        tokio::spawn(async move {
            // Who has gone by then, and there is no other kind of connection.
            let Ok(upgraded) = upgrade.await else { return };
            let Ok(parts) = upgraded.downcast::<TokioIo<Socket>>() else { return };
            // A copy: what hyper read into is larger, and would be kept.
            let read = parts.read_buf.to_vec();
            drop(parts.read_buf);
            serve(parts.io.into_inner(), read).await;
        });
        let headers = [
            (CONNECTION, HeaderValue::from_static("upgrade")),
            (UPGRADE, HeaderValue::from_static("websocket")),
            (SEC_WEBSOCKET_ACCEPT, accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
    }
}

/// In a list, in letters of any case.
fn names(headers: &HeaderMap, header: &HeaderName, token: &str) -> bool {
    let lists = headers.get_all(header).into_iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|one| one.trim().eq_ignore_ascii_case(token))
}
