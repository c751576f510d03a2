//! Somebody in a room without a browser: a session by a form, and a socket with typed frames. It asks
//! for what a page asks for, and takes what comes as it comes.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context, Result, bail};
use futures::{
    SinkExt, StreamExt, TryStreamExt,
    stream::{self, SplitSink, SplitStream},
};
use protocol::{Audience, Command, Event, MessageId, Request, Reset, Room, decode, encode};
use reqwest::{
    Client, Url,
    header::{ACCEPT, COOKIE, SET_COOKIE},
    redirect::Policy,
};
use serde::Deserialize;
use tokio::{net::TcpStream, task::JoinHandle};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// Forms and sockets that are on their way at the same time.
const AT_ONCE: usize = 50;

/// The way into a room.
pub(crate) struct Door {
    pub(crate) http: Client,
    pub(crate) room: Url,
    address: SocketAddr,
}

/// A member of the room.
pub(crate) struct Person {
    pub(crate) room: Room,
    pub(crate) cookie: String,
    address: SocketAddr,
}

/// The half of a socket that speaks.
pub(crate) struct Voice {
    sink: SplitSink<WebSocketStream<TcpStream>, Message>,
    room: Room,
    n: u32,
}

/// The half that hears.
pub(crate) struct Ear(SplitStream<WebSocketStream<TcpStream>>);

#[derive(Deserialize)]
struct Joined {
    room: Room,
}

impl Door {
    pub(crate) fn new(room: Url) -> Result<Self> {
        let address = *room.socket_addrs(|| None)?.first().context("a room has an address")?;
        let http = Client::builder().redirect(Policy::none()).build()?;
        Ok(Self { http, room, address })
    }

    pub(crate) async fn join(&self, name: String) -> Result<Person> {
        let url = self.room.join(&format!("{}/join", self.room.path()))?;
        let form = self.http.post(url).header(ACCEPT, "application/json").form(&[("name", name)]);
        let answer = form.send().await?;
        if !answer.status().is_success() {
            bail!("{}", answer.text().await?);
        }
        let cookie = answer.headers().get(SET_COOKIE).context("who is new gets a session")?;
        let cookie = cookie.to_str()?.split(';').next().unwrap_or_default().to_owned();
        let Joined { room } = answer.json().await?;
        Ok(Person { room, cookie, address: self.address })
    }

    /// So many, called after what they are here for.
    pub(crate) async fn join_all(&self, what: &str, count: usize) -> Result<Vec<Person>> {
        stream::iter((1..=count).map(|n| self.join(format!("{what} {n}"))))
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }
}

impl Person {
    pub(crate) async fn connect(&self) -> Result<(Voice, Ear)> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let address = format!("ws://{}/live?version={}", self.address, protocol::VERSION);
        let mut request = address.into_client_request()?;
        request.headers_mut().insert(COOKIE, self.cookie.parse()?);
        let (socket, _) = client_async(request, stream).await?;
        let (sink, stream) = socket.split();
        Ok((Voice { sink, room: self.room.clone(), n: 0 }, Ear(stream)))
    }

    /// Connected, and following the room from its newest page on.
    pub(crate) async fn follow(&self) -> Result<(Voice, Ear)> {
        let (mut voice, mut ear) = self.connect().await?;
        let stream = Audience::Room(self.room.id);
        let code = Some(self.room.code.clone());
        voice.say(Command::Watch { stream, since: None, code }).await?;
        ear.until(|event| matches!(event, Event::Reset(Reset::Room(_)))).await?;
        Ok((voice, ear))
    }
}

/// All of them, in their order.
pub(crate) async fn follow_all(people: &[Person]) -> Result<Vec<(Voice, Ear)>> {
    stream::iter(people.iter().map(Person::follow)).buffered(AT_ONCE).try_collect().await
}

impl Voice {
    pub(crate) async fn say(&mut self, command: Command) -> Result<()> {
        self.n += 1;
        let text = encode(&Request { n: self.n, command });
        Ok(self.sink.send(Message::text(text)).await?)
    }

    pub(crate) async fn post(&mut self, body: &str) -> Result<()> {
        let room = self.room.id;
        self.say(Command::Post { room, id: MessageId::now(), body: body.to_owned() }).await
    }

    pub(crate) async fn types(&mut self) -> Result<()> {
        let room = self.room.id;
        self.say(Command::Typing { room, on: true }).await
    }
}

impl Ear {
    pub(crate) async fn until(&mut self, is_it: impl Fn(&Event) -> bool) -> Result<()> {
        while let Some(message) = self.0.next().await {
            let Message::Text(text) = message? else { continue };
            let event = decode(&text)?;
            if let Event::Refused(refused) = &event {
                bail!("refused: {:?}", refused.refusal);
            }
            if is_it(&event) {
                return Ok(());
            }
        }
        bail!("the server closed the connection")
    }
}

/// Until the connection ends: hears everything, understands nothing, and counts the bytes.
pub(crate) fn hear(mut ear: Ear, bytes: Arc<AtomicU64>) -> JoinHandle<()> {
    tokio::spawn(async move {
        while let Some(Ok(message)) = ear.0.next().await {
            bytes.fetch_add(on_the_wire(message.len()), Ordering::Relaxed);
        }
    })
}

/// What a server sends of a frame (RFC 6455, 5.2).
fn on_the_wire(payload: usize) -> u64 {
    let head = match payload {
        ..126 => 2,
        126..=0xffff => 4,
        _ => 10,
    };
    head + payload as u64
}
