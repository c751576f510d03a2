//! The index of what messages say: a row for each message, with its key. Owns no query yet.

use rusqlite::{Connection, Result, params};

use super::rows;
use crate::store::tokens::words;

/// Of a message that is not in it yet. An empty text too has its row.
pub(super) fn add(conn: &Connection, pk: i64, words: &str) -> Result<()> {
    conn.prepare_cached("INSERT INTO search(rowid, words) VALUES(?1, ?2)")?
        .execute(params![pk, words])?;
    Ok(())
}

/// In place of what the index had of it, which it looks for first.
pub(super) fn put(conn: &Connection, pk: i64, words: &str) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO search(rowid, words) VALUES(?1, ?2)";
    conn.prepare_cached(sql)?.execute(params![pk, words])?;
    Ok(())
}

pub(super) fn remove(conn: &Connection, pk: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([pk])?;
    Ok(())
}

/// Every message there is. They are read one by one, however many there are, and the transaction is
/// written to the log as it grows.
pub(super) fn fill(conn: &Connection) -> Result<()> {
    let mut query = conn.prepare("SELECT pk, content FROM messages ORDER BY pk")?;
    let mut messages = query.query([])?;
    while let Some(row) = messages.next()? {
        // One that cannot be read keeps nobody from starting.
        let words = rows::content(row, 1).map(|content| words(&content)).unwrap_or_default();
        add(conn, row.get(0)?, &words)?;
    }
    Ok(())
}
