//! What browser and server say to each other. Pure: no I/O, no clock, no async, no axum, no leptos.

mod act;
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
mod rules;
mod text;
mod view;
mod wire;

pub use act::Act;
pub use codec::{MAX_FRAME, VERSION, decode, decode_request, encode};
pub use devices::{Arrival, Browser, Device, Devices, Now, Picture, SignedIn, System, Way};
pub use ids::{LinkKey, MemberId, MessageId, RoomCode, RoomId};
pub use life::Lifetime;
pub use look::{Hours, Language, Look, Theme, Zone};
pub use mark::Mark;
pub use model::{
    Audience, Content, DeskPage, Here, Member, Membership, Message, PersonPage, Point, Present,
    Role, Room, RoomPage, Value, Waiting,
};
pub use page::{Day, Page, Place};
pub use rate::{Bucket, Rate};
pub use rules::{
    Admission, Curb, FOR_EVER, Item, Kind, Knock, Link, Logged, MAX_SLOW, Matter, Report, Rules,
    Voices,
};
#[cfg(feature = "server")]
pub use text::Skeletons;
pub use text::{Body, Line, Password, PersonName, RoomName, TextError};
pub use view::{
    DeskView, Door, Ended, Gate, Gateway, Lobby, MessageView, NewRoom, OpenRoom, PageData,
    PersonView, RefusedName, RoomLink, RoomView, RulesView, Settings, View, WhoAmI,
};
pub use wire::{
    Changes, Close, Closed, Command, Event, Hello, Listed, News, Presence, Reason, Refusal,
    Refused, Request, Reset, Typing,
};
