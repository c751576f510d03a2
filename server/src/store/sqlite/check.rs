//! Whether everything in a database holds together: what no constraint of the tables says. Changes
//! nothing, and sees one moment while others go on writing.

use std::path::Path;

use protocol::RoomId;
use rusqlite::{Connection, Result};

use super::{StartError, migrations, rows, schema};
use crate::store::tokens::words;

/// Of one kind that are told.
const TOLD: usize = 5;

pub struct Report {
    pub rooms: u64,
    pub messages: u64,
    pub people: u64,
    /// A sentence for each thing that is wrong.
    pub findings: Vec<String>,
}

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

pub(super) fn look(conn: &Connection) -> Result<Report> {
    // Ends with a rollback.
    let conn = conn.unchecked_transaction()?;
    let count = "SELECT (SELECT count(*) FROM rooms), (SELECT count(*) FROM messages), (SELECT count(*) FROM persons)";
    let (rooms, messages, people) =
        conn.query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut findings = Vec::new();
    for rule in RULES {
        // What cannot even be read is a finding too.
        let found = sentences(&conn, rule).unwrap_or_else(|error| vec![error.to_string()]);
        let more = found.len() > TOLD;
        findings.extend(found.into_iter().take(TOLD));
        findings.extend(more.then(|| "… and more of the kind".into()));
    }
    match index_matches(&conn, &mut findings) {
        Ok(true) => {}
        Ok(false) => findings.push("the search index has other words than the messages".into()),
        Err(error) => findings.push(format!("the search index cannot be read: {error}")),
    }
    Ok(Report { rooms, messages, people, findings })
}

fn sentences(conn: &Connection, rule: &str) -> Result<Vec<String>> {
    let mut query = conn.prepare(rule)?;
    let found = query.query_map([], |row| row.get(0))?;
    found.take(TOLD + 1).collect()
}

