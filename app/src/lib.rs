//! The user interface: a function of `PageData`, drawn alike by the server and by the browser.

mod clock;
#[cfg(feature = "ssr")]
mod shell;

pub use clock::{Clock, LocalTime};
#[cfg(feature = "ssr")]
pub use shell::{Files, shell};

/// Where the document keeps its `PageData`.
pub const DATA_ID: &str = "page-data";
