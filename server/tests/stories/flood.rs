//! A room into which too many come: from then on they knock, as its hosts see, and can undo.

use protocol::{
    Act, Admission, Audience, Command, Event, Item, Logged, Matter, Reason, Refusal, Reset, Room,
    Value,
};

use crate::client::{Person, Running, Socket};

/// Three at once.
const SETTINGS: &[&str] = &["--join-flood", "3+1"];

async fn come(server: &Running, room: &Room, names: &[&str]) {
    for name in names {
        Person::join(server, room, name).await;
    }
}

/// What a stranger meets who knows the address.
async fn met_by_a_stranger(server: &Running, room: &Room) -> Option<Refusal> {
    let mut socket = Person::nobody(server).connect().await;
    socket.code = Some(room.code.clone());
    socket.watch(room.id, None).await;
    let so_far = socket.so_far().await.into_iter();
    so_far
        .filter_map(|event| if let Event::Refused(it) = event { Some(it.refusal) } else { None })
        .next()
}

async fn watch_desk(socket: &mut Socket, room: &Room) {
    let stream = Audience::Desk(room.id);
    socket.send(Command::Watch { stream, since: None, code: None }).await;
    socket.until(|event| matches!(event, Event::Reset(Reset::Desk(_))).then_some(())).await;
}

/// The next thing that was done.
async fn logged(socket: &mut Socket) -> Logged {
    let logged = |value| match value {
        Value::Item(item) => match *item {
            Item { matter: Matter::Logged(logged), .. } => Some(logged),
            Item { .. } => None,
        },
        Value::Message(_) | Value::Member(_) | Value::Room(_) | Value::Membership(_) => None,
    };
    socket
        .until(|event| {
            let Event::Changes(changes) = event else { return None };
            changes.values.into_iter().find_map(logged)
        })
        .await
}

#[tokio::test]
async fn who_comes_after_a_flood_knocks_until_a_host_undoes_that() {
    let server = Running::with(SETTINGS).await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (mut host, _) = ann.enter(&room).await;
    watch_desk(&mut host, &room).await;
    come(&server, &room, &["Bo", "Cid", "Dee"]).await;
    assert_eq!(met_by_a_stranger(&server, &room).await, None, "as many as are no flood");
    come(&server, &room, &["Eve"]).await;
    let done = logged(&mut host).await;
    let knock = Act::Admission { admission: Admission::Knock };
    let open = Act::Admission { admission: Admission::Open };
    assert_eq!((done.by, done.automatic, &done.act), (None, true, &knock));
    assert_eq!(done.undo.as_ref(), Some(&open));
    assert_eq!(met_by_a_stranger(&server, &room).await, Some(Refusal::KnockFirst));
    // It was none: the room is open again, and not shut by the next one who comes.
    host.send(Command::Host { room: room.id, act: open.clone() }).await;
    let done = logged(&mut host).await;
    assert_eq!((done.by.is_some(), done.automatic, done.act), (true, false, open));
    come(&server, &room, &["Fay", "Gil", "Hal"]).await;
    assert_eq!(met_by_a_stranger(&server, &room).await, None);
    come(&server, &room, &["Ida"]).await;
    assert_eq!(logged(&mut host).await.act, knock);
}

async fn leave(person: &Person, room: &Room) {
    let (mut socket, _) = person.enter(room).await;
    socket.send(Command::Leave { room: room.id }).await;
    assert_eq!(socket.ended().await, Reason::Left);
}

#[tokio::test]
async fn who_goes_and_comes_again_and_again_is_no_flood() {
    let server = Running::with(SETTINGS).await;
    let (_ann, room, _) = Person::create(&server, "Ann").await;
    let (mut bo, _) = Person::join(&server, &room, "Bo").await;
    for _ in 0..5 {
        leave(&bo, &room).await;
        bo.join_too(&room, "Bo").await;
    }
    assert_eq!(met_by_a_stranger(&server, &room).await, None);
}

#[tokio::test]
async fn where_nobody_could_let_them_in_or_it_is_off_nobody_has_to_knock() {
    let names = ["Bo", "Cid", "Dee", "Eve", "Fay"];
    let hostless = Running::with(&["--rooms", "General", "--join-flood", "3+1"]).await;
    let code = protocol::RoomCode::parse("general").unwrap();
    let (_bo, room) = Person::nobody(&hostless).and_join(&code, "Ann").await;
    come(&hostless, &room, &names).await;
    assert_eq!(met_by_a_stranger(&hostless, &room).await, None);
    let (ann, room, _) = Person::create(&hostless, "Ann").await;
    leave(&ann, &room).await;
    come(&hostless, &room, &names).await;
    assert_eq!(met_by_a_stranger(&hostless, &room).await, None, "its host has left");
    let off = Running::with(&["--join-flood", "off"]).await;
    let (_ann, room, _) = Person::create(&off, "Ann").await;
    come(&off, &room, &names).await;
    assert_eq!(met_by_a_stranger(&off, &room).await, None);
}
