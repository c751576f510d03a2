//! What browser and server say to each other. Pure: no I/O, no clock, no async, no axum, no leptos.

mod codec;
mod devices;
mod ids;
mod life;
mod look;
mod mark;
pub mod markup;
mod model;
mod page;
mod rate;
mod text;
mod wire;

pub use codec::{MAX_FRAME, VERSION, decode, decode_request, encode};
pub use devices::{Arrival, Browser, Device, Devices, Now, Picture, SignedIn, System, Way};
pub use ids::{MemberId, MessageId, RoomCode, RoomId};
pub use life::Lifetime;
pub use look::{Hours, Language, Look, Theme, Zone};
pub use mark::Mark;
pub use model::{
    Audience, Content, Door, Ended, Here, Lobby, Member, Membership, Message, NewRoom, OpenRoom,
    PageData, PersonPage, Point, Present, RefusedName, Role, Room, RoomLink, RoomPage, RoomView,
    Settings, Value, View, WhoAmI,
};
pub use page::{Day, Page, Place};
pub use rate::{Bucket, Rate};
pub use text::{Body, PersonName, RoomName, TextError};
pub use wire::{
    Changes, Close, Closed, Command, Event, Hello, Listed, News, Presence, Reason, Refusal,
    Refused, Request, Reset, Typing,
};
