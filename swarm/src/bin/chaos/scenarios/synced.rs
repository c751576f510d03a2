//! The proof that nothing is said before it is on the disk. A killed process does not show that: the
//! kernel still has what was written. Here the system calls are watched.

use anyhow::Result;

use super::Outcome;
use crate::{
    parley::has,
    stage::Stage,
    trace::{MISSING, Trace, synced_before_sent},
};

const WATCHED: usize = 5;
const WATCH: &[&str] =
    &["-y", "-s", "16384", "-e", "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg"];

pub(super) async fn synced(stage: &mut Stage) -> Result<Outcome> {
    if !has("strace") {
        return Ok(Outcome::Skipped(MISSING.into()));
    }
    stage.start().await?;
    stage.fill(1, 2).await?;
    let output = stage.folder.path().join("trace");
    let trace = Trace::attach(stage.server()?.id(), &output, WATCH).await?;
    // Attached is not yet watched.
    while !trace.so_far()?.contains("of seed") {
        stage.everyone_says(1).await;
        stage.until_answered().await?;
    }
    stage.everyone_says(WATCHED).await;
    stage.until_answered().await?;
    let seen = trace.detach()?;
    let mut found = stage.settle().await?;
    let accounts = found.story.accounts.iter();
    let watched = accounts.flat_map(|account| account.attempted.iter().rev().take(WATCHED));
    let judged = watched.map(|(_, body)| (body, synced_before_sent(&seen, body)));
    let wrong = judged.filter_map(|(body, judged)| Some(format!("{body}: {}", judged.err()?)));
    found.wrong.extend(wrong.collect::<Vec<_>>());
    Ok(Outcome::Played("each was synced before it was answered".into(), found))
}
