//! Saying something.

use protocol::{Audience, Changes, Member, Message, MessageId, Refusal, RoomId, Value};

use super::{body, internal, only};
use crate::{
    Server,
    address::Network,
    clock::now,
    store::{Applied, Op, PersonId},
};

/// A message that is stored, now or by the same command before.
pub(crate) struct Posted {
    pub(crate) message: Message,
    author: Member,
    epoch: u32,
    pub(super) fresh: bool,
}

impl Posted {
    pub(super) fn changes(self, room: RoomId) -> Changes {
        let rev = self.message.rev;
        let mut values = vec![Value::Member(self.author), Value::Message(self.message)];
        values.sort_by_key(Value::rev);
        only(Audience::Room(room), self.epoch, rev, values)
    }
}

/// The same id with the same text again is the same message.
pub(crate) async fn post(
    server: &Server,
    person: PersonId,
    from: Option<Network>,
    room: RoomId,
    id: MessageId,
    text: &str,
) -> Result<Posted, Refusal> {
    let body = body(text)?;
    let taken = server.limits.posts.take(person, from)?;
    let op = Op::Post { room, person, id, body, at: now() };
    let Applied::Posted { message, author, epoch, fresh } = server.store.apply(op).await? else {
        return Err(internal("the store answered something else"));
    };
    taken.used();
    if fresh {
        server.counts.post();
    }
    Ok(Posted { message, author, epoch, fresh })
}
