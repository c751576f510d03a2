//! What waits, for how long, who writes it and who is told.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex as StdMutex},
};

use tokio::{
    task::{JoinHandle, yield_now},
    time::{advance, timeout},
};

use super::*;

fn frame(bytes: usize) -> Frame {
    "x".repeat(bytes).into()
}

/// Takes everything.
#[derive(Default)]
struct Page(Vec<Frame>);

impl Page {
    fn boxed() -> Box<dyn Sink> {
        Box::new(Self::default())
    }
}

impl Sink for Page {
    fn feed(&mut self, frame: Frame) {
        self.0.push(frame);
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl Outgoing {
    /// What waits, as much as one write takes; what was taken before is written.
    pub(crate) fn take(&self) -> Vec<Frame> {
        let mut page = Page::default();
        let mut queue = self.queue();
        let before = queue.bytes.sum();
        queue.written();
        queue.hand_over(&mut page);
        self.pace(queue, before);
        page.0
    }
}

/// Takes so many frames, and no more until there is room again.
#[derive(Clone, Default)]
struct Socket(Arc<StdMutex<Taken>>);

#[derive(Default)]
struct Taken {
    fed: VecDeque<Frame>,
    written: Vec<String>,
    room: usize,
    is_broken: bool,
    waits: Option<Waker>,
    /// What happens while it is written to, once.
    meanwhile: Option<Box<dyn FnOnce() + Send>>,
}

impl Sink for Socket {
    fn feed(&mut self, frame: Frame) {
        self.0.lock().unwrap().fed.push_back(frame);
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let meanwhile = self.0.lock().unwrap().meanwhile.take();
        meanwhile.into_iter().for_each(|happens| happens());
        let taken = &mut *self.0.lock().unwrap();
        if taken.is_broken {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        while taken.room > 0
            && let Some(frame) = taken.fed.pop_front()
        {
            taken.room -= 1;
            taken.written.push(frame.to_string());
        }
        if taken.fed.is_empty() {
            return Poll::Ready(Ok(()));
        }
        taken.waits = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Socket {
    fn with_room(frames: usize) -> Self {
        let socket = Self::default();
        socket.0.lock().unwrap().room = frames;
        socket
    }

    fn make_room(&self, frames: usize) {
        let waits = {
            let mut taken = self.0.lock().unwrap();
            taken.room += frames;
            taken.waits.take()
        };
        waits.into_iter().for_each(Waker::wake);
    }

    fn break_off(&self) {
        self.0.lock().unwrap().is_broken = true;
    }

    fn written(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().written)
    }
}

/// A connection's own task, which has lent its socket: as in the program, it writes what others leave undone.
async fn lent(out: &Arc<Outgoing>, socket: &Socket) -> JoinHandle<Result<(), End>> {
    let (out, mut sink) = (out.clone(), Box::new(socket.clone()) as Box<dyn Sink>);
    let own = tokio::spawn(async move {
        loop {
            let (back, taken) = out.taken(sink).await;
            taken?;
            sink = back;
            if poll_fn(|cx| sink.poll_flush(cx)).await.is_err() {
                out.hang_up();
            }
        }
    });
    yield_now().await;
    own
}

fn publish(out: &Outgoing, frame: &str) -> bool {
    out.publish(Instant::now(), frame.into())
}

#[tokio::test(start_paused = true)]
async fn who_publishes_writes_by_themselves_and_once_for_all_that_waits() {
    let (out, socket) = (Arc::default(), Socket::with_room(9));
    assert!(!publish(&out, "zero"), "its own task has not lent the socket yet");
    let _own = lent(&out, &socket).await;
    assert_eq!(socket.written(), ["zero"]);
    assert!(publish(&out, "one"));
    assert!(!publish(&out, "two"), "somebody is on their way");
    assert_eq!(socket.written().len(), 0);
    out.write();
    assert_eq!(socket.written(), ["one", "two"]);
    assert_eq!(out.queue().bytes.sum(), 0);
    out.write();
    assert!(publish(&out, "three"), "whoever came with nothing to write has kept nothing");
    out.write();
    assert_eq!(socket.written(), ["three"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_sent_to_many_its_own_task_writes_in_its_place() {
    let (out, socket) = (Arc::default(), Socket::with_room(9));
    let _own = lent(&out, &socket).await;
    assert!(publish(&out, "one"));
    out.answer("two".into());
    out.send("three".into());
    yield_now().await;
    assert_eq!(socket.written(), ["one", "two", "three"]);
    // Whoever promised comes too late, and finds the next.
    assert!(publish(&out, "four"));
    out.write();
    assert_eq!(socket.written(), ["four"]);
}

#[tokio::test(start_paused = true)]
async fn what_the_socket_does_not_take_its_own_task_goes_on_with() {
    let (out, socket) = (Arc::default(), Socket::with_room(1));
    let _own = lent(&out, &socket).await;
    assert!(publish(&out, "one"));
    assert!(!publish(&out, "two"));
    out.write();
    assert_eq!(socket.written(), ["one"]);
    assert!(!publish(&out, "three"), "nothing passes what waits");
    out.write();
    yield_now().await;
    assert!(!publish(&out, "four"));
    assert_eq!(socket.written().len(), 0);
    assert_ne!(out.queue().bytes.sum(), 0, "until it is written it takes its place");
    socket.make_room(9);
    yield_now().await;
    assert_eq!(socket.written(), ["two", "three", "four"]);
    assert_eq!(out.queue().bytes.sum(), 0);
    assert!(publish(&out, "five"));
    out.write();
    assert_eq!(socket.written(), ["five"]);
}

#[tokio::test(start_paused = true)]
async fn more_than_one_write_takes_is_left_to_its_own_task() {
    let (out, socket) = (Arc::default(), Socket::with_room(FRAMES + 1));
    let _own = lent(&out, &socket).await;
    (0..=FRAMES).for_each(|n| _ = publish(&out, &n.to_string()));
    out.write();
    assert_eq!(socket.written().len(), FRAMES);
    yield_now().await;
    assert_eq!(socket.written(), [FRAMES.to_string()]);
}

#[tokio::test(start_paused = true)]
async fn what_happens_while_somebody_writes_is_its_own_tasks() {
    type Happens = fn(&Outgoing);
    let happens: [(Happens, &[&str], _); 5] = [
        (|out| out.answer("two".into()), &["two"], None),
        (|out| out.send("two".into()), &["two"], None),
        (|out| assert!(!publish(out, "two")), &["two"], None),
        (|out| out.close(Close::Restart), &[], Some(End::Close(Close::Restart))),
        (|_| panic!("a socket that panics"), &[], None),
    ];
    for (happens, more, end) in happens {
        for room in [0, 1, 9] {
            let (out, socket) = (Arc::<Outgoing>::default(), Socket::with_room(room));
            let own = lent(&out, &socket).await;
            let meanwhile = out.clone();
            socket.0.lock().unwrap().meanwhile = Some(Box::new(move || happens(&meanwhile)));
            assert!(publish(&out, "one"));
            let _ = catch_unwind(AssertUnwindSafe(|| out.write()));
            yield_now().await;
            socket.make_room(9);
            yield_now().await;
            assert_eq!(socket.written(), [&["one"], more].concat());
            if let Some(end) = end {
                assert_eq!(own.await.unwrap(), Err(end));
            } else {
                assert_eq!(out.queue().bytes.sum(), 0);
                assert!(publish(&out, "next"), "it is lent again");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lent_socket_is_back_when_the_connection_ends_or_breaks() {
    for breaks in [false, true] {
        let (out, socket) = (Arc::default(), Socket::with_room(9));
        let own = lent(&out, &socket).await;
        assert!(publish(&out, "one"));
        let end = if breaks { End::Gone } else { End::Close(Close::Restart) };
        if breaks {
            socket.break_off();
            out.write();
        } else {
            out.end(end);
            assert!(!publish(&out, "two"));
        }
        let own = timeout(Duration::from_secs(1), own).await;
        assert_eq!(own.unwrap().unwrap(), Err(end));
        assert_eq!(socket.written(), ["one"][..usize::from(!breaks)]);
        out.write();
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_too_slow_for_what_is_published_is_closed() {
    let (out, socket) = (Arc::default(), Socket::default());
    let own = lent(&out, &socket).await;
    assert!(publish(&out, "one"));
    out.write();
    advance(PATIENCE + Duration::from_secs(1)).await;
    assert!(!publish(&out, "two"));
    socket.make_room(9);
    assert_eq!(own.await.unwrap(), Err(End::Close(Close::Slow)));
    assert_eq!(socket.written(), ["one"]);
}

#[tokio::test(start_paused = true)]
async fn frames_come_out_in_order_until_the_connection_ends() {
    let out = Outgoing::default();
    out.send("one".into());
    out.answer("two".into());
    out.close(Close::Restart);
    out.close(Close::Slow);
    out.send("three".into());
    out.pong(b"three");
    assert_eq!(out.take(), ["one".into(), "two".into()]);
    assert!(out.take().is_empty());
    assert_eq!(out.taken(Page::boxed()).await.1, Err(End::Close(Close::Restart)));
    assert_eq!(out.ended().await, End::Close(Close::Restart));
}

#[tokio::test(start_paused = true)]
async fn who_writes_is_woken_by_whatever_there_is_to_write_and_by_the_end() {
    let wakes: [(fn(&Outgoing), _); 6] = [
        (|out| out.send("one".into()), Ok(())),
        (|out| out.answer("one".into()), Ok(())),
        (|out| out.pong(b"one"), Ok(())),
        (|out| out.close(Close::Restart), Err(End::Close(Close::Restart))),
        (|out| out.hang_up(), Err(End::Gone)),
        (|out| out.end(End::Asked(None)), Err(End::Asked(None))),
    ];
    for (wake, expected) in wakes {
        let out = std::sync::Arc::new(Outgoing::default());
        let writes = tokio::spawn({
            let out = out.clone();
            async move { out.taken(Page::boxed()).await.1 }
        });
        tokio::task::yield_now().await;
        wake(&out);
        let woken = timeout(Duration::from_secs(1), writes).await;
        assert_eq!(woken.unwrap().unwrap(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn so_much_is_handed_over_as_one_write_takes() {
    let out = Outgoing::default();
    (0..=FRAMES).for_each(|_| out.send("x".into()));
    out.pong(b"here");
    let first = out.take();
    assert_eq!(first.len(), 1 + FRAMES);
    assert_eq!(first[0], Frame::pong(b"here"));
    assert_eq!(out.take().len(), 1);
    (0..3).for_each(|_| out.send(frame(ENOUGH / 2)));
    assert_eq!(out.take().len(), 2);
    assert_eq!(out.take().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn too_many_bytes_or_too_long_a_wait_is_too_slow() {
    let (bytes, while_writing) = (Outgoing::default(), Outgoing::default());
    for _ in 0..LIMIT / weight(&frame(ENOUGH)) {
        bytes.send(frame(ENOUGH));
        while_writing.send(frame(ENOUGH));
    }
    assert_eq!(while_writing.take().len(), 1);
    // Until it is written it takes its place.
    for out in [&bytes, &while_writing] {
        assert!(!out.has_ended());
        out.send(frame(ENOUGH));
        assert_eq!(out.ended().await, End::Close(Close::Slow));
        assert!(out.take().is_empty());
    }

    let late = Outgoing::default();
    late.send(frame(1));
    assert_eq!(late.take().len(), 1);
    advance(PATIENCE + Duration::from_secs(1)).await;
    late.send(frame(1));
    assert_eq!(late.ended().await, End::Close(Close::Slow));
}

#[tokio::test(start_paused = true)]
async fn who_had_read_what_was_before_is_not_too_slow_for_one_round() {
    let out = Outgoing::default();
    for is_read in [true, true, false] {
        for _ in 0..2 * LIMIT / ENOUGH {
            out.publish(Instant::now(), frame(ENOUGH));
        }
        assert!(!out.has_ended());
        while is_read && !out.take().is_empty() {}
        advance(Duration::from_secs(1)).await;
    }
    out.publish(Instant::now(), frame(1));
    assert_eq!(out.ended().await, End::Close(Close::Slow));
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_any_size_fits_but_holds_back_the_next_command() {
    let out = Outgoing::default();
    out.answer(frame(2 * LIMIT));
    out.send(frame(1));
    let paced = async || timeout(Duration::from_secs(1), out.paced()).await.is_ok();
    assert!(!paced().await);
    assert_eq!(out.take().len(), 1);
    assert!(!paced().await);
    assert_eq!(out.take().len(), 1);
    assert!(paced().await);
}

#[tokio::test(start_paused = true)]
async fn many_short_answers_hold_back_the_next_command_too() {
    let out = Outgoing::default();
    (0..=PACE / OVERHEAD).for_each(|_| out.answer("x".into()));
    assert!(timeout(Duration::from_secs(1), out.paced()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_less_is_told_when_it_is_written() {
    let out = std::sync::Arc::new(Outgoing::default());
    out.answer(frame(2 * PACE));
    let waits = tokio::spawn({
        let out = out.clone();
        async move { out.paced().await }
    });
    tokio::task::yield_now().await;
    assert_eq!(out.take().len(), 1);
    assert!(out.take().is_empty());
    timeout(Duration::from_secs(1), waits).await.unwrap().unwrap();
}
