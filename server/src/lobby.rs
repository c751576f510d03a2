//! The rooms that are open to everyone, and telling those who look at the lobby what becomes of them. While
//! nobody does, nothing is looked up.

use std::{
    cmp::Reverse,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use delivery::{Frame, Stream};
use protocol::{Event, Listed, OpenRoom, RoomCode, encode};
use tokio::time::{MissedTickBehavior, interval};

use crate::{Server, Shared, clock::now, store::Result};

/// Between two looks.
const ROUND: Duration = Duration::from_secs(2);
/// So long the answer to one who comes is good for the next: however many come, it is looked up ten times a
/// second. A page takes longer to ask after it was drawn, so it is not told of anything older than it shows.
const FRESH: Duration = Duration::from_millis(100);
/// Of a room in which much is said, its age is told anew after so long, in milliseconds.
const MINUTE: i64 = 60_000;

/// What was said last, and when it was looked up: `None` while nobody looks.
#[derive(Default)]
pub(crate) struct Board(Mutex<Option<(Instant, Vec<OpenRoom>)>>);

impl Board {
    fn said(&self) -> MutexGuard<'_, Option<(Instant, Vec<OpenRoom>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those with most people first; of those with as many, the ones from the settings as they stand there, and
/// then the one with the newest message.
pub(crate) async fn open(server: &Server) -> Result<Vec<OpenRoom>> {
    let mut rooms = server.store.open().await?;
    for (id, room) in &mut rooms {
        room.here = server.presence.count(*id);
    }
    let provided = |room: &OpenRoom| {
        server.config.rooms.iter().position(|one| one.code == room.code).unwrap_or(usize::MAX)
    };
    rooms.sort_by_cached_key(|(_, room)| (Reverse(room.here), provided(room)));
    Ok(rooms.into_iter().map(|(_, room)| room).collect())
}

/// For one who follows by now: as it was said to the others, so that what is said next goes on from there.
pub(crate) async fn all(server: &Server) -> Result<Listed> {
    let recent = server.board.said().as_ref().filter(|(at, _)| at.elapsed() < FRESH).cloned();
    let rooms = match recent {
        Some((_, rooms)) => rooms,
        None => say(server, open(server).await?),
    };
    Ok(Listed::All { at: now(), rooms })
}

/// Runs until the server ends.
pub(crate) async fn keep(server: Shared) {
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        if !server.hub.is_followed(Stream::Lobby) {
            *server.board.said() = None;
            continue;
        }
        match open(&server).await {
            Ok(rooms) => drop(say(&server, rooms)),
            Err(error) => tracing::warn!(%error, "which rooms are open is not known"),
        }
    }
}

/// To those who heard what was said before.
fn say(server: &Server, rooms: Vec<OpenRoom>) -> Vec<OpenRoom> {
    let mut said = server.board.said();
    let before = said.replace((Instant::now(), rooms.clone()));
    let (moved, gone) = before.map(|(_, before)| between(&before, &rooms)).unwrap_or_default();
    // Still under the lock: everyone hears it in one order.
    if !moved.is_empty() || !gone.is_empty() {
        let moved = Listed::Moved { at: now(), rooms: moved, gone };
        server.hub.send(Stream::Lobby, &Frame::from(encode(&Event::Listed(moved))));
    }
    rooms
}

/// Those that are new or look otherwise, and those that are gone.
fn between<'a>(said: &'a [OpenRoom], rooms: &'a [OpenRoom]) -> (Vec<OpenRoom>, Vec<RoomCode>) {
    let find = |all: &'a [OpenRoom], code: &RoomCode| all.iter().find(|one| one.code == *code);
    let looks = |room: &'a OpenRoom| (&room.name, room.here, room.last_at / MINUTE);
    let is_new = |room: &&'a OpenRoom| find(said, &room.code).map(looks) != Some(looks(room));
    let is_gone = |room: &&OpenRoom| find(rooms, &room.code).is_none();
    let gone = said.iter().filter(is_gone).map(|room| room.code.clone());
    (rooms.iter().filter(is_new).cloned().collect(), gone.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_not_told_again() {
        let room = |code: &str, here, last_at| {
            let code = RoomCode::parse(code).expect("a code");
            OpenRoom { code, name: None, here, last_at }
        };
        let said = [room("KMRT", 1, 120_000), room("REEF", 0, 0), room("TIDE", 2, 0)];
        let now = [room("KMRT", 1, 179_999), room("TIDE", 3, 0), room("KITE", 0, 0)];
        let (moved, gone) = between(&said, &now);
        assert_eq!(moved, [room("TIDE", 3, 0), room("KITE", 0, 0)]);
        assert_eq!(gone, [room("REEF", 0, 0).code]);
        let (moved, gone) =
            between(&now, &[room("KMRT", 1, 180_000), now[1].clone(), now[2].clone()]);
        assert_eq!((moved, gone), (vec![room("KMRT", 1, 180_000)], vec![]), "a minute later");
    }
}
