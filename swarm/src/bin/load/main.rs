//! Load on a server with rooms, ours or a peer, and what it costs the server: everybody hears
//! everything that is said in their room, and whether they do is checked all the while. What is
//! measured goes to the standard output as JSON, its last line. One thread, so that it takes one processor, and at a
//! fixed rate another one that only says when.

mod crowd;
mod deliver;
mod dialect;
mod enter;
mod garbage;
mod line;
mod process;
mod tally;
mod text;
mod trouble;

use std::{io::stdin, net::SocketAddr, rc::Rc, time::Duration};

use anyhow::Result;
use clap::{Parser, Subcommand};
use serde::Serialize;
use swarm::chance::Chance;
use tokio::task::{JoinSet, LocalSet};

use crowd::Crowd;
use dialect::Dialect;
use process::Process;
use trouble::{SentAway, Trouble};

#[derive(Parser)]
struct Load {
    dialect: Dialect,
    /// Where the server is
    address: SocketAddr,
    /// The server's process; `enter` is told another one
    server: u32,
    /// How many rooms
    rooms: usize,
    /// Sockets in each
    people: usize,
    /// Rooms that each of them is in
    #[arg(long, default_value_t = 1)]
    each: usize,
    /// Something is said only in the first room of each of them
    #[arg(long)]
    first: bool,
    /// Each second one in a hundred types and looks away, and another one looks again
    #[arg(long)]
    stir: bool,
    /// Begins when for so many seconds nobody was told who came
    #[arg(long, default_value_t = 0)]
    settle: u64,
    /// How long it is measured
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// So many beside them in the first room who never read, and as many who send garbage
    #[arg(long, default_value_t = 0)]
    trouble: usize,
    /// Of what is garbage: the same seed sends the same
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Keeps so many texts of each room under way
    Closed { window: usize },
    /// Says so many texts a second, over all rooms
    Open { per_second: f64 },
    /// Says `seated`, is told which process the server is now, comes, and stays without a word
    Enter,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let load = Load::parse();
    LocalSet::new().run_until(run(load)).await
}

async fn run(load: Load) -> Result<()> {
    let Load { dialect, address, rooms, people, each, first, seconds, .. } = load;
    let server = Process(load.server);
    let seats = dialect.seats(address, rooms, people, each).await?;
    let lively = (0..rooms).step_by(if first { each } else { 1 }).collect();
    let crowd = Crowd::new(address, seats, lively);
    let mut listening = JoinSet::new();
    if let Task::Enter = load.task {
        let server = restarted()?;
        return say(&enter::enter(&crowd, &mut listening, server).await?);
    }
    crowd.enter(0..crowd.sockets(), &mut listening).await?;
    crowd.settle(Duration::from_secs(load.settle), &mut listening).await?;
    if load.stir {
        let crowd = Rc::clone(&crowd);
        listening.spawn_local(async move { crowd.stir().await });
    }
    let trouble = Trouble::make(address, &crowd, load.trouble, &Chance::new(load.seed));
    let measured = match load.task {
        Task::Closed { window } => {
            deliver::closed(&crowd, &mut listening, server, window, seconds).await?
        }
        Task::Open { per_second } => {
            deliver::open(&crowd, &mut listening, server, per_second, seconds).await?
        }
        Task::Enter => return Ok(()),
    };
    say(&Ran { measured, sent_away: trouble.sent_away() })
}

/// Everyone has got their session, and what the server needed for that is not to be measured: whoever started
/// it starts it again, and says which process it is then.
fn restarted() -> Result<Process> {
    println!("seated");
    let mut process = String::new();
    stdin().read_line(&mut process)?;
    Ok(Process(process.trim().parse()?))
}

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    measured: deliver::Measured,
    /// Of those who made trouble.
    sent_away: SentAway,
}

fn say(measured: &impl Serialize) -> Result<()> {
    println!("{}", serde_json::to_string(measured)?);
    Ok(())
}
