//! One WebSocket: messages in, messages out, and when to give up on it. Only this and the files below
//! it know WebSockets; what a command does is in `handlers`, what waits to be written in `outgoing`.

mod halves;
mod handshake;

use std::{future::poll_fn, io, panic::AssertUnwindSafe, pin::pin, sync::Arc, time::Duration};

use axum::{
    extract::{Extension, Query, State},
    http::{HeaderMap, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use delivery::{End, Frame, Outgoing, PATIENCE, Sink};
use futures::{FutureExt, StreamExt};
use protocol::{
    Close, Command, Event, Hello, Rate, Refusal, Refused, VERSION, decode_request, encode,
};
use serde::Deserialize;
use tokio::{
    io::{copy, sink},
    net::TcpStream,
    task::coop::consume_budget,
    time::{Instant, sleep, timeout},
};
use tokio_tungstenite::tungstenite::{Error, Message, error::ProtocolError};

use halves::{Reading, Writing, halves};
use handshake::Handshake;

use crate::{
    Shared,
    activity::{Did, RequestId, What},
    clock::now,
    handlers::{self, Caller, internal},
    http::Whence,
    presence::Going,
    session::{self, Known, Who},
    store::SessionHash,
};

const BEAT: Duration = Duration::from_secs(20);
/// Two beats without an answer. A second less than 45, so that the others see it within them.
const SILENCE: Duration = Duration::from_secs(44);
/// For the close frame to be written, and for the client to close in turn.
const FAREWELL: Duration = Duration::from_secs(5);
/// After so long a wait in vain, what was sent meanwhile has waited for it too.
const IN_VAIN: Duration = Duration::from_millis(500);
const MAX_MALFORMED: u32 = 16;
/// After the first of these nothing is read for so long, and for as much longer after each: who sends nothing else
/// takes little from others.
const PENANCE: Duration = Duration::from_millis(50);
/// A stop closes connections in so many steps, of at least so many each, this far apart.
const STEPS: usize = 20;
const STEP_CONNECTIONS: usize = 50;
const STEP: Duration = Duration::from_millis(75);

#[derive(Deserialize)]
pub(crate) struct Asked {
    version: Option<String>,
}

pub(crate) async fn upgrade(
    State(server): State<Shared>,
    Query(asked): Query<Asked>,
    Extension(whence): Extension<Whence>,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
    handshake: Handshake,
) -> Response {
    let before = server.hub.sign_outs();
    let Ok(who) = session::who(&server, &headers).await else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "2")]).into_response();
    };
    let signed_out = matches!(who, Who::SignedOut);
    let mut known = who.known();
    if let Some(known) = &mut known {
        known.is_here(&server);
    }
    let person = known.as_ref().map(|known| known.person.id);
    if let Some(person) = person {
        server.seen.note(person, whence.network);
    }
    let did = Did::new(&server, person, None, None);
    let is_ours = asked.version.is_some_and(|version| version == VERSION.to_string());
    let mut response = handshake.accept(move |socket, read| async move {
        let out = Arc::new(Outgoing::default());
        out.answer(hello(server.limits.posts.rate()));
        if !is_ours {
            out.close(Close::Outdated);
        }
        if signed_out {
            out.close(Close::SignedOut);
        }
        let session = known.as_ref().map(|known| known.session);
        let connection =
            server.hub.connect(person, session.map(|session| session.id()), out.clone());
        if server.hub.sign_outs() != before {
            look_again(&server, session, &out).await;
        }
        let Whence { network: from, place: _place, .. } = whence;
        let _open = server.bans.enter(from, connection);
        if server.bans.until(from, now()).is_some() {
            out.close(Close::Banned);
        }
        let (stream, _permit) = socket.into_parts();
        run(stream, read, Caller { server, request, person, from, connection, out }, known).await;
    });
    response.extensions_mut().insert(did);
    response
}

/// Somebody was signed out between the moment when this one was looked up and the one from which on they
/// would be told.
async fn look_again(server: &Shared, session: Option<SessionHash>, out: &Outgoing) {
    let Some(session) = session else { return };
    match server.store.person(session).await {
        Ok(Some(_)) => {}
        Ok(None) => out.close(Close::SignedOut),
        Err(_) => out.hang_up(),
    }
}

/// When the server stops: sends everyone away, spread over a moment so that they do not all come
/// back at once. Whoever still comes is sent away too.
pub(crate) async fn send_away(server: Shared) {
    let mut stopping = server.stopping.clone();
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        return;
    }
    let connections = server.hub.stop();
    for step in connections.chunks(STEP_CONNECTIONS.max(connections.len().div_ceil(STEPS))) {
        for connection in step {
            server.hub.close(*connection, Close::Restart);
        }
        sleep(STEP).await;
    }
}

