//! Parts of the log.
#![allow(clippy::unwrap_used, reason = "tests")]

use protocol::{RoomId, RoomPage};

use super::{body, create, person, say};
use crate::store::{Applied, CATCH_UP_BYTES, Op, PAGE, PersonId, Slice, Store};

/// First and last place on the page, which has no holes.
fn ends(page: &RoomPage) -> Option<(u32, u32)> {
    let seqs: Vec<u32> = page.messages.iter().map(|message| message.seq).collect();
    assert!(seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{seqs:?}");
    let named = |author| page.members.iter().any(|member| member.id == author);
    assert!(page.messages.iter().all(|message| named(message.author)));
    Some((*seqs.first()?, *seqs.last()?))
}

async fn room_of(store: &dyn Store, messages: u32) -> (RoomId, PersonId) {
    let ann = person(store).await;
    let room = create(store, ann, 10).await.room.id;
    for _ in 0..messages {
        say(store, room, ann, "said").await;
    }
    (room, ann)
}

pub(super) async fn any_part_of_the_log_is_a_page(store: &dyn Store) {
    let (room, _) = room_of(store, 120).await;
    let (next, _) = room_of(store, 3).await;
    for (slice, expected, found) in [
        (Slice::Newest, Some((71, 120)), None),
        (Slice::Before(71), Some((21, 70)), None),
        (Slice::Before(3), Some((1, 2)), None),
        (Slice::Before(1), None, None),
        (Slice::Before(0), None, None),
        (Slice::Before(u32::MAX), Some((71, 120)), None),
        (Slice::After(0), Some((1, 50)), None),
        (Slice::After(100), Some((101, 120)), None),
        (Slice::After(120), None, None),
        (Slice::After(u32::MAX), None, None),
        (Slice::Only(1), Some((1, 1)), None),
        (Slice::Only(120), Some((120, 120)), None),
        (Slice::Only(0), None, None),
        (Slice::Only(121), None, None),
        (Slice::Around(60), Some((35, 84)), Some(60)),
        (Slice::Around(1), Some((1, 25)), Some(1)),
        (Slice::Around(0), Some((1, 25)), Some(1)),
        (Slice::Around(120), Some((95, 120)), Some(120)),
        (Slice::Around(u32::MAX), Some((95, 120)), Some(120)),
    ] {
        let page = store.page(room, slice).await.unwrap();
        assert_eq!((ends(&page), page.found, page.head), (expected, found, 120), "{slice:?}");
    }
    let beside = store.page(next, Slice::After(0)).await.unwrap();
    assert_eq!((ends(&beside), beside.head), (Some((1, 3)), 3), "nothing of another room");
    let (empty, _) = room_of(store, 0).await;
    for slice in
        [Slice::Newest, Slice::Before(9), Slice::After(0), Slice::Around(1), Slice::From(0)]
    {
        let page = store.page(empty, slice).await.unwrap();
        assert_eq!((ends(&page), page.found, page.head), (None, None, 0), "{slice:?}");
    }
}

pub(super) async fn a_page_has_its_bounds(store: &dyn Store) {
    let (room, ann) = room_of(store, 0).await;
    let long = "\u{1f600}".repeat(4000);
    for _ in 0..40 {
        say(store, room, ann, &long).await;
    }
    for slice in
        [Slice::Newest, Slice::Before(30), Slice::After(5), Slice::Around(20), Slice::Only(20)]
    {
        let page = store.page(room, slice).await.unwrap();
        assert!(protocol::encode(&page.messages).len() <= CATCH_UP_BYTES + 100, "{slice:?}");
        let (first, last) = ends(&page).unwrap();
        assert!(last - first < PAGE);
        match slice {
            Slice::Newest => assert_eq!(last, 40),
            Slice::Before(_) => assert_eq!(last, 29),
            Slice::After(_) => assert_eq!(first, 6),
            Slice::Only(_) => assert_eq!((first, last), (20, 20)),
            Slice::Around(_) | Slice::From(_) => assert!((first..=last).contains(&20)),
        }
    }
}

pub(super) async fn a_moment_is_found(store: &dyn Store) {
    let (room, ann) = room_of(store, 0).await;
    // Clocks may stand still or jump; what is stored never goes back.
    for at in [1000, 1000, 2000, 1500, 5000, 5000, 9000] {
        let id = protocol::MessageId::now();
        let op = Op::Post { room, person: ann, id, body: body("said"), at };
        assert!(matches!(store.apply(op).await, Ok(Applied::Posted { .. })));
    }
    for (moment, seq) in
        [(0, 1), (1000, 1), (1001, 3), (2000, 3), (2001, 5), (5000, 5), (8999, 7), (99_999, 7)]
    {
        let page = store.page(room, Slice::From(moment)).await.unwrap();
        assert_eq!(page.found, Some(seq), "{moment}");
    }
}
