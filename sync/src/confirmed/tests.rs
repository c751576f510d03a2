//! What a frame does to what is shown: in any order, twice, with losses.

#![allow(clippy::unwrap_used, reason = "a test that cannot make its values has failed")]

use proptest::prelude::*;
use protocol::{
    Audience, Body, Changes, Content, Lifetime, Member, MemberId, Message, MessageId, PersonName,
    Point, Role, Room, RoomCode, RoomId, RoomPage, Value,
};

use super::{Confirmed, Heard, MAX_WINDOW};

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
            room: Room {
                id: RoomId(1),
                code,
                name: None,
                listed: false,
                lifetime: Lifetime::Month,
                rules: protocol::Rules::default(),
                rev: 1,
            },
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
        self.slice(self.messages.len().saturating_sub(newest), newest)
    }

    fn slice(&self, from: usize, count: usize) -> RoomPage {
        let to = (from + count).min(self.messages.len());
        RoomPage {
            room: self.room.clone(),
            messages: self.messages[from.min(to)..to].to_vec(),
            members: vec![member(1)],
            head: u32::try_from(self.messages.len()).unwrap(),
            found: None,
            at: Point { epoch: EPOCH, rev: self.rev },
        }
    }

    /// The page that a client asks for which wants this part.
    fn asked(&self, client: &Confirmed, part: Part) -> Option<RoomPage> {
        let index = |seq: u32| seq as usize - 1;
        Some(match part {
            Part::Older => {
                let end = index(client.older()?);
                self.slice(end.saturating_sub(PAGE), PAGE.min(end))
            }
            Part::Newer => self.slice(index(client.newer()?) + 1, PAGE),
            Part::Newest => self.page(PAGE),
            Part::Around(at) => {
                let at = at % self.messages.len().max(1);
                self.slice(at.saturating_sub(PAGE / 2), PAGE)
            }
        })
    }
}

const PAGE: usize = 50;

