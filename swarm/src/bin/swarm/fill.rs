//! A room with a past. Whoever says one message waits for it, and there are many of them, so that
//! the server has many to write at once. It needs a server that lets people talk as fast as they can.

use anyhow::Result;
use futures::future::try_join_all;
use protocol::{Event, Value};
use swarm::person::{Door, Person};

use crate::talk::text;

const PEOPLE: usize = 10;
const SOCKETS_EACH: usize = 10;

pub(crate) async fn fill(door: &Door, messages: usize) -> Result<()> {
    let people = door.join_all("Teller", PEOPLE).await?;
    let tellers = PEOPLE * SOCKETS_EACH;
    let parts = (0..tellers).map(|at| tell(&people[at % PEOPLE], (at..messages).step_by(tellers)));
    try_join_all(parts).await?;
    Ok(())
}

async fn tell(person: &Person, which: impl Iterator<Item = usize>) -> Result<()> {
    let (mut voice, mut ear) = person.connect().await?;
    for n in which {
        voice.post(&text(n)).await?;
        // Who does not follow the room hears of their own messages only.
        ear.until(is_said).await?;
    }
    Ok(())
}

fn is_said(event: &Event) -> bool {
    let Event::Changes(changes) = event else { return false };
    changes.values.iter().any(|value| matches!(value, Value::Message(_)))
}
