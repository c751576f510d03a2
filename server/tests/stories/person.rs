//! What is only mine is the same on all my devices, and nobody else ever hears of it.

use std::ops::{Deref, DerefMut};

use crate::client::{Person, Running, Socket};
use protocol::{
    Audience, Changes, Command, Event, Membership, MessageId, PersonPage, Point, Refusal, Reset,
    Room, VERSION, Value,
};

/// What a `Watch` of one's own stream is answered with.
async fn watch(socket: &mut Socket, since: Option<Point>) -> Event {
    socket.send(Command::Watch { stream: Audience::Person, since, code: None }).await;
    socket
        .until(|event| {
            let mine = matches!(&event, Event::Reset(Reset::Person(_)))
                || matches!(&event, Event::Changes(changes) if changes.stream == Audience::Person);
            mine.then_some(event)
        })
        .await
}

/// A socket, and up to where its first page had what is its person's: of that, something may be said late.
struct Line {
    socket: Socket,
    had: u64,
}

impl Line {
    /// What it did not have.
    fn is_new(&self, event: &Event) -> bool {
        let Event::Changes(changes) = event else { return false };
        changes.stream != Audience::Person || changes.upto > self.had
    }
}

/// Connected, and following what is theirs from the newest page on.
async fn open(person: &Person) -> (Line, PersonPage) {
    let mut line = connect(person).await;
    let Event::Reset(Reset::Person(page)) = watch(&mut line, None).await else { panic!() };
    line.had = page.at.rev;
    (line, page)
}

async fn connect(person: &Person) -> Line {
    Line { socket: person.connect().await, had: 0 }
}

impl Deref for Line {
    type Target = Socket;

    fn deref(&self) -> &Socket {
        &self.socket
    }
}

impl DerefMut for Line {
    fn deref_mut(&mut self) -> &mut Socket {
        &mut self.socket
    }
}

async fn read(socket: &mut Socket, room: &Room, seq: u32) -> u32 {
    socket.send(Command::Read { room: room.id, seq }).await
}

/// The next change of what is theirs, of one value.
async fn told(line: &mut Line) -> Membership {
    let changes = loop {
        let event = line.event().await;
        let is_new = line.is_new(&event);
        if let Event::Changes(changes) = event
            && is_new
            && changes.stream == Audience::Person
        {
            break changes;
        }
    };
    let [Value::Membership(membership)] = changes.values[..] else { panic!("{changes:?}") };
    assert_eq!((changes.after + 1, changes.upto), (membership.rev, membership.rev));
    membership
}

/// A room in which Ana said so much, and herself.
async fn talk(server: &Running, messages: u32) -> (Person, Room) {
    let (ana, room, _) = Person::create(server, "Ana").await;
    let (mut socket, mut log) = ana.enter(&room).await;
    for n in 1..=messages {
        socket.post(&room, MessageId::now(), &n.to_string()).await;
    }
    socket.read(&mut log, messages).await;
    (ana, room)
}

#[tokio::test]
async fn what_i_read_here_i_have_read_everywhere_and_nobody_else_is_told() {
    let server = Running::start().await;
    let (ana, room) = talk(&server, 3).await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let ((mut phone, page), (mut laptop, _)) = (open(&ana).await, open(&ana).await);
    let mut silent = connect(&ana).await;
    let (mut bos, bos_page) = open(&bo).await;
    bos.code = Some(room.code.clone());
    bos.follow(room.id).await;
    let [mine] = page.memberships[..] else { panic!("{page:?}") };
    assert_eq!((mine.room, mine.joined, mine.read), (room.id, true, 0));
    // What was said before Bo came is not new to Bo.
    assert_eq!(bos_page.memberships.iter().map(|one| one.read).collect::<Vec<_>>(), [3]);

    for (seq, from_phone) in [(1, true), (2, false), (3, true)] {
        read(if from_phone { &mut phone } else { &mut laptop }, &room, seq).await;
        let expected = Membership { read: seq, rev: mine.rev + u64::from(seq), ..mine };
        assert_eq!((told(&mut phone).await, told(&mut laptop).await), (expected, expected));
    }
    // Once each, and nothing for whoever did not ask, or is not Ana.
    for line in [&mut phone, &mut laptop, &mut silent, &mut bos] {
        let heard = line.so_far().await;
        assert!(!heard.iter().any(|event| line.is_new(event)), "{heard:?}");
    }
    // Who does not follow is answered all the same.
    read(&mut silent, &room, 3).await;
    assert_eq!(told(&mut silent).await.read, 3);
}

