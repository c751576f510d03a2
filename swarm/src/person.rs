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
use protocol::{
    Audience, Command, Event, Member, MessageId, Request, Reset, Room, RoomPage, decode, encode,
};
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
pub struct Door {
    pub http: Client,
    pub room: Url,
    address: SocketAddr,
}

/// A member of the room.
#[derive(Clone)]
pub struct Person {
    pub room: Room,
    pub member: Member,
    pub cookie: String,
    address: SocketAddr,
}

/// The half of a socket that speaks.
pub struct Voice {
    sink: SplitSink<WebSocketStream<TcpStream>, Message>,
    room: Room,
    n: u32,
}

/// The half that hears.
pub struct Ear(SplitStream<WebSocketStream<TcpStream>>);

#[derive(Deserialize)]
struct Joined {
    room: Room,
    member: Member,
}

impl Door {
    pub fn new(room: Url) -> Result<Self> {
        let address = *room.socket_addrs(|| None)?.first().context("a room has an address")?;
        let http = Client::builder().redirect(Policy::none()).build()?;
        Ok(Self { http, room, address })
    }

    /// The same room, on a server that is elsewhere now.
    pub fn at(&self, address: SocketAddr) -> Result<Self> {
        let room = Url::parse(&format!("http://{address}{}", self.room.path()))?;
        Ok(Self { http: self.http.clone(), room, address })
    }

    /// A new room, and who made it.
    pub async fn create(address: SocketAddr, name: &str) -> Result<(Self, Person)> {
        let site = Self::new(Url::parse(&format!("http://{address}/"))?)?;
        let host = site.enter("/rooms", name).await?;
        let room = site.room.join(&format!("/r/{}", host.room.code))?;
        Ok((Self { room, ..site }, host))
    }

    pub async fn join(&self, name: String) -> Result<Person> {
        self.enter(&format!("{}/join", self.room.path()), &name).await
    }

    /// People who are members elsewhere already, as themselves.
    pub async fn join_too(&self, people: &[Person]) -> Result<()> {
        let path = format!("{}/join", self.room.path());
        let joining = people.iter().map(async |person| {
            let form = self.http.post(self.room.join(&path)?).header(COOKIE, &person.cookie);
            let name = person.member.name.as_str();
            let answer = form.form(&[("name", name)]).header(ACCEPT, "application/json");
            answer.send().await?.error_for_status()?;
            Ok(())
        });
        stream::iter(joining).buffered(AT_ONCE).try_collect().await
    }

    async fn enter(&self, path: &str, name: &str) -> Result<Person> {
        let form = self.http.post(self.room.join(path)?).header(ACCEPT, "application/json");
        let answer = form.form(&[("name", name)]).send().await?;
        if !answer.status().is_success() {
            bail!("{}", answer.text().await?);
        }
        let cookie = answer.headers().get(SET_COOKIE).context("who is new gets a session")?;
        let cookie = cookie.to_str()?.split(';').next().unwrap_or_default().to_owned();
        let Joined { room, member } = answer.json().await?;
        Ok(Person { room, member, cookie, address: self.address })
    }

    /// So many, called after what they are here for.
    pub async fn join_all(&self, what: &str, count: usize) -> Result<Vec<Person>> {
        stream::iter((1..=count).map(|n| self.join(format!("{what} {n}"))))
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }
}

impl Person {
    /// The same person, for whom the server is elsewhere.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    pub async fn connect(&self) -> Result<(Voice, Ear)> {
        self.connect_over(TcpStream::connect(self.address).await?).await
    }

    async fn connect_over(&self, line: TcpStream) -> Result<(Voice, Ear)> {
        line.set_nodelay(true)?;
        let address = format!("ws://{}/live?version={}", self.address, protocol::VERSION);
        let mut request = address.into_client_request()?;
        request.headers_mut().insert(COOKIE, self.cookie.parse()?);
        let (sink, stream) = client_async(request, line).await?.0.split();
        Ok((Voice { sink, room: self.room.clone(), n: 0 }, Ear(stream)))
    }

    /// Connected, and following the room from its newest page on.
    pub async fn follow(&self) -> Result<(Voice, Ear)> {
        let (voice, ear, _) = self.follow_over(TcpStream::connect(self.address).await?).await?;
        Ok((voice, ear))
    }

    /// The same over this line, with the page.
    pub async fn follow_over(&self, line: TcpStream) -> Result<(Voice, Ear, RoomPage)> {
        let (mut voice, mut ear) = self.connect_over(line).await?;
        let stream = Audience::Room(self.room.id);
        let code = Some(self.room.code.clone());
        voice.say(Command::Watch { stream, since: None, code }).await?;
        while let Ok(event) = ear.next().await? {
            match event {
                Event::Reset(Reset::Room(page)) => return Ok((voice, ear, page)),
                Event::Refused(refused) => bail!("refused: {:?}", refused.refusal),
                Event::Hello(_)
                | Event::Changes(_)
                | Event::Reset(Reset::Person(_) | Reset::Desk(_))
                | Event::Presence(_)
                | Event::Typing(_)
                | Event::Rooms(_)
                | Event::Listed(_)
                | Event::News(_)
                | Event::Closed(_)
                | Event::Announced(_)
                | Event::Beat => {}
            }
        }
        bail!("the server closed the connection")
    }
}

/// All of them, in their order.
pub async fn follow_all(people: &[Person]) -> Result<Vec<(Voice, Ear)>> {
    stream::iter(people.iter().map(Person::follow)).buffered(AT_ONCE).try_collect().await
}

impl Voice {
    /// Of the last request.
    pub fn count(&self) -> u32 {
        self.n
    }

    pub async fn say(&mut self, command: Command) -> Result<()> {
        self.n += 1;
        let text = encode(&Request { n: self.n, command });
        Ok(self.sink.send(Message::text(text)).await?)
    }

    pub async fn post(&mut self, body: &str) -> Result<()> {
        let room = self.room.id;
        self.say(Command::Post { room, id: MessageId::now(), body: body.to_owned() }).await
    }

    pub async fn types(&mut self) -> Result<()> {
        let room = self.room.id;
        self.say(Command::Typing { room, on: true }).await
    }
}

impl Ear {
    pub async fn until(&mut self, is_it: impl Fn(&Event) -> bool) -> Result<()> {
        while let Ok(event) = self.next().await? {
            if let Event::Refused(refused) = &event {
                bail!("refused: {:?}", refused.refusal);
            }
            if is_it(&event) {
                return Ok(());
            }
        }
        bail!("the server closed the connection")
    }

    /// The next frame, or the code that ends the connection: 1006 if it breaks off.
    ///
    /// # Errors
    /// A frame that is none of this protocol's.
    pub async fn next(&mut self) -> Result<std::result::Result<Event, u16>> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(Ok(decode(&text)?)),
                Some(Ok(Message::Close(frame))) => {
                    return Ok(Err(frame.map_or(1005, |frame| frame.code.into())));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ok(Err(1006)),
            }
        }
    }
}

/// Until the connection ends: hears everything, understands nothing, and counts the bytes.
pub fn hear(mut ear: Ear, bytes: Arc<AtomicU64>) -> JoinHandle<()> {
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
