//! The proof that nothing is said before it is on the disk, and that what comes together shares a sync. A killed
//! process does not show that: the kernel still has what was written. Here the system calls are watched.

use anyhow::{Result, ensure};
use cluster::Cluster;
use tokio::task::block_in_place;

use super::Outcome;
use crate::{
    database::Database,
    parley::has,
    stage::Stage,
    trace::{MISSING, Trace},
    wal::{Logged, Wal},
};

const WATCHED: usize = 5;
const POSTERS: usize = 64;
/// Posts to a commit, at least, when all of them post. On a disk that takes its time more come together.
const SHARED: usize = 4;
/// A sync takes 20 ms, as on a disk that turns.
const WATCH: &[&str] = &[
    "-yy",
    "-x",
    "-s",
    "1000000",
    "-e",
    "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg",
    "-e",
    "inject=fsync,fdatasync:delay_enter=20000",
];

pub(super) async fn synced(stage: &mut Stage) -> Result<Outcome> {
    if !has("strace") {
        return Ok(Outcome::Skipped(MISSING.into()));
    }
    if stage.plan.database == Database::Postgres {
        block_in_place(|| on_postgres(stage))?;
    }
    stage.start().await?;
    stage.fill(1, 1).await?;
    let mut others = Vec::new();
    for n in 1..POSTERS {
        others.push(stage.join(0, &format!("Person {n}")).await?);
    }
    let output = stage.folder.path().join("trace");
    let (wal, processes) = block_in_place(|| who_writes(stage))?;
    let trace = Trace::attach(&processes, &output, WATCH).await?;
    // Attached is not yet watched.
    while !wal.is_watched(&trace.so_far()?) {
        stage.everyone_says(1).await;
        stage.until_answered().await?;
    }
    for _ in 0..WATCHED {
        let before = trace.so_far()?.len();
        stage.everyone_says(1).await;
        stage.until_answered().await?;
        let logged = wal.logged(&trace.so_far()?[before..]);
        let once = Logged { commits: 1, syncs: 1, folding: 0 };
        ensure!(logged == once, "one who posts alone costs {logged:?}");
    }
    for person in others {
        stage.enter(person);
    }
    stage.all(|view| view.live).await?;
    let before = trace.so_far()?.len();
    stage.everyone_says(WATCHED).await;
    stage.until_answered().await?;
    let seen = trace.detach()?;
    let (posts, Logged { commits, syncs, folding }) =
        (POSTERS * WATCHED, wal.logged(&seen[before..]));
    let mut found = stage.settle().await?;
    let is_one = syncs <= commits + folding && commits <= syncs;
    found.must(is_one, &format!("{commits} commits are synced {syncs} times, {folding} aside"));
    let is_shared = commits * SHARED <= posts;
    found.must(is_shared, &format!("{posts} posts of {POSTERS} at a time are {commits} commits"));
    // Who posted alone, and then with the others.
    let first = found.story.accounts.first();
    let watched = first.into_iter().flat_map(|one| one.attempted.iter().rev().take(2 * WATCHED));
    let judged = watched.map(|(_, body)| (body, wal.synced_before_sent(&seen, body)));
    let wrong = judged.filter_map(|(body, judged)| Some(format!("{body}: {}", judged.err()?)));
    found.wrong.extend(wrong.collect::<Vec<_>>());
    let did = format!("each was synced before it was answered, {posts} by {syncs} syncs");
    Ok(Outcome::Played(did, found))
}

/// One that syncs, but by default answers before.
fn on_postgres(stage: &mut Stage) -> Result<()> {
    stage.move_to(Cluster::durable()?)?;
    stage.cluster()?.need_not_sync()
}

/// And all who may sync what is written there.
fn who_writes(stage: &Stage) -> Result<(Wal, Vec<String>)> {
    let mut processes = vec![stage.server()?.id()];
    if stage.plan.database != Database::Postgres {
        return Ok((Wal::Sqlite, processes));
    }
    let cluster = stage.cluster()?;
    processes.extend(cluster.processes()?);
    // Only who writes has a lock.
    Ok((Wal::Postgres { writer: cluster.holder()? }, processes))
}
