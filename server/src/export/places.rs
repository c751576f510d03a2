//! How many exports there may be at once: one of a person, some from an address, and so many in all. A place is its
//! file's until that is dropped; of whoever fetches no more of it for a while, it is anybody's.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use protocol::Refusal;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

use crate::{address::Network, config::Limits, store::PersonId};

/// Of all that are on their way, so many read a page at once, in turn: visitors of rooms wait for no more.
const READING: usize = 4;
/// In which the next page is fetched. A page is 128 KiB at most.
const PATIENCE: Duration = Duration::from_secs(60);
/// After which whoever finds no place asks again.
const RETRY_MS: u32 = 5000;

pub(crate) struct Places {
    most: Most,
    reading: Semaphore,
    book: Mutex<Book>,
}

#[derive(Clone, Copy)]
struct Most {
    per_address: usize,
    in_all: usize,
}

/// One of them, until it is dropped.
pub(super) struct Place {
    n: u64,
    places: Arc<Places>,
}

impl Places {
    pub(crate) fn new(limits: &Limits) -> Arc<Self> {
        let count = |setting| usize::try_from(setting).unwrap_or(usize::MAX);
        let most = Most {
            per_address: count(limits.exports_per_address),
            in_all: count(limits.exports_in_all),
        };
        Arc::new(Self { most, reading: Semaphore::new(READING), book: Mutex::default() })
    }

    /// # Errors
    /// They have one, or too many have, and when to ask again.
    pub(super) fn take(
        self: &Arc<Self>,
        person: PersonId,
        from: Option<Network>,
    ) -> Result<Place, Refusal> {
        let n = self.book().take(person, from, self.most, Instant::now())?;
        Ok(Place { n, places: self.clone() })
    }

    /// `None` never comes: nobody closes it.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.reading.acquire().await.ok()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// For another while, if it is theirs still.
    pub(super) fn keep(&self) -> bool {
        self.places.book().keep(self.n, Instant::now())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.book().held.remove(&self.n);
    }
}

#[derive(Default)]
struct Book {
    held: BTreeMap<u64, Held>,
    last: u64,
}

struct Held {
    person: PersonId,
    from: Option<Network>,
    kept_at: Instant,
}

impl Book {
    fn take(
        &mut self,
        person: PersonId,
        from: Option<Network>,
        most: Most,
        now: Instant,
    ) -> Result<u64, Refusal> {
        self.held.retain(|_, held| held.is_kept(now));
        let theirs = self.held.values().any(|held| held.person == person);
        let here = self.held.values().filter(|held| from.is_some() && held.from == from).count();
        if theirs || here >= most.per_address {
            return Err(Refusal::TooFast { retry_ms: RETRY_MS });
        }
        if self.held.len() >= most.in_all {
            return Err(Refusal::Busy { retry_ms: RETRY_MS });
        }
        self.last += 1;
        self.held.insert(self.last, Held { person, from, kept_at: now });
        Ok(self.last)
    }

    fn keep(&mut self, n: u64, now: Instant) -> bool {
        let held = self.held.get_mut(&n).filter(|held| held.is_kept(now));
        held.is_some_and(|held| {
            held.kept_at = now;
            true
        })
    }
}

impl Held {
    fn is_kept(&self, now: Instant) -> bool {
        now < self.kept_at + PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Proxies;

    const MOST: Most = Most { per_address: 2, in_all: 4 };
    const FAST: Result<u64, Refusal> = Err(Refusal::TooFast { retry_ms: RETRY_MS });
    const BUSY: Result<u64, Refusal> = Err(Refusal::Busy { retry_ms: RETRY_MS });

    fn at(last: u8) -> Option<Network> {
        Proxies::new(Vec::new(), false).of_socket([203, 0, 113, last].into())
    }

    #[test]
    fn a_person_has_one_place_an_address_some_and_the_others_theirs() {
        let (mut book, now) = (Book::default(), Instant::now());
        for (person, from, taken) in [
            (1, at(5), Ok(1)),
            (1, at(5), FAST),
            (1, at(6), FAST),
            (2, at(5), Ok(2)),
            (3, at(5), FAST),
            (3, at(6), Ok(3)),
            (4, None, Ok(4)),
            (5, at(7), BUSY),
            (6, None, BUSY),
        ] {
            assert_eq!(book.take(PersonId(person), from, MOST, now), taken, "{person}");
        }
        book.held.remove(&1);
        assert_eq!(book.take(PersonId(3), at(5), MOST, now), FAST, "who has one elsewhere");
        assert_eq!(book.take(PersonId(5), at(5), MOST, now), Ok(5));
    }

    #[test]
    fn where_anybody_may_be_behind_an_address_it_has_as_many_as_there_are() {
        let (mut book, now) = (Book::default(), Instant::now());
        for n in 1..=4_u64 {
            assert_eq!(book.take(PersonId(n.cast_signed()), None, MOST, now), Ok(n));
        }
    }

    #[test]
    fn a_place_that_is_not_kept_for_a_while_is_anybodys() {
        let (mut book, began) = (Book::default(), Instant::now());
        let at = |seconds| began + Duration::from_secs(seconds);
        let one = Most { per_address: 1, in_all: 1 };
        assert_eq!(book.take(PersonId(1), None, one, at(0)), Ok(1));
        assert!(book.keep(1, at(59)));
        assert_eq!(book.take(PersonId(2), None, one, at(118)), BUSY, "she fetches on");
        assert_eq!(book.take(PersonId(2), None, one, at(119)), Ok(2));
        assert!(!book.keep(1, at(119)), "she comes too late");
        assert!(book.keep(2, at(178)));
        assert!(!book.keep(2, at(238)), "nor does he keep it, though nobody else wants it");
        assert_eq!(book.take(PersonId(2), None, one, at(238)), Ok(3), "he begins anew");
    }
}
