//! Being a member of a room, and by which name.

use std::{iter, sync::Arc};

use delivery::Hub;
use protocol::{
    Audience, Changes, Line, LinkKey, Member, PersonName, Reason, Refusal, RoomId, Value,
};

use super::{arrive, flood, internal, leave_strangers_out, only, person_name, to_its_end};
use crate::{
    Server, Shared,
    address::Network,
    clock::now,
    names,
    presence::Presence,
    store::{Applied, Came, Op, PersonId, Proof, Store, StoreError, Stream},
};

/// A member by the name they have now.
pub(crate) struct Named {
    pub(crate) member: Member,
    epoch: u32,
}

impl Named {
    /// Rev 0, of one who asked for the name that they have and wrote nothing yet, is before every change.
    pub(super) fn changes(self, room: RoomId) -> Changes {
        let rev = self.member.rev;
        only(Audience::Room(room), self.epoch, rev, vec![Value::Member(self.member)])
    }
}

/// Who wants to come into a room, and as whom: by the name or, if somebody has it, by the first of the `others` that
/// is free.
pub(crate) struct Comer {
    pub(crate) person: PersonId,
    pub(crate) from: Option<Network>,
    pub(crate) room: RoomId,
    pub(crate) name: PersonName,
    pub(crate) others: Vec<PersonName>,
}

/// What somebody brings who is not in the room.
pub(crate) enum Credential {
    None,
    /// As it was typed.
    Password(String),
    Link(LinkKey),
}

/// One who is a member already keeps their name.
pub(crate) async fn join(
    server: &Shared,
    comer: Comer,
    credential: Credential,
) -> Result<Member, Refusal> {
    let Comer { person, from, room, name, others } = comer;
    let taken = server.limits.joins.take(person, from)?;
    let proof = proof(server, person, from, room, credential).await?;
    let invited = matches!(proof, Proof::Link(_));
    let names = iter::once(name.clone()).chain(others).collect();
    let from = server.come(person, from, room);
    let capacity = server.config.capacity;
    let op = Op::Join { room, person, names, capacity, proof, from, at: now() };
    let (store, hub, presence) = parts(server);
    let server = server.clone();
    to_its_end(async move {
        let joined = or_propose(&*store, room, person, &name, op).await?;
        let Applied::Joined { member, came, full } = joined else {
            return Err(internal("the store answered something else"));
        };
        if came != Came::Already {
            // They may have been reading along.
            for connection in hub.of_person(person, Stream::Room(room)) {
                arrive(&hub, &presence, connection, room, member.clone());
            }
            // Who came by a host's link may have been here already.
            presence.rename(room, member.clone());
            if full {
                leave_strangers_out(&hub, &presence, room);
            }
            if came == Came::First && !invited {
                flood::joined(&server, room).await;
            }
        }
        Ok(member)
    })
    .await
    .inspect(|_| taken.used())
}

/// To try a password costs a token, whether it is right or not.
async fn proof(
    server: &Server,
    person: PersonId,
    from: Option<Network>,
    room: RoomId,
    credential: Credential,
) -> Result<Proof, Refusal> {
    let text = match credential {
        Credential::None => return Ok(Proof::None),
        Credential::Link(key) => return Ok(Proof::Link(server.sessions.link(&key))),
        Credential::Password(text) => text,
    };
    let Some(kept) = server.store.password(room).await? else { return Ok(Proof::None) };
    // Paid for before it is tried, whoever hangs up meanwhile.
    server.limits.passwords.take(person, from)?.used();
    let Ok(password) = super::password(&text) else { return Err(Refusal::PasswordWrong) };
    if server.passwords.is(&password, kept.clone()).await? {
        return Ok(Proof::Password(kept));
    }
    Err(Refusal::PasswordWrong)
}

/// Asks the hosts; or joins, where nobody has to ask. Returns the member who joined. Whose name somebody has inside
/// is given another: they are not to learn at the door who is there.
pub(crate) async fn knock(
    server: &Shared,
    comer: Comer,
    says: Option<Line>,
) -> Result<Option<Member>, Refusal> {
    let Comer { person, from, room, name, others } = comer;
    let taken = server.limits.joins.take(person, from)?;
    let others = others.into_iter().chain(names::like(&name));
    let names = iter::once(name.clone()).chain(others).collect();
    let from = server.come(person, from, room);
    let capacity = server.config.capacity;
    let op = Op::Knock { room, person, names, says, capacity, from, at: now() };
    let (store, hub, presence) = parts(server);
    let server = server.clone();
    to_its_end(async move {
        let applied = or_propose(&*store, room, person, &name, op).await?;
        let Applied::Joined { member, came, full } = applied else { return Ok(None) };
        for connection in hub.of_person(person, Stream::Room(room)) {
            arrive(&hub, &presence, connection, room, member.clone());
        }
        if full {
            leave_strangers_out(&hub, &presence, room);
        }
        if came == Came::First {
            flood::joined(&server, room).await;
        }
        Ok(Some(member))
    })
    .await
    .inspect(|_| taken.used())
}

/// On all their devices. Nothing happens to one who is no member.
pub(crate) async fn leave(server: &Server, person: PersonId, room: RoomId) -> Result<(), Refusal> {
    let (store, hub, presence) = parts(server);
    to_its_end(async move {
        let Applied::Left(member) = store.apply(Op::Leave { room, person }).await? else {
            return Err(internal("the store answered something else"));
        };
        hub.end(person, Stream::Desk(room), Reason::Left);
        hub.end(person, Stream::Room(room), Reason::Left);
        if let Some(member) = member {
            presence.remove(room, member);
        }
        Ok(())
    })
    .await
}

/// In rooms that they enter from now on.
pub(crate) async fn set_default_name(
    server: &Server,
    person: PersonId,
    from: Option<Network>,
    name: PersonName,
) -> Result<(), Refusal> {
    let taken = server.limits.posts.take(person, from)?;
    server.store.apply(Op::SetDefaultName { person, name }).await?;
    taken.used();
    Ok(())
}

pub(crate) async fn set_name(
    server: &Server,
    person: PersonId,
    from: Option<Network>,
    room: RoomId,
    name: &str,
) -> Result<Named, Refusal> {
    let name = person_name(name)?;
    let op = Op::SetName { room, person, name: name.clone(), at: now() };
    // Everyone in the room is told, as of a message.
    let taken = server.limits.posts.take(person, from)?;
    let (store, _, presence) = parts(server);
    to_its_end(async move {
        let named = or_propose(&*store, room, person, &name, op).await?;
        let Applied::Named { member, epoch } = named else {
            return Err(internal("the store answered something else"));
        };
        presence.rename(room, member.clone());
        Ok(Named { member, epoch })
    })
    .await
    .inspect(|_| taken.used())
}

/// Who is refused a name is told of one that they could have.
async fn or_propose(
    store: &dyn Store,
    room: RoomId,
    person: PersonId,
    name: &PersonName,
    op: Op,
) -> Result<Applied, Refusal> {
    match store.apply(op).await {
        Err(StoreError::NameTaken) => {
            // Without one they are refused all the same.
            let free = store.free_name(room, Some(person), names::like(name)).await;
            let free = free.unwrap_or_default();
            Err(Refusal::NameTaken { free })
        }
        applied => Ok(applied?),
    }
}

pub(super) fn parts(server: &Server) -> (Arc<dyn Store>, Hub, Presence) {
    (server.store.clone(), server.hub.clone(), server.presence.clone())
}
