//! Where the rules of `check` find things in a file. Changes nothing, and sees one moment while others go
//! on writing.

use std::path::Path;

use rusqlite::{Connection, Result};

use super::{StartError, migrations, names, rows, schema};
use crate::store::check::{COUNTS, Called, FEW, Findings, Places, Report, Words, rules};

/// # Errors
/// It is not there, or not a database of this version.
pub fn check(path: &Path) -> std::result::Result<Report, StartError> {
    if !path.exists() {
        return Err(StartError::Missing { path: path.into() });
    }
    let failed = |error: rusqlite::Error| StartError::new(path, &error);
    let conn = schema::open_there(path).map_err(failed)?;
    if migrations::check_version(path, &conn)? {
        return Err(StartError::Foreign { path: path.into() });
    }
    if !migrations::is_current(&conn).map_err(failed)? {
        return Err(StartError::Older { path: path.into() });
    }
    look(&conn).map_err(failed)
}

const PLACES: Places = Places {
    messages: "(SELECT pk, room_id, pk & 0xffffffff AS seq, rev, version, author, person, created_at FROM messages)",
    in_room: "pk BETWEEN r.id << 32 AND (r.id << 32) + 0xffffffff",
    members: "(SELECT room_id, pk & 0xffffffff AS n, person, joined, read FROM members)",
    indexed: "(SELECT id AS pk, id >> 32 AS room_id, id & 0xffffffff AS seq FROM search_docsize)",
    key: "pk",
    epoch: "(SELECT value FROM meta WHERE key = 'epoch')",
    greatest: "max",
};

/// What only a file can be.
const OWN: [&str; 3] = [
    "SELECT 'the file is damaged: ' || replace(integrity_check, char(10), ' ') FROM pragma_integrity_check
       WHERE integrity_check <> 'ok'",
    "SELECT format('message %d of room %d is kept in room %d', pk & 0xffffffff, room_id, pk >> 32)
       FROM messages WHERE room_id <> pk >> 32",
    "SELECT format('member %d of room %d is kept in room %d', pk & 0xffffffff, room_id, pk >> 32)
       FROM members WHERE room_id <> pk >> 32",
];

/// None sorts, so that a large database takes no memory.
pub(super) fn questions() -> impl Iterator<Item = String> {
    OWN.map(str::to_owned).into_iter().chain(rules(&PLACES))
}

pub(super) fn look(conn: &Connection) -> Result<Report> {
    // Ends with a rollback.
    let conn = conn.unchecked_transaction()?;
    let count = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let (rooms, messages, people) = conn.query_row(COUNTS, [], count)?;
    let mut findings = Findings::default();
    for question in questions() {
        // What cannot even be read is a finding too.
        findings.add(sentences(&conn, &question).unwrap_or_else(|error| vec![error.to_string()]));
    }
    match called(&conn) {
        Ok(called) => called.judge(&mut findings),
        Err(error) => findings.add(vec![format!("the members cannot be read: {error}")]),
    }
    match words(&conn) {
        Ok(words) => words.judge(&mut findings),
        Err(error) => findings.add(vec![format!("the search index cannot be read: {error}")]),
    }
    Ok(Report { rooms, messages, people, findings: findings.told() })
}

fn sentences(conn: &Connection, question: &str) -> Result<Vec<String>> {
    let mut query = conn.prepare(question)?;
    let found = query.query_map([], |row| row.get(0))?;
    found.take(FEW).collect()
}

fn called(conn: &Connection) -> Result<Called> {
    let mut called = Called::default();
    let members = format!(
        "SELECT room_id, pk & 0xffffffff, name, {}, joined_at > 0 FROM members",
        names::SKELETONS
    );
    let mut query = conn.prepare(&members)?;
    let mut members = query.query([])?;
    while let Some(row) = members.next()? {
        let kept = names::skeletons(row, 3)?;
        let who = (row.get(0)?, row.get(1)?, row.get(6)?);
        called.look(who, row.get_ref(2)?.as_str()?, &kept);
    }
    Ok(called)
}

fn words(conn: &Connection) -> Result<Words> {
    let mut words = Words::default();
    let key = |pk: i64| (pk >> 32, pk & 0xffff_ffff);
    let mut query = conn.prepare("SELECT pk, content FROM messages ORDER BY pk")?;
    let mut messages = query.query([])?;
    while let Some(row) = messages.next()? {
        let (room, seq) = key(row.get(0)?);
        words.said(room, seq, rows::content(row, 1).ok().as_ref());
    }
    conn.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, search, instance)",
    )?;
    let mut query = conn.prepare("SELECT doc, term FROM temp.words")?;
    let mut indexed = query.query([])?;
    while let Some(row) = indexed.next()? {
        let (room, seq) = key(row.get(0)?);
        words.indexed(room, seq, row.get_ref(1)?.as_str()?);
    }
    Ok(words)
}
