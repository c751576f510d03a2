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
