//! Where the reader looks, and what they have seen.

use std::cell::RefCell;

use leptos::prelude::*;
use protocol::{Look, RoomView};

use super::{
    super::{Aim, RoomState},
    CLOCK, Server, view, words,
};
use crate::{Clock, Draw};

/// Opened on 50 messages from `first` on, of 100.
fn open(first: usize, read: Option<u32>, found: Option<u32>) -> RoomState {
    open_with(CLOCK, first, read, found)
}

fn open_with(clock: Clock, first: usize, read: Option<u32>, found: Option<u32>) -> RoomState {
    let mut server = Server::new();
    (0..100).for_each(|_| server.post("said"));
    let mut page = server.slice(first - 1, 50);
    page.found = found;
    let view = RoomView { read, ..view(page) };
    let look = RwSignal::new(Look::default());
    let room = RoomState::new(&view, look, clock, words());
    room.set_looking(true);
    room
}

#[test]
fn a_room_opens_where_its_reader_left_off_and_only_what_is_before_them_was_seen() {
    let owner = Owner::new();
    owner.set();
    for (what, first, read, found, aim, seen) in [
        ("all was read", 51, Some(100), None, Aim::End, 100),
        ("a visitor", 51, None, None, Aim::End, 100),
        ("some is new, and the end is here", 51, Some(70), None, Aim::New, 70),
        ("much is new", 20, Some(30), None, Aim::New, 30),
        ("what is new is elsewhere", 1, Some(80), None, Aim::Keep, 80),
        ("what is new is before all that is here", 51, Some(10), None, Aim::End, 100),
        ("a message was looked for", 51, Some(70), Some(60), Aim::Found, 70),
    ] {
        let room = open(first, read, found);
        assert_eq!((room.aim(), room.seen()), (aim, seen), "{what}");
    }
}

#[test]
fn who_comes_to_the_end_has_seen_all_of_it_and_who_passes_by_has_not() {
    let owner = Owner::new();
    owner.set();
    let room = open(51, Some(70), None);
    // The line is before them, and the end below.
    room.follow(false);
    room.arrived();
    assert_eq!((room.seen(), room.scene.get_untracked().part.unseen), (70, Some(30)));
    room.follow(true);
    assert_eq!((room.seen(), room.scene.get_untracked().part.unseen), (100, None));
    let short = open(51, Some(70), None);
    short.follow(true);
    short.arrived();
    assert_eq!(short.seen(), 100, "the end is in sight with the line");
}

#[test]
fn who_does_not_look_sees_nothing_until_they_do() {
    let owner = Owner::new();
    owner.set();
    let room = open(51, Some(100), None);
    room.set_looking(false);
    let mut server = Server::new();
    (0..101).for_each(|_| server.post("said"));
    room.apply(server.changes(101, 102));
    room.refresh();
    assert_eq!((room.head(), room.seen()), (101, 100));
    room.set_looking(true);
    assert_eq!(room.seen(), 101);
}

#[test]
fn a_shorter_log_was_seen_no_further_than_it_goes() {
    let owner = Owner::new();
    owner.set();
    let room = open(51, Some(100), None);
    let mut server = Server::new();
    (0..80).for_each(|_| server.post("restored"));
    room.reset(server.page(50));
    assert_eq!(room.seen(), 80);
}

#[test]
fn who_follows_keeps_what_is_near_and_who_reads_keeps_all() {
    let owner = Owner::new();
    owner.set();
    let room = open(51, None, None);
    room.arrived();
    let rows = || room.rows.with_untracked(Vec::len);
    let mut server = Server::new();
    (0..100).for_each(|_| server.post("said"));
    let mut say = |messages| {
        let before = server.rev;
        (0..messages).for_each(|_| server.post("said"));
        room.apply(server.changes(before, server.rev));
        room.refresh();
    };
    room.keep_near(60);
    say(34);
    assert_eq!(rows(), 84);
    say(26);
    assert_eq!(rows(), 60);
    room.follow(false);
    say(51);
    assert_eq!(rows(), 111);
    room.follow(true);
    assert_eq!(rows(), 111, "nothing goes before something comes");
    say(1);
    assert_eq!(rows(), 60);
}

#[test]
fn what_others_said_is_known_before_it_is_drawn_and_counted_where_it_is_not_here() {
    let owner = Owner::new();
    owner.set();
    let never = Clock { soon: |_| {}, ..CLOCK };
    for (what, first, said, told, news) in [
        ("nothing", 51, vec![], 100, (0, None)),
        ("one", 51, vec!["**Low** tide at `six`"], 100, (1, Some("Low tide at six"))),
        ("several", 51, vec!["one", "two"], 99, (3, Some("two"))),
        ("the end is elsewhere", 1, vec!["hello"], 100, (1, None)),
    ] {
        let room = open_with(never, first, None, None);
        let mut server = Server::new();
        (0..100).for_each(|_| server.post("said"));
        let before = server.rev;
        said.iter().for_each(|text| server.post(text));
        room.apply(server.changes(before, server.rev));
        let news = (news.0, news.1.map(|text| ("Ana".to_owned(), text.to_owned())));
        assert_eq!(room.others_said_since(told), news, "{what}");
    }
}

#[test]
fn new_messages_are_drawn_a_few_at_a_time_and_a_page_of_them_at_once() {
    thread_local! {
        static DRAWS: RefCell<Vec<Draw>> = RefCell::default();
    }
    let owner = Owner::new();
    owner.set();
    let clock = Clock { soon: |draw| DRAWS.with_borrow_mut(|draws| draws.push(draw)), ..CLOCK };
    let room = open_with(clock, 51, None, None);
    let mut server = Server::new();
    (0..100).for_each(|_| server.post("said"));
    let last = || room.rows.with_untracked(|rows| rows.last().and_then(|row| row.seq));
    for (new, drawn) in
        [(0, vec![0]), (2, vec![2]), (7, vec![3, 3, 1]), (20, vec![7, 5, 3, 3, 2]), (51, vec![51])]
    {
        let before = server.rev;
        (0..new).for_each(|_| server.post("said"));
        room.apply(server.changes(before, server.rev));
        for drawn in drawn {
            let before = last().unwrap();
            let draw = DRAWS.with_borrow_mut(Vec::pop).unwrap();
            assert_eq!(draw(3), drawn, "of {new}");
            assert_eq!(last(), u32::try_from(drawn).ok().map(|drawn| before + drawn));
        }
        assert!(DRAWS.with_borrow(Vec::is_empty), "all of {new} are drawn");
    }
}
