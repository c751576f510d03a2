//! Columns to values. Owns no query and no rule.

use protocol::{
    Content, Item, Lifetime, Member, MemberId, Membership, Message, MessageId, PersonName, Role,
    Room, RoomCode, RoomId, RoomName,
};
use rusqlite::{
    Error, Result, Row,
    types::{Type, ValueRef},
};
use serde::de::DeserializeOwned;

use super::names;
use crate::store::{
    Person, PersonId, Secret,
    decide::{ItemState, MemberState, MessageState, PersonState, RoomState},
    read::Place,
};

/// Of what is on a desk, what waits for a host. In what somebody wrote, each of these marks would have other ones before
/// its quotes.
pub(super) const WAITS: &str =
    r#"instr(matter, '"answer":') = 0 AND instr(matter, '"settled":') = 0"#;

/// Room and number in one key, which sorts by room first.
pub(super) fn pk(room: RoomId, n: u32) -> i64 {
    (i64::from(room.0) << 32) | i64::from(n)
}

/// The number in a key.
fn n(pk: i64) -> u32 {
    (pk & 0xffff_ffff) as u32
}

pub(super) const PERSON: &str = "id, name, rev, created_at";

pub(super) fn person(row: &Row<'_>) -> Result<PersonState> {
    let person = Person { id: PersonId(row.get(0)?), name: person_name(row, 1)? };
    let rev = row.get(2)?;
    Ok(PersonState { person, rev, before: rev, created_at: row.get(3)? })
}

pub(super) const ROOM: &str = "id, code, name, stamp, epoch, rev, seq, last_at, members, joined, created_at, listed, lifetime, used_at, rules, password, hosts, desk, barred_until";

pub(super) fn room(row: &Row<'_>) -> Result<RoomState> {
    let room = Room {
        id: RoomId(row.get(0)?),
        code: code(row, 1)?,
        name: name(row, 2)?,
        listed: row.get(11)?,
        lifetime: lifetime(row, 12)?,
        rules: json(row, 14)?,
        rev: row.get(3)?,
    };
    let (rev, desk) = (row.get(5)?, row.get(17)?);
    Ok(RoomState {
        room,
        epoch: row.get(4)?,
        rev,
        before: rev,
        seq: row.get(6)?,
        last_at: row.get(7)?,
        members: row.get(8)?,
        joined: row.get(9)?,
        created_at: row.get(10)?,
        used_at: row.get(13)?,
        ended_at: None,
        burned: false,
        password: row.get(15)?,
        hosts: row.get(16)?,
        desk,
        desk_before: desk,
        barred_until: row.get(18)?,
    })
}

/// A room's name, which it may do without.
pub(super) fn name(row: &Row<'_>, at: usize) -> Result<Option<RoomName>> {
    row.get::<_, Option<String>>(at)?.map(|text| valid(at, RoomName::try_from(text))).transpose()
}

pub(super) fn lifetime(row: &Row<'_>, at: usize) -> Result<Lifetime> {
    text(row, at, |text| Lifetime::parse(&text).ok_or("not a lifetime"))
}

pub(super) const MEMBER: &str = "pk, rev, name, role";