/// Each finds what breaks one rule, and says it. None sorts, so that a large database takes no memory.
pub(super) const RULES: &[&str] = &[
    "SELECT 'the file is damaged: ' || replace(integrity_check, char(10), ' ') FROM pragma_integrity_check
       WHERE integrity_check <> 'ok'",
    "SELECT format('a row of %s%s belongs to none of the %s', \"table\",
       iif(rowid IS NULL, '', format(' (%d)', rowid)), parent)
       FROM pragma_foreign_key_check",
    // seq
    "SELECT format('room %d: message %d follows message %d', pk >> 32, pk & 0xffffffff, before & 0xffffffff)
       FROM (SELECT pk, lag(pk, 1, 0) OVER (ORDER BY pk) AS before FROM messages)
       WHERE pk - 1 <> CASE WHEN pk >> 32 = before >> 32 THEN before ELSE pk >> 32 << 32 END",
    "SELECT format('room %d: the newest message is %d, but %d is noted', id, newest, seq)
       FROM (SELECT id, seq, ifnull((SELECT max(pk) & 0xffffffff FROM messages
         WHERE pk BETWEEN rooms.id << 32 AND rooms.id << 32 | 0xffffffff), 0) AS newest FROM rooms)
       WHERE newest <> seq",
    "SELECT format('room %d: message %d is older than the one before it', pk >> 32, pk & 0xffffffff)
       FROM (SELECT pk, created_at, lag(pk) OVER (ORDER BY pk) AS before,
         lag(created_at) OVER (ORDER BY pk) AS earlier FROM messages)
       WHERE pk >> 32 = before >> 32 AND created_at < earlier",
    // revs
    "SELECT format('room %d: two values have rev %d', room_id, rev) FROM (
       SELECT m.room_id, m.rev FROM members m JOIN messages USING (room_id, rev) WHERE m.rev > 0
       UNION ALL SELECT room_id, stamp FROM rooms r JOIN messages m ON room_id = r.id AND m.rev = stamp
       UNION ALL SELECT room_id, stamp FROM rooms r JOIN members m ON room_id = r.id AND m.rev = stamp)",
    "SELECT format('room %d: the newest value has rev %d, but %d is noted', id, newest, rev)
       FROM (SELECT id, rev, max(stamp,
         ifnull((SELECT max(rev) FROM messages WHERE room_id = rooms.id), 0),
         ifnull((SELECT max(rev) FROM members WHERE room_id = rooms.id AND rev > 0), 0)) AS newest FROM rooms)
       WHERE newest <> rev",
    "SELECT format('person %d: the newest membership has rev %d, but %d is noted', id, newest, rev)
       FROM (SELECT id, rev, ifnull((SELECT max(person_rev) FROM members WHERE person = persons.id), 0) AS newest
         FROM persons) WHERE newest <> rev",
    "SELECT format('room %d is of epoch %d, the database of %d', id, epoch, value)
       FROM rooms JOIN meta ON key = 'epoch' WHERE epoch <> value",
    // who and where
    "SELECT format('message %d of room %d is kept in room %d', pk & 0xffffffff, room_id, pk >> 32)
       FROM messages WHERE room_id <> pk >> 32",
    "SELECT format('room %d: nobody in it wrote message %d', m.room_id, m.pk & 0xffffffff)
       FROM messages m LEFT JOIN members w ON w.pk = m.room_id << 32 | m.author AND w.person = m.person
       WHERE w.pk IS NULL",
    "SELECT format('room %d: %d of %d members are in it, but %d of %d are noted', id, present, known, joined, members)
       FROM (SELECT r.id, r.joined, r.members, ifnull(sum(m.joined), 0) AS present,
         ifnull(max(m.pk) & 0xffffffff, 0) AS known
         FROM rooms r LEFT JOIN members m ON m.pk BETWEEN r.id << 32 AND r.id << 32 | 0xffffffff GROUP BY r.id)
       WHERE present <> joined OR known <> members",
    "SELECT format('room %d: member %d has read up to %d of %d', id, pk & 0xffffffff, read, seq)
       FROM members JOIN rooms ON id = room_id WHERE read > seq",
    // search
    "SELECT format('room %d: message %d is not in the search index', pk >> 32, pk & 0xffffffff)
       FROM messages LEFT JOIN search_docsize s ON s.id = pk WHERE s.id IS NULL",
    "SELECT format('the search index has a message %d of room %d, which is not there', s.id & 0xffffffff, s.id >> 32)
       FROM search_docsize s LEFT JOIN messages ON pk = s.id WHERE pk IS NULL",
];

/// Compares a sum over all words of all messages, which needs no memory and no order. Adds what of the
/// messages cannot be read.
fn index_matches(conn: &Connection, findings: &mut Vec<String>) -> Result<bool> {
    let mut expected = 0_u64;
    let mut query = conn.prepare("SELECT pk, content FROM messages ORDER BY pk")?;
    let mut messages = query.query([])?;
    while let Some(row) = messages.next()? {
        let pk = row.get(0)?;
        let Ok(content) = rows::content(row, 1) else {
            let (room, n) = (RoomId(u32::try_from(pk >> 32).unwrap_or_default()), pk & 0xffff_ffff);
            findings.push(format!("room {}: message {n} cannot be read", room.0));
            continue;
        };
        let words = words(&content);
        let mut words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        words.sort_unstable();
        words.dedup();
        expected = words.into_iter().fold(expected, |sum, word| sum.wrapping_add(hash(pk, word)));
    }
    conn.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, search, instance)",
    )?;
    let mut query = conn.prepare("SELECT doc, term FROM temp.words")?;
    let mut indexed = query.query([])?;
    let mut found = 0_u64;
    while let Some(row) = indexed.next()? {
        found = found.wrapping_add(hash(row.get(0)?, row.get_ref(1)?.as_str()?));
    }
    Ok(found == expected)
}

/// FNV-1a, of which nothing is kept.
fn hash(pk: i64, word: &str) -> u64 {
    let bytes = pk.to_le_bytes().into_iter().chain(word.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}
