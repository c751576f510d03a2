//! What a frame does to what is shown: in any order, twice, with losses.

#![allow(clippy::unwrap_used, reason = "a test that cannot make its values has failed")]

use proptest::prelude::*;
use protocol::{
    Audience, Body, Changes, Content, Member, MemberId, Message, MessageId, PersonName, Point,
    Refusal, Role, Room, RoomCode, RoomId, RoomPage, Value, WhoAmI,
};

use super::{Confirmed, Delivery, Group, Heard, MAX_WINDOW, Pending, rows};

const EPOCH: u32 = 1;

/// A room as a server keeps it: each value once, as it is now.
#[derive(Clone)]
struct Server {
    room: Room,
    messages: Vec<Message>,
    rev: u64,
}

fn member(id: u32) -> Member {
    Member { id: MemberId(id), name: PersonName::parse("Ana").unwrap(), role: Role::Member, rev: 1 }
}

impl Server {
    fn new() -> Self {
        let code = RoomCode::parse("KMRT").unwrap();
        Self {
            room: Room { id: RoomId(1), code, name: None, rev: 1 },
            messages: Vec::new(),
            rev: 1,
        }
    }

    fn post(&mut self, text: &str) {
        self.rev += 1;
        let seq = u32::try_from(self.messages.len()).unwrap() + 1;
        self.messages.push(Message {
            id: MessageId::now(),
            seq,
            rev: self.rev,
            version: 1,
            author: MemberId(1),
            content: Content::Text(Body::parse(text).unwrap()),
            created_at: i64::from(seq) * 1000,
        });
    }

    fn edit(&mut self, at: usize) {
        if self.messages.is_empty() {
            return;
        }
        let at = at % self.messages.len();
        self.rev += 1;
        let message = &mut self.messages[at];
        message.rev = self.rev;
        message.version += 1;
        message.content =
            Content::Text(Body::parse(&format!("edited {}", message.version)).unwrap());
    }

    fn rename(&mut self) {
        self.rev += 1;
        self.room.rev = self.rev;
    }

    /// The newest values of all that changed in (after, upto], as the wire has it.
    fn changes(&self, after: u64, upto: u64, most: usize) -> Changes {
        let mut values: Vec<Value> = self.messages.iter().cloned().map(Value::Message).collect();
        values.push(Value::Room(self.room.clone()));
        values.retain(|value| value.rev() > after && value.rev() <= upto);
        values.sort_by_key(Value::rev);
        let more = values.len() > most;
        values.truncate(most);
        let upto = if more { values.last().unwrap().rev() } else { upto };
        Changes { stream: Audience::Room(RoomId(1)), epoch: EPOCH, after, upto, values, more }
    }

    fn page(&self, newest: usize) -> RoomPage {
        let from = self.messages.len().saturating_sub(newest);
        RoomPage {
            room: self.room.clone(),
            messages: self.messages[from..].to_vec(),
            members: vec![member(1)],
            at: Point { epoch: EPOCH, rev: self.rev },
        }
    }
}

fn shown(confirmed: &Confirmed) -> Vec<Message> {
    confirmed.messages().cloned().collect()
}

#[derive(Clone, Debug)]
enum Step {
    Post,
    Edit(usize),
    Rename,
    /// A frame since an earlier rev, as live frames overlap with what was read.
    Frame(u64),
    /// That frame is lost.
    Lose,
    /// An old frame comes again, late.
    Again(usize),
    /// The line breaks and the client catches up in small pages.
    Resume,
    Reset,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Post),
        2 => any::<usize>().prop_map(Step::Edit),
        1 => Just(Step::Rename),
        4 => (0_u64..4).prop_map(Step::Frame),
        2 => Just(Step::Lose),
        2 => any::<usize>().prop_map(Step::Again),
        1 => Just(Step::Resume),
        1 => Just(Step::Reset),
    ];
    proptest::collection::vec(step, 1..120)
}

/// Asks as often as it is told to, as a client does.
fn catch_up(client: &mut Confirmed, server: &Server) {
    for _ in 0..1000 {
        let since = client.complete().rev;
        if client.apply(server.changes(since, server.rev, 3)) == Heard::Complete {
            return;
        }
    }
    panic!("catching up does not end");
}

