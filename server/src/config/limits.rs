//! How much of what costs others something a person, an address or everybody together may do. Where a rate is
//! taken from, `20+2` is 20 at once and then 2 a minute.

use clap::{Args, value_parser};
use protocol::Rate;

// Generous to a room of 1,000 behind one address, all of whom come in within a minute and mistype twice. Of
// misses there are more than those need, because who is on their way in holds one for a moment.
#[derive(Clone, Debug, Args)]
pub struct Limits {
    /// Messages of all people behind one address, as 6000+12000: so many at once, and so many a minute after
    /// those
    #[arg(long, env = "PARLEY_POSTS_PER_ADDRESS", value_name = "RATE", default_value = "6000+12000", value_parser = rate)]
    pub posts_per_address: Rate,

    /// Rooms that a person may make, as 20+2
    #[arg(long, env = "PARLEY_ROOMS_PER_PERSON", value_name = "RATE", default_value = "20+2", value_parser = rate)]
    pub rooms_per_person: Rate,

    /// Rooms that all people behind one address may make
    #[arg(long, env = "PARLEY_ROOMS_PER_ADDRESS", value_name = "RATE", default_value = "300+3", value_parser = rate)]
    pub rooms_per_address: Rate,

    /// Rooms that a person may join
    #[arg(long, env = "PARLEY_JOINS_PER_PERSON", value_name = "RATE", default_value = "60+20", value_parser = rate)]
    pub joins_per_person: Rate,

    /// Joins of all people behind one address
    #[arg(long, env = "PARLEY_JOINS_PER_ADDRESS", value_name = "RATE", default_value = "2000+600", value_parser = rate)]
    pub joins_per_address: Rate,

    /// Newcomers of a room after whom the next ones knock, until a host undoes that, as 600+120; or off. Who was
    /// here before or comes by a link is not counted, and a room whose hosts are gone stays as it is
    #[arg(long, env = "PARLEY_JOIN_FLOOD", value_name = "RATE", default_value = "600+120", value_parser = flood)]
    pub join_flood: Flood,

    /// Tries of a person to come into rooms by a password, and passwords that they set as a host
    #[arg(long, env = "PARLEY_PASSWORDS_PER_PERSON", value_name = "RATE", default_value = "10+2", value_parser = rate)]
    pub passwords_per_person: Rate,

    /// The same of all people behind one address
    #[arg(long, env = "PARLEY_PASSWORDS_PER_ADDRESS", value_name = "RATE", default_value = "600+30", value_parser = rate)]
    pub passwords_per_address: Rate,

    /// What a person may do as a host, and report to hosts
    #[arg(long, env = "PARLEY_ACTS_PER_PERSON", value_name = "RATE", default_value = "60+60", value_parser = rate)]
    pub acts_per_person: Rate,

    /// What all people behind one address may do as hosts, and report to hosts
    #[arg(long, env = "PARLEY_ACTS_PER_ADDRESS", value_name = "RATE", default_value = "2000+600", value_parser = rate)]
    pub acts_per_address: Rate,

    /// How often a person may say that they type. A page says it once a second while they do
    #[arg(long, env = "PARLEY_TYPING_PER_PERSON", value_name = "RATE", default_value = "20+120", value_parser = rate)]
    pub typing_per_person: Rate,

    /// How often all people behind one address may say that they type
    #[arg(long, env = "PARLEY_TYPING_PER_ADDRESS", value_name = "RATE", default_value = "6000+60000", value_parser = rate)]
    pub typing_per_address: Rate,

    /// People who may come anew from one address: sessions that begin
    #[arg(long, env = "PARLEY_SESSIONS_PER_ADDRESS", value_name = "RATE", default_value = "2000+600", value_parser = rate)]
    pub sessions_per_address: Rate,

    /// Codes of no room that may be tried from one address. Then whoever is not in a room already waits,
    /// whether there is such a room or not
    #[arg(long, env = "PARLEY_MISSES_PER_ADDRESS", value_name = "RATE", default_value = "3000+60", value_parser = rate)]
    pub misses_per_address: Rate,

    /// Codes of no room that may be tried from all addresses together. Then whoever is in no room at all
    /// waits
    #[arg(long, env = "PARLEY_MISSES_IN_ALL", value_name = "RATE", default_value = "6000+300", value_parser = rate)]
    pub misses_in_all: Rate,

    /// Connections at a time from all addresses together
    #[arg(long, env = "PARLEY_CONNECTIONS_IN_ALL", value_name = "COUNT", default_value_t = 50_000, value_parser = value_parser!(u32).range(1..))]
    pub connections_in_all: u32,

    /// Connections at a time from one address. A browser has up to six while it loads a page
    #[arg(long, env = "PARLEY_CONNECTIONS_PER_ADDRESS", value_name = "COUNT", default_value_t = 6000, value_parser = value_parser!(u32).range(1..))]
    pub connections_per_address: u32,

    /// Exports of rooms at a time from all addresses together. A person has one at a time
    #[arg(long, env = "PARLEY_EXPORTS_IN_ALL", value_name = "COUNT", default_value_t = 64, value_parser = value_parser!(u32).range(1..))]
    pub exports_in_all: u32,

    /// Exports of rooms at a time from one address
    #[arg(long, env = "PARLEY_EXPORTS_PER_ADDRESS", value_name = "COUNT", default_value_t = 8, value_parser = value_parser!(u32).range(1..))]
    pub exports_per_address: u32,
}

/// More than this is one; `None`: nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flood(pub Option<Rate>);

fn flood(text: &str) -> Result<Flood, &'static str> {
    if text.trim() == "off" { Ok(Flood(None)) } else { rate(text).map(|rate| Flood(Some(rate))) }
}

fn rate(text: &str) -> Result<Rate, &'static str> {
    let example = "it takes how many at once and how many a minute after those, from 1 to 60000, such as 20+2";
    let (burst, per_minute) = text.split_once('+').ok_or(example)?;
    let count = |text: &str| text.trim().parse().ok().filter(|count| (1..=60_000).contains(count));
    let (burst, per_minute): (u32, u32) = count(burst).zip(count(per_minute)).ok_or(example)?;
    Ok(Rate { burst, every_ms: 60_000 / per_minute })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_flood_where_that_is_off() {
        for (text, parsed) in [
            ("off", Some(Flood(None))),
            ("3+60", Some(Flood(Some(Rate { burst: 3, every_ms: 1000 })))),
            ("on", None),
            ("0+1", None),
        ] {
            assert_eq!(flood(text).ok(), parsed, "{text}");
        }
    }

    #[test]
    fn a_rate_is_a_burst_and_a_pace() {
        for (text, parsed) in [
            ("20+2", Some((20, 30_000))),
            (" 1 + 60000 ", Some((1, 1))),
            ("60000+7", Some((60_000, 8571))),
            ("0+2", None),
            ("20+0", None),
            ("20+60001", None),
            ("60001+1", None),
            ("20", None),
            ("20+", None),
            ("+2", None),
            ("-1+2", None),
            ("20+2+2", None),
            ("many+few", None),
        ] {
            let parsed = parsed.map(|(burst, every_ms)| Rate { burst, every_ms });
            assert_eq!(rate(text).ok(), parsed, "{text}");
        }
    }
}
