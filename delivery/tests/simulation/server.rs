//! The server of a simulation: the shipped hub, publisher and queues, put together as in the program,
//! or with one thing wrong. What a connection does with a socket, two tasks do here with channels.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use delivery::{Commit, ConnectionId, Frame, Hub, Outgoing, PersonId, Sink, Stream, publish};
use protocol::{Command, Event, Hello, Member, MessageId, Point, Rate, Refusal, Request, encode};
use shuttle::future::{JoinHandle, spawn};
use swarm::chance::Chance;
use tokio::sync::mpsc;

use crate::store::{ROOM, Store, receipt};

/// What is planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// What changed is read, and only then the room is followed.
    ReadBeforeFollow,
    /// One commit never reaches the publisher.
    DroppedBatch,
    /// Two publishers take turns.
    TwoPublishers,
    /// A post that comes again is another one.
    ForgottenIds,
}

impl Bug {
    pub(crate) const ALL: [Self; 4] =
        [Self::ReadBeforeFollow, Self::DroppedBatch, Self::TwoPublishers, Self::ForgottenIds];
}

#[derive(Clone)]
pub(crate) struct Server {
    hub: Hub,
    pub(crate) store: Store,
    bug: Option<Bug>,
    /// All that will ever be stored has been published.
    published: Arc<AtomicBool>,
}

/// The client's ends of a line. Dropping them cuts it.
pub(crate) struct Line {
    pub(crate) commands: mpsc::Sender<Request>,
    pub(crate) frames: mpsc::Receiver<Frame>,
}

impl Server {
    /// For so many people, who will say so much in all.
    pub(crate) fn start(people: u32, messages: usize, bug: Option<Bug>, chance: Chance) -> Self {
        let (sender, commits) = mpsc::channel(16);
        let store = Store::open(people, messages, bug == Some(Bug::ForgottenIds), sender);
        let (hub, published) = (Hub::default(), Arc::new(AtomicBool::new(false)));
        let publishers = publishers(bug, commits, &hub, chance.of("batch").within(0..messages / 2));
        let done = published.clone();
        drop(spawn(async move {
            for publisher in publishers {
                publisher.await.unwrap();
            }
            done.store(true, Ordering::Relaxed);
        }));
        Self { hub, store, bug, published }
    }

    pub(crate) fn has_published(&self) -> bool {
        self.published.load(Ordering::Relaxed)
    }

    pub(crate) fn connect(&self, member: Member) -> Line {
        let (commands, said) = mpsc::channel(16);
        // As little as a socket may take in advance.
        let (socket, frames) = mpsc::channel(2);
        let out = Arc::new(Outgoing::default());
        let rate = Rate { burst: u32::MAX, every_ms: 1 };
        let hello = Hello { version: protocol::VERSION, build: String::new(), rate };
        out.answer(frame(&Event::Hello(hello)));
        let id = self.hub.connect(Some(PersonId(member.id.0.into())), None, out.clone());
        drop(spawn(write(out.clone(), socket)));
        drop(spawn(Connection { server: self.clone(), member, id, out }.read(said)));
        Line { commands, frames }
    }
}

/// Returns what ends when the last commit has been published.
fn publishers(
    bug: Option<Bug>,
    mut commits: mpsc::Receiver<Commit>,
    hub: &Hub,
    dropped: usize,
) -> Vec<JoinHandle<()>> {
    let count = match bug {
        Some(Bug::TwoPublishers) => 2,
        Some(Bug::DroppedBatch) => 1,
        Some(Bug::ReadBeforeFollow | Bug::ForgottenIds) | None => {
            return vec![spawn(publish(commits, hub.clone()))];
        }
    };
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..count).map(|_| mpsc::channel(16)).unzip();
    drop(spawn(async move {
        let mut nth = 0;
        while let Some(commit) = commits.recv().await {
            if count > 1 || nth != dropped {
                let _ = senders[nth % count].send(commit).await;
            }
            nth += 1;
        }
    }));
    receivers.into_iter().map(|commits| spawn(publish(commits, hub.clone()))).collect()
}

struct Connection {
    server: Server,
    member: Member,
    id: ConnectionId,
    out: Arc<Outgoing>,
}

impl Connection {
    /// Command by command, each to its end.
    async fn read(self, mut commands: mpsc::Receiver<Request>) {
        while let Some(Request { n: _, command }) = commands.recv().await {
            match command {
                Command::Watch { since, .. } => self.watch(since).await.unwrap(),
                Command::Unwatch { .. } => self.server.hub.unfollow(self.id, Stream::Room(ROOM)),
                Command::Post { id, body, .. } => self.post(id, &body).await,
                Command::Beat => self.out.answer(frame(&Event::Beat)),
                other => unreachable!("no page here says {other:?}"),
            }
            tokio::select! {
                biased;
                () = self.out.paced() => {}
                _ = self.out.ended() => break,
            }
        }
        self.out.hang_up();
        self.server.hub.disconnect(self.id);
    }

    async fn watch(&self, since: Option<Point>) -> Result<(), Refusal> {
        let Server { hub, store, bug, .. } = &self.server;
        let mut early = None;
        if *bug == Some(Bug::ReadBeforeFollow) {
            early = Some(store.since(since).await);
        }
        let answer = async {
            let event = match early {
                Some(event) => event,
                None => store.since(since).await,
            };
            Ok(vec![frame(&event)])
        };
        hub.follow(self.id, Stream::Room(ROOM), answer).await
    }

    async fn post(&self, id: MessageId, body: &str) {
        let Some(posted) = self.server.store.post(self.member.id, id, body).await else { return };
        // Else the publisher has it for them.
        if !posted.fresh || !self.server.hub.follows(self.id, Stream::Room(ROOM)) {
            let receipt = receipt(posted.message, self.member.clone());
            self.out.answer(frame(&Event::Changes(receipt)));
        }
    }
}

/// Until the connection or the line ends.
async fn write(out: Arc<Outgoing>, frames: mpsc::Sender<Frame>) {
    let mut socket: Box<dyn Sink> = Box::new(Socket { frames, fed: VecDeque::new(), place: None });
    loop {
        let (back, taken) = out.taken(socket).await;
        socket = back;
        if taken.is_err() {
            return;
        }
        if poll_fn(|cx| socket.poll_flush(cx)).await.is_err() {
            out.hang_up();
        }
    }
}

struct Socket {
    frames: mpsc::Sender<Frame>,
    fed: VecDeque<Frame>,
    place: Option<Place>,
}

/// For one more frame, as soon as there is one.
type Place = Pin<
    Box<dyn Future<Output = Result<mpsc::OwnedPermit<Frame>, mpsc::error::SendError<()>>> + Send>,
>;

impl Sink for Socket {
    fn feed(&mut self, frame: Frame) {
        self.fed.push_back(frame);
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.fed.is_empty() {
            let place = || Box::pin(self.frames.clone().reserve_owned()) as Place;
            let place = ready!(self.place.get_or_insert_with(place).as_mut().poll(cx));
            self.place = None;
            let place = place.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
            self.fed.pop_front().map(|frame| place.send(frame));
        }
        Poll::Ready(Ok(()))
    }
}

fn frame(event: &Event) -> Frame {
    Frame::from(encode(event))
}
