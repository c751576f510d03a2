//! Finding a room by what one knows of it, which costs whoever only guesses, and what its door says to those who
//! are not in it.

use protocol::{Admission, Refusal, Role};

use crate::{
    Server,
    address::Network,
    clock::now,
    store::{Door, Entry, PersonId},
};

/// What somebody wants who is not in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    ToRead,
    /// Whether they may, is asked again where they do.
    ToComeIn,
}

/// The room, if they are a member of it or it `opens` to what they know. Where too much was guessed whoever is
/// no member waits, whether there is such a room or not, and after the same questions to the store. One that is
/// locked is none to them, in the same way.
///
/// # Errors
/// No such room, or none that is open to them, or how it would be; too many guesses; the store does not answer.
pub(crate) async fn enter(
    server: &Server,
    from: Option<Network>,
    person: Option<PersonId>,
    door: Door,
    wants: Wants,
    opens: impl Fn(&Entry) -> bool,
) -> Result<Entry, Refusal> {
    let guess = server.limits.guess(from);
    let entry = match server.store.entry(door, person).await? {
        Some(entry) if entry.member.is_some() => {
            person.into_iter().for_each(|person| server.seen.note(person, from));
            return Ok(entry);
        }
        entry @ (Some(_) | None) => entry,
    };
    guess.here.clone()?;
    // All together may be one who guesses from many addresses: whoever is in some room already goes on.
    if let Err(refusal) = &guess.in_all
        && !is_member_anywhere(server, person).await?
    {
        return Err(refusal.clone());
    }
    let Some(entry) = entry.filter(opens) else {
        guess.missed();
        return Err(Refusal::NoSuchRoom);
    };
    let place = || has_place(&entry, wants, server.config.capacity);
    let barred =
        barred(server, &entry, from, entry.room.rules.admission == Admission::Locked).await?;
    match lets_in(&entry, barred, wants).and_then(|()| place()) {
        Ok(()) => Ok(entry),
        Err(refusal) => {
            if refusal == Refusal::NoSuchRoom {
                guess.missed();
            }
            Err(refusal)
        }
    }
}

/// Until when they are, themselves or, who never was in the room, with the address that they come from. Of a room
/// that is `none` to them nothing is asked.
async fn barred(
    server: &Server,
    entry: &Entry,
    from: Option<Network>,
    none: bool,
) -> Result<Option<i64>, Refusal> {
    let past = entry.past.as_ref();
    let asked = !none && entry.barred_until > now() && !past.is_some_and(|past| past.was_in);
    let of_address = match from {
        Some(from) if asked => {
            let room = entry.room.id;
            server.store.barred(room, server.sessions.address(room, from)).await?
        }
        Some(_) | None => None,
    };
    Ok(past.and_then(|past| past.barred).max(of_address).filter(|until| *until > now()))
}

/// Who was a host may always come back, or a room could be locked with nobody in it.
fn lets_in(entry: &Entry, barred: Option<i64>, wants: Wants) -> Result<(), Refusal> {
    if let Some(until) = barred {
        return Err(Refusal::Barred { until });
    }
    let past = entry.past.as_ref();
    if past.is_some_and(|past| past.member.role == Role::Host) {
        return Ok(());
    }
    let rules = &entry.room.rules;
    match rules.admission {
        Admission::Locked if past.is_some_and(|past| past.was_in) => Err(Refusal::Locked),
        Admission::Locked => Err(Refusal::NoSuchRoom),
        Admission::Open | Admission::Knock if wants == Wants::ToComeIn => Ok(()),
        Admission::Knock => Err(Refusal::KnockFirst),
        Admission::Open if rules.password => Err(Refusal::PasswordNeeded),
        Admission::Open => Ok(()),
    }
}

/// Nobody reads along in a full room. Whether there is a place for whoever comes in, is decided with their coming.
fn has_place(entry: &Entry, wants: Wants, capacity: u32) -> Result<(), Refusal> {
    let was_host = entry.past.as_ref().is_some_and(|past| past.member.role == Role::Host);
    let full = entry.joined >= entry.room.rules.most(capacity);
    let is_shut = wants == Wants::ToRead && full && !was_host;
    if is_shut { Err(Refusal::RoomFull) } else { Ok(()) }
}

/// Whether a link opens the room to them as it is now. What a link does is decided again where it is used.
///
/// # Errors
/// They are barred, or the room is locked and the link makes no `host`.
pub(crate) async fn lets_in_by_link(
    server: &Server,
    entry: &Entry,
    from: Option<Network>,
    host: bool,
) -> Result<(), Refusal> {
    if entry.member.is_some() {
        return Ok(());
    }
    let none = entry.room.rules.admission == Admission::Locked && !host;
    let shut = lets_in(entry, barred(server, entry, from, none).await?, Wants::ToComeIn);
    let is_locked = matches!(shut, Err(Refusal::Locked | Refusal::NoSuchRoom));
    if host && is_locked { Ok(()) } else { shut }
}

async fn is_member_anywhere(server: &Server, person: Option<PersonId>) -> Result<bool, Refusal> {
    match person {
        Some(person) => Ok(!server.store.rooms(person).await?.is_empty()),
        None => Ok(false),
    }
}
