//! What came while the reader did not look: how much it is, and when to tell them of it. Pure: time is an
//! argument, in milliseconds.

/// The reader may look at it in another tab or on another device, from which that is heard a moment later.
const PATIENCE: f64 = 1_000.0;
/// Whoever reads on elsewhere is heard of again by then.
const ELSEWHERE: f64 = 5_000.0;
/// From one notification to the next.
const PAUSE: f64 = 3_000.0;

/// How many messages others wrote, and of the newest who says what, if it is here.
pub(crate) type Said = (u32, Option<(String, String)>);

#[derive(Debug, Default)]
pub(crate) struct Missed {
    /// The place up to which nothing is missed: what was there when the reader looked away, or was read
    /// elsewhere since.
    known: u32,
    /// What came up to here and is not known is missed.
    missed: u32,
    /// The reader was told of what came up to here, or found it there.
    told: Option<u32>,
    /// When what came since then is missed too.
    due: Option<f64>,
    elsewhere_until: f64,
    not_before: f64,
}

/// What to do about it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct News {
    /// Messages of others that are missed.
    pub(crate) count: u32,
    /// Those that the reader is to be told of now.
    pub(crate) tell: Option<Said>,
    /// When to ask again, if nothing happens until then.
    pub(crate) next: Option<f64>,
}

impl Missed {
    /// Something was read elsewhere that is not seen here.
    pub(crate) fn read_elsewhere(&mut self, now: f64) {
        self.elsewhere_until = now + ELSEWHERE;
        self.due = self.due.map(|due| due.max(self.elsewhere_until));
    }