pub(super) fn member(row: &Row<'_>) -> Result<Member> {
    Ok(Member {
        id: MemberId(n(row.get(0)?)),
        rev: row.get(1)?,
        name: person_name(row, 2)?,
        role: if row.get(3)? { Role::Host } else { Role::Member },
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
pub(super) fn membership(row: &Row<'_>, at: usize) -> Result<Membership> {
    Ok(Membership {
        room: RoomId(row.get(at)?),
        joined: row.get(at + 1)?,
        read: row.get(at + 2)?,
        rev: row.get(at + 3)?,
        muted: row.get(at + 4)?,
    })
}

pub(super) const MEMBER_STATE: &str = "pk, rev, name, role, room_id, joined, read, person_rev, muted, person, joined_at, barred, spoke_at, skeleton_as_written, skeleton, skeleton_of_capitals";

pub(super) fn member_state(row: &Row<'_>) -> Result<MemberState> {
    Ok(MemberState {
        member: member(row)?,
        membership: membership(row, 4)?,
        person: PersonId(row.get(9)?),
        joined_at: row.get(10)?,
        barred: row.get(11)?,
        spoke_at: row.get(12)?,
        skeletons: names::skeletons(row, 13)?,
    })
}

pub(super) const PLACE: &str = "pk, rev, name, role, read, joined, joined_at, muted, barred";

pub(super) fn place(row: &Row<'_>) -> Result<Place> {
    Ok(Place {
        member: member(row)?,
        read: row.get(4)?,
        joined: row.get(5)?,
        was_in: row.get::<_, i64>(6)? > 0,
        muted: row.get(7)?,
        barred: row.get(8)?,
    })
}

pub(super) const ITEM: &str = "rev, at, matter";

pub(super) fn item(row: &Row<'_>) -> Result<Item> {
    Ok(Item { rev: row.get(0)?, at: row.get(1)?, matter: json(row, 2)? })
}

pub(super) const ITEM_STATE: &str = "rev, at, matter, room_id, secret, password";

pub(super) fn item_state(row: &Row<'_>) -> Result<ItemState> {
    let secret: Option<[u8; 32]> = row.get(4)?;
    Ok(ItemState {
        item: item(row)?,
        room: RoomId(row.get(3)?),
        secret: secret.map(Secret),
        password: row.get(5)?,
    })
}

pub(super) const MESSAGE: &str = "pk, rev, id, version, author, content, created_at";

pub(super) fn message(row: &Row<'_>) -> Result<Message> {
    Ok(Message {
        seq: n(row.get(0)?),
        rev: row.get(1)?,
        id: valid(2, MessageId::try_from(row.get::<_, [u8; 16]>(2)?))?,
        version: row.get(3)?,
        author: MemberId(row.get(4)?),
        content: content(row, 5)?,
        created_at: row.get(6)?,
    })
}

pub(super) const MESSAGE_STATE: &str = "pk, rev, id, version, author, content, created_at, room_id, person, digest, original, removed_at";

pub(super) fn message_state(row: &Row<'_>) -> Result<MessageState> {
    Ok(MessageState {
        message: message(row)?,
        room: RoomId(row.get(7)?),
        person: PersonId(row.get(8)?),
        digest: row.get(9)?,
        reworded: false,
        original: original(row)?,
    })
}

fn original(row: &Row<'_>) -> Result<Option<(Content, i64)>> {
    match row.get(11)? {
        Some(at) if row.get_ref(10)? != ValueRef::Null => Ok(Some((json(row, 10)?, at))),
        Some(_) | None => Ok(None),
    }
}

pub(super) fn code(row: &Row<'_>, at: usize) -> Result<RoomCode> {
    text(row, at, RoomCode::try_from)
}

pub(super) fn person_name(row: &Row<'_>, at: usize) -> Result<PersonName> {
    text(row, at, PersonName::try_from)
}

pub(super) fn content(row: &Row<'_>, at: usize) -> Result<Content> {
    json(row, at)
}

fn json<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> Result<T> {
    let json = row.get_ref(at)?.as_str()?;
    protocol::decode(json)
        .map_err(|error| Error::FromSqlConversionFailure(at, Type::Text, error.into()))
}

fn text<T>(
    row: &Row<'_>,
    at: usize,
    parse: fn(String) -> std::result::Result<T, &'static str>,
) -> Result<T> {
    valid(at, parse(row.get(at)?))
}

fn valid<T>(at: usize, parsed: std::result::Result<T, &'static str>) -> Result<T> {
    parsed.map_err(|error| Error::FromSqlConversionFailure(at, Type::Text, error.into()))
}
