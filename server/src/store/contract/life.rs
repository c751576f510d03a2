//! Rooms that end, and rooms that never do.

use protocol::{Act, Admission, Ended, Lifetime, MessageId, RoomCode, RoomId, RoomName};

use super::{body, create_for, join, name, person, post, say};
use crate::store::{Applied, By, CODE_RESTS, Door, Op, PIECE, PersonId, Store, StoreError};

const GRACE: i64 = 1000;
/// By then no other room of the contract is over.
const LATE: i64 = 1 << 50;

pub(super) async fn a_room_ends_when_it_was_not_used_for_as_long_as_it_lasts(store: &dyn Store) {
    let ann = person(store).await;
    for lifetime in Lifetime::ALL {
        let room = create_for(store, ann, LATE, false, lifetime).await.room;
        let end = |at| store.apply(Op::End { room: room.id, at, grace: GRACE });
        let is_over = async |at| store.over(at, GRACE, true).await.unwrap().contains(&room.id);
        let Some(rest) = lifetime.rest(GRACE) else {
            assert!(!is_over(i64::MAX).await);
            assert_eq!(end(i64::MAX).await, Ok(Applied::Ended(false)));
            continue;
        };
        // A message, somebody in it: each is a use, and the later one counts.
        let op = post_at(room.id, ann, LATE + 5);
        store.apply(op).await.unwrap();
        for until in [LATE + 9, LATE + 7] {
            store.apply(Op::Use { rooms: vec![room.id], until }).await.unwrap();
        }
        assert!(!is_over(LATE + 8 + rest).await && is_over(LATE + 9 + rest).await, "{lifetime:?}");
        assert_eq!(end(LATE + 8 + rest).await, Ok(Applied::Ended(false)));
        let at = LATE + 9 + rest;
        let brief = store.over(at, GRACE, false).await.unwrap();
        assert_eq!(brief.contains(&room.id), lifetime == Lifetime::WhileHere);
        assert_eq!(end(at).await, Ok(Applied::Ended(true)));

        assert!(!is_over(i64::MAX).await);
        for door in [Door::Id(room.id), Door::Code(room.code.clone())] {
            assert_eq!(store.entry(door, Some(ann)).await, Ok(None));
        }
        let stranger = person(store).await;
        for (who, refusal) in [(ann, StoreError::NoSuchRoom), (stranger, StoreError::NotAMember)] {
            for op in asked_of(room.id, who) {
                let nobody_left = matches!(op, Op::Leave { .. }) && who == stranger;
                let told = if nobody_left { Ok(Applied::Left(None)) } else { Err(refusal.clone()) };
                assert_eq!(store.apply(op.clone()).await, told, "{op:?}");
            }
        }
        assert_eq!(store.rooms(ann).await.unwrap().iter().find(|one| one.code == room.code), None);
        let ended =
            Ended { id: room.id, code: room.code.clone(), name: None, lifetime, burned: false, at };
        assert_eq!(store.ended(room.code.clone(), ann).await, Ok(Some(ended)));
        assert_eq!(store.ended(room.code, stranger).await, Ok(None));
    }
}

/// All that asks for a room by its id alone.
fn asked_of(room: RoomId, person: PersonId) -> [Op; 5] {
    let message = MessageId::now();
    [
        post(room, person, "Late"),
        Op::Read { room, person, seq: 1 },
        Op::SetName { room, person, name: name("Late"), at: LATE },
        Op::Report { room, person, message, at: LATE },
        Op::Leave { room, person },
    ]
}

fn post_at(room: RoomId, person: PersonId, at: i64) -> Op {
    Op::Post { room, person, id: MessageId::now(), body: body("Tea?"), at }
}