    /// `head` is the place of the newest message, `seen` up to which the reader has seen all, and `since`
    /// knows what others said after a place.
    pub(crate) fn step(
        &mut self,
        now: f64,
        looks: bool,
        (head, seen): (u32, u32),
        since: impl Fn(u32) -> Said,
    ) -> News {
        // The log may have become shorter.
        self.known = if looks { head } else { self.known.max(seen).min(head) };
        self.missed = self.missed.clamp(self.known, head);
        let told = self.told.unwrap_or(head).clamp(self.known, head);
        self.told = Some(told);
        if self.missed == head {
            self.due = None;
        } else {
            let due = *self.due.get_or_insert((now + PATIENCE).max(self.elsewhere_until));
            if now >= due {
                (self.missed, self.due) = (head, None);
            }
        }
        let count = if self.missed > self.known { since(self.known).0 } else { 0 };
        if count == 0 {
            // The reader's own words.
            self.known = self.missed;
        }
        let mut news = News { count, tell: None, next: self.due };
        if self.missed > told && now < self.not_before {
            news.next = Some(self.not_before);
        } else if self.missed > told {
            // Of those that are not missed yet too: the reader looks nowhere.
            news.tell = Some(since(told)).filter(|(count, _)| *count > 0);
            self.told = Some(head);
            if news.tell.is_some() {
                self.not_before = now + PAUSE;
            }
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log, in which `+` is a message of another's and `-` one of the reader's own.
    #[derive(Default)]
    struct Room {
        log: Vec<char>,
        seen: u32,
        missed: Missed,
    }

    impl Room {
        /// All of the log is known.
        fn looked_away(log: &str) -> Self {
            let mut room = Self { log: log.chars().collect(), ..Self::default() };
            room.step(-9e9, true);
            room
        }

        fn head(&self) -> u32 {
            u32::try_from(self.log.len()).unwrap_or(u32::MAX)
        }

        fn step(&mut self, now: f64, looks: bool) -> News {
            let (head, log) = (self.head(), &self.log);
            let since = |seq: u32| {
                let others =
                    log.iter().enumerate().skip(seq as usize).filter(|(_, one)| **one == '+');
                let newest =
                    others.clone().next_back().map(|(at, _)| ("Ana".into(), at.to_string()));
                (u32::try_from(others.count()).unwrap_or(u32::MAX), newest)
            };
            self.missed.step(now, looks, (head, self.seen), since)
        }

        /// Of a time: how many are missed, which one is told, and when to ask again.
        fn away(&mut self, now: f64, said: &str) -> (u32, Option<usize>, Option<f64>) {
            self.log.extend(said.chars());
            let News { count, tell, next } = self.step(now, false);
            let newest = tell.and_then(|(_, said)| said?.1.parse().ok());
            (count, newest, next)
        }
    }

    #[test]
    fn what_comes_is_missed_after_a_moment_and_told_once_in_three_seconds() {
        let mut room = Room::looked_away("++");
        for (now, said, news) in [
            (0.0, "", (0, None, None)),
            (0.0, "+", (0, None, Some(1_000.0))),
            (999.0, "", (0, None, Some(1_000.0))),
            (1_000.0, "", (1, Some(2), None)),
            (1_500.0, "+", (2, None, Some(2_500.0))),
            (2_500.0, "", (2, None, Some(4_000.0))),
            (3_900.0, "+", (3, None, Some(4_000.0))),
            (4_000.0, "", (3, Some(4), Some(4_900.0))),
            (4_900.0, "", (3, None, None)),
            (60_000.0, "+", (4, None, Some(61_000.0))),
            (61_000.0, "", (4, Some(5), None)),
            (90_000.0, "", (4, None, None)),
        ] {
            assert_eq!(room.away(now, said), news, "{now} {said}");
        }
    }

    #[test]
    fn ones_own_words_are_not_missed() {
        let mut room = Room::looked_away("+");
        assert_eq!(room.away(0.0, "--"), (0, None, Some(1_000.0)));
        assert_eq!(room.away(1_000.0, ""), (0, None, None));
        assert_eq!(room.away(1_100.0, "-+-").0, 0);
        assert_eq!(room.away(2_100.0, ""), (1, Some(4), None));
    }

    #[test]
    fn who_looks_misses_nothing_and_looking_ends_it_at_once() {
        let mut room = Room::looked_away("");
        room.log.extend("+++".chars());
        assert_eq!(room.step(0.0, true), News::default());
        room.away(1.0, "++");
        assert_eq!(room.away(1_001.0, "").0, 2);
        assert_eq!(room.step(1_100.0, true), News::default());
        assert_eq!(room.away(1_200.0, ""), (0, None, None));
        assert_eq!(room.away(1_300.0, "+"), (0, None, Some(2_300.0)));
    }

    #[test]
    fn a_page_that_was_opened_behind_another_misses_what_is_unread_and_tells_what_comes() {
        let mut room = Room { log: "+".repeat(10).chars().collect(), seen: 7, ..Room::default() };
        assert_eq!(room.away(0.0, ""), (0, None, Some(1_000.0)));
        assert_eq!(room.away(1_000.0, ""), (3, None, None));
        room.away(2_000.0, "+");
        assert_eq!(room.away(3_000.0, ""), (4, Some(10), None));
    }

    #[test]
    fn what_is_read_elsewhere_is_not_missed_and_whoever_reads_there_is_left_in_peace() {
        let mut room = Room::looked_away("");
        room.away(0.0, "+");
        room.seen = 1;
        room.missed.read_elsewhere(500.0);
        assert_eq!(room.away(500.0, ""), (0, None, None), "before it was told");
        assert_eq!(room.away(1_000.0, "+"), (0, None, Some(5_500.0)));
        room.missed.read_elsewhere(3_500.0);
        assert_eq!(room.away(5_500.0, ""), (0, None, Some(8_500.0)));
        room.seen = 2;
        assert_eq!(room.away(5_600.0, ""), (0, None, None));
        room.away(9_000.0, "++");
        assert_eq!(room.away(10_000.0, ""), (2, Some(3), None), "they stopped");
        room.seen = 4;
        assert_eq!(room.away(10_100.0, ""), (0, None, None), "after it was told");
    }

    #[test]
    fn after_the_log_became_shorter_only_what_comes_then_is_missed() {
        let mut room = Room::looked_away("++++");
        room.away(0.0, "+");
        room.away(1_000.0, "");
        (room.log, room.seen) = (vec!['+'], 1);
        assert_eq!(room.away(5_000.0, ""), (0, None, None));
        room.away(5_100.0, "+");
        assert_eq!(room.away(6_100.0, ""), (1, Some(1), None));
    }
}
