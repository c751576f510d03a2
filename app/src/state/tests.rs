//! What is drawn, and where the reader looks.

#![allow(clippy::unwrap_used, reason = "a test that cannot make its values has failed")]

use protocol::{
    Audience, Body, Changes, Content, Here, Language, Lifetime, Member, MemberId, Message,
    MessageId, PersonName, Point, Role, Room, RoomCode, RoomId, RoomPage, RoomView, Rules, Value,
    WhoAmI,
};

use crate::{Clock, LocalTime, Words, catalogue};

mod hosts;
mod lines;
mod name;
mod reader;
mod rows;

const CLOCK: Clock =
    Clock { local: |_, _| LocalTime::default(), now: || 0, soon: |draw| _ = draw(usize::MAX) };

fn words() -> &'static Words {
    &catalogue(Language::English).live
}

/// A room as a server keeps it.
struct Server {
    room: Room,
    messages: Vec<Message>,
    rev: u64,
}

fn member(id: u32) -> Member {
    Member { id: MemberId(id), name: PersonName::parse("Ana").unwrap(), role: Role::Member, rev: 1 }
}

/// The reader is the second member.
fn view(page: RoomPage) -> RoomView {
    RoomView {
        page,
        me: WhoAmI::Member(member(2)),
        read: None,
        here: Here::default(),
        rooms: Vec::new(),
        link: String::new(),
        form_id: MessageId::now(),
        refusal: None,
        draft: String::new(),
        refused_name: None,
        muted: None,
        desk: None,
    }
}

impl Server {
    fn new() -> Self {
        let code = RoomCode::parse("KMRT").unwrap();
        let room = Room {
            id: RoomId(1),
            code,
            name: None,
            listed: false,
            lifetime: Lifetime::Month,
            rules: Rules::default(),
            rev: 1,
        };
        Self { room, messages: Vec::new(), rev: 1 }
    }

    fn post(&mut self, text: &str) {
        self.rev += 1;
        let seq = u32::try_from(self.messages.len()).unwrap() + 1;
        self.messages.push(Message {
            id: MessageId::now(),
            seq,
            rev: self.rev,
            version: 1,
            author: MemberId(1),
            content: Content::Text(Body::parse(text).unwrap()),
            created_at: i64::from(seq) * 1000,
        });
    }

    /// The newest values of all that changed in (after, upto], as the wire has it.
    fn changes(&self, after: u64, upto: u64) -> Changes {
        let changed = self.messages.iter().filter(|one| one.rev > after && one.rev <= upto);
        let values = changed.cloned().map(Value::Message).collect();
        Changes { stream: Audience::Room(RoomId(1)), epoch: 1, after, upto, values, more: false }
    }

    fn page(&self, newest: usize) -> RoomPage {
        self.slice(self.messages.len().saturating_sub(newest), newest)
    }

    fn slice(&self, from: usize, count: usize) -> RoomPage {
        let to = (from + count).min(self.messages.len());
        RoomPage {
            room: self.room.clone(),
            messages: self.messages[from.min(to)..to].to_vec(),
            members: vec![member(1)],
            head: u32::try_from(self.messages.len()).unwrap(),
            found: None,
            at: Point { epoch: 1, rev: self.rev },
        }
    }
}
