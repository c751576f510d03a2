//! When rooms may end by the clock on the wall, which may be wrong. Pure: clocks are arguments.

use std::time::Duration;

/// How long nothing ends by a clock that jumped: somebody may set it right. Nor, after a start, what lasts for
/// days: it may have jumped before.
const CALM: Duration = Duration::from_secs(60 * 60);
/// By how much the clock may be ahead of the time that went by.
const SLACK: i64 = 60 * 1000;

pub(super) struct Patience {
    /// What lasts while somebody is there may end from then on. Since the server's start, as all durations
    /// here.
    brief: Duration,
    /// And everything else.
    all: Duration,
    /// Since when the clock is believed again.
    believed: Duration,
    /// When it was last asked, and what the clock said: milliseconds since 1970.
    last: (Duration, i64),
}

/// What may be done by the clock now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) noting: bool,
    pub(super) brief: bool,
    pub(super) all: bool,
}

impl Patience {
    /// At the server's start, at `wall`. People need `grace` to come back.
    pub(super) fn new(wall: i64, grace: Duration) -> Self {
        Self {
            brief: grace,
            all: grace.max(CALM),
            believed: Duration::ZERO,
            last: (Duration::ZERO, wall),
        }
    }

    pub(super) fn allows(&mut self, now: Duration, wall: i64) -> Allowed {
        let (before, said) = std::mem::replace(&mut self.last, (now, wall));
        let went = milliseconds(now.saturating_sub(before));
        if wall.saturating_sub(said) > went.saturating_add(SLACK) {
            tracing::warn!("the clock jumped ahead: no room ends for an hour");
            self.believed = now + CALM;
        }
        let noting = now >= self.believed;
        Allowed { noting, brief: noting && now >= self.brief, all: noting && now >= self.all }
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60 * 1000;
    const NOTHING: Allowed = Allowed { noting: false, brief: false, all: false };
    const NOTING: Allowed = Allowed { noting: true, ..NOTHING };
    const BRIEF: Allowed = Allowed { brief: true, ..NOTING };
    const ALL: Allowed = Allowed { all: true, ..BRIEF };

    /// What it allows at each of these moments: minutes since the start, and how far ahead the clock is.
    fn allowed(moments: &[(i64, i64)]) -> Vec<Allowed> {
        let mut patience = Patience::new(0, Duration::from_secs(600));
        let at = |minutes: i64| Duration::from_millis((minutes * MINUTE).unsigned_abs());
        let mut allows = |&(minutes, ahead): &(i64, i64)| {
            patience.allows(at(minutes), (minutes + ahead) * MINUTE)
        };
        moments.iter().map(&mut allows).collect()
    }

    #[test]
    fn after_a_start_people_have_time_to_come_back_and_a_clock_to_be_set_right() {
        let moments = [(0, 0), (9, 0), (10, 0), (59, 0), (60, 0)];
        assert_eq!(allowed(&moments), [NOTING, NOTING, BRIEF, BRIEF, ALL]);
    }

    #[test]
    fn a_clock_that_jumps_ends_nothing_for_an_hour() {
        for ahead in [2, 60, 60 * 24 * 365] {
            let moments = [(70, 0), (71, ahead), (130, ahead), (131, ahead)];
            assert_eq!(allowed(&moments), [ALL, NOTHING, NOTHING, ALL], "{ahead}");
        }
    }

    #[test]
    fn a_clock_that_is_set_right_again_is_one_that_jumps() {
        let moments = [(70, 0), (71, -60), (72, -60), (73, 0), (132, 0), (133, 0)];
        assert_eq!(allowed(&moments), [ALL, ALL, ALL, NOTHING, NOTHING, ALL]);
    }

    #[test]
    fn a_clock_that_goes_as_time_does_does_not_jump() {
        let moments: Vec<_> = (60..200).map(|minute| (minute, 0)).collect();
        assert!(allowed(&moments).iter().all(|allowed| *allowed == ALL));
    }
}
