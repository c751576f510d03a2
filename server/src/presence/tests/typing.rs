//! Who is seen typing, by the clock that the story sets.

use super::*;

/// Whom the next frame names; `None` without one.
fn typing(presence: &Presence) -> Option<Vec<u32>> {
    let due = due(presence, Attention::Full).map(|event| {
        let Event::Typing(typing) = event else { panic!("{event:?}") };
        typing.who.iter().map(|member| member.id.0).collect()
    });
    let frames: Vec<_> = due.collect();
    assert!(frames.len() <= 1, "{frames:?}");
    frames.into_iter().next()
}

/// So many people with a tab each, of whom nothing is left to be said.
async fn room(people: u32) -> Presence {
    let presence = Presence::default();
    for id in 1..=people {
        presence.enter(ROOM, member(id), tab(id.into()));
    }
    heard(&presence);
    later(60.0).await;
    presence
}

#[tokio::test(start_paused = true)]
async fn typing_is_seen_at_once_and_its_end_a_second_later_at_most() {
    let presence = room(2).await;
    assert!(presence.typing(ROOM, tab(1), true));
    assert_eq!(presence.next(), Some(Instant::now()));
    assert_eq!(typing(&presence), Some(vec![1]));
    later(0.3).await;
    assert!(presence.typing(ROOM, tab(1), false));
    assert_eq!(typing(&presence), None);
    later(0.7).await;
    assert_eq!(typing(&presence), Some(vec![]));
    later(60.0).await;
    assert_eq!(typing(&presence), None);
}

#[tokio::test(start_paused = true)]
async fn whoever_says_nothing_more_of_it_has_stopped_after_five_seconds() {
    let presence = room(1).await;
    presence.typing(ROOM, tab(1), true);
    typing(&presence);
    later(3.0).await;
    assert_eq!(typing(&presence), Some(vec![1]), "said again, for it is not over");
    later(1.9).await;
    assert_eq!(typing(&presence), None);
    later(0.1).await;
    assert_eq!(typing(&presence), Some(vec![]));
}

#[tokio::test(start_paused = true)]
async fn however_much_is_typed_there_is_one_frame_a_second_with_four_names() {
    let presence = room(30).await;
    let mut frames = 0;
    for step in 0_u64..600 {
        presence.typing(ROOM, tab(step % 30 + 1), step % 7 > 2);
        if let Some(who) = typing(&presence) {
            frames += 1;
            assert!(who.len() <= 4, "{who:?}");
        }
        later(0.05).await;
    }
    assert!((20..=30).contains(&frames), "{frames}");
}

#[tokio::test(start_paused = true)]
async fn whoever_leaves_types_no_more() {
    let presence = room(2).await;
    presence.typing(ROOM, tab(1), true);
    typing(&presence);
    presence.remove(ROOM, MemberId(1));
    later(1.0).await;
    let said: Vec<_> = due(&presence, Attention::Full).collect();
    assert!(
        matches!(&said[..], [Event::Presence(_), Event::Typing(typing)] if typing.who.is_empty()),
        "{said:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn only_who_is_here_can_type() {
    let presence = room(1).await;
    assert!(!presence.typing(ROOM, tab(9), true));
    assert!(!presence.typing(RoomId(8), tab(1), true));
    assert_eq!(presence.next(), None);
    presence.typing(ROOM, tab(1), true);
    presence.gone(tab(1), Going::AtOnce);
    later(60.0).await;
    presence.due(Instant::now());
    assert!(presence.rooms().of.is_empty());
}
