//! Finding a room by what one knows of it, which costs whoever only guesses.

use protocol::Refusal;

use crate::{
    Server,
    address::Network,
    store::{Door, Entry, PersonId},
};

/// The room, if they are a member of it or it `opens` to what they know. Where too much was guessed whoever is
/// no member waits, whether there is such a room or not, and after the same questions to the store.
///
/// # Errors
/// No such room, or none that is open to them; too many guesses; the store does not answer.
pub(crate) async fn enter(
    server: &Server,
    from: Option<Network>,
    person: Option<PersonId>,
    door: Door,
    opens: impl Fn(&Entry) -> bool,
) -> Result<Entry, Refusal> {
    let guess = server.limits.guess(from);
    let entry = match server.store.entry(door, person).await? {
        Some(entry) if entry.member.is_some() => return Ok(entry),
        entry @ (Some(_) | None) => entry,
    };
    guess.here.clone()?;
    // All together may be one who guesses from many addresses: whoever is in some room already goes on.
    if let Err(refusal) = &guess.in_all
        && !is_member_anywhere(server, person).await?
    {
        return Err(refusal.clone());
    }
    match entry.filter(opens) {
        Some(entry) => Ok(entry),
        None => {
            guess.missed();
            Err(Refusal::NoSuchRoom)
        }
    }
}

async fn is_member_anywhere(server: &Server, person: Option<PersonId>) -> Result<bool, Refusal> {
    match person {
        Some(person) => Ok(!server.store.rooms(person).await?.is_empty()),
        None => Ok(false),
    }
}
