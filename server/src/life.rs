//! The end of rooms that were not used for as long as they last, and what goes of them then.

mod patience;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use delivery::Stream;
use protocol::{Reason, RoomId};
use tokio::{
    sync::{mpsc, watch},
    time::{MissedTickBehavior, interval, sleep},
};

use crate::{
    Server, Shared,
    clock::now,
    store::{Applied, CODE_RESTS, Door, MAX_BATCH, Op, REGRET, Result},
};
use patience::Patience;

/// How often rooms are looked at.
const ROUND: Duration = Duration::from_secs(60);
/// While somebody is in a room, it is noted in so many rounds once: after a crash that is what is known.
const NOTED: u32 = 5;
/// After a piece of what goes comes a pause of so many times as long as it took, with what it waited for: the
/// more there is to write, the slower it goes.
const PAUSE: u32 = 4;

/// Ends rooms, until the server stops; and tells `let_go` what it may.
pub(crate) async fn end(
    server: Shared,
    rested: mpsc::Sender<i64>,
    mut purging: mpsc::Receiver<()>,
) {
    let begun = Instant::now();
    let grace = Duration::from_millis(server.config.lifetimes.grace.unsigned_abs());
    let mut patience = Patience::new(now(), grace);
    let mut keeper = Keeper::default();
    let mut rounds = interval(grace.min(ROUND));
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stopping = server.stopping.clone();
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            Some(()) = purging.recv() => {
                // What a host took away or burned.
                let _ = rested.try_send(before(now(), false));
                tokio::spawn(forget_later(server.clone()));
                continue;
            }
            () = stopped(&mut stopping) => {
                // From here on everyone is sent away.
                return keeper.note(&server, now(), true).await;
            }
        }
        let at = now();
        let allowed = patience.allows(begun.elapsed(), at);
        if !allowed.noting {
            continue;
        }
        keeper.note(&server, at, false).await;
        forget(&server, at).await;
        if allowed.brief {
            keeper.end(&server, at, allowed.all).await;
            // If it is at work still, the next round will do.
            let _ = rested.try_send(before(at, allowed.all));
        }
    }
}

/// What was said in messages that were taken away, once nobody can have it back.
async fn forget(server: &Server, at: i64) {
    let before = at.saturating_sub(REGRET);
    if let Err(error) = server.store.apply(Op::Purge { before }).await {
        tracing::warn!(%error, "what was taken away is not deleted yet");
    }
}

/// Once it cannot be had back any more.
async fn forget_later(server: Shared) {
    sleep(Duration::from_millis(REGRET.unsigned_abs() + 100)).await;
    forget(&server, now()).await;
}

/// Before which moment a room ended of which nothing has to stay. What was said in it needs no clock to go.
fn before(at: i64, all: bool) -> i64 {
    if all { at.saturating_sub(CODE_RESTS) } else { i64::MIN }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // Whoever would say it is gone only with the server.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Who knows which rooms are used.
#[derive(Default)]
struct Keeper {
    rounds: u32,
    /// Not kept yet that they were.
    unnoted: BTreeSet<RoomId>,
    /// It is not known whether they ended.
    unsure: BTreeSet<RoomId>,
}

impl Keeper {
    /// Keeps until when rooms were used: those that somebody came to or went from, and from time to time
    /// all that somebody is in.
    async fn note(&mut self, server: &Server, until: i64, all: bool) {
        self.unnoted.append(&mut server.presence.visited());
        if all || self.rounds.is_multiple_of(NOTED) {
            self.unnoted.append(&mut server.presence.in_use());
        }
        self.rounds = self.rounds.wrapping_add(1);
        let rooms: Vec<RoomId> = self.unnoted.iter().copied().collect();
        for rooms in rooms.chunks(MAX_BATCH) {
            let noted = server.store.apply(Op::Use { rooms: rooms.to_vec(), until }).await;
            if noted.is_ok() {
                rooms.iter().for_each(|room| _ = self.unnoted.remove(room));
            }
        }
    }

    /// Those that are over and that nobody is in; of them `all`, or only those that last while somebody is
    /// there.
    async fn end(&mut self, server: &Server, at: i64, all: bool) {
        for room in std::mem::take(&mut self.unsure) {
            match server.store.entry(Door::Id(room), None).await {
                Ok(None) => tell(server, room),
                Ok(Some(_)) => {}
                Err(_) => _ = self.unsure.insert(room),
            }
        }
        let grace = server.config.lifetimes.grace;
        let over = match server.store.over(at, grace, all).await {
            Ok(over) => over,
            Err(error) => return tracing::warn!(%error, "which rooms are over is not known"),
        };
        for room in over {
            // Those whose use is not kept yet are not over.
            if server.presence.count(room) > 0 || self.unnoted.contains(&room) {
                continue;
            }
            match server.store.apply(Op::End { room, at, grace }).await {
                Ok(Applied::Ended(true)) => tell(server, room),
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, room = room.0, "whether a room ended is not known");
                    self.unsure.insert(room);
                }
            }
        }
    }
}

/// Whoever reads along, or came this moment.
fn tell(server: &Server, room: RoomId) {
    server.hub.end_all(Stream::Room(room), Reason::Expired);
    server.presence.close(room);
    tracing::info!(room = room.0, "a room has ended");
}

/// Deletes what has ended. Runs until the server does.
pub(crate) async fn let_go(server: Shared, mut rested: mpsc::Receiver<i64>) {
    while let Some(rested) = rested.recv().await {
        match server.store.to_clear(rested).await {
            Ok(rooms) => {
                for room in rooms {
                    if let Err(error) = clear(&server, room, rested).await {
                        tracing::warn!(%error, room = room.0, "what is left of a room is not deleted");
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "what is left of ended rooms is not known"),
        }
    }
}

/// A piece at a time, each an operation like others.
async fn clear(server: &Server, room: RoomId, rested: i64) -> Result<()> {
    let at = rested.saturating_add(CODE_RESTS);
    loop {
        let begun = Instant::now();
        if server.store.apply(Op::Clear { room, at }).await? != (Applied::Cleared { more: true }) {
            break;
        }
        sleep(begun.elapsed() * PAUSE).await;
    }
    tracing::info!(room = room.0, "what was said in a room that has ended is deleted");
    Ok(())
}
