//! Being a member of a room, and by which name.

use std::sync::Arc;

use delivery::Hub;
use protocol::{Audience, Changes, Member, Reason, Refusal, RoomId, Value};

use super::{arrive, internal, only, person_name, to_its_end};
use crate::{
    Server,
    clock::now,
    presence::Presence,
    store::{Applied, Op, PersonId, Store, Stream},
};

/// A member by the name they have now.
pub(crate) struct Named {
    member: Member,
    epoch: u32,
}

impl Named {
    /// Rev 0, of one who wrote nothing yet, is before every change: it says only the name.
    pub(super) fn changes(self, room: RoomId) -> Changes {
        let rev = self.member.rev;
        only(Audience::Room(room), self.epoch, rev, vec![Value::Member(self.member)])
    }
}

/// One who is a member already keeps their name.
pub(crate) async fn join(
    server: &Server,
    person: PersonId,
    room: RoomId,
    name: &str,
) -> Result<Member, Refusal> {
    let op = Op::Join { room, person, name: person_name(name)?, at: now() };
    let (store, hub, presence) = parts(server);
    to_its_end(async move {
        let Applied::Joined { member, fresh } = store.apply(op).await? else {
            return Err(internal("the store answered something else"));
        };
        if fresh {
            // They may have been reading along.
            for connection in hub.of_person(person, Stream::Room(room)) {
                arrive(&hub, &presence, connection, room, member.clone());
            }
        }
        Ok(member)
    })
    .await
}

/// On all their devices. Nothing happens to one who is no member.
pub(crate) async fn leave(server: &Server, person: PersonId, room: RoomId) -> Result<(), Refusal> {
    let (store, hub, presence) = parts(server);
    to_its_end(async move {
        let Applied::Left(member) = store.apply(Op::Leave { room, person }).await? else {
            return Err(internal("the store answered something else"));
        };
        hub.end(person, Stream::Room(room), Reason::Left);
        if let Some(member) = member {
            presence.remove(room, member);
        }
        Ok(())
    })
    .await
}

pub(crate) async fn set_name(
    server: &Server,
    person: PersonId,
    room: RoomId,
    name: &str,
) -> Result<Named, Refusal> {
    let op = Op::SetName { room, person, name: person_name(name)? };
    // Everyone in the room is told, as of a message.
    server.limiter.post(person)?;
    let (store, _, presence) = parts(server);
    to_its_end(async move {
        let Applied::Named { member, epoch } = store.apply(op).await? else {
            return Err(internal("the store answered something else"));
        };
        presence.rename(room, member.clone());
        Ok(Named { member, epoch })
    })
    .await
}

fn parts(server: &Server) -> (Arc<dyn Store>, Hub, Presence) {
    (server.store.clone(), server.hub.clone(), server.presence.clone())
}
