//! The clock on the wall, an hour forth and back. Nothing may be ordered by it.

use std::{
    fs,
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Result;

use super::Outcome;
use crate::stage::Stage;

const LIBRARY: &str = "libfaketime.so.1";
const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;

pub(super) async fn clock(stage: &mut Stage) -> Result<Outcome> {
    let Some(library) = library() else {
        return Ok(Outcome::Skipped("libfaketime is not installed".into()));
    };
    let (steps, each) = if stage.plan.long { (20, 40) } else { (4, 15) };
    let clock = stage.folder.path().join("clock");
    fs::write(&clock, "+0")?;
    let (library, file) = (library.display().to_string(), clock.display().to_string());
    stage.launch.environment = [
        ("LD_PRELOAD", library.as_str()),
        ("FAKETIME_TIMESTAMP_FILE", &file),
        ("FAKETIME_NO_CACHE", "1"),
        // What is measured and waited for goes on as it does.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let began = now()?;
    stage.start().await?;
    stage.fill(2, 3).await?;
    for step in 0..steps {
        stage.everyone_is_in_the_middle_of(each).await?;
        fs::write(&clock, if step % 2 == 0 { "+3600" } else { "-3600" })?;
    }
    stage.until_answered().await?;
    // A room that is younger than the last step has the time of that.
    let late = stage.open_room("Late").await?;
    stage.enter(late);
    stage.all(|view| view.live).await?;
    stage.everyone_says(1).await;
    let mut found = stage.settle().await?;
    let at = |room: usize| found.story.logs[room].messages.last().map_or(0, |one| one.created_at);
    let (old, young) = (at(0), at(2));
    found.must(old > began + HOUR_MS - MINUTE_MS, "a room's time did not stay where it was");
    found.must(young < began - HOUR_MS + 10 * MINUTE_MS, "the clock never went back");
    Ok(Outcome::Played(format!("the clock went {steps} times by an hour"), found))
}

fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let folders = folders.chain(["/usr/local/lib".into(), "/usr/lib".into()]);
    folders.map(|folder| folder.join("faketime").join(LIBRARY)).find(|file| file.exists())
}

fn now() -> Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}
