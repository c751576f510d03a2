//! What is written to a connection, and when, by a clock that stands still.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::task::{Context, Poll};

use tokio::sync::mpsc;

use super::*;

/// Hears what is written to a connection.
pub(crate) struct Ear(mpsc::Sender<Frame>);

impl Ear {
    pub(crate) fn to_hear() -> (Box<dyn Sink>, mpsc::Receiver<Frame>) {
        let (said, heard) = mpsc::channel(200);
        (Box::new(Self(said)), heard)
    }
}

impl Sink for Ear {
    fn feed(&mut self, frame: Frame) {
        self.0.try_send(frame).unwrap();
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Takes nothing.
struct Wall;

impl Sink for Wall {
    fn feed(&mut self, _: Frame) {}

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn one_who_takes_nothing_of_an_answer_is_given_up_on_as_slow() {
    let out = Outgoing::default();
    out.answer("a page".into());
    let begun = Instant::now();
    // A beat later there would be more, for which nobody waits.
    let end = timeout(4 * PATIENCE, pump(Box::new(Wall), &out)).await.unwrap().1;
    assert_eq!((end, begun.elapsed().as_secs()), (End::Close(Close::Slow), PATIENCE.as_secs()));
}

#[tokio::test(start_paused = true)]
async fn a_line_on_which_there_is_always_something_beats_too() {
    let out = Arc::new(Outgoing::default());
    let (ear, mut heard) = Ear::to_hear();
    let pumped = out.clone();
    let own = tokio::spawn(async move { pump(ear, &pumped).await.1 });
    for _ in 0..5 * BEAT.as_secs() - 1 {
        sleep(Duration::from_secs(1)).await;
        out.send("news".into());
    }
    out.hang_up();
    assert_eq!(own.await.unwrap(), End::Gone);
    let mut beats = 0;
    while let Ok(frame) = heard.try_recv() {
        beats += usize::from(frame == Frame::ping());
    }
    assert_eq!(beats, 4);
}
