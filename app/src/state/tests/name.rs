//! What the reader is called, by whatever says it.

use leptos::prelude::*;
use protocol::{
    Audience, Changes, Here, Look, Member, PersonName, Presence, Present, RoomId, Value,
};

use super::{super::RoomState, CLOCK, Server, member, view, words};

fn called(name: &str, rev: u64) -> Member {
    Member { name: PersonName::parse(name).unwrap(), rev, ..member(2) }
}

fn here(me: Member) -> Here {
    Here { total: 1, away: 0, people: vec![Present { member: me, away: false }] }
}

fn in_the_log(room: RoomState, me: Member) {
    let stream = Audience::Room(RoomId(1));
    let (upto, values) = (me.rev, vec![Value::Member(me)]);
    room.apply(Changes { stream, epoch: 1, after: 0, upto, values, more: false });
}

fn in_who_is_here(room: RoomState, me: Member) {
    room.presence(Presence::All { room: RoomId(1), here: here(me) });
}

fn in_a_page_of_people(room: RoomState, me: Member) {
    room.show_people(here(me));
}

fn in_who_changed(room: RoomState, me: Member) {
    let changed = here(me).people;
    let (came, went) = (Vec::new(), Vec::new());
    room.presence(Presence::Moved { room: RoomId(1), total: 1, away: 0, came, changed, went });
}

#[test]
fn the_newest_name_of_the_reader_holds_wherever_it_comes_from() {
    let owner = Owner::new();
    owner.set();
    let ways = [in_the_log, in_who_is_here, in_a_page_of_people, in_who_changed];
    for (first, second) in (0..4).flat_map(|first| (0..4).map(move |second| (first, second))) {
        for (names, then) in [
            ([("Anna", 2), ("Zoe", 3)], "Zoe"),
            ([("Anna", 3), ("Zoe", 2)], "Anna"),
            ([("Anna", 0), ("Zoe", 0)], "Ana"),
        ] {
            let view = view(Server::new().page(50));
            let room = RoomState::new(&view, RwSignal::new(Look::default()), CLOCK, words());
            for (way, (name, rev)) in [first, second].into_iter().zip(names) {
                ways[way](room, called(name, rev));
            }
            room.scene.with_untracked(|scene| {
                let me = scene.member().unwrap();
                assert_eq!(me.name.as_str(), then, "{names:?} by ways {first} and {second}");
            });
        }
    }
}
