//! A person's devices, and how they come to another one: what the pages for it are drawn from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a device said it is, no finer than it takes to tell one's own apart. Empty where it said nothing
/// that is known here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub browser: Option<Browser>,
    pub system: Option<System>,
}

/// They are called so in every language.
macro_rules! names {
    ($(#[$about:meta])* $kind:ident { $($one:ident $name:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $kind { $($one,)* }

        impl $kind {
            pub const ALL: &'static [Self] = &[$(Self::$one,)*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$one => $name,)* }
            }

            fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }
    };
}

names! { Browser {
    Firefox "Firefox",
    Chrome "Chrome",
    Safari "Safari",
    Edge "Edge",
    Opera "Opera",
    Samsung "Samsung Internet",
} }

names! { System {
    Windows "Windows",
    Mac "macOS",
    Linux "Linux",
    ChromeOs "ChromeOS",
    Android "Android",
    Iphone "iPhone",
    Ipad "iPad",
} }

impl Device {
    /// As `Display` writes it.
    pub fn parse(text: &str) -> Self {
        let (browser, system) = text.split_once('/').unwrap_or_default();
        Self { browser: Browser::parse(browser), system: System::parse(system) }
    }
}

/// As it is stored: `Firefox/Linux`, of which either half may be empty.
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let browser = self.browser.map_or("", Browser::as_str);
        write!(f, "{browser}/{}", self.system.map_or("", System::as_str))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// This one first, then the one that was seen last; none for who is nobody yet.
    pub signed_in: Vec<SignedIn>,
    /// A way to another device, for who just asked for one.
    pub way: Option<Way>,
    /// There are as many devices as can be, so there is no way to another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub full: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Says which one it is, and opens nothing.
    pub id: String,
    pub device: Device,
    /// Milliseconds since 1970, UTC. `seen` is right to the hour.
    pub since: i64,
    pub seen: i64,
    /// It has a page open now.
    pub here: bool,
    /// It is the reader's.
    pub this: bool,
}

/// It works once, and until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    pub link: String,
    pub until: i64,
    pub picture: Option<Picture>,
}

/// A QR code: dark squares as the path of an SVG that is so many of them wide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub size: u32,
    pub path: String,
}

/// The other end of a way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Whose this device will be; `None` where the way leads nowhere, for whatever reason.
    pub name: Option<String>,
    /// Whose it is now, if anybody's.
    pub now: Option<Now>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Now {
    /// The same person's already.
    Theirs,
    /// Somebody else's, who is called so.
    Other(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_of_a_device_is_found_again() {
        let browsers = Browser::ALL.iter().copied().map(Some).chain([None]);
        for browser in browsers {
            for system in System::ALL.iter().copied().map(Some).chain([None]) {
                let device = Device { browser, system };
                assert_eq!(Device::parse(&device.to_string()), device);
            }
        }
        for strange in ["", "Firefox", "Lynx/BeOS", "firefox/linux", "a/b/c"] {
            assert_eq!(Device::parse(strange), Device::default(), "{strange:?}");
        }
    }
}
