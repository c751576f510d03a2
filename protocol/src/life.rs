//! How long rooms stay.

use serde::{Deserialize, Serialize};

/// How long a room outlives its last use: the last moment at which a member was in it, or its newest
/// message. Longer ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lifetime {
    /// And for some minutes longer, so that a reload ends nothing.
    WhileHere,
    Day,
    Month,
    ForEver,
}

const DAY: i64 = 24 * 60 * 60 * 1000;

impl Lifetime {
    pub const ALL: [Self; 4] = [Self::WhileHere, Self::Day, Self::Month, Self::ForEver];

    /// Milliseconds after the last use, with the `grace` of this server, which is never zero. `None`: it
    /// never ends by itself.
    pub fn rest(self, grace: i64) -> Option<i64> {
        match self {
            Self::WhileHere => Some(grace),
            Self::Day => Some(DAY),
            Self::Month => Some(30 * DAY),
            Self::ForEver => None,
        }
    }

    /// As settings and forms have it, and the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WhileHere => "while-here",
            Self::Day => "day",
            Self::Month => "month",
            Self::ForEver => "for-ever",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lifetime| lifetime.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_named_alike_everywhere_and_in_the_order_of_their_lengths() {
        for lifetime in Lifetime::ALL {
            assert_eq!(Lifetime::parse(lifetime.as_str()), Some(lifetime));
            assert_eq!(crate::encode(&lifetime), format!("\"{}\"", lifetime.as_str()));
        }
        let rests = Lifetime::ALL.into_iter().filter_map(|lifetime| lifetime.rest(1));
        let rests: Vec<i64> = rests.collect();
        assert!(rests.is_sorted() && rests.len() == 3 && Lifetime::ALL.is_sorted());
        for strange in ["", "Day", "week", "for ever"] {
            assert_eq!(Lifetime::parse(strange), None);
        }
    }
}
