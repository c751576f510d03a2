//! Times in the reader's zone. Server and browser have different databases of zones, so each brings
//! its own way to look one up.

use protocol::Zone;

/// A moment as a clock on the wall shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LocalTime {
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
}

impl LocalTime {
    /// `08:05`
    pub(crate) fn hours(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// `2026-10-13T08:05Z`, as HTML's `datetime` takes it, of a time in UTC.
    pub(crate) fn machine(self) -> String {
        let Self { year, month, day, .. } = self;
        format!("{year:04}-{month:02}-{day:02}T{}Z", self.hours())
    }
}

/// Milliseconds since 1970 in a zone, or in UTC without one.
#[derive(Clone, Copy)]
pub struct Clock(pub fn(Option<&Zone>, i64) -> LocalTime);
