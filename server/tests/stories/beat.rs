//! Lines that are quiet: kept while somebody is there, and given up on when nobody is; and loud ones. The clock
//! stands still and jumps to whatever happens next.

use std::time::Duration;

use crate::client::{Person, Running};
use protocol::{Close, Event, Presence, Refusal};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, pause, resume},
};

#[tokio::test]
async fn a_quiet_line_beats_and_stays() {
    let server = Running::start().await;
    let (ana, _, _) = Person::create(&server, "Ana").await;
    let mut socket = ana.connect().await;
    pause();
    let begun = Instant::now();
    for beat in 1..=6 {
        assert_eq!(socket.event().await, Event::Beat);
        assert_eq!(begun.elapsed().as_secs(), 20 * beat);
    }
}

#[tokio::test]
async fn a_line_on_which_nobody_answers_is_closed_as_silent() {
    // A text that begins, and pieces of it without anything in them.
    let begin = [0x01, 0x81, 0, 0, 0, 0, b'"'].as_slice();
    let endless = [begin, &[0x00, 0x80, 0, 0, 0, 0].repeat(10_000)].concat();
    let server = Running::start().await;
    let (ana, _, _) = Person::create(&server, "Ana").await;
    let close = [&[0x88, 2][..], &Close::Silent.code().to_be_bytes()].concat();
    for (what, said) in [
        ("nothing", &[][..]),
        ("half a frame", &begin[..3]),
        ("a text without an end", begin),
        ("a text that never ends", &endless),
    ] {
        let mut stream = ana.connect().await.into_stream();
        pause();
        let begun = Instant::now();
        stream.write_all(said).await.unwrap();
        let mut heard = Vec::new();
        while !heard.ends_with(&close) {
            assert!(stream.read_buf(&mut heard).await.unwrap() > 0, "{what}: {heard:?}");
        }
        let beats = heard.windows(6).filter(|bytes| bytes == b"\"beat\"").count();
        assert_eq!((beats, begun.elapsed().as_secs()), (2, 44), "{what}");
        assert!(begun.elapsed() < Duration::from_secs(45));
        resume();
    }
}

#[tokio::test]
async fn others_see_one_whose_line_was_cut_as_gone_within_45_seconds() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, member) = Person::join(&server, &room, "Bo").await;
    let (mut ana, _) = ana.enter(&room).await;
    // It stays open, and nothing comes by it any more.
    let _cut = bo.enter(&room).await.0.into_stream();
    while !ana.moved().await.1.contains(&"Bo".into()) {}
    pause();
    let begun = Instant::now();
    let (mut beats, mut went) = (0, Vec::new());
    while went != [member.id] {
        let event = ana.event().await;
        beats += u32::from(event == Event::Beat);
        if let Event::Presence(Presence::Moved { went: gone, .. }) = event {
            went.extend(gone.into_iter().map(|one| one.id));
        }
    }
    let after = begun.elapsed();
    assert!(beats == 2 && after <= Duration::from_secs(45), "{beats} beats, {after:?}");
}

#[tokio::test]
async fn whoever_sends_what_nobody_understands_is_read_more_and_more_slowly() {
    let server = Running::start().await;
    let (ana, _, _) = Person::create(&server, "Ana").await;
    let mut socket = ana.connect().await;
    pause();
    let begun = Instant::now();
    for _ in 0..4 {
        socket.text("no").await;
    }
    for ms in [0, 50, 150, 300] {
        assert_eq!(socket.refused().await, (None, Refusal::Malformed));
        assert_eq!(begun.elapsed().as_millis() / 50 * 50, ms);
    }
}
