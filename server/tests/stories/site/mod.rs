//! A real server on a free port with an empty data folder, and browsers without scripts: cookies,
//! forms, no redirects followed. The socket's client is elsewhere.

use std::{error::Error, net::SocketAddr, path::PathBuf};

use app::{Catalogue, catalogue};
use protocol::{Language, Look, MessageId, PageData, Refusal, RoomPage, RoomView, VERSION, View};
use reqwest::{
    Client, Method, RequestBuilder, Response, StatusCode,
    header::{HeaderMap, LOCATION},
    redirect::Policy,
};
use server::Config;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub(crate) type Try<T = ()> = Result<T, Box<dyn Error>>;

pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    data: TempDir,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<anyhow::Result<()>>,
}

impl Site {
    pub(crate) async fn start(settings: &[&str]) -> Try<Self> {
        let data = tempfile::tempdir()?;
        let folder = data.path().to_string_lossy().into_owned();
        let arguments = ["parley", "--data", &folder].into_iter().chain(settings.iter().copied());
        let config = Config::try_parse_from(arguments)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(server::serve(config, listener, async {
            let _ = stopped.await;
        }));
        Ok(Self { address, data, stop: Some(stop), server })
    }

    pub(crate) fn browser(&self) -> Try<Browser> {
        self.browser_saying(&[])
    }

    /// Behind a proxy that says that it is there.
    pub(crate) fn browser_at(&self, ip: &str) -> Try<Browser> {
        self.browser_saying(&[("x-forwarded-for", ip)])
    }

    /// Whose every request has these headers.
    pub(crate) fn browser_saying(&self, headers: &[(&'static str, &str)]) -> Try<Browser> {
        let mut said = HeaderMap::new();
        for (name, value) in headers {
            said.append(*name, value.parse()?);
        }
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).no_proxy();
        // No line that grew old meanwhile: tests here move the clock.
        let idle = if headers.is_empty() { usize::MAX } else { 0 };
        let client = client.default_headers(said).pool_max_idle_per_host(idle).build()?;
        Ok(Browser { client, base: format!("http://{}", self.address) })
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.data.path().join("parley.db")
    }

    pub(crate) async fn stop(mut self) -> Try {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        Ok(self.server.await??)
    }
}

pub(crate) struct Browser {
    client: Client,
    base: String,
}

impl Browser {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn get(&self, path: &str) -> Try<Response> {
        Ok(self.request(Method::GET, path).header("accept", "text/html").send().await?)
    }

    /// A request for a socket.
    pub(crate) fn socket(&self) -> RequestBuilder {
        self.request(Method::GET, &format!("/live?version={VERSION}"))
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
    }

    pub(crate) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Try<Response> {
        let form = self
            .request(Method::POST, path)
            .header("accept", "text/html")
            .header("origin", &self.base);
        Ok(form.form(fields).send().await?)
    }

    /// As a program, which wants values.
    pub(crate) async fn call(
        &self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Try<(StatusCode, serde_json::Value)> {
        let call = self.request(Method::POST, path).header("accept", "application/json");
        let response = call.form(fields).send().await?;
        Ok((response.status(), response.json().await?))
    }

    pub(crate) async fn data(&self, path: &str) -> Try<PageData> {
        Ok(self.get(&format!("{path}?data")).await?.json().await?)
    }

    /// A part of the log as the page of the room begins with it.
    pub(crate) async fn page(&self, room: &str, query: &str) -> Try<RoomPage> {
        let separator = if query.is_empty() { '?' } else { '&' };
        let data: PageData =
            self.get(&format!("{room}{query}{separator}data")).await?.json().await?;
        let View::Room(room) = data.view else { return Err(no("room", &data.view)) };
        Ok(room.page)
    }

    pub(crate) async fn room(&self, path: &str) -> Try<RoomView> {
        let view = self.data(path).await?.view;
        let View::Room(room) = view else { return Err(no("room", &view)) };
        Ok(*room)
    }

    /// The path of a new room, whose host this is.
    pub(crate) async fn create(&self, name: &str) -> Try<String> {
        let response = self.send("/rooms", &[("name", name), ("room_name", "")]).await?;
        assert_eq!(response.status(), 303);
        location(&response)
    }

    /// With the id that the page's form has.
    pub(crate) async fn say(&self, path: &str, body: &str) -> Try<Response> {
        let id = self.room(path).await?.form_id;
        self.say_as(path, id, body).await
    }

    pub(crate) async fn say_as(&self, path: &str, id: MessageId, body: &str) -> Try<Response> {
        self.send(path, &[("id", &id.to_string()), ("body", body)]).await
    }

    /// What is said in the room, oldest first.
    pub(crate) async fn said(&self, path: &str) -> Try<Vec<String>> {
        let messages = self.room(path).await?.page.messages;
        let text = |message: protocol::Message| match message.content {
            protocol::Content::Text(body) => String::from(body),
            protocol::Content::Removed => "(removed)".to_owned(),
        };
        Ok(messages.into_iter().map(text).collect())
    }
}

/// Another page than was asked for.
pub(crate) fn no(what: &str, view: &View) -> Box<dyn Error> {
    format!("no {what} but {view:?}").into()
}

/// Of a browser that asks for no language.
pub(crate) fn words() -> &'static Catalogue {
    catalogue(Language::English)
}

pub(crate) fn location(response: &Response) -> Try<String> {
    Ok(response.headers().get(LOCATION).ok_or("no location")?.to_str()?.to_owned())
}

/// What the page of a room starts from, out of its HTML.
pub(crate) fn room_in(html: &str) -> Try<RoomView> {
    let (_, after) = html.split_once(r#"id="page-data">"#).ok_or("no data in the page")?;
    let (json, _) = after.split_once("</script>").ok_or("no end of the data")?;
    let (_, _, room): (Look, Vec<String>, RoomView) = serde_json::from_str(json)?;
    Ok(room)
}

/// The lobby as the form left it: what was typed, and why it was refused.
pub(crate) fn assert_lobby(html: &str, name: &str, refusal: &Refusal) {
    assert!(html.contains(&format!(r#"value="{name}""#)), "{name:?} is kept\n{html}");
    let said = format!(">{}<", words().live.refusal(refusal));
    assert!(html.contains(&said), "{refusal:?} is said\n{html}");
    assert!(html.contains(r#"action="/rooms""#), "it is the lobby\n{html}");
}

/// Kind words, a way back, and the code to be typed again.
pub(crate) fn assert_door(html: &str) {
    for part in [words().door_title, r#"href="/""#, r#"action="/join""#, r#"name="code""#] {
        assert!(html.contains(part), "{part}\n{html}");
    }
}

pub(crate) fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Of a page or its policy: each has another.
pub(crate) fn without_nonces(text: &str) -> String {
    let mut parts = text.split("nonce");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        // After `="` in a page, and `-` in its policy.
        let value = part.trim_start_matches(['=', '-', '"', '\'']);
        let after =
            value.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c));
        all + "nonce" + after
    })
}
