//! Who hears what of which room, and when.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{
    io,
    sync::Arc,
    task::{Context, Poll},
};

use protocol::{Reason, RoomCode};
use tokio::{
    sync::mpsc,
    time::{Instant, advance, timeout},
};

use super::*;
use crate::{Outgoing, Sink, hub::tests::drain};

const ANA: PersonId = PersonId(1);

fn link(id: u32) -> RoomLink {
    let code = RoomCode::parse("KMRT").unwrap();
    RoomLink { id: RoomId(id), code, name: None, unread: 0, head: 0 }
}

fn ids(ids: &[u32]) -> Vec<RoomId> {
    ids.iter().copied().map(RoomId).collect()
}

struct Tab {
    hub: Hub,
    id: ConnectionId,
    out: Arc<Outgoing>,
}

impl Tab {
    fn open(hub: &Hub, person: PersonId) -> Self {
        let out = Arc::new(Outgoing::default());
        Self { hub: hub.clone(), id: hub.connect(Some(person), None, out.clone()), out }
    }

    /// Asks of these while it is a member of those, and forgets the answer.
    async fn ask(&self, of: &[u32], mine: &[u32]) -> Result<(), Refusal> {
        let mine = mine.iter().copied().map(link).collect();
        let asked = self.hub.hear_of(self.id, ids(of), async { Ok(mine) }).await;
        self.heard();
        asked
    }

    fn heard(&self) -> Vec<(u32, u32)> {
        heads(&drain(&self.out))
    }
}

/// Room and head of each.
fn heads(frames: &[String]) -> Vec<(u32, u32)> {
    let events = frames.iter().map(|frame| protocol::decode::<Event>(frame).unwrap());
    let news =
        events.filter_map(|event| if let Event::News(news) = event { Some(news) } else { None });
    news.map(|news| (news.room.0, news.head)).collect()
}

#[tokio::test]
async fn a_member_hears_of_the_rooms_they_asked_of_and_do_not_follow() {
    let hub = Hub::default();
    for (what, asked, mine, follows, heard) in [
        ("what they asked of", &[1, 2][..], &[1, 2, 3][..], None, &[(1, 7), (2, 5)][..]),
        ("not what is not theirs", &[1, 2, 3], &[3], None, &[(3, 1)]),
        ("not what they follow", &[1, 2], &[1, 2], Some(1), &[(2, 5)]),
        ("nothing", &[], &[1, 2, 3], None, &[]),
    ] {
        let tab = Tab::open(&hub, ANA);
        // It takes the place of what was asked before.
        tab.ask(&[1, 2, 3], &[1, 2, 3]).await.unwrap();
        tab.ask(asked, mine).await.unwrap();
        if let Some(room) = follows {
            let stream = Stream::Room(RoomId(room));
            hub.follow(tab.id, stream, async { Ok(vec![]) }).await.unwrap();
        }
        for (room, head) in [(1, 6), (1, 7), (2, 5), (3, 1), (4, 1)] {
            hub.note(RoomId(room), head);
        }
        hub.tell_heads();
        assert_eq!(tab.heard(), heard, "{what}");
        hub.tell_heads();
        assert_eq!(tab.heard(), [], "{what}: it is said once");
        hub.disconnect(tab.id);
    }
    assert!(hub.streams().news.ears.is_empty(), "nothing is kept of those who are gone");
}

#[tokio::test]
async fn what_comes_while_the_answer_is_read_goes_after_it_and_only_to_members() {
    let (hub, mine) = (Hub::default(), async |hub: &Hub| {
        for (room, head) in [(1, 8), (2, 9)] {
            hub.note(RoomId(room), head);
        }
        hub.tell_heads();
        Ok(vec![link(1)])
    });
    let tab = Tab::open(&hub, ANA);
    hub.hear_of(tab.id, ids(&[1, 2]), mine(&hub)).await.unwrap();
    let frames = drain(&tab.out);
    assert_eq!(
        frames,
        [
            r#"{"rooms":[{"id":1,"code":"KMRT","name":null,"unread":0,"head":0}]}"#,
            r#"{"news":{"room":1,"head":8}}"#
        ]
    );
}

