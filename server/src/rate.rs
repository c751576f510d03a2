//! Who may do something now: a bucket for each key, such as a person or an address. In memory alone: after a
//! restart everyone's is full. What is limited, and by which key, is in `limits`.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

use protocol::{Bucket, Rate, Refusal};
use tokio::time::Instant;

/// Full buckets are forgotten so often, in milliseconds.
const SWEEP_MS: u32 = 10_000;
/// More keys than can be remembered, in some 4 MB; whoever comes then waits for the next sweep.
const MAX_KEYS: usize = 100_000;

pub(crate) struct Limiter<K> {
    rate: Rate,
    began: Instant,
    book: Mutex<Book<K>>,
}

impl<K: Copy + Eq + Hash> Limiter<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, began: Instant::now(), book: Mutex::default() }
    }

    pub(crate) fn rate(&self) -> Rate {
        self.rate
    }

    /// # Errors
    /// Too fast, and when to try again.
    pub(crate) fn take(&self, key: K) -> Result<(), Refusal> {
        let now = self.now();
        self.book()
            .take(key, self.rate, now, MAX_KEYS)
            .map_err(|wait| Refusal::TooFast { retry_ms: u32::try_from(wait).unwrap_or(u32::MAX) })
    }

    /// Whether this one was too much for the key, which begins anew then. What cannot be remembered never is.
    pub(crate) fn overflows(&self, key: K) -> bool {
        let now = self.now();
        self.book().overflows(key, self.rate, now, MAX_KEYS)
    }

    /// What was taken and not used.
    pub(crate) fn give_back(&self, key: K) {
        if let Some(bucket) = self.book().buckets.get_mut(&key) {
            bucket.give_back(self.rate);
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn book(&self) -> MutexGuard<'_, Book<K>> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The buckets that are not known to be full.
struct Book<K> {
    buckets: HashMap<K, Bucket>,
    sweep_at: u64,
}

impl<K> Default for Book<K> {
    fn default() -> Self {
        Self { buckets: HashMap::new(), sweep_at: 0 }
    }
}

impl<K: Copy + Eq + Hash> Book<K> {
    fn take(&mut self, key: K, rate: Rate, now: u64, max: usize) -> Result<(), u64> {
        if now >= self.sweep_at {
            self.buckets.retain(|_, bucket| !bucket.is_full(now));
            self.sweep_at = now + u64::from(SWEEP_MS);
        }
        if self.buckets.len() >= max && !self.buckets.contains_key(&key) {
            return Err(self.sweep_at - now);
        }
        self.buckets.entry(key).or_default().take(rate, now)
    }

    fn overflows(&mut self, key: K, rate: Rate, now: u64, max: usize) -> bool {
        self.take(key, rate, now, max).is_err() && self.buckets.remove(&key).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::PersonId;

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
    fn what_was_too_much_begins_anew_and_what_cannot_be_remembered_is_never_too_much() {
        let mut book = Book::default();
        for (key, now, over) in [
            (ANA, 0, false),
            (ANA, 0, false),
            (ANA, 999, true),
            (ANA, 999, false),
            (ANA, 999, false),
            (ANA, 1999, false),
            (ANA, 1999, true),
            (BO, 1999, false),
            (CY, 1999, false),
            (CY, 1999, false),
            (CY, 1999, true),
        ] {
            assert_eq!(book.overflows(key, RATE, now, 2), over, "{key:?} at {now}");
        }
        for _ in 0..9 {
            assert!(!book.overflows(ANA, RATE, 1999, 1), "while there is no place for her");
        }
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
