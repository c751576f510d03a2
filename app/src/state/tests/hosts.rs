//! What hosts settle holds for who reads, at once.

use leptos::prelude::*;
use protocol::{
    Audience, Changes, FOR_EVER, Look, Member, MemberId, Role, RoomId, Rules, Value, Voices,
};

use super::{CLOCK, Server, member, view, words};
use crate::RoomState;

fn hear(room: RoomState, rev: u64, value: Value) {
    let (stream, values) = (Audience::Room(RoomId(1)), vec![value]);
    room.apply(Changes { stream, epoch: 1, after: rev - 1, upto: rev, values, more: false });
}

#[test]
fn who_is_muted_writes_and_has_another_name_when_they_are_not_and_when_it_is_past() {
    let owner = Owner::new();
    owner.set();
    let server = Server::new();
    let room =
        RoomState::new(&view(server.page(0)), RwSignal::new(Look::default()), CLOCK, words());
    let closed = || room.scene.with_untracked(crate::Scene::is_closed);
    for (until, holds) in [(Some(1), true), (None, false), (Some(FOR_EVER), true), (Some(0), false)]
    {
        room.set_muted(until);
        assert_eq!((closed(), room.muted()), (holds, until.filter(|_| holds)), "{until:?}");
        assert_eq!(room.scene.with_untracked(crate::Scene::may_rename), !holds, "{until:?}");
    }
}

#[test]
fn where_only_hosts_write_a_member_does_not_until_they_are_one() {
    let owner = Owner::new();
    owner.set();
    let server = Server::new();
    let mut page = server.page(0);
    page.members.push(member(2));
    let room = RoomState::new(&view(page), RwSignal::new(Look::default()), CLOCK, words());
    let closed = || room.scene.with_untracked(crate::Scene::is_closed);
    assert!(!closed());
    let rules = Rules { voices: Voices::Hosts, ..Rules::default() };
    hear(room, 2, Value::Room(protocol::Room { rules, rev: 2, ..server.room.clone() }));
    assert!(closed());
    let host = Member { id: MemberId(2), role: Role::Host, rev: 3, ..member(2) };
    hear(room, 3, Value::Member(host));
    assert!(!closed());
    assert!(room.scene.with_untracked(crate::Scene::is_host));
}
