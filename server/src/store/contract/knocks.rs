//! Who waits at a door, and what they keep from others.

use protocol::{Act, Admission};

use super::{
    hosts::{Room, room},
    *,
};

async fn knocked_at(store: &dyn Store) -> Room<'_> {
    let room = room(store).await;
    room.act(Act::Admission { admission: Admission::Knock }).await.unwrap();
    room
}

fn knock(room: &Room<'_>, person: PersonId, called: &str) -> Op {
    let names = vec![name(called)];
    Op::Knock { room: room.id, person, names, says: None, capacity: 9, from: None, at: 2 }
}

fn answer(knock: u32, admit: bool) -> Act {
    Act::Answer { knock: MemberId(knock), admit }
}

pub(super) async fn no_more_wait_at_a_door_than_its_desk_shows(store: &dyn Store) {
    const KNOCKED: Result<Applied> = Ok(Applied::Knocked);
    const TOO_MANY: Result<Applied> = Err(StoreError::TooManyKnock);
    let (here, there) = (knocked_at(store).await, knocked_at(store).await);
    let mut people = Vec::new();
    for _ in 0..=MAX_ITEMS {
        people.push(person(store).await);
    }
    let ops = people.iter().zip(1..).map(|(who, n)| knock(&here, *who, &format!("Guest {n}")));
    let (first, rest): (Vec<_>, Vec<_>) = ops.zip(1..).partition(|(_, n)| *n < 9);
    for (op, _) in first {
        assert_eq!(store.apply(op).await, KNOCKED);
    }
    // These share transactions.
    let answers = join_all(rest.into_iter().map(|(op, _)| store.apply(op))).await;
    let (last, others) = answers.split_last().unwrap();
    assert!(others.iter().all(|answer| *answer == KNOCKED));
    assert_eq!(*last, TOO_MANY);
    let late = people[people.len() - 1];
    for (op, said, why) in [
        (knock(&here, people[0], "Guest 1"), KNOCKED, "who waits already"),
        (knock(&there, late, "Late"), KNOCKED, "at another door"),
        (knock(&here, late, "Late"), TOO_MANY, "still"),
    ] {
        assert_eq!(store.apply(op).await, said, "{why}");
    }
    here.act(answer(2, false)).await.unwrap();
    assert_eq!(store.apply(knock(&here, late, "Late")).await, KNOCKED, "one was sent away");
    assert_eq!(store.apply(knock(&here, people[0], "Guest 1")).await, TOO_MANY, "who is it again");
    here.act(answer(3, true)).await.unwrap();
    assert_eq!(store.apply(knock(&here, people[0], "Guest 1")).await, KNOCKED, "one was let in");
}
