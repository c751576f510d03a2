//! What makes undone what hosts did, where that is more than the one act.

use super::*;

#[test]
fn a_locked_room_is_as_listed_as_it_was() {
    let list = |listed| Act::List { listed };
    let listed = |acts: &[Act]| {
        let mut batch = world();
        for one in acts {
            batch.decide(&act(1, one.clone())).unwrap();
        }
        batch.rooms[&ROOM].value.room.listed
    };
    let (locked, open) = (admission(Admission::Locked), admission(Admission::Open));
    for (acts, expected) in [
        (&[list(true), locked.clone()][..], true),
        (&[list(true), locked.clone(), open.clone()], true),
        (&[locked.clone(), list(true)], true),
        (&[locked.clone(), list(true), list(false), open.clone()], false),
        (&[locked, open], false),
    ] {
        assert_eq!(listed(acts), expected, "{acts:?}");
    }
}

#[test]
fn that_who_is_curbed_is_a_host_no_more_is_undone_by_itself() {
    let (host, member) = (appoint(2, Role::Host), appoint(2, Role::Member));
    let demoted = (Some(1), member.clone(), Some(host.clone()));
    for (curb, freed, effect, back) in [
        (mute(2, Some(LATER)), mute(2, None), "Member member 2 Bob @3", "Host member 2 Bob @4"),
        (bar(2, Some(LATER)), bar(2, None), "out 2", "NoSuchMember"),
    ] {
        let batch = story(&[
            (join(2, "Bob"), "member 2 Bob @0"),
            (act(1, host.clone()), "Host member 2 Bob @2"),
            (act(1, curb.clone()), effect),
            (act(1, freed.clone()), "Said"),
            // Who is out is made a host once they are back.
            (act(1, host.clone()), back),
        ]);
        let log = log(&batch);
        assert_eq!(log[1], demoted);
        assert_eq!(log[2], (Some(1), curb, Some(freed)));
    }
    // As muted as before: only the one thing was done.
    let batch = story(&[
        (join(2, "Bob"), "member 2 Bob @0"),
        (act(1, mute(2, Some(LATER))), "Said"),
        (act(1, host.clone()), "Host member 2 Bob @2"),
        (act(1, mute(2, Some(LATER))), "Member member 2 Bob @3"),
    ]);
    let log = log(&batch);
    assert_eq!((log.len(), log.last()), (3, Some(&demoted)));
}
