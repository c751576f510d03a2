//! What it costs the server that people come into a room with a past, and that they stay.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::Result;
use serde::Serialize;

use crate::{
    crowd::{Crowd, Listening, during},
    process::Process,
};

/// The first of them, for the server to have what it needs to have once.
const FIRST: usize = 100;
/// Texts that are said in the first room then: a server that keeps them shows them to whoever comes.
const PAST: usize = 50;
/// For what is told of whoever came.
const SETTLED: Duration = Duration::from_secs(3);

#[derive(Serialize)]
pub(crate) struct Measured {
    cpu_us_per_join: f64,
    kb_per_socket: f64,
}

pub(crate) async fn enter(
    crowd: &Rc<Crowd>,
    listening: &mut Listening,
    server: Process,
) -> Result<Measured> {
    let first = FIRST.min(crowd.sockets() / 2);
    crowd.enter(0..first, listening).await?;
    for _ in 0..PAST {
        crowd.say(0, Instant::now())?;
    }
    during(SETTLED, listening).await?;
    let (cpu, memory) = (server.cpu()?, server.memory()?);
    crowd.enter(first..crowd.sockets(), listening).await?;
    let joined = server.cpu()?;
    during(SETTLED, listening).await?;
    let count = f64::from(u32::try_from(crowd.sockets() - first)?);
    Ok(Measured {
        cpu_us_per_join: (joined - cpu) * 1e6 / count,
        kb_per_socket: (server.memory()? - memory) / count,
    })
}
