//! Everybody there can be, of two rooms, and what they ask for.

use protocol::MessageId;
use reqwest::{Client, Method, Response, header::HeaderMap};
use serde_json::Value;

use crate::http::tests::Site;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Without a session.
    Nobody,
    /// The other room's host, and nothing here.
    Elsewhere,
    Former,
    Barred,
    /// Without a session, at the address of the one who is barred.
    Beside,
    Muted,
    Member,
    Host,
}

impl Who {
    /// In the order of the columns.
    pub(super) const ALL: [Self; 8] = [
        Self::Nobody,
        Self::Elsewhere,
        Self::Former,
        Self::Barred,
        Self::Beside,
        Self::Muted,
        Self::Member,
        Self::Host,
    ];

    /// What they are to the room of `Elsewhere`.
    pub(super) fn there(self) -> Self {
        match self {
            Self::Nobody | Self::Beside => Self::Nobody,
            Self::Elsewhere => Self::Host,
            Self::Former | Self::Barred | Self::Muted | Self::Member | Self::Host => {
                Self::Elsewhere
            }
        }
    }
}

/// What an address or a form says of a room.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) code: String,
    /// Of a link into it.
    key: String,
    /// Of the way to a device of its host's: it leads there once.
    pub(super) token: String,
    message: String,
}

impl Place {
    pub(super) fn nowhere() -> Self {
        let key = "0123456789abcdef".repeat(2);
        let message = MessageId::now().to_string();
        Self { code: "ZZZZZ".into(), key: key.clone(), token: key, message }
    }

    pub(super) fn path(&self, route: &str) -> String {
        let fill = |part| match part {
            "{code}" => &self.code,
            "{key}" => &self.key,
            "{token}" => &self.token,
            "{format}" => "json",
            "{language}" => "en",
            "{member}" | "{seq}" => "1",
            part => {
                assert!(!part.contains('{'), "say here what stands for {part}");
                part
            }
        };
        route.split('/').map(fill).collect::<Vec<_>>().join("/")
    }

    /// A form that a page of the room would send.
    fn form(&self, route: &str, name: &str) -> Vec<(&'static str, String)> {
        let fields: &[(&'static str, &str)] = match route {
            "/look" => &[("theme", "dark")],
            "/devices/sign-out" => &[("device", "others")],
            "/i" => &[("key", &self.key), ("name", name)],
            "/join" => &[("code", &self.code), ("name", name)],
            "/r/{code}" => &[("id", &MessageId::now().to_string()), ("body", "Hi"), ("name", name)],
            "/r/{code}/act" => &[("act", "topic"), ("topic", "Tides")],
            "/r/{code}/knock" => &[("name", name), ("says", "It is me")],
            "/r/{code}/read" => &[("seq", "1")],
            "/r/{code}/report" => &[("message", &self.message)],
            "/r/{code}/rules" => {
                &[("lifetime", "day"), ("admission", "open"), ("voices", "everyone")]
            }
            "/rooms" | "/r/{code}/join" | "/r/{code}/name" => &[("name", name)],
            "/devices/move" | "/move/{token}" | "/r/{code}/leave" => &[],
            route => panic!("say here what is sent to {route}"),
        };
        fields.iter().map(|(field, value)| (*field, (*value).to_owned())).collect()
    }
}

/// Said in each room, and nothing that whoever is refused may see.
pub(super) const SECRET: &str = "spring tide";

pub(super) struct Someone<'a> {
    pub(super) who: Who,
    site: &'a Site,
    http: Client,
}

impl<'a> Someone<'a> {
    /// Each has an address: who is barred is, for a day, with theirs.
    fn new(site: &'a Site, who: Who) -> Self {
        let there = if who == Who::Beside { Who::Barred } else { who };
        let address = format!("203.0.113.{}", there as u8 + 1);
        let said = HeaderMap::from_iter([
            ("x-forwarded-for".parse().unwrap(), address.parse().unwrap()),
            ("accept".parse().unwrap(), "application/json".parse().unwrap()),
        ]);
        let http = Client::builder().cookie_store(true).no_proxy().default_headers(said);
        let http = http.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { who, site, http }
    }

