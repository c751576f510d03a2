//! Connections: accepted, counted, timed out and, at the end, seen off. Knows HTTP only as far as
//! hyper needs it.

use std::{net::IpAddr, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use crate::{Shared, admission::Socket, http};

/// A client that dribbles its request, or keeps an idle connection, holds it no longer.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of a request before its body, and what is read of one in advance. No browser sends as many.
const MAX_HEADER: usize = 32 * 1024;
/// What requests and sockets get to finish once the server is told to stop. What is kept afterwards, and the database's
/// end, take 2 s each at most, on a disk that hangs: 10 s in all.
const GOODBYE: Duration = Duration::from_secs(6);

/// Where the socket of a request comes from.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Not `axum::serve`: that one has no header timeout and leaves Nagle's delay on.
pub(crate) async fn run(
    router: Router,
    listener: TcpListener,
    server: Shared,
    stop: watch::Sender<bool>,
    shutdown: impl Future<Output = ()>,
) {
    let service = TowerToHyperService::new(router);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(MAX_HEADER);
    let too_many: Arc<[u8]> = http::too_many(&server.config).into();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Mostly out of file descriptors; accepting at once again would only spin.
                tracing::warn!(%error, "accept");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let peer = Peer(peer.ip());
        let Some(permit) = server.admission.admit(server.proxies.of_socket(peer.0)) else {
            turn_away(stream, too_many.clone());
            continue;
        };
        // Refused only when the connection is already gone.
        let _ = stream.set_nodelay(true);
        let socket = TokioIo::new(Socket::new(stream, permit));
        let service = service.clone();
        let connection = builder.serve_connection(
            socket,
            service_fn(move |mut request: hyper::Request<Incoming>| {
                request.extensions_mut().insert(peer);
                service.call(request)
            }),
        );
        let mut stopping = stop.subscribe();
        tokio::spawn(async move {
            let mut connection = pin!(connection.with_upgrades());
            // Errors here are clients that break off.
            tokio::select! {
                _ = connection.as_mut() => return,
                _ = stopping.changed() => connection.as_mut().graceful_shutdown(),
            }
            let _ = connection.await;
        });
    }
    drop(listener);
    stop.send_replace(true);
    if timeout(GOODBYE, server.admission.empty()).await.is_err() {
        tracing::warn!("stopped with connections left");
    }
}

/// Says why, as far as that costs nothing.
fn turn_away(mut stream: TcpStream, answer: Arc<[u8]>) {
    tokio::spawn(async move {
        let said = async {
            stream.write_all(&answer).await?;
            stream.shutdown().await
        };
        // Who does not listen to that has gone already.
        let _ = timeout(Duration::from_secs(1), said).await;
    });
}
