//! Columns to values. Owns no query and no rule.

use protocol::{
    Content, Item, Lifetime, Member, MemberId, Membership, Message, MessageId, PersonName, Role,
    Room, RoomCode, RoomId, RoomName,
};
use serde::de::DeserializeOwned;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    error::{Fallible, Fault},
    names,
};
use crate::store::{
    Person, PersonId, Secret,
    decide::{ItemState, MemberState, MessageState, PersonState, RoomState},
    read::Place,
};

/// Of what is on a desk, what waits for a host. In what somebody wrote, each of these marks would have other ones before
/// its quotes.
pub(super) const WAITS: &str =
    r#"position('"answer":' in matter) = 0 AND position('"settled":' in matter) = 0"#;

/// Every number is a bigint there.
pub(super) fn number<T: TryFrom<i64>>(row: &Row, at: usize) -> Fallible<T> {
    T::try_from(row.try_get(at)?).map_err(|_| Fault::Row("a number is out of its range"))
}

fn text<T>(row: &Row, at: usize, parse: fn(String) -> Result<T, &'static str>) -> Fallible<T> {
    parse(row.try_get(at)?).map_err(Fault::Row)
}

pub(super) const PERSON: &str = "id, name, rev, created_at";

pub(super) fn person(row: &Row) -> Fallible<PersonState> {
    let person = Person { id: PersonId(row.try_get(0)?), name: person_name(row, 1)? };
    let rev = number(row, 2)?;
    Ok(PersonState { person, rev, before: rev, created_at: row.try_get(3)? })
}

pub(super) const ROOM: &str = "id, code, name, stamp, epoch, rev, seq, last_at, members, joined, created_at, listed, lifetime, used_at, rules, password, hosts, desk, barred_until";

/// Of a room that is found by its id. Said as "ended_at IS NULL", what is planned while there are
/// few rooms would look through `rooms_code`, all of it.
pub(super) const OPEN: &str = "coalesce(ended_at, 0) = 0";

pub(super) fn room(row: &Row) -> Fallible<RoomState> {
    let room = Room {
        id: RoomId(number(row, 0)?),
        code: code(row, 1)?,
        name: name(row, 2)?,
        listed: row.try_get(11)?,
        lifetime: lifetime(row, 12)?,
        rules: json(row, 14)?,
        rev: number(row, 3)?,
    };
    let (rev, desk) = (number(row, 5)?, number(row, 17)?);
    Ok(RoomState {
        room,
        epoch: number(row, 4)?,
        rev,
        before: rev,
        seq: number(row, 6)?,
        last_at: row.try_get(7)?,
        members: number(row, 8)?,
        joined: number(row, 9)?,
        created_at: row.try_get(10)?,
        used_at: row.try_get(13)?,
        ended_at: None,
        burned: false,
        password: row.try_get(15)?,
        hosts: number(row, 16)?,
        desk,
        desk_before: desk,
        barred_until: row.try_get(18)?,
    })
}

/// A room's name, which it may do without.
pub(super) fn name(row: &Row, at: usize) -> Fallible<Option<RoomName>> {
    let name: Option<String> = row.try_get(at)?;
    name.map(RoomName::try_from).transpose().map_err(Fault::Row)
}

pub(super) fn lifetime(row: &Row, at: usize) -> Fallible<Lifetime> {
    text(row, at, |text| Lifetime::parse(&text).ok_or("not a lifetime"))
}

pub(super) const MEMBER: &str = "n, rev, name, host";

pub(super) fn member(row: &Row) -> Fallible<Member> {
    named_member(row, 2)
}

/// With name and role from column `at` on.
pub(super) fn named_member(row: &Row, at: usize) -> Fallible<Member> {
    Ok(Member {
        id: MemberId(number(row, 0)?),
        rev: number(row, 1)?,
        name: person_name(row, at)?,
        role: if row.try_get(at + 1)? { Role::Host } else { Role::Member },
    })
}

pub(super) fn is_host(role: Role) -> bool {
    match role {
        Role::Host => true,
        Role::Member => false,
    }
}

pub(super) const MEMBERSHIP: &str = "room_id, joined, read, person_rev, muted";

