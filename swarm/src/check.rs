//! Whether a run kept its promises: what was acknowledged is stored, what is stored was said, each id
//! once, in one order without holes, and everyone who stayed or came back holds the same list. Pure: it
//! judges what others wrote down.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use protocol::{Content, Member, MemberId, Message, MessageId, Refusal, RoomId};

/// All that is known of a run when it is over and everyone is content.
#[derive(Clone, Debug, Default)]
pub struct Story {
    pub logs: Vec<Log>,
    pub accounts: Vec<Account>,
    /// What hosts took away, and whether they had it back.
    pub removed: BTreeMap<MessageId, bool>,
}

/// What may be stored and seen.
struct Said<'a> {
    /// By whom, and with which words.
    attempts: BTreeMap<(RoomId, MessageId), (MemberId, &'a str)>,
    removed: &'a BTreeMap<MessageId, bool>,
}

impl Said<'_> {
    /// Whether this is what is kept, now or before it was taken away or had back.
    fn is_copy(&self, room: RoomId, copy: &Message, kept: &Message) -> bool {
        let said = self.attempts.get(&(room, copy.id)).map(|(_, body)| *body);
        let is_or_was = kept.content == copy.content
            || self.removed.contains_key(&copy.id)
                && (copy.content == Content::Removed || said == Some(text(copy)));
        kept.id == copy.id && is_or_was
    }
}

/// A room as the server has it at the end, all of it.
#[derive(Clone, Debug)]
pub struct Log {
    pub room: RoomId,
    pub messages: Vec<Message>,
    pub members: Vec<Member>,
}

/// What somebody tried in a room, and what they heard there.
#[derive(Clone, Debug)]
pub struct Account {
    pub who: String,
    pub room: RoomId,
    pub author: MemberId,
    /// In the order in which it was written, with the text.
    pub attempted: Vec<(MessageId, String)>,
    /// The server's copies, as they first came.
    pub acknowledged: Vec<Message>,
    pub refused: Vec<(MessageId, Refusal)>,
    /// Every copy that came, in the order of coming. A reset begins another run.
    pub runs: Vec<Vec<Message>>,
    /// What is shown at the end.
    pub window: Vec<Message>,
    pub members: Vec<Member>,
    /// Streams that were never asked for.
    pub foreign: Vec<RoomId>,
    /// Frames that began after what was complete, though nothing had been asked for. They do no harm, and
    /// an answer that overtakes what is published is such a one; where nobody is answered, there are none.
    pub gaps: Vec<u64>,
}

impl Account {
    /// Copies that came in a frame. What is older than the page that the run began with is only the
    /// answer to a post that was sent again.
    pub fn saw(&mut self, messages: &[Message]) {
        if let Some(run) = self.runs.last_mut() {
            let first = run.first().map_or(0, |message| message.seq);
            run.extend(messages.iter().filter(|message| message.seq >= first).cloned());
        }
    }
}

/// What is wrong, with the room and the one who would notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// Acknowledged, but not stored, or not as it was acknowledged.
    Lost {
        who: String,
        id: MessageId,
        seq: u32,
    },
    /// Stored, though nobody said this here.
    Stranger {
        room: RoomId,
        id: MessageId,
        seq: u32,
    },
    /// Stored with what it said, though that was taken away.
    Kept {
        room: RoomId,
        seq: u32,
    },
    Twice {
        room: RoomId,
        id: MessageId,
    },
    /// This place is not where it should be.
    Hole {
        room: RoomId,
        seq: u32,
    },
    /// What one person said stands in another order.
    Order {
        who: String,
        id: MessageId,
    },
    /// Another message was seen in this place.
    Moved {
        who: String,
        seq: u32,
    },
    /// Never came, though what is around it did.
    Missed {
        who: String,
        seq: u32,
    },
    /// What is shown at the end is not the end of the log.
    Window {
        who: String,
        seq: u32,
    },
    /// An author is shown under another name.
    Name {
        who: String,
        member: MemberId,
    },
    Foreign {
        who: String,
        room: RoomId,
    },
    /// The room's time went back.
    Time {
        room: RoomId,
        seq: u32,
    },
    Refused {
        who: String,
        id: MessageId,
    },
    NoLog {
        who: String,
    },
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost { who, id, seq } => write!(f, "lost: {who} was told that {id} is {seq}"),
            Self::Stranger { room, id, seq } => {
                write!(f, "stranger: room {} has {id} at {seq}, which nobody said", room.0)
            }
            Self::Kept { room, seq } => {
                write!(f, "kept: room {} still says at {seq} what was taken away", room.0)
            }
            Self::Twice { room, id } => write!(f, "twice: room {} has {id} again", room.0),
            Self::Hole { room, seq } => write!(f, "hole: room {} at {seq}", room.0),
            Self::Order { who, id } => write!(f, "order: {who} said {id} later than it stands"),
            Self::Moved { who, seq } => write!(f, "moved: {who} saw another message at {seq}"),
            Self::Missed { who, seq } => write!(f, "missed: {who} never saw {seq}"),
            Self::Window { who, seq } => write!(f, "window: {who} shows something else at {seq}"),
            Self::Name { who, member } => {
                write!(f, "name: {who} knows member {} by another one", member.0)
            }
            Self::Foreign { who, room } => write!(f, "foreign: {who} heard of room {}", room.0),
            Self::Time { room, seq } => write!(f, "time: goes back in room {} at {seq}", room.0),
            Self::Refused { who, id } => write!(f, "refused for good: {who}'s {id}"),
            Self::NoLog { who } => write!(f, "no log of the room of {who}"),
        }
    }
}

