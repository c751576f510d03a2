//! Whose names are taken for others: the skeletons that stand beside each name, and who is found by them.

use protocol::Skeletons;
use tokio_postgres::{Row, Transaction};

use super::error::Fallible;

/// The columns of a name's skeletons.
pub(super) const SKELETONS: &str = "skeleton_as_written, skeleton, skeleton_of_capitals";

pub(super) fn skeletons(row: &Row, at: usize) -> Fallible<Skeletons> {
    let (as_written, small, capitals) =
        (row.try_get(at)?, row.try_get(at + 1)?, row.try_get(at + 2)?);
    Ok(Skeletons { as_written, small, capitals })
}

/// For rooms and the three skeletons of as many names: who there has one of the three, and as often as they have one of
/// them, as room, n, person, and their skeletons.
pub(super) fn holders() -> String {
    let by = |column: &str, asked: u32| {
        format!(
            "SELECT room_id, n, person, {SKELETONS} FROM unnest($1::int8[], ${asked}::text[]) AS k(room, looks)
            JOIN members ON room_id = k.room AND {column} = k.looks"
        )
    };
    let columns = SKELETONS.split(", ").zip(2..);
    columns.map(|(column, asked)| by(column, asked)).collect::<Vec<_>>().join(" UNION ALL ")
}

/// The three columns of these names.
pub(super) fn columns<'a>(names: impl Iterator<Item = &'a Skeletons>) -> [Vec<&'a str>; 3] {
    let mut columns = [const { vec![] }; 3];
    for name in names {
        columns.iter_mut().zip(name.each()).for_each(|(column, skeleton)| column.push(skeleton));
    }
    columns
}

/// Members that are looked at together.
const SOME: i32 = 500;

/// Of every name there is, whatever was kept of it.
pub(super) async fn fill(tx: &Transaction<'_>) -> Fallible<()> {
    let put = "UPDATE members m SET skeleton_as_written = k.a, skeleton = k.b, skeleton_of_capitals = k.c
        FROM unnest($1::int8[], $2::int8[], $3::text[], $4::text[], $5::text[]) AS k(room, nth, a, b, c)
        WHERE room_id = k.room AND n = k.nth";
    let put = tx.prepare(put).await?;
    let all = "SELECT room_id, n, name FROM members ORDER BY room_id, n";
    let all = tx.bind(&tx.prepare(all).await?, &[]).await?;
    loop {
        let members = tx.query_portal(&all, SOME).await?;
        if members.is_empty() {
            return Ok(());
        }
        let (mut rooms, mut ids, mut names) = (vec![], vec![], vec![]);
        for member in &members {
            rooms.push(member.try_get::<_, i64>(0)?);
            ids.push(member.try_get::<_, i64>(1)?);
            names.push(Skeletons::of(member.try_get(2)?));
        }
        let [as_written, small, capitals] = columns(names.iter());
        tx.execute(&put, &[&rooms, &ids, &as_written, &small, &capitals]).await?;
    }
}