    fn name(&self) -> String {
        format!("{:?}y", self.who)
    }

    pub(super) async fn ask(&self, method: &Method, route: &str, place: &Place) -> Response {
        let url = format!("{}{}?data", self.site.base, place.path(route));
        let mut request = self.http.request(method.clone(), url);
        if *method == Method::POST {
            request = request.form(&place.form(route, &self.name()));
        }
        if route == "/live" {
            for (name, value) in [
                ("connection", "upgrade"),
                ("upgrade", "websocket"),
                ("sec-websocket-version", "13"),
                ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ] {
                request = request.header(name, value);
            }
        }
        request.send().await.unwrap()
    }

    /// What has to go well.
    async fn does(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let answer = self.http.post(format!("{}{path}", self.site.base)).form(form);
        let answer = answer.send().await.unwrap();
        assert!(answer.status().is_success(), "{:?} {path} {}", self.who, answer.status());
        answer.json().await.unwrap()
    }

    pub(super) async fn acts(&self, code: &str, form: &[(&str, &str)]) -> Value {
        self.does(&format!("/r/{code}/act"), form).await
    }

    /// A room of their own, in which something was said, and a link into it.
    async fn makes_room(&self) -> Place {
        let made = self.does("/rooms", &[("name", &self.name())]).await;
        let code = made["room"]["code"].as_str().unwrap().to_owned();
        let message = MessageId::now().to_string();
        self.does(&format!("/r/{code}"), &[("id", &message), ("body", SECRET)]).await;
        let key = self.acts(&code, &[("act", "link")]).await;
        Place { code, key: last(&key["link"]), token: String::new(), message }
    }

    /// What is in a room, and on its desk.
    async fn sees(&self, code: &str) -> [Value; 2] {
        let mut seen = [Value::Null, Value::Null];
        for (value, (path, what)) in seen.iter_mut().zip([("", "room"), ("/desk", "desk")]) {
            let url = format!("{}/r/{code}{path}?data", self.site.base);
            let data: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
            *value = data["view"][what]["page"].clone();
        }
        seen
    }

    /// To their devices, for one.
    pub(super) async fn way(&self) -> String {
        last(&self.does("/devices/move", &[]).await["way"]["link"])
    }

    /// What they are to the room, beside the one who made it.
    async fn becomes(&self, host: &Self, code: &str) {
        match self.who {
            Who::Nobody | Who::Elsewhere | Who::Beside | Who::Host => return,
            Who::Former | Who::Barred | Who::Muted | Who::Member => {}
        }
        let joined = self.does(&format!("/r/{code}/join"), &[("name", &self.name())]).await;
        let member = joined["member"]["id"].to_string();
        let act = match self.who {
            Who::Barred => "bar",
            Who::Muted => "mute",
            Who::Former => {
                self.does(&format!("/r/{code}/leave"), &[]).await;
                return;
            }
            Who::Member | Who::Nobody | Who::Elsewhere | Who::Beside | Who::Host => return,
        };
        host.acts(code, &[("act", act), ("member", &member), ("minutes", "ever")]).await;
    }
}

fn last(link: &Value) -> String {
    link.as_str().unwrap().rsplit_once('/').unwrap().1.to_owned()
}

pub(super) struct Cast<'a> {
    pub(super) all: [Someone<'a>; 8],
    pub(super) here: Place,
    pub(super) there: Place,
}

impl<'a> Cast<'a> {
    pub(super) async fn new(site: &'a Site) -> Self {
        let all = Who::ALL.map(|who| Someone::new(site, who));
        let [_, elsewhere, .., host] = &all;
        let (here, there) = (host.makes_room().await, elsewhere.makes_room().await);
        for someone in &all {
            someone.becomes(host, &here.code).await;
        }
        Self { all, here, there }
    }

    /// As their hosts see them.
    pub(super) async fn rooms(&self) -> [[Value; 2]; 2] {
        let [_, elsewhere, .., host] = &self.all;
        [host.sees(&self.here.code).await, elsewhere.sees(&self.there.code).await]
    }
}