#[derive(Clone, Copy, Debug)]
enum Part {
    Older,
    Newer,
    Newest,
    Around(usize),
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
    /// A page is asked for and read; it comes after a few more steps.
    Load(Part),
    /// The reader scrolls to the end of what is there, or away from it.
    Follow(bool),
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
        4 => prop_oneof![
            Just(Part::Older), Just(Part::Newer), Just(Part::Newest),
            any::<usize>().prop_map(Part::Around)
        ].prop_map(Step::Load),
        2 => any::<bool>().prop_map(Step::Follow),
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

/// Complete to n: each value in the window is at least as new as at n, none is missing in it, and
/// if it is open, none after it.
fn check(client: &Confirmed, server: &Server) {
    let complete = client.complete().rev;
    let first = client.older().unwrap_or(1);
    let last = client.newer().unwrap_or(u32::MAX);
    for message in server.messages.iter().filter(|message| message.rev <= complete) {
        let kept = client.messages().find(|kept| kept.seq == message.seq);
        let inside = (first..=last).contains(&message.seq);
        assert_eq!(kept.is_some(), inside, "{} in {first}..={last}", message.seq);
        assert!(kept.is_none_or(|kept| kept.rev >= message.rev), "{} is old", message.seq);
    }
    assert!(client.messages().len() <= MAX_WINDOW + 60, "a window has its bound");
}

/// Wherever the reader is, page by page.
fn find_the_end(client: &mut Confirmed, server: &Server) {
    check(client, server);
    while let Some(page) = server.asked(client, Part::Newer) {
        let before = client.newer();
        client.expect_page();
        assert!(client.take_page(page));
        assert_ne!(client.newer(), before, "a page leads on");
        check(client, server);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn whatever_happens_to_frames_and_pages_the_client_shows_the_servers_list(
        steps in steps(), before in prop_oneof![0_usize..80, 320_usize..420], every in 1_usize..4
    ) {
        let mut server = Server::new();
        for _ in 0..before {
            server.post("before");
        }
        let mut client = Confirmed::from(server.page(PAGE));
        let (mut sent, mut last) = (Vec::new(), server.rev);
        let mut coming: Option<(usize, RoomPage)> = None;
        for (i, step) in steps.into_iter().enumerate() {
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
                Step::Reset => client = Confirmed::from(server.page(PAGE)),
                Step::Follow(follows) => {
                    client.follow((follows && client.newer().is_none()).then_some(70));
                }
                Step::Load(part) => {
                    if let Some(page) = server.asked(&client, part).filter(|_| coming.is_none()) {
                        client.expect_page();
                        coming = Some((i + every, page));
                    }
                }
            }
            if let Some((_, page)) = coming.take_if(|(at, _)| *at <= i) {
                client.take_page(page);
            }
            check(&client, &server);
        }
        catch_up(&mut client, &server);
        if let Some((_, page)) = coming {
            client.take_page(page);
        }
        find_the_end(&mut client, &server);
        prop_assert_eq!(client.newer(), None);
        let shown = shown(&client);
        prop_assert_eq!(&shown[..], &server.messages[server.messages.len() - shown.len()..]);
        prop_assert_eq!(client.room(), &server.room);
        prop_assert_eq!(client.complete().rev, server.rev);
    }
}

#[test]
fn a_window_goes_through_a_long_log_in_both_directions_and_stays_small() {
    let mut server = Server::new();
    for _ in 0..2_000 {
        server.post("said");
    }
    let mut client = Confirmed::from(server.page(PAGE));
    client.follow(None);
    let step = |client: &mut Confirmed, part| {
        let Some(page) = server.asked(client, part) else { return false };
        client.expect_page();
        assert!(client.take_page(page));
        assert!(client.messages().len() <= MAX_WINDOW);
        check(client, &server);
        true
    };
    while step(&mut client, Part::Older) {}
    assert_eq!(client.messages().next().map(|message| message.seq), Some(1));
    assert_eq!(client.newer(), Some(u32::try_from(MAX_WINDOW).unwrap()));
    while step(&mut client, Part::Newer) {}
    assert_eq!(client.messages().next_back().map(|message| message.seq), Some(2_000));
    assert_eq!(client.older(), Some(2_001 - u32::try_from(MAX_WINDOW).unwrap()));
}

#[test]
fn nothing_is_taken_from_one_who_reads_further_up() {
    let mut server = Server::new();
    for _ in 0..PAGE {
        server.post("said");
    }
    let mut client = Confirmed::from(server.page(PAGE));
    client.follow(None);
    for _ in 0..MAX_WINDOW {
        server.post("meanwhile");
    }
    catch_up(&mut client, &server);
    assert_eq!(client.messages().next().map(|message| message.seq), Some(1));
    assert_eq!(client.messages().len(), MAX_WINDOW);
    assert_eq!((client.newer(), client.head()), (Some(300), 350));
}

#[test]
fn complete_is_said_up_to_a_place_only_when_nothing_before_it_is_missing() {
    let mut server = Server::new();
    server.post("one");
    let mut client = Confirmed::from(server.page(PAGE));
    assert_eq!(client.reached(), 1);
    server.post("lost");
    let complete = server.rev;
    server.post("three");
    assert_eq!(client.apply(server.changes(complete, server.rev, 9)), Heard::Ask);
    assert_eq!((client.head(), client.reached()), (3, 1));
    // A part of what is missing is not all of it.
    let since = client.complete().rev;
    assert_eq!(client.apply(server.changes(since, server.rev, 1)), Heard::Ask);
    assert_eq!(client.reached(), 1);
    catch_up(&mut client, &server);
    assert_eq!(client.reached(), 3);
}

#[test]
fn a_page_that_a_reset_overtook_is_of_no_use() {
    let mut server = Server::new();
    for _ in 0..200 {
        server.post("said");
    }
    let mut client = Confirmed::from(server.page(PAGE));
    client.expect_page();
    let page = server.asked(&client, Part::Older).unwrap();
    server.edit(120);
    client = Confirmed::from(server.page(PAGE));
    assert!(!client.take_page(page));
    check(&client, &server);
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
    let first = client.messages().next().unwrap().seq;
    assert!(client.messages().len() <= MAX_WINDOW && first > 20);
    server.edit(0);
    catch_up(&mut client, &server);
    assert_eq!(client.messages().next().unwrap().seq, first);
}

#[test]
fn where_the_log_is_followed_the_oldest_go_many_at_a_time() {
    let mut server = Server::new();
    let mut client = Confirmed::from(server.page(PAGE));
    client.follow(Some(60));
    let mut firsts = Vec::new();
    for _ in 0..300 {
        server.post("said");
        catch_up(&mut client, &server);
        firsts.extend(client.messages().next().map(|message| message.seq));
        assert!(client.messages().len() < 85);
    }
    firsts.dedup();
    assert_eq!(firsts, [1, 26, 51, 76, 101, 126, 151, 176, 201, 226]);
}
