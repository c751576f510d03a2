//! The cookie that keeps a look: what is chosen by name, `theme=dark&zone=Europe/Berlin`, and nothing
//! of what is not. A name that nobody knows is passed over.

use super::{Hours, Language, Look, Theme, Zone};

impl Look {
    pub const COOKIE: &str = "look";

    /// Never fails: a cookie is whatever a browser sends.
    pub fn parse(value: &str) -> Self {
        if !value.contains('=') {
            return Self::of_old(value);
        }
        let mut look = Self::default();
        for (name, value) in value.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "theme" => look.theme = Theme::parse(value),
                "zone" => look.zone = Zone::parse(value),
                "hours" => look.hours = Hours::parse(value),
                "typing" => look.quiet = value == "off",
                "sound" => look.sound = value == "on",
                "notify" => look.notify = value == "all",
                "language" => look.language = Language::parse(value),
                _ => {}
            }
        }
        look
    }

    /// `dark.Europe/Berlin` and `dark.Europe/Berlin.quiet`, as they were before choices had names.
    /// Browsers keep a cookie for a year.
    fn of_old(value: &str) -> Self {
        let mut parts = value.split('.');
        Self {
            theme: parts.next().and_then(Theme::parse),
            zone: parts.next().and_then(Zone::parse),
            quiet: parts.next() == Some("quiet"),
            ..Self::default()
        }
    }

    /// The cookie's value.
    pub fn value(&self) -> String {
        let pairs = [
            ("theme", self.theme.map(Theme::as_str)),
            ("zone", self.zone.as_ref().map(Zone::as_str)),
            ("hours", self.hours.map(Hours::as_str)),
            ("typing", self.quiet.then_some("off")),
            ("sound", self.sound.then_some("on")),
            ("notify", self.notify.then_some("all")),
            ("language", self.language.map(Language::tag)),
        ];
        let chosen = pairs.iter().filter_map(|(name, value)| Some([*name, (*value)?].join("=")));
        chosen.collect::<Vec<_>>().join("&")
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
        let themes = [None, Some(Theme::Light), Some(Theme::Dark)];
        let zones = ["UTC", "America/Port-au-Prince", "Etc/GMT+5"].map(Zone::parse);
        let hours = [None, Some(Hours::Twelve), Some(Hours::TwentyFour)];
        for (theme, hours) in themes.into_iter().zip(hours) {
            for zone in zones.iter().cloned().chain([None]) {
                for bits in 0..8 {
                    let [quiet, sound, notify] = [1, 2, 4].map(|bit| bits & bit != 0);
                    let language = Language::ALL.get(bits % 5).copied();
                    let zone = zone.clone();
                    let look = Look { theme, zone, hours, quiet, sound, notify, language };
                    let value = look.value();
                    assert_eq!(Look::parse(&value), look, "{value}");
                    let fits = |b: u8| b.is_ascii_graphic() && !b",;\"\\".contains(&b);
                    assert!(value.bytes().all(fits), "{value} needs no quotes (RFC 6265, 4.1.1)");
                }
            }
        }
    }

    #[test]
    fn a_cookie_of_before_is_understood() {
        let dark = Look { theme: Some(Theme::Dark), ..Look::default() };
        let there = Look { zone: Zone::parse("Europe/Berlin"), ..dark.clone() };
        for (value, look) in [
            ("dark.", dark.clone()),
            ("dark.Europe/Berlin", there.clone()),
            ("dark.Europe/Berlin.quiet", Look { quiet: true, ..there }),
            ("system.UTC", Look { zone: Zone::parse("UTC"), ..Look::default() }),
            ("flag=up&theme=dark", dark),
        ] {
            assert_eq!(Look::parse(value), look, "{value}");
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
            "=",
            "&&",
            "theme",
            "theme=",
            "theme=pink&zone=&hours=25&language=EN",
            "sound=yes&notify=on&typing=",
            "Theme=dark",
            "zone=Europe/Berlin zone=",
            "=dark",
        ] {
            assert_eq!(Look::parse(rubbish), Look::default(), "{rubbish:?}");
        }
    }
}
