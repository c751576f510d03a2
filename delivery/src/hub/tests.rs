//! Who hears what, in which order.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::time::Duration;

use protocol::RoomId;
use tokio::time::timeout;

use super::*;
use crate::outgoing::End;

const ROOM: Stream = Stream::Room(RoomId(1));

pub(super) fn drain(out: &Outgoing) -> Vec<String> {
    let taken = std::iter::repeat_with(|| out.take()).take_while(|taken| !taken.is_empty());
    taken.flatten().map(|frame| frame.to_string()).collect()
}

#[test]
fn what_comes_while_an_answer_is_read_goes_after_it() {
    let (hub, out) = (Hub::default(), Arc::new(Outgoing::default()));
    let id = hub.connect(None, None, out.clone());
    for new in [true, false] {
        assert_eq!(hub.hold(id, ROOM), Ok(new));
        hub.send(ROOM, &"live".into());
        assert!(drain(&out).is_empty());
        hub.release(id, ROOM, vec!["answer".into()]);
        assert_eq!(drain(&out), ["answer", "live"]);
        hub.send(ROOM, &"next".into());
        assert_eq!(drain(&out), ["next"]);
    }
}

#[test]
fn a_stream_that_ends_ends_on_all_connections_of_the_person_and_only_on_theirs() {
    let hub = Hub::default();
    let [mine, also_mine, other] = [Some(1), Some(1), None].map(|person| {
        let out = Arc::new(Outgoing::default());
        let id = hub.connect(person.map(PersonId), None, out.clone());
        assert_eq!(hub.hold(id, ROOM), Ok(true));
        (id, out)
    });
    hub.release(mine.0, ROOM, vec![]);
    hub.release(other.0, ROOM, vec![]);
    hub.end(PersonId(1), ROOM, Reason::Left);
    hub.release(also_mine.0, ROOM, vec!["late".into()]);
    hub.send(ROOM, &"after".into());
    for out in [mine.1, also_mine.1] {
        assert_eq!(drain(&out), [r#"{"closed":{"stream":{"room":1},"reason":"left"}}"#]);
    }
    assert_eq!(drain(&other.1), ["after"]);
}

#[test]
fn a_stream_that_is_over_ends_for_everyone() {
    let hub = Hub::default();
    let outs = [Some(1), Some(2), None].map(|person| {
        let out = Arc::new(Outgoing::default());
        let id = hub.connect(person.map(PersonId), None, out.clone());
        assert_eq!(hub.hold(id, ROOM), Ok(true));
        out
    });
    hub.end_all(ROOM, Reason::Expired);
    hub.send(ROOM, &"after".into());
    for out in outs {
        assert_eq!(drain(&out), [r#"{"closed":{"stream":{"room":1},"reason":"expired"}}"#]);
    }
}

#[tokio::test]
async fn a_connection_looks_at_the_room_that_it_began_to_follow_last() {
    let (hub, out) = (Hub::default(), Arc::new(Outgoing::default()));
    let id = hub.connect(None, None, out.clone());
    let [first, second] = [1, 2].map(|room| Stream::Room(RoomId(room)));
    let heard = |stream| {
        hub.send_to(Attention::Full, stream, &"who".into());
        hub.send_to(Attention::Partial, stream, &"how many".into());
        drain(&out)
    };
    for (followed, other) in [(first, second), (second, first), (first, second)] {
        hub.unfollow(id, followed);
        hub.follow(id, followed, async { Ok(vec!["all".into()]) }).await.unwrap();
        assert_eq!(drain(&out), ["all"]);
        assert_eq!(heard(followed), ["who"]);
        if hub.follows(id, other) {
            assert_eq!(heard(other), ["how many"]);
        }
    }
    // Neither what is no room, nor what is followed already, nor what is refused, takes it away.
    for stream in [Stream::Lobby, second] {
        hub.follow(id, stream, async { Ok(vec![]) }).await.unwrap();
    }
    for stream in [second, Stream::Room(RoomId(3))] {
        hub.follow(id, stream, async { Err(Refusal::NotAMember) }).await.unwrap_err();
    }
    assert_eq!((heard(first), heard(second)), (vec!["who".into()], vec!["how many".into()]));
    // What comes while an answer is read is not in it.
    hub.unfollow(id, second);
    let answer = async {
        assert!(heard(second).is_empty());
        Ok(vec!["all".into()])
    };
    hub.follow(id, second, answer).await.unwrap();
    assert_eq!(drain(&out), ["all", "who"]);
}

#[tokio::test]
async fn one_connection_follows_so_many_streams_and_holds_so_many_bytes() {
    let (hub, out) = (Hub::default(), Arc::new(Outgoing::default()));
    let id = hub.connect(None, None, out.clone());
    let stream = |n| Stream::Room(RoomId(n));
    for n in 0..MAX_STREAMS {
        assert_eq!(hub.hold(id, stream(n)), Ok(true));
    }
    let refusal = Refusal::TooManyStreams { max: MAX_STREAMS };
    assert_eq!(hub.hold(id, stream(MAX_STREAMS)), Err(refusal));
    assert_eq!(hub.hold(id, stream(0)), Ok(false));
    hub.unfollow(id, stream(0));
    assert_eq!(hub.hold(id, stream(MAX_STREAMS)), Ok(true));

    let large = Frame::from("x".repeat(LIMIT / 2 + 1));
    hub.send(stream(1), &large);
    hub.send(stream(1), &large);
    assert_eq!(out.ended().await, End::Close(Close::Slow));
}

#[test]
fn nothing_is_kept_of_those_who_are_gone() {
    let hub = Hub::default();
    let id = hub.connect(None, None, Arc::default());
    assert_eq!(hub.hold(id, ROOM), Ok(true));
    hub.disconnect(id);
    assert!(!hub.follows(id, ROOM));
    assert!(hub.streams().followers.is_empty() && hub.streams().connections.is_empty());
}

#[tokio::test]
async fn whoever_comes_after_the_stop_is_sent_away() {
    let hub = Hub::default();
    assert!(hub.stop().is_empty());
    let out = Arc::new(Outgoing::default());
    hub.connect(None, None, out.clone());
    assert_eq!(out.ended().await, End::Close(Close::Restart));
}

#[tokio::test(start_paused = true)]
async fn who_is_signed_out_is_so_on_all_connections_of_that_device() {
    let hub = Hub::default();
    let (laptop, phone) = (SessionId(7), SessionId(8));
    let outs: Vec<_> = [Some(laptop), Some(phone), None, Some(laptop)]
        .into_iter()
        .map(|session| {
            let out = Arc::new(Outgoing::default());
            (hub.connect(Some(PersonId(1)), session, out.clone()), out)
        })
        .collect();
    let before = hub.sign_outs();
    hub.sign_out(&[laptop, SessionId(9)]);
    assert_ne!(hub.sign_outs(), before, "whoever is about to connect asks again");
    for gone in [0, 3] {
        assert_eq!(outs[gone].1.ended().await, End::Close(Close::SignedOut));
    }
    for left in [1, 2] {
        let open = timeout(Duration::from_secs(1), outs[left].1.ended()).await;
        assert!(open.is_err());
    }
    assert!(hub.is_here(laptop), "until they have hung up");
    [0, 3].iter().for_each(|gone| hub.disconnect(outs[*gone].0));
    assert_eq!([laptop, phone].map(|session| hub.is_here(session)), [false, true]);
}

#[test]
fn it_is_known_who_is_connected_by_which_sessions_and_whoever_is_about_to_be_asks_again() {
    let hub = Hub::default();
    let [ann, bo] = [1, 2].map(PersonId);
    let [laptop, phone] = [7, 8].map(SessionId);
    for (person, session) in [(Some(ann), Some(laptop)), (None, None), (Some(ann), Some(phone))] {
        hub.connect(person, session, Arc::default());
    }
    let bos = hub.connect(Some(bo), Some(SessionId(9)), Arc::default());
    hub.disconnect(bos);
    let before = hub.sign_outs();
    assert_eq!(hub.signed_in(), BTreeMap::from([(ann, BTreeSet::from([laptop, phone]))]));
    assert_ne!(hub.sign_outs(), before);
}
