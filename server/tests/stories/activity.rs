//! The log of all that people do: who did what where and how it ended, and nothing that they said, are called,
//! or came with.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use protocol::{Audience, MessageId, RoomCode, RoomId, VERSION};
use reqwest::{
    Client, Method, RequestBuilder,
    header::{COOKIE, HeaderName, SET_COOKIE},
};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::{client::Socket, limits::PROXY, site::Try};

/// In every text that is typed or sent.
const MARK: &str = "Zwetschge";
const ADDRESS: &str = "203.0.113.77";

/// The program itself, with its log in a file.
struct Program {
    child: Child,
    folder: TempDir,
    address: SocketAddr,
}

impl Program {
    fn start(settings: &[&str]) -> Try<Self> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_parley"));
        command.current_dir(folder.path()).env_clear().args(["--listen", "127.0.0.1:0"]);
        command.args(settings).args(["--log", "trace", "--post-burst", "100"]);
        command.args(["--secret-key", &MARK.repeat(4)]);
        let log = File::create(folder.path().join("log"))?;
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        for line in lines {
            if let Some((_, port)) = line?.split_once("http://localhost:") {
                let address = format!("127.0.0.1:{port}").parse()?;
                return Ok(Self { child, folder, address });
            }
        }
        Err(fs::read_to_string(folder.path().join("log"))?.into())
    }

    /// What it said until it ended.
    fn end(mut self) -> Try<String> {
        let killed = Command::new("kill").arg(self.child.id().to_string()).status()?;
        assert!(killed.success() && self.child.wait()?.success());
        Ok(fs::read_to_string(self.folder.path().join("log"))?)
    }
}

/// Whose every request says everything that a request can say, marked.
struct Guest {
    http: Client,
    base: String,
    cookie: String,
}

impl Guest {
    fn new(program: &Program) -> Try<Self> {
        let http = Client::builder().no_proxy().build()?;
        Ok(Self { http, base: format!("http://{}", program.address), cookie: String::new() })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        request
            .header("x-forwarded-for", ADDRESS)
            .header("user-agent", MARK)
            .header("referer", format!("http://{MARK}.example/"))
            .header("accept-language", MARK)
            .header("x-request-id", MARK)
            .header(COOKIE, format!("{}; look=theme={MARK}", self.cookie))
    }

    /// As a program; the session that begins with it stays.
    async fn call(&mut self, path: &str, fields: &[(&str, &str)]) -> Try<serde_json::Value> {
        let form = self.request(Method::POST, path).header("accept", "application/json");
        let answer = form.form(fields).send().await?;
        let cookie = answer.headers().get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok());
        if let Some(cookie) = cookie.filter(|cookie| cookie.starts_with("parley=")) {
            self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        }
        Ok(answer.json().await?)
    }
}

/// Each form, as it is taken and as it is refused. The room's id and code.
async fn forms(ann: &mut Guest, ben: &mut Guest) -> Try<(RoomId, String)> {
    let long = MARK.repeat(600);
    let (named, other) = (format!("{MARK} A"), format!("{MARK} B"));
    let room = [("name", &*named), ("room_name", &*other), ("lifetime", "day"), ("listed", "on")];
    let made = ann.call("/rooms", &room).await?;
    let id = RoomId(made["room"]["id"].as_u64().ok_or("no room")?.try_into()?);
    let code = made["room"]["code"].as_str().ok_or("no code")?.to_owned();
    let (path, message) = (format!("/r/{code}"), MessageId::now().to_string());
    let at = |what: &str| format!("{path}/{what}");
    for (path, fields) in [
        ("/rooms".to_owned(), vec![("name", &*long)]),
        ("/rooms".to_owned(), vec![("lifetime", MARK)]),
        ("/join".to_owned(), vec![("name", MARK), ("code", MARK)]),
        ("/join".to_owned(), vec![("name", MARK), ("code", "ZZZZZ")]),
        ("/join".to_owned(), vec![("name", &*named), ("code", &*code)]),
        (at("join"), vec![("name", &*other)]),
        (path.clone(), vec![("id", &*message), ("body", MARK)]),
        (path.clone(), vec![("id", &*message), ("body", &*other)]),
        (path.clone(), vec![("id", MARK), ("body", MARK)]),
        (path.clone(), vec![("id", &*message), ("body", &*long)]),
        (at("name"), vec![("name", &*named)]),
        (at("name"), vec![("name", MARK)]),
        (at("read"), vec![("seq", "1")]),
        (at("read"), vec![("seq", MARK)]),
        ("/look".to_owned(), vec![("theme", MARK), ("back", MARK)]),
        ("/devices/sign-out".to_owned(), vec![("device", MARK)]),
        ("/devices/sign-out".to_owned(), vec![("device", "others")]),
        (format!("/move/{MARK}"), vec![]),
        (format!("/move/{}", "5".repeat(32)), vec![]),
        (at(MARK), vec![(MARK, MARK)]),
    ] {
        let form = ben.request(Method::POST, &path).header("accept", "text/html");
        form.form(&fields).send().await?;
        let _ = ben.call(&path, &fields).await;
    }
    ann.call(&at("name"), &[("name", &format!("{MARK} C"))]).await?;
    Ok((id, code))
}

