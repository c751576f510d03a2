//! What time it is, and how a clock on a wall somewhere shows it.

use std::time::{SystemTime, UNIX_EPOCH};

use app::{Clock, LocalTime};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use protocol::{Day, Zone};

/// Milliseconds since 1970, UTC.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

pub(crate) fn clock() -> Clock {
    Clock { local, now, soon: |draw| _ = draw(usize::MAX) }
}

/// When this day begins there, if there is such a day.
pub(crate) fn begins(zone: Option<&Zone>, day: &Day) -> Option<i64> {
    let day: Date = day.as_str().parse().ok()?;
    Some(day.to_zoned(time_zone(zone)).ok()?.timestamp().as_millisecond())
}

pub(crate) fn knows(zone: &Zone) -> bool {
    TimeZone::get(zone.as_str()).is_ok()
}

/// UTC in a zone that nobody knows: the browser corrects it.
fn time_zone(zone: Option<&Zone>) -> TimeZone {
    zone.and_then(|zone| TimeZone::get(zone.as_str()).ok()).unwrap_or(TimeZone::UTC)
}

fn local(zone: Option<&Zone>, at: i64) -> LocalTime {
    let time = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(time_zone(zone));
    // The ranges are jiff's: none is negative.
    let small = |value: i8| u8::try_from(value).unwrap_or_default();
    LocalTime {
        year: time.year().into(),
        month: small(time.month()),
        day: small(time.day()),
        hour: small(time.hour()),
        minute: small(time.minute()),
        hours: None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_as_clocks_there_show_it() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        for (moment, zone, shown) in [
            ("2026-03-29T00:59:00Z", Some("Europe/Berlin"), (2026, 3, 29, 1, 59)),
            ("2026-03-29T01:00:00Z", Some("Europe/Berlin"), (2026, 3, 29, 3, 0)),
            ("2025-12-31T23:30:00Z", Some("Asia/Kathmandu"), (2026, 1, 1, 5, 15)),
            ("2026-01-01T00:30:00Z", Some("America/New_York"), (2025, 12, 31, 19, 30)),
            ("2026-01-01T00:30:00Z", Some("Nowhere/Atall"), (2026, 1, 1, 0, 30)),
            ("2026-01-01T00:30:00Z", None, (2026, 1, 1, 0, 30)),
        ] {
            let zone = zone.map(|zone| Zone::parse(zone).unwrap());
            let time = local(zone.as_ref(), at(moment));
            assert_eq!(
                (time.year, time.month, time.day, time.hour, time.minute),
                shown,
                "{moment} {zone:?}"
            );
        }
    }

    #[test]
    fn a_day_begins_at_its_own_midnight_or_when_there_is_none_after_it() {
        for (day, zone, begins) in [
            ("2026-10-13", Some("Europe/Berlin"), Some("2026-10-12T22:00:00Z")),
            ("2026-10-13", None, Some("2026-10-13T00:00:00Z")),
            // Clocks go from 24:00 to 01:00.
            ("2026-09-06", Some("America/Santiago"), Some("2026-09-06T04:00:00Z")),
            ("2026-02-30", None, None),
            ("0000-00-00", None, None),
        ] {
            let zone = zone.map(|zone| Zone::parse(zone).unwrap());
            let begins = begins.map(|text| text.parse::<Timestamp>().unwrap().as_millisecond());
            assert_eq!(super::begins(zone.as_ref(), &Day::parse(day).unwrap()), begins, "{day}");
        }
    }
}
