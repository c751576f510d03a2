//! Who may post now: a bucket for each person, over all their rooms, connections and forms. In memory
//! alone: after a restart everyone's is full.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use protocol::{Bucket, Rate, Refusal};
use tokio::time::Instant;

use crate::store::PersonId;

/// Full buckets are forgotten so often, in milliseconds.
const SWEEP_MS: u32 = 10_000;
/// More people than can be remembered; whoever comes then waits for the next sweep.
const MAX_PEOPLE: usize = 100_000;

pub(crate) struct Limiter {
    rate: Rate,
    began: Instant,
    book: Mutex<Book>,
}

impl Limiter {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, began: Instant::now(), book: Mutex::default() }
    }

    pub(crate) fn rate(&self) -> Rate {
        self.rate
    }

    /// # Errors
    /// Too fast, and when to try again.
    pub(crate) fn post(&self, person: PersonId) -> Result<(), Refusal> {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.take(person, self.rate, now, MAX_PEOPLE)
            .map_err(|wait| Refusal::TooFast { retry_ms: u32::try_from(wait).unwrap_or(u32::MAX) })
    }
}

/// The buckets that are not known to be full.
#[derive(Default)]
struct Book {
    buckets: HashMap<PersonId, Bucket>,
    sweep_at: u64,
}

impl Book {
    fn take(&mut self, person: PersonId, rate: Rate, now: u64, max: usize) -> Result<(), u64> {
        if now >= self.sweep_at {
            self.buckets.retain(|_, bucket| !bucket.is_full(now));
            self.sweep_at = now + u64::from(SWEEP_MS);
        }
        if self.buckets.len() >= max && !self.buckets.contains_key(&person) {
            return Err(self.sweep_at - now);
        }
        self.buckets.entry(person).or_default().take(rate, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 2, every_ms: 1000 };
    const ANA: PersonId = PersonId(1);
    const BO: PersonId = PersonId(2);
    const CY: PersonId = PersonId(3);

    #[test]
    fn one_who_is_too_fast_slows_nobody_else_down() {
        let mut book = Book::default();
        let taken = [ANA, ANA, ANA, BO, BO].map(|person| book.take(person, RATE, 0, 9));
        assert_eq!(taken, [Ok(()), Ok(()), Err(1000), Ok(()), Ok(())]);
    }

    #[test]
    fn people_are_forgotten_when_their_buckets_are_full_and_never_more_remembered_than_may_be() {
        let mut book = Book::default();
        for (person, now, taken) in [
            (ANA, 0, Ok(())),
            (BO, 9000, Ok(())),
            (CY, 9000, Err(1000)),
            (BO, 9500, Ok(())),
            // Ana is forgotten by now, and Bo is not.
            (CY, 10_000, Ok(())),
            (BO, 10_000, Ok(())),
            (BO, 10_000, Err(1000)),
            (ANA, 10_000, Err(10_000)),
        ] {
            assert_eq!(book.take(person, RATE, now, 2), taken, "{person:?} at {now}");
            assert!(book.buckets.len() <= 2);
        }
    }
}
