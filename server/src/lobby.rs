//! The rooms that are open to everyone, and telling those who look at the lobby what becomes of them. While
//! nobody does, nothing is looked up.

use std::{
    cmp::Reverse,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use delivery::{Frame, Stream};
use protocol::{Event, Listed, OpenRoom, RoomCode, encode};
use tokio::time::{MissedTickBehavior, interval};

use crate::{Server, Shared, clock::now, store::Result};

/// Between two looks.
const ROUND: Duration = Duration::from_secs(2);
/// Of a room in which much is said, its age is told anew after so long, in milliseconds.
const MINUTE: i64 = 60_000;

/// What was said last. An older list that was read more slowly may take the place of a newer one, until the
/// next round.
#[derive(Default)]
pub(crate) struct Board(Mutex<Vec<OpenRoom>>);

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

/// For one who follows by now. All others hear what is new to them.
pub(crate) async fn all(server: &Server) -> Result<Listed> {
    let rooms = open(server).await?;
    say(server, rooms.clone());
    Ok(Listed::All { at: now(), rooms })
}

/// Runs until the server ends.
pub(crate) async fn keep(server: Shared) {
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        if !server.hub.is_followed(Stream::Lobby) {
            continue;
        }
        match open(&server).await {
            Ok(rooms) => say(&server, rooms),
            Err(error) => tracing::warn!(%error, "which rooms are open is not known"),
        }
    }
}

fn say(server: &Server, rooms: Vec<OpenRoom>) {
    let Board(said) = &server.board;
    let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
    let (moved, gone) = between(&said, &rooms);
    *said = rooms;
    // Still under the lock: everyone hears it in one order.
    if !moved.is_empty() || !gone.is_empty() {
        let moved = Listed::Moved { at: now(), rooms: moved, gone };
        server.hub.send(Stream::Lobby, &Frame::from(encode(&Event::Listed(moved))));
    }
}

/// Those that are new or look otherwise, and those that are gone.
fn between(said: &[OpenRoom], rooms: &[OpenRoom]) -> (Vec<OpenRoom>, Vec<RoomCode>) {
    let code = |room: &OpenRoom| room.code.clone();
    let looks = |room: &OpenRoom| (code(room), room.name.clone(), room.here, room.last_at / MINUTE);
    let known = |room: &&OpenRoom| said.iter().any(|one| looks(one) == looks(room));
    let there = |room: &&OpenRoom| rooms.iter().any(|one| one.code == room.code);
    let moved = rooms.iter().filter(|room| !known(room)).cloned().collect();
    (moved, said.iter().filter(|room| !there(room)).map(code).collect())
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
