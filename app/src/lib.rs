//! The user interface: a function of `PageData`, drawn alike by the server and by the browser.
//! It knows no server, no database and no socket.

mod clock;
#[allow(unreachable_pub, reason = "#[component] makes its props `pub`")]
mod components;
mod live;
mod looks;
#[cfg(feature = "ssr")]
mod shell;
mod state;
mod words;

pub use clock::{Clock, LocalTime};
pub use components::App;
pub use live::{Live, Status};
#[cfg(feature = "ssr")]
pub use shell::{Files, shell};
pub use state::{
    Confirmed, Delivery, Group, Heard, MAX_WINDOW, Pending, RoomState, Row, RowView, Shown, State,
    rows,
};
pub use words::{EN, Words};

/// Where the document keeps its `PageData`.
pub const DATA_ID: &str = "page-data";
