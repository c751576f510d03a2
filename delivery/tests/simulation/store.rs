//! The database of a simulation: one room in memory, which lets others go first between its steps. A
//! real one has threads and a disk, which no scheduler of ours could order. It keeps the promises of
//! one: one writer, visible when it is done, answered then, and handed on in the order of revs.

use std::{collections::HashMap, sync::Arc};

use delivery::{Commit, Stream};
use protocol::{
    Audience, Body, Changes, Content, Event, Lifetime, Member, MemberId, Message, MessageId,
    PersonName, Point, Reset, Role, Room, RoomCode, RoomId, RoomPage, Value,
};
use shuttle::{
    future::{spawn, yield_now},
    sync::Mutex,
};
use tokio::sync::{mpsc, oneshot};

pub(crate) const ROOM: RoomId = RoomId(1);
const EPOCH: u32 = 1;
/// Operations of one transaction, messages of one answer, and how far behind one starts anew: so few
/// that all of it happens.
const BATCH: usize = 3;
const PAGE: usize = 3;
const TOO_FAR: u64 = 9;

#[derive(Clone)]
pub(crate) struct Store {
    rows: Arc<Mutex<Rows>>,
    posts: mpsc::Sender<Post>,
}

pub(crate) struct Rows {
    pub(crate) messages: Vec<Message>,
    pub(crate) members: Vec<Member>,
    rev: u64,
}

struct Post {
    author: MemberId,
    id: MessageId,
    body: Body,
    answer: oneshot::Sender<Posted>,
}

pub(crate) struct Posted {
    pub(crate) message: Message,
    pub(crate) fresh: bool,
}

impl Store {
    /// Hands on what it commits until so many messages are stored. One that forgets does not know an
    /// id again.
    pub(crate) fn open(
        people: u32,
        messages: usize,
        forgets: bool,
        commits: mpsc::Sender<Commit>,
    ) -> Self {
        let members = (1..=people).map(member).collect();
        let rows = Rows { messages: Vec::new(), members, rev: u64::from(people) };
        let rows = Arc::new(Mutex::new(rows));
        let (posts, queue) = mpsc::channel(64);
        drop(spawn(write(rows.clone(), queue, messages, forgets, commits)));
        Self { rows, posts }
    }

    /// Resolves when it is stored. `None`: the store is gone.
    pub(crate) async fn post(&self, author: MemberId, id: MessageId, body: &str) -> Option<Posted> {
        let (answer, answered) = oneshot::channel();
        let body = Body::parse(body).ok()?;
        self.posts.send(Post { author, id, body, answer }).await.ok()?;
        answered.await.ok()
    }

    pub(crate) async fn since(&self, point: Option<Point>) -> Event {
        yield_now().await;
        let event = self.look(|rows| rows.since(point));
        yield_now().await;
        event
    }

    pub(crate) fn look<T>(&self, at: impl FnOnce(&Rows) -> T) -> T {
        at(&self.rows.lock().unwrap())
    }
}

async fn write(
    rows: Arc<Mutex<Rows>>,
    mut queue: mpsc::Receiver<Post>,
    messages: usize,
    forgets: bool,
    commits: mpsc::Sender<Commit>,
) {
    let mut commits = Some(commits);
    let mut batch = Vec::new();
    let mut known = HashMap::new();
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        yield_now().await;
        let (changes, posted) = {
            let mut rows = rows.lock().unwrap();
            let after = rows.rev;
            let posted: Vec<_> =
                batch.iter().map(|post| rows.post(post, &mut known, forgets)).collect();
            (rows.changes(after, usize::MAX), posted)
        };
        yield_now().await;
        for (post, posted) in batch.drain(..).zip(posted) {
            let _ = post.answer.send(posted);
        }
        yield_now().await;
        if let Some(commits) = commits.as_ref().filter(|_| changes.after < changes.upto) {
            let _ = commits.send(vec![(Stream::Room(ROOM), changes)]).await;
        }
        if known.len() == messages {
            commits = None;
        }
    }
}

impl Rows {
    fn post(
        &mut self,
        post: &Post,
        known: &mut HashMap<MessageId, usize>,
        forgets: bool,
    ) -> Posted {
        let first = known.get(&post.id).filter(|_| !forgets).and_then(|at| self.messages.get(*at));
        if let Some(message) = first.cloned() {
            return Posted { message, fresh: false };
        }
        self.rev += 1;
        let seq = u32::try_from(self.messages.len()).unwrap() + 1;
        let message = Message {
            id: post.id,
            seq,
            rev: self.rev,
            version: 1,
            author: post.author,
            content: Content::Text(post.body.clone()),
            created_at: seq.into(),
        };
        known.insert(post.id, self.messages.len());
        self.messages.push(message.clone());
        Posted { message, fresh: true }
    }

    fn since(&self, point: Option<Point>) -> Event {
        let after = point.filter(|point| self.rev - point.rev <= TOO_FAR).map(|point| point.rev);
        match after {
            Some(after) => Event::Changes(self.changes(after, PAGE)),
            None => Event::Reset(Reset::Room(self.page())),
        }
    }

    fn changes(&self, after: u64, most: usize) -> Changes {
        let changed: Vec<_> = self.messages.iter().filter(|message| message.rev > after).collect();
        let more = changed.len() > most;
        let page = &changed[..changed.len().min(most)];
        let upto = page.last().filter(|_| more).map_or(self.rev, |message| message.rev);
        let messages = page.iter().map(|message| Value::Message((*message).clone()));
        let authors = self.authors(page.iter().copied());
        let values = authors.into_iter().map(Value::Member).chain(messages).collect();
        Changes { stream: Audience::Room(ROOM), epoch: EPOCH, after, upto, values, more }
    }

    fn page(&self) -> RoomPage {
        let messages = self.messages[self.messages.len().saturating_sub(PAGE)..].to_vec();
        RoomPage {
            room: Room {
                id: ROOM,
                code: code(),
                name: None,
                listed: false,
                lifetime: Lifetime::Month,
                rules: protocol::Rules::default(),
                rev: 1,
            },
            members: self.authors(messages.iter()),
            messages,
            head: u32::try_from(self.messages.len()).unwrap(),
            found: None,
            at: Point { epoch: EPOCH, rev: self.rev },
        }
    }

    /// In the order of their revs.
    fn authors<'a>(&self, of: impl Iterator<Item = &'a Message> + Clone) -> Vec<Member> {
        let is_author = |member: &&Member| of.clone().any(|message| message.author == member.id);
        self.members.iter().filter(is_author).cloned().collect()
    }
}

/// The answer to a post of which nobody else is told.
pub(crate) fn receipt(message: Message, author: Member) -> Changes {
    let (after, upto) = (message.rev - 1, message.rev);
    let values = vec![Value::Member(author), Value::Message(message)];
    Changes { stream: Audience::Room(ROOM), epoch: EPOCH, after, upto, values, more: false }
}

pub(crate) fn member(id: u32) -> Member {
    let name = PersonName::parse(&format!("Person {id}")).unwrap();
    Member { id: MemberId(id), name, role: Role::Member, rev: id.into() }
}

fn code() -> RoomCode {
    RoomCode::parse("KMRT").unwrap()
}
