//! What is drawn: confirmed values with the outbox's messages on top. Pure.

use protocol::{Content, MemberId, Message, MessageId, PersonName, Refusal, WhoAmI};

use super::Confirmed;

/// Messages of one author stand together if no more than this is between two of them.
const GROUP_MS: i64 = 5 * 60 * 1000;

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
    Failed(Refusal),
}

impl Delivery {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Pending => "pending",
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
    /// The server's time; a message that it has not seen has none.
    pub at: Option<i64>,
    pub delivery: Delivery,
    pub group: Group,
    /// What tells authors apart; `None` for a visitor's own.
    member: Option<MemberId>,
}

/// The room as `me` sees it, oldest first. A pending message that is confirmed is drawn once, in
/// the place that the server gave it.
pub fn rows(confirmed: &Confirmed, pending: &[Pending], me: &WhoAmI) -> Vec<RowView> {
    let my_id = match me {
        WhoAmI::Member(member) => Some(member.id),
        WhoAmI::Visitor { .. } => None,
    };
    let mut rows: Vec<_> =
        confirmed.messages().map(|message| sent(confirmed, message, my_id)).collect();
    let waits =
        |pending: &&Pending| !confirmed.messages().rev().any(|message| message.id == pending.id);
    rows.extend(pending.iter().filter(waits).map(|pending| unsent(pending, me, my_id)));
    let joins: Vec<bool> = rows.windows(2).map(|pair| is_one_group(&pair[0], &pair[1])).collect();
    for (i, row) in rows.iter_mut().enumerate() {
        let previous = i > 0 && joins[i - 1];
        row.group = Group::of(previous, joins.get(i).copied().unwrap_or(false));
    }
    rows
}

fn sent(confirmed: &Confirmed, message: &Message, me: Option<MemberId>) -> RowView {
    let Content::Text(body) = &message.content;
    RowView {
        id: message.id,
        seq: Some(message.seq),
        own: me == Some(message.author),
        author: confirmed.author(message.author).name.into(),
        body: body.as_str().to_owned(),
        at: Some(message.created_at),
        delivery: Delivery::Sent,
        group: Group::Only,
        member: Some(message.author),
    }
}

fn unsent(pending: &Pending, me: &WhoAmI, my_id: Option<MemberId>) -> RowView {
    RowView {
        id: pending.id,
        seq: None,
        own: true,
        author: name_of(me),
        body: pending.body.clone(),
        at: None,
        delivery: pending.refusal.clone().map_or(Delivery::Pending, Delivery::Failed),
        group: Group::Only,
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
    near && one.own == next.own && one.member == next.member
}
