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

/// Milliseconds since 1970 in a zone, or in UTC without one.
#[derive(Clone, Copy)]
pub struct Clock(pub fn(Option<&Zone>, i64) -> LocalTime);
