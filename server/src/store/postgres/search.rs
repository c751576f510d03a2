//! The index of what messages say: a row for each message, with its key. Owns no query yet.

use tokio_postgres::Transaction;

use super::{error::Fallible, rows};
use crate::store::tokens::words;

/// In place of what the index had of them: rooms, seqs and the words of each. An empty text too has its
/// row.
pub(super) const PUT: &str = "
    INSERT INTO search(room_id, seq, words)
    SELECT room, n, array_to_tsvector(string_to_array(said, ' '))
    FROM unnest($1::int8[], $2::int8[], $3::text[]) AS k(room, n, said)
    ON CONFLICT (room_id, seq) DO UPDATE SET words = excluded.words";

/// Messages that are looked at together.
const SOME: i32 = 500;

/// Every message there is.
pub(super) async fn fill(tx: &Transaction<'_>) -> Fallible<()> {
    let put = tx.prepare(PUT).await?;
    let all = "SELECT room_id, seq, content FROM messages ORDER BY room_id, seq";
    let all = tx.bind(&tx.prepare(all).await?, &[]).await?;
    loop {
        let messages = tx.query_portal(&all, SOME).await?;
        if messages.is_empty() {
            return Ok(());
        }
        let (mut rooms, mut seqs, mut said) = (vec![], vec![], vec![]);
        for message in &messages {
            rooms.push(message.try_get::<_, i64>(0)?);
            seqs.push(message.try_get::<_, i64>(1)?);
            // One that cannot be read keeps nobody from starting.
            said.push(rows::content(message, 2).map(|content| words(&content)).unwrap_or_default());
        }
        tx.execute(&put, &[&rooms, &seqs, &said]).await?;
    }
}
