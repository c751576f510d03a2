//! The user interface: a function of `PageData`. The server draws all of it; in a room's page the rows
//! of the log and a few slots around them are drawn by the browser too.
//! It knows no server, no database and no socket.

mod clock;
#[allow(unreachable_pub, reason = "#[component] makes its props `pub`")]
mod components;
#[cfg(feature = "ssr")]
mod emoji;
mod live;
mod looks;
mod scroll;
#[cfg(feature = "ssr")]
mod shell;
mod state;
mod words;

pub use clock::{Clock, Draw, LocalTime};
#[cfg(feature = "ssr")]
pub(crate) use components::{
    Announcement, DeskPage, Door, EmojiPicker, Frame, LobbyPage, Look, MessagePage, Moments,
    NewRoomPage, Notice, PersonPage, RoomPage, RulesPage, SettingsPage, arrival, devices, raw,
    room_name,
};
pub use components::{
    come_alive, draw_open, draw_rooms, keep_people, listen, lists_open, lists_rooms, renamed,
    waits_at_door,
};
#[cfg(feature = "ssr")]
pub use components::{markup_html, text_html};
#[cfg(feature = "ssr")]
pub use emoji::emoji;
pub use live::Live;
#[cfg(feature = "ssr")]
pub use shell::{Files, shell};
pub use state::{
    Aim, Delivery, Group, Lines, Part, Pending, Reader, RoomState, RowView, Scene, rows,
};
pub use sync::Status;
pub use words::{APP, Category, Rule, Words};
#[cfg(any(test, feature = "ssr"))]
pub use words::{Catalogue, catalogue};

/// The inside of a room: in it the browser's side hears what is done.
pub const LIVE_ID: &str = "live";
/// The list of my rooms, in the lobby and beside a room.
pub const ROOMS_ID: &str = "rooms";
/// Those that are open to everyone, in the lobby: hidden while there are none.
pub const OPEN_ID: &str = "open";
/// What scrolls, and in it the messages.
pub const LOG_ID: &str = "log";
pub const ROWS_ID: &str = "rows";
/// The panel of the emoji picker, the list of what a half-typed `:word` could become, and the box
/// that both write into.
pub const EMOJI_ID: &str = "emoji";
pub const SUGGEST_ID: &str = "suggest";
pub const BOX_ID: &str = "message";
/// The panel that says what the status rests on, and in it what changes with time.
pub const CONNECTION_ID: &str = "connection";
pub const COMPLETE_ID: &str = "connection-complete";
pub const HEARD_ID: &str = "connection-heard";
/// The switch for the browser's notifications, and the sentence that they are blocked. What stands around
/// the switch has `data-bell`.
pub const BELL_ID: &str = "bell";
pub const BELL_NOTE_ID: &str = "bell-note";
/// Where what is new is written, to be read aloud.
pub const ALOUD_ID: &str = "aloud";
/// What who runs the server says to everybody: where that shows, and in it where it is written.
pub const ANNOUNCEMENT_ID: &str = "announcement";
pub const ANNOUNCED_ID: &str = "announced";
/// Where a document in which something lives on keeps its look, all of its `Words` and its `RoomView`, which
/// the lobby has none of, as JSON.
pub const DATA_ID: &str = "page-data";
