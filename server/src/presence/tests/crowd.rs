//! Many people: what they hear, page by page and byte by byte.

use protocol::{Here, encode};

use super::*;

/// The bytes in front of a frame's text on the wire (RFC 6455, 5.2).
const HEAD: usize = 4;
const SECONDS: usize = 60;

fn crowd(people: u32) -> Presence {
    let presence = Presence::default();
    for id in 1..=people {
        presence.enter(ROOM, member(id), tab(id.into()));
    }
    presence
}

fn ids(here: &Here) -> Vec<u32> {
    here.people.iter().map(|one| one.member.id.0).collect()
}

#[tokio::test(start_paused = true)]
async fn pages_name_everyone_once_with_me_and_the_hosts_first() {
    let presence = crowd(298);
    presence.enter(ROOM, Member { role: Role::Host, ..member(299) }, tab(299));
    presence.enter(ROOM, member(300), tab(300));
    let me = Some(MemberId(300));
    let first = presence.here(ROOM, me);
    assert_eq!((first.total, first.people.len()), (300, 50));
    let (mut pages, mut seen) = (0, ids(&first));
    assert_eq!(seen[..4], [300, 299, 1, 2]);
    while let page @ Here { total: 300, .. } =
        presence.page(ROOM, me, seen.last().map(|id| MemberId(*id)))
        && !page.people.is_empty()
    {
        pages += 1;
        seen.extend(ids(&page));
    }
    assert_eq!((pages, seen.len()), (5, 300));
    assert_eq!(seen[2..], (1..=298).collect::<Vec<_>>());
    // Who was the last of a page and is gone leaves no hole.
    presence.remove(ROOM, MemberId(48));
    assert_eq!(ids(&presence.page(ROOM, me, Some(MemberId(48))))[..2], [49, 50]);
}

#[tokio::test(start_paused = true)]
async fn more_than_two_hundred_are_only_counted_once_a_second() {
    let presence = crowd(201);
    let counted = |total| Said::Counted { room: ROOM, total, away: 0 };
    assert_eq!(said(&presence).collect::<Vec<_>>(), [counted(201)]);
    presence.enter(ROOM, member(202), tab(202));
    presence.remove(ROOM, MemberId(1));
    presence.remove(ROOM, MemberId(202));
    presence.enter(ROOM, member(203), tab(203));
    later(0.9).await;
    assert_eq!(said(&presence).count(), 0, "nobody is in a hurry to see one of so many go");
    later(0.1).await;
    assert_eq!(said(&presence).collect::<Vec<_>>(), [counted(201)], "as many, but others");
    presence.remove(ROOM, MemberId(2));
    later(1.0).await;
    // Who follows is named again.
    assert_eq!(heard(&presence), [(200, vec![], vec![2])]);
}

#[tokio::test(start_paused = true)]
async fn a_crowd_that_goes_at_once_is_not_named() {
    let long = |id| Member { name: longest(), rev: u64::MAX, ..member(u32::MAX - id) };
    for (went, named) in [(150, true), (200, true), (201, false), (5000, false)] {
        let presence = Presence::default();
        (0..=went).for_each(|id| presence.enter(ROOM, long(id), tab(id.into())));
        presence.due(Instant::now());
        (1..=went).for_each(|id| presence.gone(tab(id.into()), Going::AtOnce));
        later(1.0).await;
        let said: Vec<_> = said(&presence).collect();
        let bytes = encode(&Event::Presence(said[0].clone())).len();
        assert!(bytes < 32 * 1024, "{bytes}");
        assert_eq!(matches!(&said[..], [Said::Moved { .. }]), named, "{went}");
    }
}

/// A name of as many bytes as there may be.
fn longest() -> PersonName {
    PersonName::parse(&"\u{1f418}".repeat(20)).unwrap()
}

/// What is lively: in one second 2 % go and 2 % come, 1 % look away and 1 % look again, 10 % type, all of
/// whom have names of as many bytes as there may be. Returns what is said in each second to those
/// who look at the room, and to those who look at another one.
async fn lively(people: u32) -> [[usize; SECONDS]; 2] {
    let presence = crowd(people);
    let long = |id| Member { name: longest(), ..member(id) };
    for id in 1..=people {
        presence.rename(ROOM, long(id));
    }
    presence.due(Instant::now());
    // Of ten: nine who come and go, and one who looks away and again.
    let (moving, looking) = (people / 10 * 9, people / 10);
    let steps = people / 100;
    let mut bytes = [[0; 2]; SECONDS];
    for (second, bytes) in bytes.iter_mut().enumerate() {
        for step in 0..steps {
            let turn = u32::try_from(second).unwrap() * steps + step;
            for one in 0..2 {
                let went = (turn * 2 + one) % moving + 1;
                let came = (turn * 2 + one + moving / 2) % moving + 1;
                presence.gone(tab(went.into()), Going::AtOnce);
                presence.enter(ROOM, long(came), tab(came.into()));
            }
            presence.away(tab((turn % looking + moving + 1).into()), true);
            presence.away(tab(((turn + looking / 2) % looking + moving + 1).into()), false);
            for one in 0..10 {
                presence.typing(ROOM, tab(((turn * 10 + one) % people + 1).into()), true);
            }
            later(1.0 / f64::from(steps)).await;
            for (_, whom, event) in presence.due(Instant::now()) {
                bytes[usize::from(whom == Attention::Partial)] += encode(&event).len() + HEAD;
            }
        }
    }
    assert!(presence.here(ROOM, None).total > people / 2, "they are still many");
    [0, 1].map(|whom| bytes.map(|bytes| bytes[whom]))
}

#[tokio::test(start_paused = true)]
async fn a_lively_room_of_a_thousand_costs_each_of_them_less_than_a_kilobyte_a_second() {
    let [bytes, _] = lively(1000).await;
    assert!(bytes.iter().sum::<usize>() > 400 * SECONDS, "and lively: {bytes:?}");
    assert!(bytes.iter().all(|bytes| *bytes <= 1024), "{bytes:?}");
}

#[tokio::test(start_paused = true)]
async fn fifteen_more_rooms_that_are_as_lively_cost_an_eighth_of_it() {
    for people in [200, 1000] {
        let [_, bytes] = lively(people).await;
        let each = bytes.iter().sum::<usize>() / SECONDS;
        assert!(each > 0 && each * 15 <= 128, "{bytes:?}");
    }
}
