//! A room in which many talk. Everyone in it hears everything.

use std::{io::stdin, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use tokio::time::interval;

use swarm::person::{Door, Voice, follow_all, hear};

/// Answers `ready`, and `said` after each time.
pub(crate) async fn talk(door: &Door, people: usize) -> Result<()> {
    let people = door.join_all("Talker", people).await?;
    let mut voices = Vec::new();
    for (voice, ear) in follow_all(&people).await? {
        voices.push(voice);
        hear(ear, Arc::default());
    }
    println!("ready");
    // Only this thread waits; the others go on hearing.
    for line in stdin().lines() {
        let line = line?;
        let (per_second, seconds) = line.split_once(' ').context("PER_SECOND SECONDS")?;
        say(&mut voices, per_second.parse()?, seconds.parse()?).await?;
        println!("said");
    }
    Ok(())
}

/// One after the other, so that nobody is too fast and hardly anybody speaks twice in a row.
async fn say(voices: &mut [Voice], per_second: u32, seconds: u32) -> Result<()> {
    let mut beat = interval(Duration::from_secs(1) / per_second);
    for (n, at) in (0..per_second * seconds).zip((0..voices.len()).cycle()) {
        beat.tick().await;
        voices[at].post(&text(n as usize)).await?;
    }
    Ok(())
}

/// Of the lengths and with the marks that people use.
pub(crate) fn text(n: usize) -> String {
    const SAID: [&str; 8] = [
        "ok",
        "I'll be there at half past seven, after work",
        "Did **anyone** see the keys? They should be on the shelf beside the door.",
        "👍",
        "See https://example.org/a/rather/long/path?with=a&query=1 for the whole story",
        "yes",
        "> Did anyone see the keys?\nIn the kitchen, I think. Or `maybe` in the car… ask *Bo*.",
        "We could meet on Thursday instead. The room is free from two to four, the projector works \
         again, and whoever cannot come can follow from home: I'll send round a link in the morning.",
    ];
    format!("{} {n}", SAID[n % SAID.len()])
}
