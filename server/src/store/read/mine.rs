//! What is read of a person's own stream, and of the way to another device.

use protocol::{Audience, Changes, PersonPage, Point, Reset, Value};

use super::{Look, reachable};
use crate::store::{CATCH_UP_VALUES, MAX_MEMBERSHIPS, Person, PersonId, Result, Since, WayHash};

/// Few bytes a value, so that their number alone limits a page.
pub(super) async fn since(
    look: &impl Look,
    person: PersonId,
    point: Option<Point>,
) -> Result<Since> {
    let head = look.head(person).await?;
    match point.and_then(|point| reachable(point, head)) {
        Some(after) => changes(look, person, head, after).await.map(Since::Changes),
        None => {
            let mut memberships = look.newest_memberships(person, MAX_MEMBERSHIPS).await?;
            memberships.reverse();
            Ok(Since::Reset(Reset::Person(PersonPage { memberships, at: head })))
        }
    }
}

async fn changes(look: &impl Look, person: PersonId, head: Point, after: u64) -> Result<Changes> {
    let mut found = look.changed_memberships(person, after, CATCH_UP_VALUES + 1).await?;
    let more = found.len() > CATCH_UP_VALUES;
    found.truncate(CATCH_UP_VALUES);
    let last = found.last().filter(|_| more).map(|last| last.rev);
    let values = found.into_iter().map(Value::Membership).collect();
    let (stream, epoch, upto) = (Audience::Person, head.epoch, last.unwrap_or(head.rev));
    Ok(Changes { stream, epoch, after, upto, values, more })
}

/// Whose device one becomes that goes this way at this moment.
pub(in crate::store) async fn at_the_end_of(
    look: &impl Look,
    way: WayHash,
    at: i64,
) -> Result<Option<Person>> {
    let found = look.way(way).await?;
    Ok(found.filter(|(_, until, gone)| at < *until && !gone).map(|(person, ..)| person))
}