#[tokio::test]
async fn who_leaves_hears_nothing_more_on_any_of_their_connections_and_others_do() {
    let hub = Hub::default();
    let (laptop, phone, bo) =
        (Tab::open(&hub, ANA), Tab::open(&hub, ANA), Tab::open(&hub, PersonId(2)));
    for tab in [&laptop, &bo] {
        tab.ask(&[1, 2], &[1, 2]).await.unwrap();
    }
    // On the phone while the answer is read, which still has it.
    let answer = async {
        hub.end(ANA, Stream::Room(RoomId(1)), Reason::Left);
        Ok(vec![link(1), link(2)])
    };
    hub.hear_of(phone.id, ids(&[1, 2]), answer).await.unwrap();
    for room in [1, 2] {
        hub.note(RoomId(room), 4);
    }
    hub.tell_heads();
    assert_eq!([laptop.heard(), phone.heard()], [[(2, 4)], [(2, 4)]]);
    assert_eq!(bo.heard(), [(1, 4), (2, 4)]);
}

#[tokio::test]
async fn the_end_of_a_room_is_told_to_members_who_hear_of_it_and_is_the_last_of_it() {
    let hub = Hub::default();
    let (member, asking) = (Tab::open(&hub, ANA), Tab::open(&hub, PersonId(2)));
    member.ask(&[1, 2], &[1, 2]).await.unwrap();
    // Somebody asks of a room that is not theirs.
    let answer = async {
        hub.end_all(Stream::Room(RoomId(1)), Reason::Expired);
        Ok(vec![])
    };
    hub.hear_of(asking.id, ids(&[1]), answer).await.unwrap();
    for room in [1, 2] {
        hub.note(RoomId(room), 4);
    }
    hub.tell_heads();
    for (tab, heard) in [
        (
            member,
            &[
                r#"{"closed":{"stream":{"room":1},"reason":"expired"}}"#,
                r#"{"news":{"room":2,"head":4}}"#,
            ][..],
        ),
        (asking, &[r#"{"rooms":[]}"#]),
    ] {
        assert_eq!(drain(&tab.out), heard);
    }
}

#[tokio::test]
async fn a_refused_answer_or_too_many_rooms_are_heard_of_by_nobody() {
    let hub = Hub::default();
    let tab = Tab::open(&hub, ANA);
    let all: Vec<_> = (1..=MAX_ROOMS + 1).collect();
    let refusal = Refusal::TooManyStreams { max: MAX_ROOMS };
    assert_eq!(tab.ask(&all, &all).await, Err(refusal));
    assert_eq!(tab.ask(&all[1..], &all).await, Ok(()));
    let busy = Refusal::Busy { retry_ms: 1 };
    let asked = hub.hear_of(tab.id, ids(&[1]), async { Err(busy.clone()) }).await;
    assert_eq!(asked, Err(busy));
    assert!(hub.streams().news.ears.is_empty());
}

/// Hears what is written to a connection.
struct Ear(mpsc::Sender<String>);

impl Sink for Ear {
    fn feed(&mut self, frame: Frame) {
        self.0.try_send(frame.to_string()).unwrap();
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_is_told_at_once_and_what_follows_in_the_next_round() {
    let hub = Hub::default();
    let telling = tokio::spawn(tell_news(hub.clone()));
    let tab = Tab::open(&hub, ANA);
    tab.ask(&[1], &[1]).await.unwrap();
    let (said, mut heard) = mpsc::channel(9);
    let (out, mut ear) = (tab.out.clone(), Box::new(Ear(said)) as Box<dyn Sink>);
    let writing = tokio::spawn(async move {
        loop {
            ear = out.taken(ear).await.0;
        }
    });
    let begun = Instant::now();
    for (head, newest, after) in [(1, 1, Duration::ZERO), (2, 9, PAUSE)] {
        (head..=newest).for_each(|head| hub.note(RoomId(1), head));
        let told = timeout(Duration::from_secs(9), heard.recv()).await.unwrap().unwrap();
        assert_eq!((heads(&[told]), begun.elapsed()), (vec![(1, newest)], after));
    }
    advance(2 * PAUSE).await;
    assert!(heard.try_recv().is_err());
    telling.abort();
    writing.abort();
}
