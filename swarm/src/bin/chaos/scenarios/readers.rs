//! Those who come while others talk, or do not read.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use protocol::{Close, Event};
use swarm::{
    check::Account,
    person::Ear,
    tab::{Habits, Tab},
};
use sync::{Confirmed, Heard};
use tokio::net::TcpSocket;

use super::Outcome;
use crate::stage::Stage;

/// What the server surely waits for one who is to be told why.
const FAREWELL: Duration = Duration::from_secs(4);

/// Each follows the room while others post.
pub(super) async fn join(stage: &mut Stage) -> Result<Outcome> {
    let (newcomers, each) = if stage.plan.long { (150, 300) } else { (40, 60) };
    stage.start().await?;
    stage.fill(1, 4).await?;
    let mut waiting = Vec::new();
    for n in 0..newcomers {
        waiting.push(stage.join(0, &format!("New {n}")).await?);
    }
    stage.everyone_says(each).await;
    let all = each * stage.tabs.len();
    let mut moments: Vec<_> = (0..newcomers).map(|_| stage.chance.within(1..all)).collect();
    moments.sort_unstable();
    for (person, moment) in waiting.into_iter().zip(moments) {
        stage.until_acknowledged(moment).await?;
        stage.enter(person);
    }
    let mut found = stage.settle().await?;
    let gaps: usize = found.story.accounts.iter().map(|account| account.gaps.len()).sum();
    found.must(
        gaps == 0,
        &format!("the server skipped something {gaps} times, and was asked for it"),
    );
    Ok(Outcome::Played(format!("{newcomers} came meanwhile"), found))
}

/// They follow a room in which long messages are said, and read nothing of it for a while.
pub(super) async fn slow(stage: &mut Stage) -> Result<Outcome> {
    // 5 MB are more than the kernel and the server keep for one who does not read.
    let (readers, each) = (if stage.plan.long { 20 } else { 3 }, 110);
    stage.start().await?;
    stage.fill(1, 3).await?;
    let mut slow = Vec::new();
    for n in 0..readers {
        let person = stage.join(0, &format!("Slow {n}")).await?;
        // The kernel takes hardly anything in advance.
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(4096)?;
        let line = socket.connect(stage.server()?.address).await?;
        let (voice, ear, page) = person.follow_over(line).await?;
        slow.push((person, voice, ear, Confirmed::from(page)));
    }
    let began = Instant::now();
    stage.everyone_says_more(each, &"🐘".repeat(3900)).await;
    stage.until_answered().await?;
    for (person, _voice, mut ear, mut has) in slow {
        let code = end(&mut ear, &mut has).await?;
        // One who finds out later than the server says goodbye finds only the end of the line.
        let too_late = began.elapsed() > FAREWELL;
        let told = code == Close::Slow.code() || (code == 1006 && too_late);
        ensure!(told, "one who does not read is closed with {code}");
        let habits = Habits { twice: false, has: Some(has) };
        let chance = stage.chance.of(person.member.name.as_str());
        stage.tabs.push(Tab::with(person, chance, habits));
    }
    let ends: usize = stage.tabs[..3].iter().map(|tab| tab.view.borrow().ends.len()).sum();
    ensure!(ends == 0, "others were cut {ends} times");
    let mut found = stage.settle().await?;
    let stayed = |one: &&Account| !one.attempted.is_empty();
    let reset = found.story.accounts.iter().filter(stayed).any(|one| one.runs.len() > 1);
    found.must(!reset, "others had to begin anew");
    Ok(Outcome::Played(format!("{readers} did not read"), found))
}

/// Reads all that still comes. Returns the code that ends it.
async fn end(ear: &mut Ear, has: &mut Confirmed) -> Result<u16> {
    loop {
        match ear.next().await? {
            Ok(Event::Changes(changes)) => {
                ensure!(has.apply(changes) == Heard::Complete, "a frame is missing before the end");
            }
            Ok(_) => {}
            Err(code) => return Ok(code),
        }
    }
}
