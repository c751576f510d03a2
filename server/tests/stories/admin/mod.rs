//! Whoever runs a server sees to it by `parley admin` while it runs: the real program asks a real server.

mod ban;
mod place;

use std::process::Command as Program;

use protocol::{
    Act, Audience, Close, Command, Content, Event, Item, Matter, MessageId, Reason, Refusal, Reset,
    Room, VERSION, Value,
};
use reqwest::{
    Client,
    header::{ACCEPT_LANGUAGE, HeaderName},
};
use tokio::{net::TcpStream, task::spawn_blocking};

use crate::client::{Person, Running, Socket, code};

const FROM: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What it printed, or why it did nothing.
type Said = Result<String, String>;

async fn admin(server: &Running, arguments: &[&str]) -> Said {
    let mut program = Program::new(env!("CARGO_BIN_EXE_parley"));
    program.env_clear().arg("admin").args(arguments).arg("--data").arg(server.data());
    let output = spawn_blocking(move || program.output()).await.unwrap().unwrap();
    let said = |bytes| String::from_utf8(bytes).unwrap().trim_end().to_owned();
    match output.status.code() {
        Some(0) => Ok(said(output.stdout)),
        Some(1) => Err(said(output.stderr).trim_start_matches("parley: ").to_owned()),
        other => panic!("{other:?} {}", said(output.stderr)),
    }
}

async fn json(server: &Running, arguments: &[&str]) -> serde_json::Value {
    let said = admin(server, &[arguments, &["--json"]].concat()).await.unwrap();
    serde_json::from_str(&said).unwrap()
}

/// What is on the room's desk.
async fn desk(socket: &mut Socket, room: &Room) -> Vec<Item> {
    let stream = Audience::Desk(room.id);
    socket.send(Command::Watch { stream, since: None, code: None }).await;
    let page = socket.until(|event| {
        if let Event::Reset(Reset::Desk(page)) = event { Some(page.items) } else { None }
    });
    page.await
}

/// Those things that were done by nobody in the room, and whether the server did them by itself.
fn by_nobody(items: &[Item]) -> Vec<(&Act, bool)> {
    let logged = items.iter().filter_map(|item| match &item.matter {
        Matter::Logged(logged) if logged.by.is_none() => Some((&logged.act, logged.automatic)),
        Matter::Logged(_)
        | Matter::Knock(_)
        | Matter::Report(_)
        | Matter::Curb(_)
        | Matter::Link(_) => None,
    });
    logged.collect()
}

#[tokio::test]
async fn rooms_are_listed_with_who_and_what_is_in_them() {
    let server = Running::start().await;
    let (ann, tea, _) = Person::create(&server, "Ann").await;
    let (bo, _) = Person::join(&server, &tea, "Bo").await;
    let (mut host, mut log) = ann.enter(&tea).await;
    // No name that a room is given by chance has a number.
    let name = protocol::RoomName::parse("Tea at 5").ok();
    host.send(Command::Host { room: tea.id, act: Act::Rename { name } }).await;
    host.post(&tea, MessageId::now(), "hello").await;
    host.read(&mut log, 1).await;
    let (_other, attic, _) = Person::create(&server, "Cid").await;
    let said = admin(&server, &["rooms"]).await.unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("CODE") && lines[0].ends_with("NAME"), "{said}");
    let codes = [attic.code.as_str(), tea.code.as_str()];
    assert!(lines[1..3].iter().all(|line| codes.iter().any(|code| line.starts_with(code))));
    assert_eq!(lines[3], "2 of 2 rooms");
    let rooms = json(&server, &["rooms", "tEa aT 5"]).await;
    let room = &rooms["rooms"]["rooms"][0];
    for (of, count) in [("here", 1), ("members", 2), ("hosts", 1), ("messages", 1)] {
        assert_eq!(room[of], count, "{of} {room}");
    }
    assert_eq!((&room["code"], &room["name"]), (&codes[1].into(), &"Tea at 5".into()));
    assert_eq!(rooms["rooms"]["total"], 1);
    let said = admin(&server, &["rooms", "--limit", "1"]).await.unwrap();
    assert!(said.ends_with("\n1 of 2 rooms"), "{said}");
    assert_eq!(admin(&server, &["rooms", "nothing"]).await.unwrap().lines().count(), 2);
    drop(bo);
}

