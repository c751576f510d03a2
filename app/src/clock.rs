//! Times in the reader's zone. Server and browser have different databases of zones, so each brings
//! its own way to look one up.

use protocol::{Hours, Zone};

/// A moment as a clock on the wall and a calendar show it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LocalTime {
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    /// As the reader chose: `None` as their language has it.
    pub hours: Option<Hours>,
}

impl LocalTime {
    /// For a reader of this choice.
    #[must_use]
    pub fn by(self, hours: Option<Hours>) -> Self {
        Self { hours, ..self }
    }

    /// `08:05`
    pub fn of_24(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// `8:05`, and whether it is before noon.
    pub(crate) fn of_12(self) -> (String, bool) {
        let hour = match self.hour % 12 {
            0 => 12,
            hour => hour,
        };
        (format!("{hour}:{:02}", self.minute), self.hour < 12)
    }

    /// `2026-10-13`, as HTML's `datetime` and `date` take it.
    pub fn date(self) -> String {
        let Self { year, month, day, .. } = self;
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `2026-10-13T08:05Z`, as HTML's `datetime` takes it, of a time in UTC.
    pub fn machine(self) -> String {
        format!("{}T{}Z", self.date(), self.of_24())
    }

    /// Days since 1 January 1970 in the Gregorian calendar. A year is taken to begin with March, so
    /// that its months have 153 days in five, and the odd one is at its end.
    pub(crate) fn days(self) -> i32 {
        let (year, month) = (self.year - i32::from(self.month < 3), i32::from(self.month));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i32::from(self.day) - 1;
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
            - 719_468
    }

    /// From 0 for Sunday.
    pub(crate) fn weekday(self) -> usize {
        (self.days() + 4).rem_euclid(7) as usize
    }
}

/// Draws what there is, but only about so many of the new messages. Says how many it drew.
pub type Draw = Box<dyn FnOnce(usize) -> usize>;

/// Milliseconds since 1970, as they are shown in a zone, or in UTC without one.
#[derive(Clone, Copy)]
pub struct Clock {
    pub local: fn(Option<&Zone>, i64) -> LocalTime,
    pub now: fn() -> i64,
    /// Draws when there is time for it; where nothing is painted, at once.
    pub soon: fn(Draw),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_of_twelve_hours_knows_no_zero() {
        for (hour, shown, morning) in [
            (0, "12:05", true),
            (1, "1:05", true),
            (11, "11:05", true),
            (12, "12:05", false),
            (23, "11:05", false),
        ] {
            let time = LocalTime { hour, minute: 5, ..LocalTime::default() };
            assert_eq!(time.of_12(), (shown.to_owned(), morning), "{}", time.of_24());
        }
    }

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        for (year, month, day, days, weekday) in [
            (1970, 1, 1, 0, 4),
            (1969, 12, 31, -1, 3),
            (2000, 2, 29, 11_016, 2),
            (2000, 3, 1, 11_017, 3),
            (2026, 10, 13, 20_739, 2),
            (2100, 3, 1, 47_541, 1),
        ] {
            let time = LocalTime { year, month, day, ..LocalTime::default() };
            assert_eq!((time.days(), time.weekday()), (days, weekday), "{}", time.date());
        }
    }
}
