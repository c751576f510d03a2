//! What only the browser knows and the first byte needs: theme, time zone and the reader's choices,
//! in one cookie.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// `None` follows the system.
    pub theme: Option<Theme>,
    /// Unknown on the first visit.
    pub zone: Option<Zone>,
    /// Neither shows others that the reader is typing, nor the reader that others are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quiet: bool,
    /// `None` follows the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    Light,
    Dark,
}

impl Theme {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.as_str() == text)
    }
}

/// Those that there is a catalogue for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "de")]
    German,
    #[serde(rename = "es")]
    Spanish,
    #[serde(rename = "ar")]
    Arabic,
}

impl Language {
    pub const ALL: [Self; 4] = [Self::English, Self::German, Self::Spanish, Self::Arabic];

    /// Of BCP 47, as HTML's `lang` takes it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Spanish => "es",
            Self::Arabic => "ar",
        }
    }

    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }
}

/// The name of a time zone in the IANA database, such as `Europe/Berlin`. A name and not an offset,
/// which would be wrong on the other side of a change of daylight saving time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(String);

impl Zone {
    /// Checks the form only: whether the zone exists, its database knows.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'+');
        ((1..=64).contains(&text.len()) && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Zone {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not the name of a time zone")
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0
    }
}

impl Look {
    pub const COOKIE: &str = "look";
    const QUIET: &str = "quiet";

    /// Never fails: a cookie is whatever a browser sends.
    pub fn parse(value: &str) -> Self {
        let mut parts = value.split('.');
        Self {
            theme: parts.next().and_then(Theme::parse),
            zone: parts.next().and_then(Zone::parse),
            quiet: parts.clone().any(|part| part == Self::QUIET),
            language: parts.find_map(Language::parse),
        }
    }

    /// The cookie's value: theme and zone, and after them in any order what was chosen besides, as in
    /// `dark.Europe/Berlin.quiet.de`.
    pub fn value(&self) -> String {
        let theme = self.theme.map_or("system", Theme::as_str);
        let zone = self.zone.as_ref().map_or("", Zone::as_str);
        let quiet = self.quiet.then_some(Self::QUIET);
        let parts = [Some(theme), Some(zone), quiet, self.language.map(Language::tag)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(".")
    }

    /// As `Set-Cookie` and `document.cookie` take it; for a year.
    pub fn cookie(&self) -> String {
        format!("{}={}; Path=/; Max-Age=31536000; SameSite=Lax", Self::COOKIE, self.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_survives_its_cookie() {
        for theme in [None, Some(Theme::Light), Some(Theme::Dark)] {
            for zone in [
                None,
                Zone::parse("UTC"),
                Zone::parse("America/Port-au-Prince"),
                Zone::parse("Etc/GMT+5"),
            ] {
                for quiet in [false, true] {
                    for language in Language::ALL.map(Some).into_iter().chain([None]) {
                        let look = Look { theme, zone: zone.clone(), quiet, language };
                        assert_eq!(Look::parse(&look.value()), look);
                    }
                }
            }
        }
    }

    #[test]
    fn a_strange_cookie_is_no_look() {
        for rubbish in [
            "",
            ".",
            "pink.",
            "DARK",
            "\u{0}.x y",
            "a.b;c",
            "x.Europe/Bérlin",
            "..quite",
            "..quite.EN.xx",
        ] {
            assert_eq!(Look::parse(rubbish), Look::default(), "{rubbish:?}");
        }
    }
}
