//! Many people: what they hear, page by page and byte by byte.

use protocol::{Here, encode};

use super::*;

/// The bytes in front of a frame's text on the wire (RFC 6455, 5.2).
const HEAD: usize = 4;

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
async fn a_lively_room_of_a_thousand_costs_each_of_them_less_than_a_kilobyte_a_second() {
    const SECONDS: usize = 60;
    let presence = crowd(1000);
    // As many bytes as a name may have.
    let long =
        |id| Member { name: PersonName::parse(&"\u{1f418}".repeat(20)).unwrap(), ..member(id) };
    for id in 1..=1000 {
        presence.rename(ROOM, long(id));
    }
    presence.due(Instant::now());
    let mut bytes = [0; SECONDS];
    for (second, bytes) in bytes.iter_mut().enumerate() {
        for step in 0_u32..10 {
            let turn = u32::try_from(second).unwrap() * 10 + step;
            // In one second: 20 go and 20 come, 10 look away and 10 look again, 100 type.
            for one in 0..2 {
                let (went, came) = ((turn * 2 + one) % 900 + 1, (turn * 2 + one + 450) % 900 + 1);
                presence.gone(tab(went.into()), Going::AtOnce);
                presence.enter(ROOM, long(came), tab(came.into()));
            }
            presence.away(tab((turn % 100 + 901).into()), true);
            presence.away(tab(((turn + 50) % 100 + 901).into()), false);
            for one in 0..10 {
                presence.typing(ROOM, tab(((turn * 10 + one) % 1000 + 1).into()), true);
            }
            later(0.1).await;
            let frames = presence.due(Instant::now());
            *bytes += frames.iter().map(|(_, event)| encode(event).len() + HEAD).sum::<usize>();
        }
    }
    assert!(presence.here(ROOM, None).total > 500, "they are still many");
    assert!(bytes.iter().sum::<usize>() > 400 * SECONDS, "and lively: {bytes:?}");
    assert!(bytes.iter().all(|bytes| *bytes <= 1024), "{bytes:?}");
}
