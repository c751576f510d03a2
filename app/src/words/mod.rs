//! All visible text. A language is one literal of one type, so that a missing word does not compile; what
//! the browser needs of it comes with the page, as data.

#[cfg(any(test, feature = "ssr"))]
mod ar;
#[cfg(any(test, feature = "ssr"))]
mod catalogue;
#[cfg(any(test, feature = "ssr"))]
mod de;
#[cfg(any(test, feature = "ssr"))]
mod en;
#[cfg(any(test, feature = "ssr"))]
mod es;
#[cfg(any(test, feature = "ssr"))]
mod hosting;
mod live;
#[cfg(any(test, feature = "ssr"))]
mod plural;
mod template;
#[cfg(test)]
mod tests;

#[cfg(any(test, feature = "ssr"))]
pub use catalogue::Catalogue;
#[cfg(any(test, feature = "ssr"))]
use hosting::Hosting;
pub use live::Words;
pub use template::{Category, Rule};

/// What the program is called, in every language.
pub const APP: &str = "Parley";

#[cfg(any(test, feature = "ssr"))]
pub fn catalogue(language: protocol::Language) -> &'static Catalogue {
    match language {
        protocol::Language::English => &en::EN,
        protocol::Language::German => &de::DE,
        protocol::Language::Spanish => &es::ES,
        protocol::Language::Arabic => &ar::AR,
    }
}
