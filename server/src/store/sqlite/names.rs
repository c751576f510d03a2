//! Whose names are taken for others: the skeletons that stand beside each name, and who is found by them.

use protocol::{RoomId, Skeletons};
use rusqlite::{Connection, Params, Result, Row, params};

/// The columns of a name's skeletons.
pub(super) const SKELETONS: &str = "skeleton_as_written, skeleton, skeleton_of_capitals";

pub(super) fn skeletons(row: &Row<'_>, at: usize) -> Result<Skeletons> {
    let (as_written, small, capitals) = (row.get(at)?, row.get(at + 1)?, row.get(at + 2)?);
    Ok(Skeletons { as_written, small, capitals })
}

/// Who has one of these three, and as often as they have one of them: n, person, and their skeletons.
pub(super) const HOLDERS: &str = "
    SELECT pk & 0xffffffff, person, skeleton_as_written, skeleton, skeleton_of_capitals
        FROM members WHERE room_id = ?1 AND skeleton_as_written = ?2
    UNION ALL SELECT pk & 0xffffffff, person, skeleton_as_written, skeleton, skeleton_of_capitals
        FROM members WHERE room_id = ?1 AND skeleton = ?3
    UNION ALL SELECT pk & 0xffffffff, person, skeleton_as_written, skeleton, skeleton_of_capitals
        FROM members WHERE room_id = ?1 AND skeleton_of_capitals = ?4";

/// What `HOLDERS` is asked with.
pub(super) fn wanted(room: RoomId, names: &Skeletons) -> impl Params {
    let [as_written, small, capitals] = names.each().map(str::to_owned);
    (room.0, as_written, small, capitals)
}

/// Of every name there is, whatever was kept of it.
pub(super) fn fill(conn: &Connection) -> Result<()> {
    let sql = "UPDATE members SET skeleton_as_written = ?2, skeleton = ?3, skeleton_of_capitals = ?4 WHERE pk = ?1";
    let mut put = conn.prepare(sql)?;
    let mut query = conn.prepare("SELECT pk, name FROM members ORDER BY pk")?;
    let mut members = query.query([])?;
    while let Some(row) = members.next()? {
        let names = Skeletons::of(row.get_ref(1)?.as_str()?);
        put.execute(params![row.get::<_, i64>(0)?, names.as_written, names.small, names.capitals])?;
    }
    Ok(())
}
