//! A person with a browser, as far as the server sees one: the real server on a free port, plain
//! HTTP and typed frames. Nothing here waits for time to pass; what does not come fails.

#![allow(dead_code, unused_imports, reason = "each of two programs uses its part")]
#![allow(clippy::expect_used, reason = "a test stops at what it did not expect")]

mod log;
mod person;
mod running;

use std::{net::SocketAddr, time::Duration};

use futures::{SinkExt, StreamExt};
use protocol::{
    Audience, Changes, Close, Command, Event, Here, MessageId, Point, Presence, Reason, Refusal,
    Request, Reset, Room, RoomCode, RoomId, decode, encode,
};
use reqwest::header::{COOKIE, HeaderName};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, protocol::CloseFrame},
};

pub(crate) use {
    log::Log,
    person::Person,
    running::{Running, Stopped},
};

/// Far more than anything takes that works.
const ENOUGH: Duration = Duration::from_secs(30);

pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(ENOUGH, what).await.expect("this should have happened by now")
}

pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    n: u32,
    /// Said with every `Watch`, as visitors have to.
    pub(crate) code: Option<RoomCode>,
}

impl Socket {
    pub(crate) async fn open(
        stream: TcpStream,
        address: SocketAddr,
        cookie: &str,
        query: &str,
    ) -> Self {
        Self::saying(stream, address, query, &[(COOKIE, cookie)]).await
    }

    /// With these headers.
    pub(crate) async fn saying(
        stream: TcpStream,
        address: SocketAddr,
        query: &str,
        headers: &[(HeaderName, &str)],
    ) -> Self {
        let mut request = format!("ws://{address}/live{query}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let (stream, _) = soon(client_async(request, stream)).await.unwrap();
        Self { stream, n: 0, code: None }
    }

    /// What is below the frames.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream.into_inner()
    }

    pub(crate) async fn raw(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    pub(crate) async fn try_raw(
        &mut self,
        message: Message,
    ) -> Result<(), tokio_tungstenite::tungstenite::Error> {
        self.stream.send(message).await
    }

    pub(crate) async fn text(&mut self, text: &str) {
        self.raw(Message::text(text)).await;
    }

    /// Returns the request's count.
    pub(crate) async fn send(&mut self, command: Command) -> u32 {
        self.n += 1;
        let text = encode(&Request { n: self.n, command });
        self.text(&text).await;
        self.n
    }

    pub(crate) async fn post(&mut self, room: &Room, id: MessageId, body: &str) -> u32 {
        self.send(Command::Post { room: room.id, id, body: body.into() }).await
    }

    /// The next frame; `Err` is the code that the connection was closed with.
    pub(crate) async fn next(&mut self) -> Result<Event, u16> {
        loop {
            match soon(self.stream.next()).await {
                Some(Ok(Message::Text(text))) => return Ok(decode(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => {
                    return Err(frame.map_or(1005, |CloseFrame { code, .. }| code.into()));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(other @ (Message::Binary(_) | Message::Frame(_)))) => panic!("{other:?}"),
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    pub(crate) async fn event(&mut self) -> Event {
        self.next().await.unwrap_or_else(|code| panic!("closed with {code}"))
    }

    /// The code that ends it. Beats must not keep a test alive, so it is all of this that is timed.
    pub(crate) async fn closed(&mut self) -> u16 {
        soon(async {
            loop {
                if let Err(code) = self.next().await {
                    return code;
                }
            }
        })
        .await
    }

    /// What the first frame is that this knows something of.
    pub(crate) async fn until<T>(&mut self, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        soon(async {
            loop {
                if let Some(found) = wanted(self.event().await) {
                    return found;
                }
            }
        })
        .await
    }

    pub(crate) async fn refused(&mut self) -> (Option<u32>, Refusal) {
        self.until(|event| {
            if let Event::Refused(refused) = event {
                Some((refused.n, refused.refusal))
            } else {
                None
            }
        })
        .await
    }

    /// Everything that came before the answer to a beat.
    pub(crate) async fn so_far(&mut self) -> Vec<Event> {
        self.send(Command::Beat).await;
        let mut events = Vec::new();
        loop {
            let event = self.event().await;
            if event == Event::Beat {
                return events;
            }
            events.push(event);
        }
    }

    pub(crate) async fn watch(&mut self, room: RoomId, since: Option<Point>) -> u32 {
        let code = self.code.clone();
        self.send(Command::Watch { stream: Audience::Room(room), since, code }).await
    }

    pub(crate) async fn follow(&mut self, room: RoomId) -> Log {
        self.watch(room, None).await;
        let page = self
            .until(
                |event| {
                    if let Event::Reset(Reset::Room(page)) = event { Some(page) } else { None }
                },
            )
            .await;
        let messages = page.messages.into_iter().map(|message| (message.seq, message)).collect();
        let here = self.here().await;
        Log { complete: page.at, messages, members: page.members, here, gaps: 0 }
    }

    pub(crate) async fn here(&mut self) -> Here {
        self.until(|event| {
            if let Event::Presence(Presence::All { here, .. }) = event { Some(here) } else { None }
        })
        .await
    }

    /// How many are here, who came and who went.
    pub(crate) async fn moved(&mut self) -> (u32, Vec<String>, Vec<u32>) {
        self.until(|event| {
            let Event::Presence(Presence::Moved { total, came, changed, went, .. }) = event else {
                return None;
            };
            let news = came.into_iter().chain(changed);
            let came = news.map(|one| one.member.name.into()).collect();
            Some((total, came, went.into_iter().map(|member| member.id.0).collect()))
        })
        .await
    }

    pub(crate) async fn ended(&mut self) -> Reason {
        self.until(
            |event| if let Event::Closed(closed) = event { Some(closed.reason) } else { None },
        )
        .await
    }

    pub(crate) async fn changes(&mut self) -> Changes {
        self.until(|event| if let Event::Changes(changes) = event { Some(changes) } else { None })
            .await
    }

    /// Reads until the log has so many messages, and is complete.
    pub(crate) async fn read(&mut self, log: &mut Log, messages: u32) {
        while log.complete_messages() < messages {
            let changes = self.changes().await;
            let room = changes.stream;
            if log.apply(changes) {
                self.send(Command::Watch { stream: room, since: Some(log.complete), code: None })
                    .await;
            }
        }
    }
}

pub(crate) fn code(close: Close) -> u16 {
    close.code()
}
