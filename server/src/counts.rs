//! How much the server did since its start, for whoever runs it. In memory alone.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

pub(crate) struct Counts {
    began: Instant,
    posted: AtomicU64,
    minutes: Mutex<Minutes>,
    /// By their codes, of which there are a few.
    refused: Mutex<BTreeMap<&'static str, u64>>,
}

impl Counts {
    pub(crate) fn new() -> Self {
        let (posted, minutes, refused) = Default::default();
        Self { began: Instant::now(), posted, minutes, refused }
    }

    pub(crate) fn up(&self) -> Duration {
        self.began.elapsed()
    }

    pub(crate) fn post(&self) {
        self.posted.fetch_add(1, Ordering::Relaxed);
        self.minutes().at(self.minute()).0 += 1;
    }

    pub(crate) fn posted(&self) -> u64 {
        self.posted.load(Ordering::Relaxed)
    }

    pub(crate) fn posted_last_minute(&self) -> u32 {
        self.minutes().at(self.minute()).1
    }

    pub(crate) fn refuse(&self, code: &'static str) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner).entry(code).or_default() += 1;
    }

    pub(crate) fn refused(&self) -> BTreeMap<String, u64> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect()
    }

    fn minute(&self) -> u64 {
        self.up().as_secs() / 60
    }

    fn minutes(&self) -> MutexGuard<'_, Minutes> {
        self.minutes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was counted in this minute, and in the one before it.
#[derive(Default)]
struct Minutes {
    minute: u64,
    counted: (u32, u32),
}

impl Minutes {
    fn at(&mut self, minute: u64) -> &mut (u32, u32) {
        if minute > self.minute {
            let before = if minute == self.minute + 1 { self.counted.0 } else { 0 };
            (self.minute, self.counted) = (minute, (0, before));
        }
        &mut self.counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_full_minute_is_told() {
        let mut minutes = Minutes::default();
        for (minute, posts, before) in [(0, 3, 0), (0, 2, 0), (1, 4, 5), (2, 1, 4), (4, 0, 0)] {
            let counted = minutes.at(minute);
            counted.0 += posts;
            assert_eq!(counted.1, before, "in minute {minute}");
        }
    }
}
