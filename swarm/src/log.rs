//! A room's whole log, page by page, as anybody can read it.

use anyhow::{Result, ensure};
use protocol::{Place, RoomId, RoomPage};

use crate::{check::Log, person::Door};

/// # Errors
/// The server does not answer, or the log does not go on where it should.
pub async fn read(door: &Door) -> Result<Log> {
    let mut log = Log { room: RoomId(0), messages: Vec::new(), members: Vec::new() };
    loop {
        let last = log.messages.last().map_or(0, |message| message.seq);
        let path = format!("{}/history{}", door.room.path(), Place::After(last));
        let answer = door.http.get(door.room.join(&path)?).send().await?.error_for_status()?;
        let page: RoomPage = answer.json().await?;
        log.room = page.room.id;
        for member in page.members {
            log.members.retain(|kept| kept.id != member.id);
            log.members.push(member);
        }
        if page.messages.is_empty() {
            ensure!(last == page.head, "the log ends at {last}, and its head is {}", page.head);
            return Ok(log);
        }
        log.messages.extend(page.messages);
    }
}