proptest! {
    #[test]
    fn whatever_happens_to_frames_the_client_ends_at_the_servers_list(steps in steps(), before in 0_usize..80) {
        let mut server = Server::new();
        for _ in 0..before {
            server.post("before");
        }
        let mut client = Confirmed::from(server.page(50));
        let (mut sent, mut last) = (Vec::new(), server.rev);
        for step in steps {
            match step {
                Step::Post => server.post("said"),
                Step::Edit(at) => server.edit(at),
                Step::Rename => server.rename(),
                Step::Frame(overlap) => {
                    let frame = server.changes(last.saturating_sub(overlap), server.rev, 500);
                    last = server.rev;
                    sent.push(frame.clone());
                    if client.apply(frame) == Heard::Ask {
                        catch_up(&mut client, &server);
                    }
                }
                Step::Lose => last = server.rev,
                Step::Again(at) if !sent.is_empty() => {
                    client.apply(sent[at % sent.len()].clone());
                }
                Step::Again(_) => {}
                Step::Resume => catch_up(&mut client, &server),
                Step::Reset => client = Confirmed::from(server.page(50)),
            }
            // Complete to n: each value shown is at least as new as at n, and none is missing.
            let complete = client.complete().rev;
            for message in server.messages.iter().filter(|message| message.rev <= complete) {
                let kept = client.messages().find(|kept| kept.seq == message.seq);
                let first = client.messages().next().map_or(0, |first| first.seq);
                prop_assert!(message.seq < first || kept.is_some_and(|kept| kept.rev >= message.rev));
            }
        }
        catch_up(&mut client, &server);
        let shown = shown(&client);
        prop_assert_eq!(&shown[..], &server.messages[server.messages.len() - shown.len()..]);
        prop_assert!(shown.len() >= server.messages.len().min(50));
        prop_assert_eq!(client.room(), &server.room);
        prop_assert_eq!(client.complete().rev, server.rev);
    }
}

#[test]
fn another_epoch_is_asked_about_and_changes_nothing() {
    let mut server = Server::new();
    server.post("one");
    let mut client = Confirmed::from(server.page(50));
    server.post("two");
    let changes = Changes { epoch: EPOCH + 1, ..server.changes(2, 3, 9) };
    assert_eq!(client.apply(changes), Heard::Ask);
    assert_eq!(client.messages().count(), 1);
}

#[test]
fn the_window_keeps_the_newest_and_never_an_older_one_again() {
    let mut server = Server::new();
    let mut client = Confirmed::from(server.page(50));
    for _ in 0..MAX_WINDOW + 20 {
        server.post("said");
    }
    catch_up(&mut client, &server);
    assert_eq!(client.messages().count(), MAX_WINDOW);
    server.edit(0);
    catch_up(&mut client, &server);
    assert_eq!(client.messages().next().unwrap().seq, 21);
}

fn pending(body: &str) -> Pending {
    Pending { id: MessageId::now(), body: body.into(), refusal: None }
}

#[test]
fn the_overlay_is_drawn_last_and_goes_when_its_value_comes() {
    let mut server = Server::new();
    server.post("one");
    let me = WhoAmI::Member(member(1));
    let mut mine = pending("mine");
    let confirmed = Confirmed::from(server.page(50));
    let before = rows(&confirmed, std::slice::from_ref(&mine), &me);
    let drawn: Vec<_> =
        before.iter().map(|row| (row.body.as_str(), row.delivery.as_str(), row.own)).collect();
    assert_eq!(drawn, [("one", "sent", true), ("mine", "pending", true)]);

    mine.refusal = Some(Refusal::IdConflict);
    let failed = rows(&confirmed, std::slice::from_ref(&mine), &me);
    assert_eq!(failed[1].delivery, Delivery::Failed(Refusal::IdConflict));

    server.post("mine");
    server.messages[1].id = mine.id;
    let after = rows(&Confirmed::from(server.page(50)), &[mine.clone()], &me);
    assert_eq!(after.len(), 2);
    assert_eq!(
        (after[1].id, after[1].delivery.as_str()),
        (mine.id, "sent"),
        "the same row, in its place"
    );
}

#[test]
fn one_author_within_five_minutes_is_a_group() {
    let minute = 60_000;
    // Author and minute of each message, and the groups they make.
    for (said, groups) in [
        (vec![(1, 0)], vec![Group::Only]),
        (vec![(1, 0), (1, 5)], vec![Group::First, Group::Last]),
        (vec![(1, 0), (1, 6)], vec![Group::Only, Group::Only]),
        (vec![(1, 0), (1, 4), (1, 8)], vec![Group::First, Group::Middle, Group::Last]),
        (vec![(1, 0), (2, 0), (1, 0)], vec![Group::Only, Group::Only, Group::Only]),
    ] {
        let mut server = Server::new();
        for (author, at) in &said {
            server.post("said");
            let message = server.messages.last_mut().unwrap();
            message.author = MemberId(*author);
            message.created_at = at * minute;
        }
        let drawn =
            rows(&Confirmed::from(server.page(50)), &[], &WhoAmI::Visitor { name: "V".into() });
        assert_eq!(drawn.iter().map(|row| row.group).collect::<Vec<_>>(), groups, "{said:?}");
    }
}