/// A connection's place in the rooms. Whatever ends it, a panic too, leaves nobody standing there.
struct Seat {
    caller: Caller,
}

impl Seat {
    fn leave(&self, going: Going) {
        let Caller { server, connection, .. } = &self.caller;
        // In this order: see `handlers::arrive`.
        server.hub.unfollow_all(*connection);
        server.presence.gone(*connection, going);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        // Whoever writes would go on after a panic.
        self.caller.out.hang_up();
        self.leave(Going::Softly);
        self.caller.server.hub.disconnect(self.caller.connection);
    }
}

/// Reading and writing are two tasks: neither waits for the other, and what wakes the one does not
/// make the other look at its half.
async fn run(stream: TcpStream, read: Vec<u8>, caller: Caller, known: Option<Known>) {
    let seat = Seat { caller };
    let (mut reading, writing) = halves(stream, read).await;
    let writer = tokio::spawn(write(writing, seat.caller.out.clone()));
    hear(&mut reading, &seat.caller).await;
    let end = seat.caller.out.ended().await;
    if let Some(mut known) = known {
        known.is_here(&seat.caller.server);
    }
    seat.leave(if end == End::Close(Close::Silent) { Going::AtOnce } else { Going::Softly });
    // Unread frames would make the kernel reset the connection, and the close frame be lost.
    let drain = async { while let Some(Ok(_)) = reading.next().await {} };
    let _ = timeout(FAREWELL, drain).await;
    // Before the socket, which is what a stop waits for: nothing holds the store then.
    drop(seat);
    // It gives up by itself. A panic in it ended the connection too.
    drop(writer.await);
    if matches!(end, End::Close(Close::TooBig | Close::NotText | Close::Protocol)) {
        // After such an error tungstenite reads nothing, and the client goes on until it hears of it.
        let _ = timeout(FAREWELL, copy(reading.get_mut(), &mut sink())).await;
    }
}

/// Command by command, each to its end. Returns when `Outgoing` has ended.
async fn hear(reading: &mut Reading, caller: &Caller) {
    let mut malformed = 0;
    // Why the store did nothing, as long as more comes that was sent before it said so.
    let mut busy = None;
    loop {
        let sent = busy.as_ref().and_then(|_| reading.next().now_or_never());
        let received = match sent {
            Some(sent) => Ok(sent),
            None => {
                busy = None;
                tokio::select! {
                    biased;
                    received = timeout(SILENCE, reading.next()) => received,
                    _ = caller.out.ended() => return,
                }
            }
        };
        let message = match received {
            Ok(Some(Ok(message))) => message,
            Ok(Some(Err(error))) => return refuse(&error, &caller.out),
            Ok(None) => return caller.out.hang_up(),
            Err(_) => return caller.out.close(Close::Silent),
        };
        // Whatever waits to be read: who was sent away does nothing more.
        if caller.out.has_ended() {
            return;
        }
        match message {
            Message::Text(text) => {
                let began = Instant::now();
                match handle(caller, &text, busy.as_ref()).await {
                    Err(Refusal::Malformed) => {
                        malformed += 1;
                        if malformed >= MAX_MALFORMED {
                            return caller.out.close(Close::Abuse);
                        }
                        let _ = timeout(PENANCE * malformed, caller.out.ended()).await;
                    }
                    Err(why @ Refusal::Busy { .. }) if began.elapsed() >= IN_VAIN => {
                        busy = Some(why);
                    }
                    Ok(()) | Err(_) => {}
                }
            }
            Message::Ping(said) => caller.out.pong(&said),
            Message::Binary(_) => return caller.out.close(Close::Unsupported),
            Message::Close(frame) => {
                return caller.out.end(End::Asked(frame.map(|frame| frame.code.into())));
            }
            Message::Pong(_) | Message::Frame(_) => continue,
        }
        tokio::select! {
            biased;
            () = caller.out.paced() => {}
            _ = caller.out.ended() => return,
        }
    }
}

