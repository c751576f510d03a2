//! What makes undone what hosts did, where that is more than the one act.

use super::*;

fn password(kept: Option<&str>) -> Act {
    Act::Password { password: kept.map(|kept| Password::kept(kept.into())) }
}

fn hidden(kept: Option<&str>) -> Act {
    password(kept).redacted()
}

fn restore(entry: u32) -> Act {
    Act::RestorePassword { entry }
}

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

#[test]
fn a_password_holds_again_by_the_entry_of_the_log_that_keeps_it() {
    let batch = story(&[
        (act(1, restore(1)), "NoSuchEntry"),
        (act(1, password(Some("spring"))), "Closed"),
        (act(1, restore(1)), "NoSuchEntry"),
        (act(1, password(Some("neap"))), "Said"),
        (act(2, restore(2)), "NotAMember"),
        (act(1, restore(2)), "Said"),
        (act(1, restore(2)), "Closed"),
        (act(1, password(None)), "Said"),
        (act(1, restore(4)), "Closed"),
        (act(1, restore(3)), "Said"),
        (act(1, restore(9)), "NoSuchEntry"),
    ]);
    assert_eq!(batch.rooms[&ROOM].value.password.as_deref(), Some("neap"));
    let (set, none) = (hidden(Some("")), hidden(None));
    assert_eq!(
        log(&batch),
        [
            (Some(1), set.clone(), Some(none.clone())),
            (Some(1), set, Some(restore(2))),
            (Some(1), restore(2), Some(restore(3))),
            (Some(1), none.clone(), Some(restore(4))),
            (Some(1), restore(4), Some(none)),
            (Some(1), restore(3), Some(restore(6))),
        ]
    );
    let told = protocol::encode(&items(&batch));
    assert!(!told.contains("spring") && !told.contains("neap"), "{told}");
}
