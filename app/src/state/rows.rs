//! What is drawn: confirmed values with the outbox's messages on top. Pure.

use protocol::{Content, Mark, MemberId, Message, MessageId, PersonName, Refusal, WhoAmI};

use sync::Confirmed;

use super::Lines;
use crate::{LocalTime, Words};

/// Messages of one author stand together if no more than this is between two of them.
const GROUP_MS: i64 = 5 * 60 * 1000;
/// Every zone is a multiple of this away from UTC, so two moments of one such span share their day.
const SPAN_MS: i64 = 15 * 60 * 1000;
/// Rows that are drawn: of more, the newest.
const MAX_ROWS: usize = 340;

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub id: MessageId,
    pub body: String,
    /// Why the server would not have it.
    pub refusal: Option<Refusal>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    Sent,
    Pending,
    /// Pending, for as long as there is no line.
    Waiting,
    Failed(Refusal),
}

impl Delivery {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Pending | Self::Waiting => "pending",
            Self::Failed(_) => "failed",
        }
    }
}

/// Place in a run of messages of one author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    First,
    Middle,
    Last,
    Only,
}

impl Group {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Middle => "middle",
            Self::Last => "last",
            Self::Only => "only",
        }
    }

    fn of(joins_previous: bool, joins_next: bool) -> Self {
        match (joins_previous, joins_next) {
            (false, true) => Self::First,
            (true, true) => Self::Middle,
            (true, false) => Self::Last,
            (false, false) => Self::Only,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowView {
    pub id: MessageId,
    /// `None` until the server has given it one.
    pub seq: Option<u32>,
    pub own: bool,
    pub author: String,
    pub body: String,
    /// By a host: then its text is ours.
    pub removed: bool,
    /// The server's time; a message that it has not seen has none.
    pub at: Option<i64>,
    pub delivery: Delivery,
    pub group: Group,
    /// The day that begins with it, as it is called.
    pub day: Option<String>,
    /// The first that the reader had not read when they opened the room.
    pub new: bool,
    /// What the reader was looking for.
    pub found: bool,
    /// Who came and went after this message and before the next.
    pub line: Option<String>,
    /// What tells its author apart; the reader's own needs none.
    pub mark: Option<Mark>,
    /// What tells authors apart; `None` for a visitor's own.
    member: Option<MemberId>,
}

/// For whom a room is drawn.
pub struct Reader<'a> {
    pub words: &'a Words,
    pub me: &'a WhoAmI,
    /// What they had read when they opened the room, if there was more.
    pub read: Option<u32>,
    pub found: Option<u32>,
    /// What they write can be sent now.
    pub live: bool,
    pub lines: &'a Lines,
    /// A moment in their zone.
    pub local: &'a dyn Fn(i64) -> LocalTime,
    pub name_of_day: &'a dyn Fn(LocalTime) -> String,
}

/// The room as the reader sees it, oldest first. A pending message that is confirmed is drawn once,
/// in the place that the server gave it. So many of the newest that were sent are left out.
pub fn rows(
    confirmed: &Confirmed,
    later: usize,
    pending: &[Pending],
    reader: &Reader<'_>,
) -> Vec<RowView> {
    let my_id = match reader.me {
        WhoAmI::Member(member) => Some(member.id),
        WhoAmI::Visitor { .. } => None,
    };
    let messages = || confirmed.messages().take(confirmed.messages().len().saturating_sub(later));
    let waits = |pending: &&Pending| !messages().rev().any(|message| message.id == pending.id);
    let waiting: Vec<_> =
        pending.iter().filter(waits).map(|pending| unsent(pending, my_id, reader)).collect();
    let too_many = (messages().len() + waiting.len()).saturating_sub(MAX_ROWS);
    let sent = messages().map(|message| sent(confirmed, message, my_id, reader));
    let mut rows: Vec<_> = sent.chain(waiting).skip(too_many).collect();
    name_days(&mut rows, reader);
    for row in &mut rows {
        row.line = reader.lines.after(Some(row.id), reader.words);
    }
    let joins: Vec<bool> = rows.windows(2).map(|pair| is_one_group(&pair[0], &pair[1])).collect();
    for (i, row) in rows.iter_mut().enumerate() {
        let previous = i > 0 && joins[i - 1];
        row.group = Group::of(previous, joins.get(i).copied().unwrap_or(false));
    }
    rows
}

/// Looking a zone up is slow where it is asked of a browser: once a span is enough.
fn name_days(rows: &mut [RowView], reader: &Reader<'_>) {
    let mut last: Option<(i64, LocalTime)> = None;
    for row in rows {
        let Some(at) = row.at else { continue };
        let span = at.div_euclid(SPAN_MS);
        if last.is_some_and(|(before, _)| before == span) {
            continue;
        }
        let time = (reader.local)(at);
        if last.is_none_or(|(_, before)| before.days() != time.days()) {
            row.day = Some((reader.name_of_day)(time));
        }
        last = Some((span, time));
    }
}

fn sent(
    confirmed: &Confirmed,
    message: &Message,
    me: Option<MemberId>,
    reader: &Reader<'_>,
) -> RowView {
    let (body, removed) = match &message.content {
        Content::Text(body) => (body.as_str(), false),
        Content::Removed => (reader.words.removed, true),
    };
    let own = me == Some(message.author);
    RowView {
        day: None,
        new: reader.read.is_some_and(|read| read + 1 == message.seq),
        found: reader.found == Some(message.seq),
        id: message.id,
        seq: Some(message.seq),
        own,
        author: confirmed.author(message.author).name.into(),
        body: body.to_owned(),
        removed,
        at: Some(message.created_at),
        delivery: Delivery::Sent,
        group: Group::Only,
        line: None,
        mark: (!own).then(|| Mark::of(confirmed.room().id, message.author)),
        member: Some(message.author),
    }
}

fn unsent(pending: &Pending, my_id: Option<MemberId>, reader: &Reader<'_>) -> RowView {
    let waits = if reader.live { Delivery::Pending } else { Delivery::Waiting };
    RowView {
        id: pending.id,
        seq: None,
        own: true,
        author: name_of(reader.me),
        body: pending.body.clone(),
        removed: false,
        at: None,
        delivery: pending.refusal.clone().map_or(waits, Delivery::Failed),
        group: Group::Only,
        day: None,
        new: false,
        found: false,
        line: None,
        mark: None,
        member: my_id,
    }
}

fn name_of(me: &WhoAmI) -> String {
    match me {
        WhoAmI::Member(member) => PersonName::as_str(&member.name).to_owned(),
        WhoAmI::Visitor { name } => name.clone(),
    }
}

/// A message without a time is being written now, so it follows whatever is above it.
fn is_one_group(one: &RowView, next: &RowView) -> bool {
    let near = match (one.at, next.at) {
        (Some(one), Some(next)) => next - one <= GROUP_MS,
        (Some(_) | None, None) => true,
        (None, Some(_)) => false,
    };
    let parted = one.line.is_some() || next.new || next.day.is_some();
    near && !parted && one.own == next.own && one.member == next.member
}
