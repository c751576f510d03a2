//! A lively room in which nobody says anything: what it costs each client to see who is here and who
//! types. Half of the people come and go; the others stay, look away and type.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use protocol::Command;
use tokio::{
    task::JoinHandle,
    time::{Interval, interval},
};

use swarm::person::{Door, Person, Voice, follow_all, hear};

/// Seconds that somebody is gone or looks away.
const AWAY: usize = 10;

struct Crowd {
    staying: Vec<(Voice, Arc<AtomicU64>)>,
    here: VecDeque<(Person, JoinHandle<()>)>,
    gone: VecDeque<Person>,
    /// So many go each second, come back, look away and look again; and twice as many type.
    share: usize,
    seconds: usize,
}

/// Begins to measure when as many come back as go.
pub(crate) async fn stir(door: &Door, people: usize, seconds: usize) -> Result<()> {
    let mut crowd = Crowd::enter(door, people).await?;
    let mut clock = interval(Duration::from_secs(1));
    crowd.live(&mut clock, 2 * AWAY).await?;
    let before = crowd.bytes();
    crowd.live(&mut clock, seconds).await?;
    let bytes = crowd.bytes().into_iter().zip(before).map(|(now, before)| now - before);
    let a_second: Vec<_> = bytes.map(|bytes| bytes / seconds as u64).collect();
    println!("{}", serde_json::to_string(&a_second)?);
    Ok(())
}

impl Crowd {
    async fn enter(door: &Door, people: usize) -> Result<Self> {
        let (stayers, movers) = (people - people / 2, people / 2);
        let mut staying = Vec::new();
        for (voice, ear) in follow_all(&door.join_all("Stayer", stayers).await?).await? {
            let bytes = Arc::default();
            hear(ear, Arc::clone(&bytes));
            staying.push((voice, bytes));
        }
        let movers = door.join_all("Mover", movers).await?;
        let ears = follow_all(&movers).await?.into_iter().map(|(_, ear)| hear(ear, Arc::default()));
        let here = movers.into_iter().zip(ears).collect();
        Ok(Self { staying, here, gone: VecDeque::new(), share: people.div_ceil(100), seconds: 0 })
    }

    async fn live(&mut self, clock: &mut Interval, seconds: usize) -> Result<()> {
        for _ in 0..seconds {
            clock.tick().await;
            self.second().await?;
        }
        Ok(())
    }

    async fn second(&mut self) -> Result<()> {
        for _ in 0..self.share {
            let Some((person, ear)) = self.here.pop_front() else { break };
            // Without a word, as when a tab is closed.
            ear.abort();
            self.gone.push_back(person);
        }
        while self.gone.len() > self.share * AWAY
            && let Some(person) = self.gone.pop_front()
        {
            let (_, ear) = person.follow().await?;
            self.here.push_back((person, hear(ear, Arc::default())));
        }
        self.look(self.seconds, true).await?;
        if let Some(before) = self.seconds.checked_sub(AWAY) {
            self.look(before, false).await?;
        }
        for at in self.turn(self.seconds * 2).chain(self.turn(self.seconds * 2 + 1)) {
            self.staying[at].0.types().await?;
        }
        self.seconds += 1;
        Ok(())
    }

    async fn look(&mut self, turn: usize, away: bool) -> Result<()> {
        for at in self.turn(turn) {
            self.staying[at].0.say(Command::Away { away }).await?;
        }
        Ok(())
    }

    /// Whose turn it is of those who stay.
    fn turn(&self, turn: usize) -> impl Iterator<Item = usize> + use<> {
        let (share, all) = (self.share, self.staying.len());
        (turn * share..(turn + 1) * share).map(move |at| at % all)
    }

    fn bytes(&self) -> Vec<u64> {
        self.staying.iter().map(|(_, bytes)| bytes.load(Ordering::Relaxed)).collect()
    }
}
