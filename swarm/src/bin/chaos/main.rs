//! Torments the real server, one fault after the other, while people talk, and then asks everyone what
//! they know. Each scenario is repeated by its seed, as far as processes allow.

mod parley;
mod proxy;
mod scenarios;
mod stage;
mod trace;

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Result, anyhow};
use clap::Parser;
use tokio::time::timeout;

use parley::tail;
use scenarios::{Outcome, Scenario};
use stage::{Plan, Stage};

/// Far more than any scenario takes.
const ENOUGH: Duration = Duration::from_secs(180);

#[derive(Parser)]
struct Chaos {
    /// The program that is tormented
    #[arg(long, env = "PARLEY", default_value = "target/release/parley")]
    parley: PathBuf,
    /// Another database than a file of its own, empty or not: postgres://…
    #[arg(long)]
    database_url: Option<String>,
    /// Goes on for so long, a seed after the other; without it every scenario runs once, and briefly
    #[arg(long)]
    minutes: Option<u64>,
    /// Where chance begins [default: 1, and with --minutes the time]
    #[arg(long)]
    seed: Option<u64>,
    /// Only these scenarios
    #[arg(long, value_enum)]
    only: Vec<Scenario>,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let Chaos { parley, database_url, minutes, seed, only } = Chaos::parse();
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let seed = seed.unwrap_or(if minutes.is_some() { since } else { 1 });
    let end = minutes.map(|minutes| Instant::now() + Duration::from_secs(minutes * 60));
    let scenarios = if only.is_empty() { Scenario::ALL.to_vec() } else { only };
    let mut plan = Plan { parley, database: database_url, seed, long: end.is_some() };
    let (mut passed, mut failed) = (0, 0);
    loop {
        for scenario in &scenarios {
            match play(&plan, *scenario).await {
                Some(true) => passed += 1,
                Some(false) => failed += 1,
                None => {}
            }
            if end.is_some_and(|end| Instant::now() > end) {
                break;
            }
        }
        if end.is_none_or(|end| Instant::now() > end) {
            break;
        }
        plan.seed += 1;
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says what happened. Returns whether all was well; nothing if it cannot be tried here.
async fn play(plan: &Plan, scenario: Scenario) -> Option<bool> {
    let (began, name) = (Instant::now(), scenario.name());
    let mut stage = match Stage::set(plan, name).await {
        Ok(stage) => stage,
        Err(error) => {
            println!("{name:9} seed {}: {error:#}", plan.seed);
            return Some(false);
        }
    };
    let outcome = timeout(ENOUGH, scenario.play(&mut stage)).await;
    let outcome = outcome.unwrap_or_else(|_| Err(anyhow!("it takes more than {ENOUGH:?}")));
    let wrong = match &outcome {
        Ok(Outcome::Skipped(why)) => {
            println!("{name:9} skipped: {why}");
            return None;
        }
        Ok(Outcome::Played(did, found)) => {
            let stage::Found { clients, attempted, acknowledged, stored, wrong, .. } = found;
            println!(
                "{name:9} seed {}: {did}; {clients} clients said {attempted}, were answered {acknowledged}, \
                 {stored} are stored  {:.1} s",
                plan.seed,
                began.elapsed().as_secs_f64()
            );
            wrong.iter().take(20).cloned().collect()
        }
        Err(error) => vec![format!("{error:#}")],
    };
    if wrong.is_empty() {
        return Some(true);
    }
    let long = if plan.long { " --minutes 1" } else { "" };
    println!("FAILED {name} with seed {}", plan.seed);
    wrong.iter().for_each(|line| println!("  {line}"));
    println!("  the server's last words:\n{}", tail(&stage.launch.log, 20));
    println!("  again: bin/chaos --seed {} --only {name}{long}", plan.seed);
    println!("  kept: {}", stage.keep().display());
    Some(false)
}
