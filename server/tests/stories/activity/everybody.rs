//! What everybody does, as it is taken and as it is refused.

use std::{net::SocketAddr, process::Command};

use protocol::{Audience, MessageId, RoomCode, RoomId};
use reqwest::Method;
use tokio_tungstenite::tungstenite::Message;

use super::{ADDRESS, Guest, MARK, Program};
use crate::site::Try;

/// Each form, as it is taken and as it is refused. The room's id and code.
pub(super) async fn forms(ann: &mut Guest, ben: &mut Guest) -> Try<(RoomId, String)> {
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
        ("/join".to_owned(), vec![("name", &*other), ("code", &*code)]),
        (path.clone(), vec![("id", &*message), ("body", MARK)]),
        (path.clone(), vec![("id", &*message), ("body", &*other)]),
        (path.clone(), vec![("id", MARK), ("body", MARK)]),
        (path.clone(), vec![("id", &*message), ("body", &*long)]),
        (at("name"), vec![("name", &*named)]),
        (at("name"), vec![("name", MARK)]),
        (at("read"), vec![("seq", "1")]),
        (at("read"), vec![("seq", MARK)]),
        ("/look".to_owned(), vec![("theme", MARK), ("back", MARK)]),
        ("/look".to_owned(), vec![("name", &*named)]),
        ("/look".to_owned(), vec![("name", &*long)]),
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

pub(super) async fn pages(ann: &Guest, code: &str) -> Try {
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
pub(super) async fn commands(guest: &Guest, at: SocketAddr, room: RoomId, code: &str) -> Try {
    use protocol::Command::{Away, Beat, Leave, News, Post, Read, SetName, Typing, Unwatch, Watch};
    let mut socket = guest.connect(at).await?;
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
pub(super) async fn another(program: &Program, guest: &mut Guest) -> Try<(Guest, String)> {
    let made = guest.call("/devices/move", &[]).await?;
    let link = made["way"]["link"].as_str().ok_or("no link")?;
    let (_, token) = link.split_once("/move/").ok_or("no token")?;
    let (mut other, path) = (Guest::new(program)?, format!("/move/{token}"));
    other.request(Method::GET, &path).header("accept", "text/html").send().await?;
    other.call(&path, &[]).await?;
    Ok((other, token.to_owned()))
}

/// What whoever runs the server does, as it is taken and as it is refused.
pub(super) fn operate(program: &Program, code: &str) -> Try {
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