/// Empty if all is well.
pub fn check(story: &Story) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let attempts = story.accounts.iter().flat_map(|account| {
        let said = account.attempted.iter();
        said.map(|(id, body)| ((account.room, *id), (account.author, body.as_str())))
    });
    let said = Said { attempts: attempts.collect(), removed: &story.removed };
    for log in &story.logs {
        check_log(log, &said, &mut complaints);
        let here = story.accounts.iter().filter(|account| account.room == log.room);
        here.for_each(|account| check_order(account, log, &mut complaints));
    }
    for account in &story.accounts {
        let who = || account.who.clone();
        match story.logs.iter().find(|log| log.room == account.room) {
            Some(log) => check_account(account, log, &said, &mut complaints),
            None => complaints.push(Complaint::NoLog { who: who() }),
        }
        let refused = account.refused.iter();
        complaints.extend(refused.map(|(id, _)| Complaint::Refused { who: who(), id: *id }));
        let foreign = account.foreign.iter();
        complaints.extend(foreign.map(|room| Complaint::Foreign { who: who(), room: *room }));
    }
    complaints
}

fn check_log(log: &Log, said: &Said<'_>, complaints: &mut Vec<Complaint>) {
    let room = log.room;
    let mut ids = BTreeSet::new();
    let mut last_at = i64::MIN;
    for (message, place) in log.messages.iter().zip(1..) {
        let &Message { id, seq, created_at, .. } = message;
        if seq != place {
            complaints.push(Complaint::Hole { room, seq: place });
        }
        if !ids.insert(id) {
            complaints.push(Complaint::Twice { room, id });
        }
        let by = said.attempts.get(&(room, id)).filter(|(author, _)| *author == message.author);
        let goes = said.removed.get(&id) == Some(&false);
        match (&message.content, by) {
            (Content::Text(_), Some((_, body))) if *body == text(message) => {
                complaints.extend(goes.then_some(Complaint::Kept { room, seq }));
            }
            (Content::Removed, Some(_)) if goes => {}
            (Content::Text(_) | Content::Removed, _) => {
                complaints.push(Complaint::Stranger { room, id, seq });
            }
        }
        if created_at < last_at {
            complaints.push(Complaint::Time { room, seq });
        }
        last_at = last_at.max(created_at);
    }
}

/// What one person said stands as they said it.
fn check_order(account: &Account, log: &Log, complaints: &mut Vec<Complaint>) {
    let places: BTreeMap<_, _> =
        log.messages.iter().map(|message| (message.id, message.seq)).collect();
    let mut last = 0;
    for (id, _) in &account.attempted {
        let Some(seq) = places.get(id) else { continue };
        if *seq < last {
            complaints.push(Complaint::Order { who: account.who.clone(), id: *id });
        }
        last = *seq;
    }
}

fn check_account(account: &Account, log: &Log, said: &Said<'_>, complaints: &mut Vec<Complaint>) {
    let who = || account.who.clone();
    let is_copy = |copy: &Message, kept: &Message| said.is_copy(log.room, copy, kept);
    let by_seq: BTreeMap<_, _> =
        log.messages.iter().map(|message| (message.seq, message)).collect();
    for told in &account.acknowledged {
        let kept = by_seq.get(&told.seq);
        if kept.is_none_or(|kept| !is_copy(told, kept)) {
            complaints.push(Complaint::Lost { who: who(), id: told.id, seq: told.seq });
        }
    }
    let head = log.messages.last().map_or(0, |message| message.seq);
    for (at, run) in account.runs.iter().enumerate() {
        let seen: BTreeSet<_> = run.iter().map(|message| message.seq).collect();
        let moved =
            run.iter().filter(|copy| by_seq.get(&copy.seq).is_none_or(|kept| !is_copy(copy, kept)));
        complaints.extend(moved.map(|copy| Complaint::Moved { who: who(), seq: copy.seq }));
        let last =
            if at + 1 == account.runs.len() { head } else { seen.last().copied().unwrap_or(0) };
        let first = seen.first().copied().unwrap_or(last + 1);
        let missed = (first..=last).filter(|seq| !seen.contains(seq));
        complaints.extend(missed.map(|seq| Complaint::Missed { who: who(), seq }));
    }
    check_window(account, log, complaints);
}

/// The same messages, as new as they are, up to the newest; and their authors' names.
fn check_window(account: &Account, log: &Log, complaints: &mut Vec<Complaint>) {
    let who = || account.who.clone();
    let shown = account.window.len().min(log.messages.len());
    let end = &log.messages[log.messages.len() - shown..];
    let wrong = account.window.iter().rev().zip(end.iter().rev()).find(|(one, kept)| one != kept);
    if let Some((_, kept)) = wrong {
        complaints.push(Complaint::Window { who: who(), seq: kept.seq });
    } else if account.window.len() != shown || (shown == 0 && !log.messages.is_empty()) {
        complaints.push(Complaint::Window { who: who(), seq: 0 });
    }
    let authors: BTreeSet<_> = account.window.iter().map(|message| message.author).collect();
    let name = |members: &[Member], id| {
        members.iter().find(|member| member.id == id).map(|member| member.name.clone())
    };
    for member in authors {
        if name(&account.members, member) != name(&log.members, member) {
            complaints.push(Complaint::Name { who: who(), member });
        }
    }
}

fn text(message: &Message) -> &str {
    match &message.content {
        Content::Text(body) => body.as_str(),
        Content::Removed => "",
    }
}