/// Of the five columns from `at` on.
pub(super) fn membership(row: &Row, at: usize) -> Fallible<Membership> {
    Ok(Membership {
        room: RoomId(number(row, at)?),
        joined: row.try_get(at + 1)?,
        read: number(row, at + 2)?,
        rev: number(row, at + 3)?,
        muted: row.try_get(at + 4)?,
    })
}

pub(super) const MEMBER_STATE: &str = "n, rev, name, host, room_id, joined, read, person_rev, muted, person, joined_at, barred, spoke_at, skeleton_as_written, skeleton, skeleton_of_capitals";

pub(super) fn member_state(row: &Row) -> Fallible<MemberState> {
    Ok(MemberState {
        member: member(row)?,
        membership: membership(row, 4)?,
        person: PersonId(row.try_get(9)?),
        joined_at: row.try_get(10)?,
        barred: row.try_get(11)?,
        spoke_at: row.try_get(12)?,
        skeletons: names::skeletons(row, 13)?,
    })
}

pub(super) const PLACE: &str = "n, rev, name, host, read, joined, joined_at, muted, barred";

pub(super) fn place(row: &Row) -> Fallible<Place> {
    Ok(Place {
        member: member(row)?,
        read: number(row, 4)?,
        joined: row.try_get(5)?,
        was_in: row.try_get::<_, i64>(6)? > 0,
        muted: row.try_get(7)?,
        barred: row.try_get(8)?,
    })
}

pub(super) const ITEM: &str = "d.rev, d.at, d.matter";

pub(super) fn item(row: &Row) -> Fallible<Item> {
    Ok(Item { rev: number(row, 0)?, at: row.try_get(1)?, matter: json(row, 2)? })
}

pub(super) const ITEM_STATE: &str = "d.rev, d.at, d.matter, d.room_id, d.secret, d.password";

pub(super) fn item_state(row: &Row) -> Fallible<ItemState> {
    let secret: Option<&[u8]> = row.try_get(4)?;
    let secret = secret.map(secret_of).transpose()?;
    let (room, password) = (RoomId(number(row, 3)?), row.try_get(5)?);
    Ok(ItemState { item: item(row)?, room, secret, password })
}

pub(super) fn secret_of(bytes: &[u8]) -> Fallible<Secret> {
    bytes.try_into().map(Secret).map_err(|_| Fault::Row("a secret is not one"))
}

pub(super) const MESSAGE: &str = "seq, rev, id, version, author, content, created_at";

pub(super) fn message(row: &Row) -> Fallible<Message> {
    Ok(Message {
        seq: number(row, 0)?,
        rev: number(row, 1)?,
        id: MessageId::try_from(row.try_get::<_, Uuid>(2)?).map_err(Fault::Row)?,
        version: number(row, 3)?,
        author: MemberId(number(row, 4)?),
        content: content(row, 5)?,
        created_at: row.try_get(6)?,
    })
}

pub(super) const MESSAGE_STATE: &str = "seq, rev, id, version, author, content, created_at, room_id, person, digest, original, removed_at";

pub(super) fn message_state(row: &Row) -> Fallible<MessageState> {
    Ok(MessageState {
        message: message(row)?,
        room: RoomId(number(row, 7)?),
        person: PersonId(row.try_get(8)?),
        digest: row.try_get(9)?,
        reworded: false,
        original: original(row)?,
    })
}

fn original(row: &Row) -> Fallible<Option<(Content, i64)>> {
    match (row.try_get::<_, Option<&str>>(10)?, row.try_get(11)?) {
        (Some(_), Some(at)) => Ok(Some((json(row, 10)?, at))),
        (Some(_) | None, _) => Ok(None),
    }
}

pub(super) fn code(row: &Row, at: usize) -> Fallible<RoomCode> {
    text(row, at, RoomCode::try_from)
}

pub(super) fn person_name(row: &Row, at: usize) -> Fallible<PersonName> {
    text(row, at, PersonName::try_from)
}

pub(super) fn content(row: &Row, at: usize) -> Fallible<Content> {
    json(row, at)
}

fn json<T: DeserializeOwned>(row: &Row, at: usize) -> Fallible<T> {
    protocol::decode(row.try_get(at)?).map_err(|_| Fault::Row("a value is not one"))
}
