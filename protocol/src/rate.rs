//! How fast one person may post. Both sides count with the same bucket, so that a client waits where
//! the server would refuse. Pure: time is an argument, in milliseconds of any clock.

use serde::{Deserialize, Serialize};

/// So many at once, and then one each so many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    pub burst: u32,
    pub every_ms: u32,
}

impl Default for Rate {
    fn default() -> Self {
        Self { burst: 10, every_ms: 1000 }
    }
}

impl Rate {
    fn time(self, tokens: u32) -> u64 {
        u64::from(self.every_ms) * u64::from(tokens)
    }
}

/// A token bucket, kept as the one number that says all of it: when it will be full again. It starts
/// full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    full_at: u64,
}

impl Bucket {
    /// Empty, and with its next token at `at`.
    pub fn empty_until(at: u64, rate: Rate) -> Self {
        Self { full_at: at + rate.time(rate.burst.saturating_sub(1)) }
    }

    /// One that is full need not be remembered.
    pub fn is_full(self, now: u64) -> bool {
        self.full_at <= now
    }

    /// Takes a token.
    ///
    /// # Errors
    /// There is none, for so many milliseconds.
    pub fn take(&mut self, rate: Rate, now: u64) -> Result<(), u64> {
        match self.wait(rate, 1, now) {
            0 => {
                self.full_at = now + self.missing(rate, now) + rate.time(1);
                Ok(())
            }
            wait => Err(wait),
        }
    }

    /// Puts a token back that was taken and not used.
    pub fn give_back(&mut self, rate: Rate) {
        self.full_at = self.full_at.saturating_sub(rate.time(1));
    }

    /// Until the last of so many tokens can be taken, each as soon as it is there.
    pub fn wait(self, rate: Rate, tokens: u32, now: u64) -> u64 {
        (self.missing(rate, now) + rate.time(tokens)).saturating_sub(rate.time(rate.burst))
    }

    /// Until it is full; never longer than from empty, also when the clock was set back.
    fn missing(self, rate: Rate, now: u64) -> u64 {
        self.full_at.saturating_sub(now).min(rate.time(rate.burst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 3, every_ms: 1000 };

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let mut bucket = Bucket::default();
        for (now, taken) in [
            (5000, Ok(())),
            (5000, Ok(())),
            (5100, Ok(())),
            (5100, Err(900)),
            (5999, Err(1)),
            (6000, Ok(())),
            (6000, Err(1000)),
            (8000, Ok(())),
            (8000, Ok(())),
            (8000, Err(1000)),
        ] {
            assert_eq!(bucket.take(RATE, now), taken, "at {now}");
        }
    }

    #[test]
    fn it_is_full_again_after_a_while_and_never_more_than_full() {
        let mut bucket = Bucket::default();
        for start in [0, 100_000] {
            for _ in 0..3 {
                assert_eq!(bucket.take(RATE, start), Ok(()));
            }
            assert!(!bucket.is_full(start + 2999) && bucket.is_full(start + 3000));
        }
        assert_eq!(bucket.take(RATE, 100_000), Err(1000));
    }

    #[test]
    fn what_is_given_back_was_never_taken() {
        let mut bucket = Bucket::default();
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, 5000), Ok(()));
        }
        let before = bucket;
        assert_eq!(bucket.take(RATE, 6000), Ok(()));
        bucket.give_back(RATE);
        assert_eq!(bucket, before);
        for _ in 0..3 {
            bucket.give_back(RATE);
        }
        assert!(bucket.is_full(5000));
        bucket.give_back(RATE);
        let taken = [(); 4].map(|()| bucket.take(RATE, 5000));
        assert_eq!(taken, [Ok(()), Ok(()), Ok(()), Err(1000)], "full, and never more than full");
    }

    #[test]
    fn the_wait_for_several_is_the_wait_for_the_last() {
        let mut bucket = Bucket::default();
        assert_eq!([1, 3, 4, 7].map(|tokens| bucket.wait(RATE, tokens, 0)), [0, 0, 1000, 4000]);
        assert_eq!(bucket.take(RATE, 0), Ok(()));
        assert_eq!([2, 3, 4].map(|tokens| bucket.wait(RATE, tokens, 0)), [0, 1000, 2000]);
        assert_eq!(bucket.wait(RATE, 3, 700), 300);
    }

    #[test]
    fn one_that_is_told_to_wait_has_its_next_token_then_and_no_more() {
        let mut bucket = Bucket::empty_until(700, RATE);
        assert_eq!(bucket.take(RATE, 0), Err(700));
        assert_eq!(bucket.take(RATE, 700), Ok(()));
        assert_eq!(bucket.take(RATE, 700), Err(1000));
    }

    #[test]
    fn a_clock_that_was_set_back_costs_an_empty_bucket_at_most() {
        let mut bucket = Bucket::default();
        assert_eq!(bucket.take(RATE, 1_000_000), Ok(()));
        assert_eq!(bucket.take(RATE, 10), Err(1000));
        assert_eq!(bucket.take(RATE, 1_000_010), Ok(()));
    }
}
