//! Many people without browsers, in one room: they fill it, open it, talk in it, come and go. What is
//! measured goes to the standard output as JSON; what it means is said where it is asked for, in
//! `end2end/bench/`.

mod fill;
mod open;
mod stir;
mod talk;

use clap::{Parser, Subcommand};
use reqwest::Url;

use swarm::person::Door;

#[derive(Parser)]
struct Swarm {
    /// Where the room is, such as http://127.0.0.1:3000/r/KMRT
    room: Url,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Says so many messages, as fast as the server takes them
    Fill { messages: usize },
    /// Opens the room so many times in each way, also before the message DEEP; prints how many ms
    /// each took
    Open { times: usize, deep: u32 },
    /// So many people follow the room; for each line `PER_SECOND SECONDS` that it reads, they talk
    Talk { people: usize },
    /// So many people come, go, look away and type, and say nothing; prints how many bytes each of
    /// those who stayed got in so many seconds
    Stir { people: usize, seconds: usize },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Swarm { room, task } = Swarm::parse();
    let door = Door::new(room)?;
    match task {
        Task::Fill { messages } => fill::fill(&door, messages).await,
        Task::Open { times, deep } => open::open(&door, times, deep).await,
        Task::Talk { people } => talk::talk(&door, people).await,
        Task::Stir { people, seconds } => stir::stir(&door, people, seconds).await,
    }
}
