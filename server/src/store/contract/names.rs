//! Which names are taken in a room, and by whom.

use protocol::{Act, Admission};

use super::*;

pub(super) async fn names_are_exchanged_in_one_moment(store: &dyn Store) {
    let (ann, bob) = (person(store).await, person(store).await);
    let room = create(store, ann, 10).await.room.id;
    assert_eq!(join(store, room, bob, "Ann").await, Err(StoreError::NameTaken));
    let member = join(store, room, bob, "Bob").await.unwrap();
    assert_eq!((member.id, member.rev), (MemberId(2), 0));
    for who in [ann, bob] {
        say(store, room, who, "hi").await;
    }
    let called = |person, text| renames(room, person, text);
    let ops = [called(ann, "Between"), called(bob, "Ann"), called(ann, "Bob")];
    for answer in join_all(ops.map(|op| store.apply(op))).await {
        answer.unwrap();
    }
    assert_eq!(store.apply(called(ann, "ANN")).await, Err(StoreError::NameTaken));
    let names =
        |page: RoomPage| page.members.into_iter().map(|member| member.name).collect::<Vec<_>>();
    assert_eq!(names(store.newest(room).await.unwrap()), [name("Bob"), name("Ann")]);
}

pub(super) async fn a_name_is_free_that_nobody_else_in_the_room_has(store: &dyn Store) {
    let (ann, bob) = (person(store).await, person(store).await);
    let room = create(store, ann, 10).await.room.id;
    let elsewhere = create(store, ann, 10).await.room.id;
    join(store, room, bob, "Bob").await.unwrap();
    store.apply(renames(room, bob, "Rob")).await.unwrap();
    store.apply(Op::Leave { room, person: bob }).await.unwrap();
    for (of, who, asked, free) in [
        (room, None, vec!["Ann", "ROB", "Cy", "Dan"], Some("Cy")),
        (room, None, vec!["Bob"], Some("Bob")),
        (room, None, vec!["ann", "R0b"], None),
        (room, None, vec![], None),
        (room, Some(bob), vec!["Ann", "R0b", "Cy"], Some("R0b")),
        (room, Some(ann), vec!["Ann", "Cy"], Some("Ann")),
        (elsewhere, Some(bob), vec!["Ann", "Rob"], Some("Rob")),
    ] {
        let names = asked.iter().map(|text| name(text)).collect();
        let found = store.free_name(of, who, names).await;
        assert_eq!(found, Ok(free.map(name)), "{asked:?} for {who:?}");
    }
}

fn knocks(room: RoomId, person: PersonId, called: &str) -> Op {
    let names = vec![name(called)];
    Op::Knock { room, person, names, says: None, capacity: 9, from: None, at: 2 }
}

/// What is alike, `Skeletons` says; here each of its three is looked for, wherever a name is taken.
pub(super) async fn a_name_is_taken_in_whatever_case_it_looks_alike(store: &dyn Store) {
    let [ann, bob, cy] = [person(store).await, person(store).await, person(store).await];
    for (held, wanted, is_free) in [
        ("Ian", "lan", false),
        ("Ian", "ian", false),
        ("Ian", "Lan", true),
        ("lan", "Ian", false),
        ("Tom", "ТОМ", false),
        ("ТОМ", "tom", false),
        ("dave", "DAνE", false),
        ("paypal", "раураl", false),
    ] {
        let room = create(store, ann, 10).await.room.id;
        join(store, room, bob, held).await.unwrap();
        join(store, room, cy, "Cy").await.unwrap();
        let (looks, dee) = (format!("{wanted} in a room with {held}"), person(store).await);
        let free = store.free_name(room, None, vec![name(wanted)]).await.unwrap();
        assert_eq!(free.is_some(), is_free, "{looks}");
        let found = store.called(room, name(wanted)).await.unwrap();
        assert_eq!(found, (!is_free).then_some(MemberId(2)), "{looks}");
        let knocking = Act::Admission { admission: Admission::Knock };
        let (by, act, addresses) = (By::Person(ann), knocking, vec![]);
        let renamed = store.apply(renames(room, cy, wanted)).await;
        store.apply(renames(room, cy, "Cy")).await.unwrap();
        let came = store.apply(joins(room, dee, wanted)).await;
        store.apply(Op::Leave { room, person: dee }).await.unwrap();
        let host = Op::Host { room, by, act, link: None, addresses, capacity: 9, at: 3 };
        store.apply(host).await.unwrap();
        let knocked = store.apply(knocks(room, dee, wanted)).await;
        for answer in [renamed, came, knocked] {
            let expected = if is_free { None } else { Some(StoreError::NameTaken) };
            assert_eq!(answer.err(), expected, "{looks}");
        }
        if is_free {
            continue;
        }
        // Who had a name may write it otherwise.
        let mine = store.free_name(room, Some(bob), vec![name(wanted)]).await.unwrap();
        assert_eq!(mine, Some(name(wanted)), "{looks}");
        // And who gives it up finds it taken by whoever looks like it.
        store.apply(renames(room, bob, "Bob")).await.unwrap();
        store.apply(renames(room, cy, wanted)).await.unwrap();
        let again = store.apply(renames(room, bob, held)).await;
        assert_eq!(again, Err(StoreError::NameTaken), "{looks}");
    }
}

/// Of names that look alike only one is taken, also by those who want them at once.
pub(super) async fn of_those_who_want_to_look_alike_at_once_one_does(store: &dyn Store) {
    let ann = person(store).await;
    let room = create(store, ann, 10).await.room.id;
    let mut ops = vec![];
    for called in ["BOB", "ВОВ", "bob", "b0b"] {
        ops.push(joins(room, person(store).await, called));
    }
    let answers = join_all(ops.into_iter().map(|op| store.apply(op))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
}

/// In room 1 of an older program two have names that are found to be alike today: person 2 as member 2, BOB, and
/// person 3 as member 3, ВОВ.
pub(in crate::store) async fn who_looked_alike_before_stays_and_nobody_joins_them(
    store: &dyn Store,
) {
    let room = RoomId(1);
    for (n, called) in [(2, "BOB"), (3, "ВОВ")] {
        let (me, called) = (PersonId(n.into()), name(called));
        assert_eq!(store.called(room, called.clone()).await, Ok(Some(MemberId(n))));
        let free = store.free_name(room, Some(me), vec![called.clone()]).await;
        assert_eq!(free, Ok(Some(called.clone())), "one's own");
        store.apply(Op::Leave { room, person: me }).await.unwrap();
        let back = join(store, room, me, called.as_str()).await.unwrap();
        assert_eq!((back.id, back.name), (MemberId(n), called), "as who they were");
        // Where it looks like the other's, one's own is not made anew.
        let other = store.apply(renames(room, me, "Bob")).await;
        assert_eq!(other, Err(StoreError::NameTaken));
    }
    let ann = PersonId(1);
    for called in ["BOB", "ВОВ", "bob"] {
        let other = store.apply(renames(room, ann, called)).await;
        assert_eq!(other, Err(StoreError::NameTaken), "{called}");
        // Also while one of both gives it up.
        let ops = [renames(room, PersonId(2), "Rob"), renames(room, ann, called)];
        let [gives_up, wants] = <[_; 2]>::try_from(join_all(ops.map(|op| store.apply(op))).await)
            .unwrap_or_else(|_| panic!());
        assert!(gives_up.is_ok() && wants == Err(StoreError::NameTaken), "{called}");
    }
}
