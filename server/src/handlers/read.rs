//! How far somebody has read in a room. Only they are told.

use protocol::{Audience, Changes, Membership, Refusal, RoomId, Value};

use super::{internal, only};
use crate::{
    Server,
    store::{Applied, Op, PersonId},
};

/// Where somebody is, now or since before.
pub(crate) struct Read {
    pub(crate) membership: Membership,
    epoch: u32,
    pub(super) fresh: bool,
}

impl Read {
    pub(super) fn changes(self) -> Changes {
        let (rev, value) = (self.membership.rev, Value::Membership(self.membership));
        only(Audience::Person, self.epoch, rev, vec![value])
    }
}

/// Never back, and never beyond the newest message.
pub(crate) async fn read(
    server: &Server,
    person: PersonId,
    room: RoomId,
    seq: u32,
) -> Result<Read, Refusal> {
    let op = Op::Read { room, person, seq };
    let Applied::Read { membership, epoch, fresh } = server.store.apply(op).await? else {
        return Err(internal("the store answered something else"));
    };
    Ok(Read { membership, epoch, fresh })
}
