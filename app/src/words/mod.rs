//! All visible text, a typed key each, so that a missing word does not compile.

mod en;

use protocol::Refusal;

use crate::Status;

pub use en::EN;

/// A language. Sentences with an argument are functions: other languages order words differently.
pub struct Words {
    /// For `<html lang>`.
    pub tag: &'static str,
    pub app: &'static str,
    pub slogan: &'static str,
    pub promise: &'static str,
    pub your_name: &'static str,
    pub create_room: &'static str,
    pub room_code: &'static str,
    pub code_example: &'static str,
    pub join: &'static str,
    pub your_rooms: &'static str,
    pub no_rooms: &'static str,
    pub new_room: &'static str,
    pub lobby: &'static str,
    pub back_to_lobby: &'static str,
    pub theme: &'static str,
    pub local: &'static str,
    pub skip: &'static str,
    pub message: &'static str,
    pub message_to: fn(&str) -> String,
    pub send: &'static str,
    pub messages: &'static str,
    pub copy_link: &'static str,
    pub copied: &'static str,
    pub copy_this: &'static str,
    pub copy_code: fn(&str) -> String,
    pub people: &'static str,
    pub close_people: &'static str,
    pub who_is_here: &'static str,
    pub here_now: fn(u32) -> String,
    pub here: fn(u32) -> String,
    pub and_more: fn(u32) -> String,
    pub host: &'static str,
    pub you: &'static str,
    pub leave: &'static str,
    pub refresh: &'static str,
    pub plain: &'static str,
    pub writes_as: fn(&str) -> String,
    /// Characters that still fit.
    pub left: fn(u32) -> String,
    pub too_many: fn(u32) -> String,
    /// Seconds until a message goes at once again.
    pub wait: fn(u32) -> String,
    pub reads_along: &'static str,
    pub sending: &'static str,
    pub not_sent: &'static str,
    pub retry: &'static str,
    pub discard: &'static str,
    pub room: fn(&str) -> String,
    pub empty_title: &'static str,
    pub empty_text: &'static str,
    pub door_title: &'static str,
    pub door_text: &'static str,
    pub status: fn(Status) -> &'static str,
    pub refusal: fn(&Refusal) -> String,
}
