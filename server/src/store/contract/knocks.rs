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

pub(super) async fn the_name_of_who_is_not_let_in_is_free_again(store: &dyn Store) {
    let room = knocked_at(store).await;
    let [bo, cy, di] = [person(store).await, person(store).await, person(store).await];
    let knocks = async |who, called| store.apply(knock(&room, who, called)).await;
    let free = async || store.free_name(room.id, None, vec![name("Bo")]).await.unwrap().is_some();
    let called = async |n| {
        let found = store.members(room.id, vec![MemberId(n)]).await.unwrap();
        (found[0].0.name.as_str().to_owned(), found[0].0.rev)
    };
    assert_eq!(knocks(bo, "Bo").await, Ok(Applied::Knocked));
    assert_eq!(knocks(cy, "b0").await, Err(StoreError::NameTaken));
    assert!(!free().await);
    // He gets it back with what undoes it, as long as nobody has it.
    for admit in [false, true] {
        room.act(answer(2, admit)).await.unwrap();
        assert_eq!((free().await, called(2).await.0), (!admit, "Bo".to_owned()));
    }
    // Who was in the room keeps it, for what they wrote.
    store.apply(Op::Leave { room: room.id, person: bo }).await.unwrap();
    assert_eq!(knocks(bo, "Bo").await, Ok(Applied::Knocked));
    room.act(answer(2, false)).await.unwrap();
    assert!(!free().await);

    assert_eq!(knocks(cy, "Cy").await, Ok(Applied::Knocked));
    // In one transaction, too.
    let refuse = Op::Host {
        room: room.id,
        by: By::Operator,
        act: answer(3, false),
        link: None,
        addresses: vec![],
        capacity: 9,
        at: 2,
    };
    let both = join_all([refuse, knock(&room, di, "Cy")].map(|op| store.apply(op))).await;
    assert!(both.iter().all(Result::is_ok), "{both:?}");
    assert_eq!(room.act(answer(3, true)).await, Err(StoreError::NameTaken));
    assert_eq!(knocks(cy, "Cy").await, Err(StoreError::NameTaken));
    assert_eq!(knocks(cy, "Cyd").await, Ok(Applied::Knocked));
    assert_eq!(called(3).await, ("Cyd".to_owned(), 0), "nobody in the room hears of it");
    assert_eq!(knocks(person(store).await, "Cyd").await, Err(StoreError::NameTaken));
}
