//! Torments the real server, one fault after the other, while people talk, and then asks everyone what
//! they know. Each scenario is repeated by its seed, as far as processes allow.

mod database;
mod parley;
mod proxy;
mod scenarios;
mod stage;
mod trace;
mod wal;

use std::{
    iter,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Result, anyhow, ensure};
use clap::Parser;
use tokio::time::timeout;

use database::Database;
use parley::tail;
use scenarios::{Outcome, Scenario};
use stage::{Plan, Stage};
use trace::Denied;

/// Far more than any scenario takes.
const ENOUGH: Duration = Duration::from_secs(180);

#[derive(Parser)]
struct Chaos {
    /// The program that is tormented
    #[arg(long, env = "PARLEY", default_value = "target/release/parley")]
    parley: PathBuf,
    /// Where it keeps its data: sqlite, postgres for a PostgreSQL of its own, or the URL of another, empty
    /// or not [default: sqlite, and postgres where its programs are]
    #[arg(long)]
    database: Vec<Database>,
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
    let Chaos { parley, database, minutes, seed, only } = Chaos::parse();
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let seed = seed.unwrap_or(if minutes.is_some() { since } else { 1 });
    let (end, long) =
        (minutes.map(|n| Instant::now() + Duration::from_secs(n * 60)), minutes.is_some());
    let databases = if database.is_empty() { there() } else { database };
    let scenarios = if only.is_empty() { Scenario::ALL.to_vec() } else { only };
    let pairs = databases.iter().flat_map(|one| iter::repeat(one).zip(&scenarios));
    let played: Vec<_> = pairs.filter(|(database, one)| one.is_for(database, long)).collect();
    ensure!(!played.is_empty(), "none of these scenarios is for such a database");
    let (mut passed, mut failed) = (0, 0);
    for seed in seed.. {
        for (database, scenario) in &played {
            let (parley, database) = (parley.clone(), (*database).clone());
            match play(&Plan { parley, database, seed, long }, **scenario).await {
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
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What can be had here.
fn there() -> Vec<Database> {
    let missing = cluster::missing();
    missing.iter().for_each(|why| println!("without postgres: {why}"));
    let postgres = missing.is_none().then_some(Database::Postgres);
    [Database::Sqlite].into_iter().chain(postgres).collect()
}

/// Says what happened. Returns whether all was well; nothing if it cannot be tried here.
async fn play(plan: &Plan, scenario: Scenario) -> Option<bool> {
    let (began, name, database) = (Instant::now(), scenario.name(), &plan.database);
    let mut stage = match Stage::set(plan, name).await {
        Ok(stage) => stage,
        Err(error) => {
            println!("{name:8} {database}, seed {}: {error:#}", plan.seed);
            return Some(false);
        }
    };
    let outcome = timeout(ENOUGH, scenario.play(&mut stage)).await;
    let outcome = outcome.unwrap_or_else(|_| Err(anyhow!("it takes more than {ENOUGH:?}")));
    let skips = |denied: Denied| Outcome::Skipped(denied.to_string());
    let outcome = outcome.or_else(|error| error.downcast().map(skips));
    let wrong = match &outcome {
        Ok(Outcome::Skipped(why)) => {
            println!("{name:8} {database}, skipped: {why}");
            return None;
        }
        Ok(Outcome::Played(did, found)) => {
            let stage::Found { clients, attempted, acknowledged, stored, wrong, .. } = found;
            println!(
                "{name:8} {database}, seed {}: {did}; {clients} clients said {attempted}, were answered {acknowledged}, \
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
    println!("FAILED {name} on {database} with seed {}", plan.seed);
    wrong.iter().for_each(|line| println!("  {line}"));
    println!("  the server's last words:\n{}", tail(&stage.launch.log, 20));
    println!("  again: bin/chaos --seed {} --only {name} --database {database}{long}", plan.seed);
    println!("  kept: {}", stage.keep().display());
    Some(false)
}