#[tokio::test]
async fn a_room_that_is_removed_is_over_for_everyone_in_it_as_when_it_is_burned() {
    let server = Running::start().await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (mut host, mut log) = ann.enter(&room).await;
    let (mut visitor, _) = Person::nobody(&server).enter(&room).await;
    host.post(&room, MessageId::now(), "hello").await;
    host.read(&mut log, 1).await;
    let code = room.code.as_str();
    let said = admin(&server, &["remove", code]).await;
    assert_eq!(said, Ok(format!("{code} is removed, with everything in it (messages: 1)")));
    for socket in [&mut host, &mut visitor] {
        assert_eq!(socket.ended().await, Reason::Burned);
    }
    for room in [code, &format!("id:{}", room.id.0)] {
        assert_eq!(admin(&server, &["remove", room]).await, Err("there is no such room".into()));
    }
}

#[tokio::test]
async fn one_message_is_taken_away_and_the_desk_says_by_whom() {
    let server = Running::start().await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (mut host, mut log) = ann.enter(&room).await;
    let id = MessageId::now();
    host.post(&room, id, "cheap lamps").await;
    host.read(&mut log, 1).await;
    let place = format!("id:{}", room.id.0);
    assert_eq!(
        admin(&server, &["remove", &place, "2"]).await,
        Err("There is no such message.".into())
    );
    let said = admin(&server, &["remove", &place, "1"]).await;
    assert_eq!(said, Ok(format!("message 1 of {place} is removed")));
    let content = host.until(|event| {
        let Event::Changes(changes) = event else { return None };
        changes.values.into_iter().find_map(|value| {
            if let Value::Message(message) = value { Some(message.content) } else { None }
        })
    });
    assert_eq!(content.await, Content::Removed);
    let items = desk(&mut host, &room).await;
    assert_eq!(by_nobody(&items), [(&Act::Remove { message: id, removed: true }, false)]);
}

#[tokio::test]
async fn somebody_who_is_banned_from_a_room_is_out_until_that_is_undone() {
    let server = Running::start().await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (mut bo, member) = Person::join(&server, &room, "Bo").await;
    let (mut host, _) = ann.enter(&room).await;
    let (mut socket, _) = bo.enter(&room).await;
    let code = room.code.as_str();
    let nobody = admin(&server, &["ban", "person", code, "Cid"]).await;
    assert_eq!(nobody, Err("There is nobody like that in this room.".into()));
    let said = admin(&server, &["ban", "person", code, "bo", "--for", "ever"]).await;
    assert_eq!(said, Ok(format!("they are out of {code}, and banned for ever")));
    assert_eq!(socket.ended().await, Reason::Removed);
    let n = socket.watch(room.id, None).await;
    assert_eq!(socket.refused().await, (Some(n), Refusal::Barred { until: protocol::FOR_EVER }));
    let said = admin(&server, &["unban", "person", code, "Bo"]).await;
    assert_eq!(said, Ok(format!("they may come back into {code}")));
    assert_eq!(bo.join_too(&room, "Bo").await.id, member.id);
    let items = desk(&mut host, &room).await;
    let (member, until) = (member.id, Some(protocol::FOR_EVER));
    let done = [Act::Bar { member, until }, Act::Bar { member, until: None }];
    assert_eq!(by_nobody(&items), done.each_ref().map(|act| (act, false)));
}

