//! What is read of a person's own stream, each in one consistent look.

use protocol::{Audience, Changes, Membership, PersonPage, Point, Reset, Value};
use rusqlite::{Connection, Params, params};

use super::{read::reachable, rows};
use crate::store::{CATCH_UP_VALUES, MAX_MEMBERSHIPS, PersonId, Result, Since};

/// Few bytes a value, so that their number alone limits a page.
pub(super) fn since(conn: &Connection, person: PersonId, point: Option<Point>) -> Result<Since> {
    let head = head(conn, person)?;
    match point.and_then(|point| reachable(point, head)) {
        Some(after) => changes(conn, person, head, after).map(Since::Changes),
        None => page(conn, person, head).map(|page| Since::Reset(Reset::Person(page))),
    }
}

fn head(conn: &Connection, person: PersonId) -> Result<Point> {
    let sql = "SELECT value, rev FROM meta, persons WHERE key = 'epoch' AND id = ?1";
    let mut query = conn.prepare_cached(sql)?;
    Ok(query.query_row([person.0], |row| Ok(Point { epoch: row.get(0)?, rev: row.get(1)? }))?)
}

pub(super) const CHANGED: &str =
    "WHERE person = ?1 AND person_rev > ?2 ORDER BY person_rev LIMIT ?3";

fn changes(conn: &Connection, person: PersonId, head: Point, after: u64) -> Result<Changes> {
    let mut found = memberships(conn, CHANGED, params![person.0, after, CATCH_UP_VALUES + 1])?;
    let more = found.len() > CATCH_UP_VALUES;
    found.truncate(CATCH_UP_VALUES);
    let last = found.last().filter(|_| more).map(|last| last.rev);
    let values = found.into_iter().map(Value::Membership).collect();
    let (stream, epoch, upto) = (Audience::Person, head.epoch, last.unwrap_or(head.rev));
    Ok(Changes { stream, epoch, after, upto, values, more })
}

fn page(conn: &Connection, person: PersonId, at: Point) -> Result<PersonPage> {
    let newest = "WHERE person = ?1 AND joined ORDER BY person_rev DESC LIMIT ?2";
    let mut memberships = memberships(conn, newest, params![person.0, MAX_MEMBERSHIPS])?;
    memberships.reverse();
    Ok(PersonPage { memberships, at })
}

fn memberships(conn: &Connection, which: &str, params: impl Params) -> Result<Vec<Membership>> {
    let sql = format!("SELECT {} FROM members {which}", rows::MEMBERSHIP);
    let mut query = conn.prepare_cached(&sql)?;
    let found = query.query_map(params, |row| rows::membership(row, 0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
