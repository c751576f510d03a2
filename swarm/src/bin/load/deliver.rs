//! What a delivery costs the server and how long it takes: one text that reaches one socket.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde::Serialize;
use tokio::sync::mpsc::{Receiver, channel};

use crate::{
    crowd::{Crowd, Listening, during, unless},
    process::Process,
    tally::Counted,
};

/// Before anything is counted.
const WARM_UP: Duration = Duration::from_secs(1);
/// Of the deliveries a second that were asked for, or something else was measured.
const REACHED: f64 = 0.95;

#[derive(Serialize)]
pub(crate) struct Measured {
    /// The server's processor time, over all that it delivered.
    cpu_us_per_delivery: f64,
    /// To those who are listened to.
    deliveries_per_second: f64,
    texts_per_second: f64,
    /// From the moment when a text is said, or should have been, until a socket has it.
    p50_ms: f64,
    p99_ms: f64,
    /// Who is here, to the socket that got most of it and of who is typing.
    presence_bytes_per_second: f64,
    /// Who is typing, to the same.
    typing_bytes_per_second: f64,
}

/// Keeps so many texts of each room under way: when everyone has heard one, the next is said.
pub(crate) async fn closed(
    crowd: &Crowd,
    listening: &mut Listening,
    server: Process,
    window: usize,
    seconds: u64,
) -> Result<Measured> {
    crowd.on_and_on.set(true);
    let now = Instant::now();
    for room in crowd.lively.repeat(window) {
        crowd.say(room, now)?;
    }
    during(WARM_UP, listening).await?;
    let began = Reading::take(crowd, server)?;
    during(Duration::from_secs(seconds), listening).await?;
    let measured = began.until_now(crowd, server)?;
    crowd.end(listening).await?;
    Ok(measured)
}

/// Says so many texts a second, one room after the other, however long each takes.
pub(crate) async fn open(
    crowd: &Crowd,
    listening: &mut Listening,
    server: Process,
    per_second: f64,
    seconds: u64,
) -> Result<Measured> {
    let warm = talk(crowd, per_second, WARM_UP);
    unless(warm, listening).await??;
    let began = Reading::take(crowd, server)?;
    let talk = talk(crowd, per_second, Duration::from_secs(seconds));
    unless(talk, listening).await??;
    let measured = began.until_now(crowd, server)?;
    crowd.end(listening).await?;
    let asked = per_second * crowd.people_in_lively_rooms();
    is_reached(asked, measured.deliveries_per_second)?;
    Ok(measured)
}

/// What is said later than it should be loads the server less, and what is not heard in time is not measured.
fn is_reached(asked: f64, delivered: f64) -> Result<()> {
    ensure!(
        delivered >= REACHED * asked,
        "{delivered:.0} deliveries a second of the {asked:.0} that were asked for"
    );
    Ok(())
}

async fn talk(crowd: &Crowd, per_second: f64, time: Duration) -> Result<()> {
    let mut due = clock(Duration::from_secs_f64(1.0 / per_second), time);
    let mut rooms = crowd.lively.iter().cycle();
    while let Some(due) = due.recv().await {
        rooms.next().map_or(Ok(()), |room| crowd.say(*room, due))?;
    }
    Ok(())
}

/// Strikes again and again for so long, and says of each stroke when it was due, however late it is heard. The
/// runtime's own timer may be two milliseconds late.
fn clock(every: Duration, time: Duration) -> Receiver<Instant> {
    let (strike, struck) = channel(1);
    thread::spawn(move || {
        let mut due = Instant::now();
        let end = due + time;
        while due < end {
            #[expect(
                clippy::disallowed_methods,
                reason = "a thread of its own, which does nothing else"
            )]
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if strike.blocking_send(due).is_err() {
                break;
            }
            due += every;
        }
    });
    struck
}

struct Reading {
    at: Instant,
    cpu: f64,
}

impl Reading {
    fn take(crowd: &Crowd, server: Process) -> Result<Self> {
        crowd.tally.borrow_mut().restart();
        Ok(Self { at: Instant::now(), cpu: server.cpu()? })
    }

    fn until_now(self, crowd: &Crowd, server: Process) -> Result<Measured> {
        let (cpu, seconds) = (server.cpu()? - self.cpu, self.at.elapsed().as_secs_f64());
        let tally = crowd.tally.borrow();
        let Counted { texts, beside, told: [here, typing], took } = tally.counted();
        let mut took = took.to_vec();
        took.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let [texts, beside, here, typing, deliveries] =
            [texts, beside, here, typing, took.len()].map(|count| count as f64);
        let quantile = |percent: usize| {
            let rank = (took.len() * percent).div_ceil(100).max(1) - 1;
            took.get(rank).map_or(f64::NAN, |us| f64::from(*us) / 1e3)
        };
        Ok(Measured {
            cpu_us_per_delivery: cpu * 1e6 / (deliveries + beside),
            deliveries_per_second: deliveries / seconds,
            texts_per_second: texts / seconds,
            p50_ms: quantile(50),
            p99_ms: quantile(99),
            presence_bytes_per_second: here / seconds,
            typing_bytes_per_second: typing / seconds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_that_was_asked_for_is_reached_or_nothing_is_measured() {
        for (asked, delivered, reached) in [
            (20_000.0, 20_400.0, true),
            (20_000.0, 19_001.0, true),
            (20_000.0, 18_999.0, false),
            (20_000.0, 0.0, false),
            (20_000.0, f64::NAN, false),
        ] {
            assert_eq!(is_reached(asked, delivered).is_ok(), reached, "{delivered} of {asked}");
        }
    }
}
