//! Catching up: pages, their limits, and when there is a reset instead.
#![allow(clippy::unwrap_used, reason = "tests")]

use futures::future::join_all;
use protocol::{Act, Changes, Member, MemberId, Point, Reset, Value};

use super::{create, join, name, person, post, renames, say};
use crate::store::{By, CATCH_UP_BYTES, CATCH_UP_VALUES, Op, PAGE, Since, Store, Stream, TOO_FAR};

/// All pages from a point on, each of which must keep its promises.
pub(super) async fn pages(store: &dyn Store, stream: Stream, mut point: Point) -> Vec<Changes> {
    let mut pages = vec![];
    loop {
        let found = store.since(stream, Some(point)).await.unwrap();
        let Since::Changes(page) = found else { panic!("reset") };
        assert_eq!((page.stream, page.after), (stream.audience(), point.rev));
        assert!(page.values.is_sorted_by_key(Value::rev));
        assert!(page.values.len() <= CATCH_UP_VALUES);
        assert!(protocol::encode(&page).len() <= CATCH_UP_BYTES || page.values.len() <= 2);
        point.rev = page.upto;
        let more = page.more;
        pages.push(page);
        if !more {
            return pages;
        }
        assert!(pages.last().is_some_and(|page| page.upto > page.after));
    }
}

pub(super) async fn catching_up_goes_by_pages(store: &dyn Store) {
    let (ann, bob) = (person(store).await, person(store).await);
    let room = create(store, ann, 10).await.room.id;
    join(store, room, bob, "Bob").await.unwrap();
    say(store, room, bob, "I am known since then").await;
    let point = store.newest(room).await.unwrap().at;
    for n in 0..300 {
        say(store, room, if n % 2 == 0 { ann } else { bob }, "hi").await;
    }
    let rename = renames(room, bob, "Robert");
    store.apply(rename).await.unwrap();
    let stream = Stream::Room(room);
    let found = pages(store, stream, point).await;
    assert_eq!(found.len(), 2);
    for page in &found {
        let robert =
            page.values.iter().filter_map(member_of).find(|member| member.id == MemberId(2));
        assert_eq!(robert.map(|member| &member.name), Some(&name("Robert")), "known on each page");
    }
    assert_eq!(found[1].upto, store.newest(room).await.unwrap().at.rev);
    let at_head = pages(store, stream, Point { rev: found[1].upto, ..point }).await;
    assert_eq!((at_head.len(), at_head[0].values.len()), (1, 0));

    let long = "\u{1f600}".repeat(4000);
    let point = Point { rev: found[1].upto, ..point };
    for _ in 0..20 {
        say(store, room, ann, &long).await;
    }
    let found = pages(store, stream, point).await;
    assert_eq!(found.iter().map(|page| page.values.len()).collect::<Vec<_>>(), [9, 9, 5]);
}

pub(super) async fn what_was_changed_is_in_its_place_among_what_is_new(store: &dyn Store) {
    let (ann, bob) = (person(store).await, person(store).await);
    let room = create(store, ann, 10).await.room.id;
    join(store, room, bob, "Bob").await.unwrap();
    let begun = store.newest(room).await.unwrap().at;
    let mut said = vec![];
    for n in 0..12 {
        said.push(say(store, room, if n % 2 == 0 { ann } else { bob }, "hi").await.id);
        for (removed, which) in [(true, n / 2), (false, n / 3)] {
            let act = Act::Remove { message: said[which], removed };
            let (by, link, at) = (By::Person(ann), None, 1);
            let op = Op::Host { room, by, act, link, addresses: vec![], capacity: 9, at };
            store.apply(op).await.unwrap();
        }
    }
    let stream = Stream::Room(room);
    let since = async |rev| {
        let pages = pages(store, stream, Point { rev, ..begun }).await;
        let values = pages.into_iter().flat_map(|page| page.values);
        values.filter(|value| member_of(value).is_none()).collect::<Vec<_>>()
    };
    let all = since(begun.rev).await;
    assert_eq!(all.len(), said.len(), "each message once, as it is now");
    let head = store.newest(room).await.unwrap().at.rev;
    assert!(all.iter().any(|value| value.rev() == head), "the last change is one of a message");
    for rev in begun.rev..=head {
        let newer: Vec<_> = all.iter().filter(|value| value.rev() > rev).cloned().collect();
        assert_eq!(since(rev).await, newer, "since {rev}");
    }
}

pub(super) async fn who_is_too_far_starts_anew(store: &dyn Store) {
    let ann = person(store).await;
    let room = create(store, ann, 10).await.room.id;
    join_all((0..TOO_FAR).map(|_| store.apply(post(room, ann, "hi")))).await;
    let page = store.newest(room).await.unwrap();
    assert_eq!(page.messages.len(), PAGE as usize);
    assert_eq!(
        page.messages.iter().map(|message| message.seq).collect::<Vec<_>>(),
        (451..=500).collect::<Vec<_>>()
    );
    let Point { epoch, rev } = page.at;
    for (point, starts_anew) in [
        (Point { epoch, rev: rev - TOO_FAR }, false),
        (Point { epoch, rev: rev - TOO_FAR - 1 }, true),
        (Point { epoch, rev }, false),
        (Point { epoch, rev: rev + 1 }, true),
        (Point { epoch, rev: u64::MAX }, true),
        (Point { epoch: epoch + 1, rev }, true),
    ] {
        match store.since(Stream::Room(room), Some(point)).await.unwrap() {
            Since::Reset(reset) => {
                assert_eq!((starts_anew, reset), (true, Reset::Room(page.clone())), "{point:?}")
            }
            Since::Changes(_) => assert!(!starts_anew, "{point:?}"),
        }
    }
    let newest = store.since(Stream::Room(room), None).await;
    assert_eq!(newest, Ok(Since::Reset(Reset::Room(page))));
}

fn member_of(value: &Value) -> Option<&Member> {
    match value {
        Value::Member(member) => Some(member),
        Value::Message(_) | Value::Room(_) | Value::Membership(_) | Value::Item(_) => None,
    }
}