/// What somebody from there gets to see, in German.
async fn seen(server: &Running, ip: &str) -> (u16, String) {
    let url = format!("http://{}/", server.address);
    let http = Client::builder().no_proxy().build().unwrap();
    let request = http.get(url).header(FROM, ip).header(ACCEPT_LANGUAGE, "de");
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn socket_from(server: &Running, ip: &str) -> Socket {
    let line = TcpStream::connect(server.address).await.unwrap();
    let query = format!("?version={VERSION}");
    Socket::saying(line, server.address, &query, &[(FROM, ip)]).await
}

#[tokio::test]
async fn an_address_that_is_banned_gets_no_answer_and_its_sockets_close_until_that_is_undone() {
    const HERE: &str = "203.0.113.5";
    const THERE: &str = "198.51.100.7";
    let server = Running::with(&["--trusted-proxies", "127.0.0.1"]).await;
    assert_eq!(seen(&server, HERE).await.0, 200);
    let mut here = socket_from(&server, HERE).await;
    let mut there = socket_from(&server, THERE).await;
    there.event().await;
    let said = admin(&server, &["ban", "address", "203.0.113.0/24", "--for", "ever"]).await;
    assert_eq!(said, Ok("203.0.113.0/24 is banned for ever; 1 connections were closed".into()));
    assert_eq!(here.closed().await, code(Close::Banned));
    assert_eq!(there.so_far().await, []);
    let server = {
        let mut server = server;
        server.stop();
        server.again().await
    };
    let (status, text) = seen(&server, HERE).await;
    assert_eq!(status, 403, "{text}");
    assert!(text.starts_with("Die Leitung dieses Servers"), "{text}");
    assert_eq!(seen(&server, THERE).await.0, 200);
    let bans = admin(&server, &["bans"]).await.unwrap();
    assert!(bans.ends_with("\n203.0.113.0/24  for ever"), "{bans}");
    for network in ["127.0.0.1", "127.0.0.0/8", "126.0.0.0/7", "::1"] {
        let said = admin(&server, &["ban", "address", network]).await;
        assert!(said.unwrap_err().starts_with("nobody is told apart by that"), "{network}");
    }
    let said = admin(&server, &["unban", "address", "203.0.113.0/24"]).await;
    assert_eq!(said, Ok("203.0.113.0/24 is banned no more".into()));
    assert_eq!(seen(&server, HERE).await.0, 200);
    assert_eq!(admin(&server, &["bans"]).await, Ok("no address is banned".into()));
    let said = admin(&server, &["unban", "address", HERE]).await;
    assert!(said.unwrap_err().starts_with("that is not banned"));
}

#[tokio::test]
async fn what_is_announced_is_said_once_to_everybody_who_is_connected_now() {
    let server = Running::start().await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (mut member, _) = ann.enter(&room).await;
    let mut nobody = Person::nobody(&server).connect().await;
    let text = "Back at 9 & <b>better</b>";
    let said = admin(&server, &["announce", text]).await;
    assert_eq!(said, Ok("said to 2 connections".into()));
    let mut late = ann.connect().await;
    for (socket, times) in [(&mut member, 1), (&mut nobody, 1), (&mut late, 0)] {
        let told = socket.so_far().await.into_iter().filter_map(|event| {
            if let Event::Announced(line) = event { Some(String::from(line)) } else { None }
        });
        assert_eq!(told.collect::<Vec<_>>(), vec![text; times]);
    }
}

#[tokio::test]
async fn how_the_server_is_can_be_asked() {
    let server = Running::start().await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (mut host, mut log) = ann.enter(&room).await;
    host.post(&room, MessageId::now(), "hello").await;
    host.read(&mut log, 1).await;
    host.post(&room, MessageId::now(), "").await;
    host.refused().await;
    let stats = json(&server, &["stats"]).await;
    let stats = &stats["stats"];
    for (of, count) in [
        ("rooms", 1),
        ("rooms_in_use", 1),
        ("messages", 1),
        ("posted", 1),
        ("people", 1),
        ("here", 1),
        ("sockets", 1),
        ("backlog", 0),
    ] {
        assert_eq!(stats[of], count, "{of} {stats}");
    }
    assert_eq!(stats["refused"]["body_empty"], 1, "{stats}");
    assert!(stats["database_bytes"].as_u64() > Some(4096), "{stats}");
    assert_eq!(stats["version"], env!("CARGO_PKG_VERSION"));
    let said = admin(&server, &["stats"]).await.unwrap();
    assert!(said.contains("\nrooms        1, 1 of them in use\n"), "{said}");
}
