//! Where somebody is signed in, and what becomes of whoever is signed out.

use std::net::SocketAddr;

use app::catalogue;
use protocol::{
    Close, Command, Devices, Event, Language, MessageId, RoomCode, RoomId, VERSION, View, WhoAmI,
};
use reqwest::{
    Client, Method, RequestBuilder, Response,
    header::{COOKIE, SET_COOKIE},
    redirect::Policy,
};
use serde_json::Value;
use tokio::net::TcpStream;

use crate::{
    client::{Socket, code},
    site::{Site, Try, room_in, words},
};

const LAPTOP: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
pub(crate) const PHONE: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";

/// A browser whose cookie can be looked at, and kept by somebody else.
#[derive(Clone)]
pub(crate) struct Device {
    http: Client,
    address: SocketAddr,
    agent: &'static str,
    pub(crate) cookie: String,
}

impl Device {
    pub(crate) fn new(site: &Site, agent: &'static str) -> Try<Self> {
        let http = Client::builder().redirect(Policy::none()).no_proxy().build()?;
        Ok(Self { http, address: site.address, agent, cookie: String::new() })
    }

    /// Ann's, with a room of hers.
    pub(crate) async fn with_room(site: &Site, name: &str) -> Try<(Self, Value)> {
        let mut device = Self::new(site, LAPTOP)?;
        let made = device.call("/rooms", &[("name", name), ("room_name", "Tea")]).await?;
        Ok((device, made["room"].clone()))
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("http://{}{path}", self.address));
        request.header(COOKIE, &self.cookie).header("user-agent", self.agent)
    }

    /// As a browser does.
    fn keep(&mut self, answer: &Response) {
        let said = answer.headers().get_all(SET_COOKIE).into_iter().filter_map(|c| c.to_str().ok());
        for cookie in said.filter(|cookie| cookie.starts_with("parley=")) {
            self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Try<Response> {
        let answer = self.request(Method::GET, path).header("accept", "text/html").send().await?;
        self.keep(&answer);
        Ok(answer)
    }

    pub(crate) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Try<Response> {
        let form = self.request(Method::POST, path).header("accept", "text/html");
        let answer = form.form(fields).send().await?;
        self.keep(&answer);
        Ok(answer)
    }

    pub(crate) async fn call(&mut self, path: &str, fields: &[(&str, &str)]) -> Try<Value> {
        let form = self.request(Method::POST, path).header("accept", "application/json");
        let answer = form.form(fields).send().await?;
        self.keep(&answer);
        Ok(answer.json().await?)
    }

    pub(crate) async fn view(&mut self, path: &str) -> Try<View> {
        let data: protocol::PageData = self.get(&format!("{path}?data")).await?.json().await?;
        Ok(data.view)
    }

    pub(crate) async fn devices(&mut self) -> Try<Devices> {
        let view = self.view("/devices").await?;
        let View::Devices(devices) = view else { return Err(format!("{view:?}").into()) };
        Ok(devices)
    }

    /// The names of the rooms that it lists.
    pub(crate) async fn rooms(&mut self) -> Try<usize> {
        let view = self.view("/").await?;
        let View::Lobby(lobby) = view else { return Err(format!("{view:?}").into()) };
        Ok(lobby.rooms.len())
    }

    pub(crate) async fn is_member(&mut self, room: &str) -> Try<bool> {
        let view = room_in(&self.get(room).await?.text().await?)?;
        Ok(matches!(view.me, WhoAmI::Member(_)))
    }

    /// The path of a link to another device.
    pub(crate) async fn way(&mut self) -> Try<String> {
        let made = self.call("/devices/move", &[]).await?;
        let link = made["way"]["link"].as_str().ok_or("no link")?;
        Ok(link
            .split_once("/move/")
            .map(|(_, token)| format!("/move/{token}"))
            .ok_or("no token")?)
    }

    /// One more, of the same person's.
    pub(crate) async fn another(&mut self, site: &Site) -> Try<Self> {
        let (way, mut other) = (self.way().await?, Self::new(site, PHONE)?);
        other.get(&way).await?;
        assert_eq!(other.send(&way, &[]).await?.status(), 303);
        Ok(other)
    }

    pub(crate) async fn socket(&self) -> Try<Socket> {
        let line = TcpStream::connect(self.address).await?;
        let query = format!("?version={VERSION}");
        let mut socket = Socket::open(line, self.address, &self.cookie, &query).await;
        assert!(matches!(socket.event().await, Event::Hello(_)));
        Ok(socket)
    }
}

fn room_of(room: &Value) -> Try<(RoomId, RoomCode, String)> {
    let code = room["code"].as_str().ok_or("no code")?;
    let id = RoomId(room["id"].as_u64().ok_or("no id")?.try_into()?);
    Ok((id, RoomCode::parse(code).ok_or("not a code")?, format!("/r/{code}")))
}

#[tokio::test]
async fn whoever_is_signed_out_is_nobody_at_once_and_everywhere() -> Try {
    let site = Site::start(&[]).await?;
    let (mut laptop, room) = Device::with_room(&site, "Ann").await?;
    let (id, code_of_room, path) = room_of(&room)?;
    let mut phone = laptop.another(&site).await?;
    assert!(phone.is_member(&path).await?);
    let mut open = [phone.socket().await?, phone.socket().await?];
    open[0].code = Some(code_of_room);
    open[0].follow(id).await;
    let mut other = laptop.socket().await?;

    let listed = laptop.devices().await?.signed_in;
    let told: Vec<_> =
        listed.iter().map(|one| (one.device.to_string(), one.this, one.here)).collect();
    assert_eq!(
        told,
        [("Firefox/Linux".into(), true, true), ("Chrome/Android".into(), false, true)]
    );
    let stolen = phone.clone();
    let out = laptop.send("/devices/sign-out", &[("device", &listed[1].id)]).await?;
    assert_eq!(out.status(), 303);
    for socket in &mut open {
        assert_eq!(socket.closed().await, code(Close::SignedOut));
    }
    assert_eq!(other.so_far().await, [], "nothing happens to the one that asked");

    // Whatever is tried with the old cookie.
    let mut late = stolen.socket().await?;
    assert_eq!(late.closed().await, code(Close::SignedOut));
    let export = format!("{path}/export/txt");
    assert_eq!(stolen.clone().get(&export).await?.status(), 403);
    for (path, fields) in [
        (format!("{path}/name"), vec![("name", "Eve")]),
        (format!("{path}/read"), vec![("seq", "1")]),
        ("/devices/sign-out".into(), vec![("device", "others")]),
        ("/devices/move".into(), vec![]),
    ] {
        assert_eq!(stolen.clone().send(&path, &fields).await?.status(), 403, "{path}");
    }
    assert!(!stolen.clone().is_member(&path).await?);
    assert_eq!(stolen.clone().rooms().await?, 0);
    assert_eq!(stolen.clone().devices().await?, Devices::default());
    // Who begins with it anew is somebody else, by another token.
    let mut again = stolen.clone();
    let id = MessageId::now().to_string();
    let said = again.send(&path, &[("id", &id), ("body", "Hello"), ("name", "Eve")]).await?;
    assert_eq!(said.status(), 303);
    assert!(again.is_member(&path).await? && again.cookie != stolen.cookie);
    assert!(!stolen.clone().is_member(&path).await?, "the old token stands for nobody for ever");
    assert_eq!(laptop.devices().await?.signed_in.len(), 1);
    assert!(laptop.is_member(&path).await?);
    site.stop().await
}

#[tokio::test]
async fn a_page_gives_whoever_was_signed_out_another_token_once() -> Try {
    let site = Site::start(&[]).await?;
    let (mut laptop, _) = Device::with_room(&site, "Ann").await?;
    let mut phone = laptop.another(&site).await?;
    let before = phone.cookie.clone();
    laptop.send("/devices/sign-out", &[("device", "others")]).await?;
    phone.get("/").await?;
    assert_ne!(phone.cookie, before);
    let mut socket = phone.socket().await?;
    assert_eq!(socket.so_far().await, [], "as a visitor, it stays open");
    let offered = phone.cookie.clone();
    phone.get("/settings").await?;
    assert_eq!(phone.cookie, offered, "a form that is sent twice has to be the same person's");
    site.stop().await
}

#[tokio::test]
async fn signing_out_everywhere_else_leaves_the_one_that_asks() -> Try {
    let site = Site::start(&[]).await?;
    let (mut laptop, _) = Device::with_room(&site, "Ann").await?;
    let (mut bob, _) = Device::with_room(&site, "Bob").await?;
    let mut phones = [laptop.another(&site).await?, laptop.another(&site).await?];
    let way = laptop.way().await?;
    let mut socket = laptop.socket().await?;
    assert_eq!(phones[1].send("/devices/sign-out", &[("device", "others")]).await?.status(), 303);
    assert_eq!(socket.closed().await, code(Close::SignedOut));
    let rooms = [laptop.rooms().await?, phones[0].rooms().await?, phones[1].rooms().await?];
    assert_eq!((rooms, bob.rooms().await?), ([0, 0, 1], 1));
    let mut late = Device::new(&site, PHONE)?;
    assert_eq!(
        late.send(&way, &[]).await?.status(),
        404,
        "nor is a way open that one of them made"
    );
    site.stop().await
}

#[tokio::test]
async fn nobody_signs_out_what_is_not_theirs() -> Try {
    let site = Site::start(&[]).await?;
    let (mut laptop, _) = Device::with_room(&site, "Ann").await?;
    let mut phone = laptop.another(&site).await?;
    let (mut bob, _) = Device::with_room(&site, "Bob").await?;
    let id = laptop.devices().await?.signed_in[1].id.clone();
    let mut socket = phone.socket().await?;
    for device in [&*id, "others"] {
        assert_eq!(bob.send("/devices/sign-out", &[("device", device)]).await?.status(), 303);
    }
    let mut nobody = Device::new(&site, PHONE)?;
    assert_eq!(nobody.send("/devices/sign-out", &[("device", &id)]).await?.status(), 403);
    for strange in ["", "all", "0x1"] {
        let refused = laptop.send("/devices/sign-out", &[("device", strange)]).await?;
        assert_eq!(refused.status(), 400, "{strange}");
    }
    socket.send(Command::Beat).await;
    assert_eq!(socket.event().await, Event::Beat);
    assert_eq!((phone.rooms().await?, laptop.devices().await?.signed_in.len()), (1, 2));
    site.stop().await
}

#[tokio::test]
async fn the_page_says_where_one_is_signed_in_without_a_script() -> Try {
    let site = Site::start(&[]).await?;
    let (mut laptop, _) = Device::with_room(&site, "Ann").await?;
    let alone = laptop.get("/devices").await?.text().await?;
    assert!(!alone.contains(words().sign_out_others), "{alone}");
    laptop.another(&site).await?;
    let html = laptop.get("/devices").await?.text().await?;
    for part in ["Firefox on Linux", "Chrome on Android", words().this_one, words().sign_out_others]
    {
        assert!(html.contains(part), "{part}\n{html}");
    }
    let settings = laptop.get("/settings").await?.text().await?;
    assert!(settings.contains(r#"href="/devices""#));
    let mut nobody = Device::new(&site, PHONE)?;
    let html = nobody.get("/devices").await?.text().await?;
    assert!(html.contains(catalogue(Language::English).devices_none) && !html.contains("<form"));
    site.stop().await
}