async fn pages(ann: &Guest, code: &str) -> Try {
    let room = format!("/r/{code}");
    for path in ["", "/", "/history", "/people", "/qr.svg", "/export/html", "/export/json"] {
        for query in ["", "?data", &format!("?at=1&{MARK}={MARK}"), &format!("?at={MARK}")] {
            ann.request(Method::GET, &format!("{room}{path}{query}")).send().await?;
        }
    }
    for path in [
        "/",
        "/settings",
        "/devices",
        &format!("/move/{MARK}"),
        &format!("/new?name={MARK}"),
        &format!("/r/{MARK}"),
        "/r/ZZZZZ",
        &format!("/{MARK}?{MARK}"),
        &format!("/emoji/{MARK}"),
        "/emoji/en",
        "/live",
        "/readyz",
    ] {
        ann.request(Method::GET, path).header("accept", "text/html").send().await?;
    }
    let method = Method::from_bytes(MARK.as_bytes())?;
    ann.request(method, &room).send().await?;
    let foreign = ann.request(Method::POST, "/rooms").header("origin", format!("http://{MARK}"));
    foreign.form(&[("name", MARK)]).send().await?;
    Ok(())
}

/// Each command, as it is taken and as it is refused, and what is none.
async fn commands(guest: &Guest, at: SocketAddr, room: RoomId, code: &str) -> Try {
    use protocol::Command::{Away, Beat, Leave, News, Post, Read, SetName, Typing, Unwatch, Watch};
    let headers =
        [(HeaderName::from_static("x-forwarded-for"), ADDRESS), (COOKIE, guest.cookie.as_str())];
    let query = format!("?version={VERSION}&{MARK}={MARK}");
    let mut socket = Socket::saying(TcpStream::connect(at).await?, at, &query, &headers).await;
    let (stream, id) = (Audience::Room(room), MessageId::now());
    let named = format!("{MARK} D");
    for command in [
        Watch { stream, since: None, code: RoomCode::parse(code) },
        Watch { stream: Audience::Person, since: None, code: None },
        Watch { stream: Audience::Room(RoomId(99)), since: None, code: RoomCode::parse("ZZZZZ") },
        News { of: vec![room] },
        Post { room, id, body: MARK.into() },
        Post { room, id, body: MARK.repeat(2) },
        Post { room: RoomId(99), id, body: MARK.into() },
        SetName { room, name: named },
        SetName { room, name: MARK.repeat(9) },
        Typing { room, on: true },
        Away { away: true },
        Read { room, seq: 1 },
        Beat,
        Unwatch { stream },
        Leave { room },
        Leave { room },
        Post { room, id: MessageId::now(), body: MARK.into() },
    ] {
        socket.send(command).await;
    }
    for text in [MARK.to_owned(), format!(r#"{{"n":7,"command":{{"{MARK}":"{MARK}"}}}}"#)] {
        socket.text(&text).await;
    }
    socket.so_far().await;
    socket.raw(Message::binary(MARK.as_bytes().to_vec())).await;
    socket.closed().await;
    Ok(())
}

/// The same person on one more device, and the token by which they came there.
async fn another(program: &Program, guest: &mut Guest) -> Try<(Guest, String)> {
    let made = guest.call("/devices/move", &[]).await?;
    let link = made["way"]["link"].as_str().ok_or("no link")?;
    let (_, token) = link.split_once("/move/").ok_or("no token")?;
    let (mut other, path) = (Guest::new(program)?, format!("/move/{token}"));
    other.request(Method::GET, &path).header("accept", "text/html").send().await?;
    other.call(&path, &[]).await?;
    Ok((other, token.to_owned()))
}

/// What whoever runs the server does, as it is taken and as it is refused.
fn operate(program: &Program, code: &str) -> Try {
    for arguments in [
        &["rooms", MARK][..],
        &["announce", MARK],
        &["ban", "person", code, MARK],
        &["ban", "address", ADDRESS],
        &["bans"],
        &["unban", "address", ADDRESS],
        &["unban", "address", ADDRESS],
        &["stats"],
        &["remove", code, "99"],
        &["remove", code],
        &["remove", code],
    ] {
        let mut admin = Command::new(env!("CARGO_BIN_EXE_parley"));
        admin.current_dir(program.folder.path()).env_clear().arg("admin").args(arguments);
        admin.output()?;
    }
    Ok(())
}

/// By forms.
const DONE: &[(&str, &str)] = &[
    ("/rooms", "ok"),
    ("/rooms", "name_too_long"),
    ("/rooms", "malformed"),
    ("/join", "no_such_room"),
    ("/r/{code}/join", "ok"),
    ("/r/{code}", "ok"),
    ("/r/{code}", "id_conflict"),
    ("/r/{code}", "body_too_long"),
    ("/r/{code}/name", "ok"),
    ("/r/{code}/name", "name_taken"),
    ("/r/{code}/read", "ok"),
    ("/r/{code}/leave", "ok"),
    ("/devices/sign-out", "ok"),
    ("/devices/sign-out", "malformed"),
    ("/devices/move", "ok"),
    ("/move/{token}", "ok"),
    ("/move/{token}", "no_such_room"),
];

/// By a socket.
const COMMANDED: &[(&str, &str)] = &[
    ("watch", "ok"),
    ("watch", "no_such_room"),
    ("unwatch", "ok"),
    ("news", "ok"),
    ("post", "ok"),
    ("post", "id_conflict"),
    ("post", "not_a_member"),
    ("set_name", "ok"),
    ("set_name", "name_too_long"),
    ("leave", "ok"),
    ("typing", "ok"),
    ("away", "ok"),
    ("read", "ok"),
    ("beat", "ok"),
    ("unreadable", "malformed"),
    ("unreadable", "unknown_command"),
];

/// By whoever runs the server.
const OPERATED: &[(&str, &str)] = &[
    ("rooms", "ok"),
    ("announce", "ok"),
    ("ban", "no_such_member"),
    ("ban", "ok"),
    ("bans", "ok"),
    ("unban", "ok"),
    ("unban", "refused"),
    ("stats", "ok"),
    ("remove", "no_such_message"),
    ("remove", "ok"),
    ("remove", "refused"),
];

/// All of it in one line.
fn assert_told(log: &str, parts: &[String]) {
    let told = log.lines().any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(told, "{parts:?}\n{log}");
}

#[tokio::test]
async fn the_log_says_who_did_what_and_nothing_of_what_they_said() -> Try {
    let program = Program::start(&PROXY)?;
    let (mut ann, mut ben) = (Guest::new(&program)?, Guest::new(&program)?);
    let (room, code) = forms(&mut ann, &mut ben).await?;
    pages(&ann, &code).await?;
    commands(&ben, program.address, room, &code).await?;
    ann.call(&format!("/r/{code}/leave"), &[]).await?;
    let (phone, way) = another(&program, &mut ann).await?;
    let [one, other, third] =
        [&ann, &ben, &phone].map(|guest| guest.cookie.trim_start_matches("parley="));
    assert_eq!((one.len(), other.len(), third.len(), way.len()), (64, 64, 64, 32));
    operate(&program, &code)?;
    let log = program.end()?;

    for secret in
        [MARK, ADDRESS, "127.0.0.1", "localhost:", &code, "ZZZZZ", one, other, third, &way]
    {
        let told: Vec<_> = log.lines().filter(|line| line.contains(secret)).take(3).collect();
        assert!(told.is_empty(), "{secret} stands in the log:\n{}", told.join("\n"));
    }
    let at = [" person=".to_owned(), format!(" room={}", room.0)];
    for (route, outcome) in DONE {
        let ended = format!("outcome=\"{outcome}\"");
        let line = ["request{id=", "method=\"POST\"", " status="].map(str::to_owned);
        let parts = [&line[..], &[format!("route=\"{route}\""), ended]].concat();
        let known = if route.starts_with("/r") { &at[..] } else { &at[..1] };
        let place = if *outcome == "ok" { known } else { &[] };
        assert_told(&log, &[&parts, place].concat());
    }
    for (command, outcome) in COMMANDED {
        let ended = [format!("command=\"{command}\""), format!("outcome=\"{outcome}\"")];
        assert_told(&log, &[&[" id=".to_owned()], &at[..1], &ended].concat());
    }
    for (command, outcome) in OPERATED {
        let ended = [format!("command=\"{command}\""), format!("outcome=\"{outcome}\"")];
        assert_told(&log, &[&["by=\"operator\"".to_owned()], &ended[..]].concat());
    }
    Ok(())
}

#[tokio::test]
async fn whoever_forgot_to_name_a_proxy_is_told_once() -> Try {
    for (settings, told) in [(&[][..], 1), (&PROXY[..], 0)] {
        let program = Program::start(settings)?;
        for _ in 0..3 {
            Guest::new(&program)?.request(Method::GET, "/").send().await?;
        }
        let log = program.end()?;
        assert_eq!(log.matches("is not among the trusted ones").count(), told, "{log}");
    }
    Ok(())
}