pub(super) async fn what_has_ended_goes_in_pieces_and_then_altogether(store: &dyn Store) {
    let (ann, ben) = (person(store).await, person(store).await);
    let room = create_for(store, ann, 1, false, Lifetime::WhileHere).await.room;
    join(store, room.id, ben, "Ben").await.unwrap();
    for n in 0..=PIECE {
        say(store, room.id, ben, &format!("message {n}")).await;
    }
    let clear = |at| store.apply(Op::Clear { room: room.id, at });
    assert_eq!(clear(LATE).await, Err(StoreError::NoSuchRoom), "what has not ended");
    let at = LATE;
    assert_eq!(
        store.apply(Op::End { room: room.id, at, grace: GRACE }).await,
        Ok(Applied::Ended(true))
    );
    let is_left = async |rested| store.to_clear(rested).await.unwrap().contains(&room.id);
    assert!(is_left(0).await);
    assert_eq!(clear(at).await, Ok(Applied::Cleared { more: true }));
    assert!(is_left(0).await);
    assert_eq!(clear(at).await, Ok(Applied::Cleared { more: false }));
    assert!(!is_left(0).await, "its messages are gone");

    // Its code rests, and who was in it is told for as long.
    let rested = at + CODE_RESTS;
    assert_eq!(clear(rested - 1).await, Ok(Applied::Cleared { more: false }));
    assert!(!is_left(at - 1).await && is_left(at).await);
    assert!(store.ended(room.code.clone(), ben).await.unwrap().is_some());
    for more in [true, false] {
        assert_eq!(clear(rested).await, Ok(Applied::Cleared { more }));
    }
    assert!(!is_left(i64::MAX).await);
    assert_eq!(store.ended(room.code, ben).await, Ok(None));
    assert_eq!(clear(rested).await, Err(StoreError::NoSuchRoom));
}

pub(super) async fn a_room_that_is_always_there_is_made_once_and_called_as_it_is_said(
    store: &dyn Store,
) {
    let code = RoomCode::parse("general").unwrap();
    let provide = async |name: &str| {
        let name = RoomName::parse(name).unwrap();
        let op = Op::Provide { code: code.clone(), name, at: 1 };
        let Applied::Provided(room) = store.apply(op).await.unwrap() else { panic!() };
        room
    };
    let room = provide("General").await;
    assert!(room.listed && room.lifetime == Lifetime::ForEver && room.rev == 1);
    assert_eq!(provide("General").await, room);
    let renamed = provide("Everyone").await;
    assert_eq!((renamed.id, renamed.rev), (room.id, 2));
    let entry = store.entry(Door::Code(code.clone()), None).await.unwrap().unwrap();
    assert_eq!((entry.room, entry.head.rev), (renamed, 2));
}

pub(super) async fn rooms_that_are_listed_are_so_by_their_newest_message(store: &dyn Store) {
    let ann = person(store).await;
    let [tea, cake] = [LATE + 1, LATE + 2];
    let tea = create_for(store, ann, tea, true, Lifetime::Month).await.room;
    let cake = create_for(store, ann, cake, true, Lifetime::Month).await.room;
    let hidden = create_for(store, ann, LATE + 3, false, Lifetime::Month).await.room;
    let listed = async || {
        let ids = [tea.id, cake.id, hidden.id];
        let open = store.open().await.unwrap();
        open.into_iter().filter(|(id, _)| ids.contains(id)).map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, [cake.id, tea.id]);
    store.apply(post_at(tea.id, ann, LATE + 9)).await.unwrap();
    assert_eq!(listed().await, [tea.id, cake.id]);
    // What nobody can enter stands nowhere, and as it did once somebody can.
    let admit = async |admission| {
        let (by, act) = (By::Person(ann), Act::Admission { admission });
        let (room, link, addresses) = (tea.id, None, vec![]);
        let op = Op::Host { room, by, act, link, addresses, capacity: 9, at: LATE };
        store.apply(op).await.unwrap();
    };
    admit(Admission::Locked).await;
    assert_eq!(listed().await, [cake.id]);
    for admission in [Admission::Knock, Admission::Open] {
        admit(admission).await;
        assert_eq!(listed().await, [tea.id, cake.id]);
    }
    let at = LATE * 2;
    store.apply(Op::End { room: tea.id, at, grace: GRACE }).await.unwrap();
    assert_eq!(listed().await, [cake.id]);
}
