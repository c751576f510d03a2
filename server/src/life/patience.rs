//! When rooms may end by the clock on the wall, which may be wrong. Pure: clocks are arguments.

use std::time::Duration;

/// How long nothing ends by a clock that jumped: somebody may set it right.
const CALM: Duration = Duration::from_secs(60 * 60);
/// By how much the clock may be ahead of the time that went by.
const SLACK: i64 = 60 * 1000;

pub(super) struct Patience {
    /// Since the server's start, as all durations here.
    until: Duration,
    /// When it was last asked, and what the clock said: milliseconds since 1970.
    last: (Duration, i64),
}

impl Patience {
    /// At the server's start, at `wall`. People need `grace` to come back. Where nothing happened for long,
    /// either nobody was there or the clock is wrong.
    pub(super) fn new(wall: i64, last_use: Option<i64>, grace: Duration) -> Self {
        let idle = last_use.map_or(0, |last_use| wall.saturating_sub(last_use));
        let doubted = idle > milliseconds(CALM);
        Self { until: if doubted { grace.max(CALM) } else { grace }, last: (Duration::ZERO, wall) }
    }

    /// Whether rooms may end now.
    pub(super) fn allows(&mut self, now: Duration, wall: i64) -> bool {
        let (before, said) = std::mem::replace(&mut self.last, (now, wall));
        let went = milliseconds(now.saturating_sub(before));
        if wall.saturating_sub(said) > went.saturating_add(SLACK) {
            tracing::warn!("the clock jumped ahead: no room ends for an hour");
            self.until = self.until.max(now + CALM);
        }
        now >= self.until
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60 * 1000;
    const GRACE: Duration = Duration::from_secs(600);

    /// What it allows at each of these moments: minutes since the start, and how far ahead the clock is.
    fn allowed(mut patience: Patience, moments: &[(i64, i64)]) -> Vec<bool> {
        let at = |minutes: i64| Duration::from_millis((minutes * MINUTE).unsigned_abs());
        moments
            .iter()
            .map(|(minutes, ahead)| patience.allows(at(*minutes), (minutes + ahead) * MINUTE))
            .collect()
    }

    #[test]
    fn after_a_start_people_have_time_to_come_back() {
        let moments = [(0, 0), (9, 0), (10, 0), (11, 0)];
        assert_eq!(allowed(Patience::new(0, None, GRACE), &moments), [false, false, true, true]);
        let busy = Patience::new(0, Some(-50 * MINUTE), GRACE);
        assert_eq!(allowed(busy, &moments), [false, false, true, true]);
        let idle = Patience::new(0, Some(-70 * MINUTE), GRACE);
        assert_eq!(allowed(idle, &[(11, 0), (59, 0), (60, 0)]), [false, false, true]);
    }

    #[test]
    fn a_clock_that_jumps_ends_nothing_for_an_hour() {
        for ahead in [2, 60, 60 * 24 * 365] {
            let moments = [(20, 0), (21, ahead), (80, ahead), (81, ahead)];
            let allowed = allowed(Patience::new(0, None, GRACE), &moments);
            assert_eq!(allowed, [true, false, false, true], "{ahead}");
        }
    }

    #[test]
    fn a_clock_that_is_set_right_again_is_one_that_jumps() {
        let moments = [(20, 0), (21, -60), (22, -60), (23, 0), (82, 0), (83, 0)];
        let allowed = allowed(Patience::new(0, None, GRACE), &moments);
        assert_eq!(allowed, [true, true, true, false, false, true]);
    }

    #[test]
    fn a_clock_that_is_corrected_little_by_little_does_not_jump() {
        let moments: Vec<_> = (20..200).map(|minute| (minute, 0)).collect();
        assert!(allowed(Patience::new(0, None, GRACE), &moments).iter().all(|allowed| *allowed));
    }
}