/// After such an error nothing can be read any more.
fn refuse(error: &Error, out: &Outgoing) {
    match error {
        Error::Capacity(_) => out.close(Close::TooBig),
        Error::Utf8(_) => out.close(Close::NotText),
        // This one says that there is nobody any more.
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => out.hang_up(),
        Error::Protocol(_) => out.close(Close::Protocol),
        Error::ConnectionClosed
        | Error::AlreadyClosed
        | Error::Io(_)
        | Error::Tls(_)
        | Error::WriteBufferFull(_)
        | Error::AttackAttempt
        | Error::Url(_)
        | Error::Http(_)
        | Error::HttpFormat(_) => out.hang_up(),
    }
}

/// One command, and the answer to it if it is refused. `busy`: why the store does nothing at the moment.
async fn handle(caller: &Caller, text: &str, busy: Option<&Refusal>) -> Result<(), Refusal> {
    let (n, what, done) = match decode_request(text) {
        Ok(request) => {
            let what = What::of(&request.command);
            let done = match busy.filter(|_| asks_the_store(&request.command)) {
                Some(busy) => Err(busy.clone()),
                None => {
                    // A bug in one command is not the end of all that this connection does.
                    let handled =
                        AssertUnwindSafe(handlers::handle(caller, request.command)).catch_unwind();
                    // Most connections are idle: they keep no room for what a command needs.
                    let handled = Box::pin(handled).await;
                    handled.unwrap_or_else(|_| Err(internal("a command panicked")))
                }
            };
            (Some(request.n), what, done)
        }
        Err(Refused { n, refusal }) => (n, What::UNREADABLE, Err(refusal)),
    };
    what.ended(caller, n, &done);
    if let Err(refusal) = &done {
        let refused = Event::Refused(Refused { n, refusal: refusal.clone() });
        caller.out.answer(Frame::from(encode(&refused)));
    }
    done
}

fn asks_the_store(command: &Command) -> bool {
    match command {
        Command::Watch { .. }
        | Command::News { .. }
        | Command::Post { .. }
        | Command::SetName { .. }
        | Command::Leave { .. }
        | Command::Read { .. }
        | Command::Host { .. }
        | Command::Report { .. } => true,
        Command::Unwatch { .. } | Command::Typing { .. } | Command::Away { .. } | Command::Beat => {
            false
        }
    }
}

/// Gives its half back, so that the connection is closed as one.
async fn write(writing: Writing, out: Arc<Outgoing>) -> Box<dyn Sink> {
    let (mut writing, end) = pump(Box::new(writing), &out).await;
    let code = match end {
        End::Close(close) => Some(close.code()),
        End::Asked(code) => code,
        End::Gone => return writing,
    };
    writing.feed(Frame::close(code));
    // Whoever does not take it finds out by the end of the connection.
    let _ = timeout(FAREWELL, flushed(&mut *writing)).await;
    writing
}

/// What others have not written by the way, in as few writes as it fits into, and a beat now and then. Returns
/// why nothing more is to be written.
async fn pump(mut writing: Box<dyn Sink>, out: &Outgoing) -> (Box<dyn Sink>, End) {
    let beat = Frame::from(encode(&Event::Beat));
    // One timer for all rounds: to set and clear one costs more than to look at it.
    let mut next_beat = pin!(sleep(BEAT));
    loop {
        let mut taken = pin!(out.taken(writing));
        let taken = loop {
            tokio::select! {
                biased;
                () = &mut next_beat => {
                    next_beat.as_mut().reset(Instant::now() + BEAT);
                    // The ping is for clients that do not answer a beat.
                    out.answer(Frame::ping());
                    out.answer(beat.clone());
                }
                taken = &mut taken => break taken,
            }
        };
        writing = taken.0;
        let written = match taken.1 {
            Ok(()) => flush(&mut *writing, out).await,
            ended => ended,
        };
        if let Err(end) = written {
            return (writing, end);
        }
        // Where there is always more, others have their turn all the same.
        consume_budget().await;
    }
}

/// What was fed, unless the connection ends before it is written.
async fn flush(writing: &mut dyn Sink, out: &Outgoing) -> Result<(), End> {
    let written = tokio::select! {
        biased;
        written = timeout(PATIENCE, flushed(writing)) => written,
        end = out.ended() => return Err(end),
    };
    match written {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(_)) => out.hang_up(),
        Err(_) => out.close(Close::Slow),
    }
    Err(out.ended().await)
}

async fn flushed(writing: &mut dyn Sink) -> io::Result<()> {
    poll_fn(|cx| writing.poll_flush(cx)).await
}

fn hello(rate: Rate) -> Frame {
    let hello = Hello { version: VERSION, build: env!("CARGO_PKG_VERSION").into(), rate };
    Frame::from(encode(&Event::Hello(hello)))
}

#[cfg(test)]
pub(crate) mod tests;
