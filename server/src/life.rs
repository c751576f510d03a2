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
    store::{Applied, CODE_RESTS, Op, Result},
};
use patience::Patience;

/// How often rooms are looked at.
const ROUND: Duration = Duration::from_secs(60);
/// While somebody is in a room, it is noted in so many rounds once: after a crash that is what is known.
const NOTED: u32 = 5;
/// Between two pieces of what goes, for those who write meanwhile.
const PAUSE: Duration = Duration::from_millis(1);

/// Runs until the server ends.
pub(crate) async fn keep(server: Shared) {
    let (rested, clear) = mpsc::channel(1);
    tokio::join!(end(&server, rested), let_go(&server, clear));
}

async fn end(server: &Server, rested: mpsc::Sender<i64>) {
    let begun = Instant::now();
    let grace = Duration::from_millis(server.config.lifetimes.grace.unsigned_abs());
    let last_use = server.store.last_use().await.unwrap_or_default();
    let mut patience = Patience::new(now(), last_use, grace);
    let mut keeper = Keeper::default();
    let mut rounds = interval(grace.min(ROUND));
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stopping = server.stopping.clone();
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            () = stopped(&mut stopping) => {
                // From here on everyone is sent away.
                keeper.note(server, now(), true).await;
                return;
            }
        }
        let at = now();
        keeper.note(server, at, false).await;
        if patience.allows(begun.elapsed(), at) {
            if let Err(error) = end_what_is_over(server, at).await {
                tracing::warn!(%error, "rooms that are over could not be ended");
            }
            // If it is at work still, the next round will do.
            let _ = rested.try_send(at.saturating_sub(CODE_RESTS));
        }
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // Whoever would say it is gone only with the server.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Who knows which rooms are used.
#[derive(Default)]
struct Keeper {
    used: BTreeSet<RoomId>,
    rounds: u32,
}

impl Keeper {
    /// Keeps until when rooms were used: of those that people went from, and from time to time of all.
    async fn note(&mut self, server: &Server, at: i64, all: bool) {
        let used: BTreeSet<RoomId> = server.presence.rooms_in_use().into_iter().collect();
        let all = all || self.rounds.is_multiple_of(NOTED);
        let left = self.used.difference(&used).copied();
        let noted: Vec<RoomId> = left.chain(used.iter().copied().filter(|_| all)).collect();
        self.rounds = self.rounds.wrapping_add(1);
        for room in noted {
            // Of one that has ended there is nothing to note; else the next round will do.
            let _ = server.store.apply(Op::Use { room, until: at }).await;
        }
        self.used = used;
    }
}

async fn end_what_is_over(server: &Server, at: i64) -> Result<()> {
    let grace = server.config.lifetimes.grace;
    let used: BTreeSet<RoomId> = server.presence.rooms_in_use().into_iter().collect();
    for room in server.store.over(at, grace).await? {
        if used.contains(&room) {
            continue;
        }
        let ended = server.store.apply(Op::End { room, at, grace }).await?;
        if ended == Applied::Ended(true) {
            // Whoever reads along, or came this moment.
            server.hub.end_all(Stream::Room(room), Reason::Expired);
            server.presence.close(room);
            tracing::info!(room = room.0, "a room has ended");
        }
    }
    Ok(())
}

async fn let_go(server: &Server, mut rested: mpsc::Receiver<i64>) {
    while let Some(rested) = rested.recv().await {
        if let Err(error) = clear(server, rested).await {
            tracing::warn!(%error, "what is left of ended rooms could not be deleted");
        }
    }
}

/// A piece at a time, each as an operation like others.
async fn clear(server: &Server, rested: i64) -> Result<()> {
    for room in server.store.to_clear(rested).await? {
        let at = rested.saturating_add(CODE_RESTS);
        while server.store.apply(Op::Clear { room, at }).await? == (Applied::Cleared { more: true })
        {
            sleep(PAUSE).await;
        }
        tracing::info!(room = room.0, "what was said in a room that has ended is deleted");
    }
    Ok(())
}
