//! Somebody with a session, and the forms that they send.

use std::{iter, net::SocketAddr};

use protocol::{Event, Member, Room, RoomCode, VERSION};
use reqwest::header::{ACCEPT, COOKIE, HeaderName, SET_COOKIE};
use tokio::net::{TcpSocket, TcpStream};

use super::{Log, Running, Socket, soon};

#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) address: SocketAddr,
    cookie: String,
    /// Where the proxy says that they are, if there is one.
    at: Option<String>,
}

const AT: HeaderName = HeaderName::from_static("x-forwarded-for");

#[derive(serde::Deserialize)]
struct Entered {
    room: Room,
    member: Member,
}

impl Person {
    /// Not yet.
    pub(crate) fn nobody(server: &Running) -> Self {
        Self { address: server.address, cookie: String::new(), at: None }
    }

    /// Nobody yet, at this address, by a proxy on this machine.
    pub(crate) fn at(server: &Running, ip: &str) -> Self {
        Self { at: Some(ip.to_owned()), ..Self::nobody(server) }
    }

    pub(crate) async fn create(server: &Running, name: &str) -> (Self, Room, Member) {
        let mut person = Self::nobody(server);
        let Entered { room, member } = person.ask("/rooms", &[("name", name)]).await;
        (person, room, member)
    }

    pub(crate) async fn join(server: &Running, room: &Room, name: &str) -> (Self, Member) {
        let mut person = Self::nobody(server);
        let member = person.join_too(room, name).await;
        (person, member)
    }

    pub(crate) async fn and_join(mut self, code: &RoomCode, name: &str) -> (Self, Room) {
        let joined: Entered = self.ask(&format!("/r/{code}/join"), &[("name", name)]).await;
        (self, joined.room)
    }

    /// A new room that stands in the lobby.
    pub(crate) async fn listed(&mut self, name: &str) -> Room {
        let form = [("room_name", name), ("listed", "on")];
        self.ask::<Entered>("/rooms", &form).await.room
    }

    pub(crate) async fn join_too(&mut self, room: &Room, name: &str) -> Member {
        let joined: Entered = self.ask(&format!("/r/{}/join", room.code), &[("name", name)]).await;
        joined.member
    }

    pub(crate) async fn knock(&mut self, room: &Room, name: &str, says: &str) {
        let form = [("name", name), ("says", says)];
        let _: serde_json::Value = self.ask(&format!("/r/{}/knock", room.code), &form).await;
    }

    /// As a page without a script says it.
    pub(crate) async fn has_read(&mut self, room: &Room, seq: u32) {
        let form = [("seq", &*seq.to_string())];
        let _: serde_json::Value = self.ask(&format!("/r/{}/read", room.code), &form).await;
    }

    /// A form, answered in JSON.
    async fn ask<T: serde::de::DeserializeOwned>(
        &mut self,
        path: &str,
        form: &[(&str, &str)],
    ) -> T {
        let url = format!("http://{}{path}", self.address);
        let mut request = reqwest::Client::new()
            .post(url)
            .header(ACCEPT, "application/json")
            .header(COOKIE, &self.cookie);
        if let Some(at) = &self.at {
            request = request.header(AT, at);
        }
        let response = soon(request.form(form).send()).await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        if let Some(cookie) = response.headers().get(SET_COOKIE) {
            self.cookie = cookie.to_str().unwrap().split(';').next().unwrap().into();
        }
        response.json().await.unwrap()
    }

    pub(crate) async fn connect(&self) -> Socket {
        let stream = TcpStream::connect(self.address).await.unwrap();
        self.open(stream).await
    }

    /// Over a socket whose kernel takes hardly anything in advance.
    pub(crate) async fn connect_narrow(&self) -> Socket {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let stream = socket.connect(self.address).await.unwrap();
        self.open(stream).await
    }

    /// Wherever else they are.
    pub(crate) async fn connect_at(&self, ip: &str) -> Socket {
        Self { at: Some(ip.to_owned()), ..self.clone() }.connect().await
    }

    pub(crate) async fn open(&self, stream: TcpStream) -> Socket {
        let said = self.at.iter().map(|at| (AT, &**at));
        let said: Vec<_> = iter::once((COOKIE, &*self.cookie)).chain(said).collect();
        let query = format!("?version={VERSION}");
        let mut socket = Socket::saying(stream, self.address, &query, &said).await;
        let hello = socket.event().await;
        assert!(matches!(hello, Event::Hello(_)), "{hello:?}");
        socket
    }

    /// Connected, and following the room from its newest page on.
    pub(crate) async fn enter(&self, room: &Room) -> (Socket, Log) {
        let mut socket = self.connect().await;
        socket.code = Some(room.code.clone());
        let log = socket.follow(room.id).await;
        (socket, log)
    }
}