#[tokio::test]
async fn reading_goes_forward_up_to_the_newest_message_and_only_for_members() {
    let server = Running::start().await;
    let (ana, room) = talk(&server, 4).await;
    let (mut line, page) = open(&ana).await;
    let mut rev = page.at.rev;
    for (seq, at, changes) in [
        (2, 2, true),
        (1, 2, false),
        (2, 2, false),
        (99, 4, true),
        (u32::MAX, 4, false),
        (0, 4, false),
    ] {
        rev += u64::from(changes);
        read(&mut line, &room, seq).await;
        let told = told(&mut line).await;
        assert_eq!((told.read, told.rev), (at, rev), "{seq}");
    }
    let (stranger, ..) = Person::create(&server, "Stranger").await;
    let mut stranger = stranger.connect().await;
    let n = read(&mut stranger, &room, 1).await;
    assert_eq!(stranger.refused().await, (Some(n), Refusal::NotAMember));
    // Nobody at all.
    let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let mut nobody = Socket::open(stream, server.address, "", &format!("?version={VERSION}")).await;
    let n = read(&mut nobody, &room, 1).await;
    assert_eq!(nobody.refused().await, (Some(n), Refusal::NotAMember));
    let command = Command::Watch { stream: Audience::Person, since: None, code: None };
    let n = nobody.send(command).await;
    assert_eq!(nobody.refused().await, (Some(n), Refusal::NotAMember));
}

#[tokio::test]
async fn joining_and_leaving_reach_my_other_devices() {
    let server = Running::start().await;
    let (_, room) = talk(&server, 2).await;
    let (mut bo, own, _) = Person::create(&server, "Bo").await;
    let (mut tab, page) = open(&bo).await;
    assert_eq!(page.memberships.iter().map(|one| one.room).collect::<Vec<_>>(), [own.id]);
    bo.join_too(&room, "Bo").await;
    let joined = told(&mut tab).await;
    let rev = page.at.rev + 1;
    assert_eq!(joined, Membership { room: room.id, joined: true, read: 2, muted: None, rev });
    tab.send(Command::Leave { room: room.id }).await;
    assert_eq!(told(&mut tab).await, Membership { joined: false, rev: rev + 1, ..joined });
    let (_, page) = open(&bo).await;
    assert_eq!(page.memberships.iter().map(|one| one.room).collect::<Vec<_>>(), [own.id]);
    // Whoever comes back finds what was said meanwhile read, and nothing goes back.
    bo.join_too(&room, "Bo").await;
    assert_eq!(told(&mut tab).await, Membership { rev: rev + 2, ..joined });
}

#[tokio::test]
async fn one_who_was_away_gets_what_changed_since_wherever_they_were() {
    let server = Running::start().await;
    let (mut ana, room) = talk(&server, 6).await;
    let (_, elsewhere) = talk(&server, 2).await;
    ana.join_too(&elsewhere, "Ana too").await;
    let (mut line, page) = open(&ana).await;
    for seq in [2, 4, 6] {
        read(&mut line, &room, seq).await;
        told(&mut line).await;
    }
    let Point { epoch, rev: before } = page.at;
    let head = before + 3;
    for rev in 0..=head {
        let mut line = ana.connect().await;
        let answer = watch(&mut line, Some(Point { epoch, rev })).await;
        let Event::Changes(Changes { after, upto, values, more, .. }) = answer else { panic!() };
        assert_eq!((after, upto, more), (rev, head, false));
        // Each as it is now: the room was read three times since.
        let revs: Vec<u64> = values.iter().map(Value::rev).collect();
        let all = [before, head];
        assert_eq!(revs, all.into_iter().filter(|one| *one > rev).collect::<Vec<_>>(), "{rev}");
    }
    for (why, since) in [
        ("another epoch", Point { epoch: epoch + 1, rev: head }),
        ("an epoch before the first", Point { epoch: 0, rev: head }),
        ("an epoch beyond all", Point { epoch: u32::MAX, rev: head }),
        ("a rev that never was", Point { epoch, rev: head + 1 }),
        ("a rev beyond all", Point { epoch, rev: u64::MAX }),
    ] {
        let Event::Reset(Reset::Person(page)) = watch(&mut line, Some(since)).await else {
            panic!("{why}")
        };
        assert_eq!(page.at, Point { epoch, rev: head }, "{why}");
        let reads: Vec<u32> = page.memberships.iter().map(|one| one.read).collect();
        assert_eq!(reads, [2, 6], "{why}");
    }
}

#[tokio::test]
async fn a_restart_forgets_nothing_of_it() {
    let mut server = Running::start().await;
    let (mut ana, room) = talk(&server, 2).await;
    let (mut line, page) = open(&ana).await;
    read(&mut line, &room, 2).await;
    let mine = told(&mut line).await;
    server.stop();
    line.closed().await;
    drop(line);
    let server = server.again().await;
    ana.address = server.address;
    let mut line = ana.connect().await;
    let Event::Changes(changes) = watch(&mut line, Some(page.at)).await else { panic!() };
    assert_eq!(changes.values, [Value::Membership(mine)]);
}
