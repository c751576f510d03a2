//! People who talk, are cut, come back and resume, on every schedule that a seed stands for: the
//! shipped hub, publisher, queues, outbox and window of the log, under shuttle's scheduler, which
//! decides at each lock and each wait who goes next. What is planted must be found.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
#![allow(clippy::wildcard_enum_match_arm, reason = "what is never said here is a failure")]

mod page;
mod server;
mod store;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
};

use shuttle::{
    Config, FailurePersistence, MaxSteps, Runner,
    future::{block_on, spawn},
    scheduler::RandomScheduler,
};
use swarm::{
    chance::Chance,
    check::{Log, Story, check},
};

use page::Page;
use server::{Bug, Server};
use store::{ROOM, member};

const SEEDS: u64 = 200;
const AGAIN: &str = "cargo test -p delivery --features shuttle --test simulation";
const PEOPLE: u32 = 3;
const TEXTS: usize = 6;
/// Of one task. Not optimized, JSON alone takes most of shuttle's own.
const STACK: usize = 512 * 1024;
/// Far more than any run takes that ends.
const STEPS: usize = 200_000;

#[test]
fn on_every_schedule_everyone_has_the_whole_log_in_the_end() {
    for seed in seeds() {
        let wrong = play(None, seed).join("\n");
        assert!(wrong.is_empty(), "seed {seed}:\n{wrong}\nagain: SIMULATION_SEED={seed} {AGAIN}");
    }
}

#[test]
fn what_is_planted_is_found_and_its_seed_repeats_it() {
    for bug in Bug::ALL {
        let played = (0..SEEDS).map(|seed| (seed, play(Some(bug), seed)));
        let found = played.into_iter().find(|(_, wrong)| !wrong.is_empty());
        let (seed, wrong) = found.unwrap_or_else(|| panic!("{bug:?} is not found"));
        println!("{bug:?} is found with seed {seed}: {}", wrong.join("; "));
        assert_eq!(play(Some(bug), seed), wrong, "{bug:?} with seed {seed}");
    }
}

/// All of them, or the one to repeat.
fn seeds() -> std::ops::Range<u64> {
    let one = std::env::var("SIMULATION_SEED").ok().map(|seed| seed.parse::<u64>().unwrap());
    one.map_or(0..SEEDS, |seed| seed..seed + 1)
}

/// What went wrong with this seed.
fn play(bug: Option<Bug>, seed: u64) -> Vec<String> {
    let mut config = Config::new();
    config.stack_size = STACK;
    config.max_steps = MaxSteps::FailAfter(STEPS);
    config.failure_persistence = FailurePersistence::None;
    let wrong = Arc::new(Mutex::new(Vec::new()));
    let found = wrong.clone();
    let talk = move || {
        let wrong = block_on(talk(bug, Chance::new(seed)));
        found.lock().unwrap().extend(wrong);
    };
    // By priorities less is found: who polls, as the pages do, always comes last.
    let scheduler = RandomScheduler::new_from_seed(seed, 1);
    let ended = catch_unwind(AssertUnwindSafe(|| Runner::new(scheduler, config).run(talk)));
    let mut wrong = wrong.lock().unwrap();
    wrong.extend(ended.is_err().then(|| "it stopped, see above".to_owned()));
    std::mem::take(&mut *wrong)
}

/// Returns what the checker of the fault suite says, and what the pages noticed.
async fn talk(bug: Option<Bug>, chance: Chance) -> Vec<String> {
    let server = Server::start(PEOPLE, PEOPLE as usize * TEXTS, bug, chance.clone());
    let pages = (1..=PEOPLE).map(|id| Page::new(server.clone(), member(id), TEXTS, chance.clone()));
    let pages: Vec<_> = pages.map(|page| spawn(page.run())).collect();
    let (mut story, mut wrong) = (Story::default(), Vec::new());
    for page in pages {
        let (account, noticed) = page.await.unwrap();
        story.accounts.push(account);
        wrong.extend(noticed);
    }
    story.logs.push(server.store.look(|rows| Log {
        room: ROOM,
        messages: rows.messages.clone(),
        members: rows.members.clone(),
    }));
    wrong.extend(check(&story).iter().map(ToString::to_string));
    wrong
}
