//! All visible text, a typed key each, so that a missing word does not compile.

mod en;

use protocol::{Lifetime, Refusal, Theme};

use crate::{LocalTime, Status};

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
    pub room_options: &'static str,
    pub new_room: &'static str,
    pub room_name: &'static str,
    pub room_name_help: &'static str,
    pub list_it: &'static str,
    pub list_it_help: &'static str,
    pub lifetime: &'static str,
    pub lifetime_help: &'static str,
    pub lifetime_name: fn(Lifetime) -> &'static str,
    /// How long a room is kept.
    pub kept: fn(Lifetime) -> &'static str,
    /// A room, by its name.
    pub ended: fn(&str) -> String,
    pub ended_because: fn(Lifetime) -> &'static str,
    pub open_rooms: &'static str,
    pub open_to_all: &'static str,
    /// Who is in a room that is empty.
    pub nobody: &'static str,
    /// So many minutes.
    pub age: fn(u32) -> String,
    pub room_code: &'static str,
    pub code_example: &'static str,
    pub join: &'static str,
    pub your_rooms: &'static str,
    pub no_rooms: &'static str,
    /// After a room's name.
    pub unread: fn(u32) -> String,
    pub lobby: &'static str,
    pub back_to_lobby: &'static str,
    pub theme: &'static str,
    pub theme_name: fn(Option<Theme>) -> &'static str,
    pub settings: &'static str,
    pub how_it_looks: &'static str,
    pub show_typing: &'static str,
    pub show_typing_help: &'static str,
    pub save: &'static str,
    pub local: &'static str,
    pub skip: &'static str,
    pub message: &'static str,
    pub message_to: fn(&str) -> String,
    pub send: &'static str,
    pub messages: &'static str,
    pub older: &'static str,
    pub newer: &'static str,
    pub jump: &'static str,
    /// Messages that came meanwhile.
    pub new_count: fn(u32) -> String,
    pub new: &'static str,
    pub new_messages: &'static str,
    /// A day as seen from the other.
    pub day: fn(LocalTime, LocalTime) -> String,
    pub moment: fn(LocalTime) -> String,
    /// A day with its year, as an export names it.
    pub full_day: fn(LocalTime) -> String,
    pub message_count: fn(u32) -> String,
    pub jump_to_date: &'static str,
    pub date: &'static str,
    pub show: &'static str,
    pub code: &'static str,
    pub copy_link: &'static str,
    pub copied: &'static str,
    pub copy_this: &'static str,
    pub copy_code: fn(&str) -> String,
    pub room_menu: &'static str,
    pub change_name: &'static str,
    pub show_qr: &'static str,
    pub share_room: &'static str,
    /// Of an address.
    pub qr_of: fn(&str) -> String,
    pub share: &'static str,
    pub export: &'static str,
    pub export_html: &'static str,
    pub export_text: &'static str,
    pub export_json: &'static str,
    pub people: &'static str,
    pub close_people: &'static str,
    pub who_is_here: &'static str,
    pub here_now: fn(u32) -> String,
    pub here: fn(u32) -> String,
    pub away_now: fn(u32) -> String,
    pub and_more: fn(u32) -> String,
    pub show_more: &'static str,
    /// By name, everyone who is; without anyone it is no sentence.
    pub typing: fn(&[&str]) -> String,
    pub joined: fn(&[&str]) -> String,
    pub left: fn(&[&str]) -> String,
    pub host: &'static str,
    pub you: &'static str,
    pub leave: &'static str,
    pub refresh: &'static str,
    pub plain: &'static str,
    pub writes_as: fn(&str) -> String,
    /// Characters that still fit.
    pub characters_left: fn(u32) -> String,
    pub too_many: fn(u32) -> String,
    /// Seconds until a message goes at once again.
    pub wait: fn(u32) -> String,
    pub reads_along: &'static str,
    pub sending: &'static str,
    pub waiting: &'static str,
    /// Who, and what.
    pub says: fn(&str, &str) -> String,
    /// Messages that are not read aloud each.
    pub news: fn(u32) -> String,
    pub not_sent: &'static str,
    pub retry: &'static str,
    pub discard: &'static str,
    pub emoji: &'static str,
    pub emoji_search: &'static str,
    pub emoji_kinds: &'static str,
    pub emoji_kind: fn(&str) -> &'static str,
    pub emoji_none: &'static str,
    pub emoji_wait: &'static str,
    pub emoji_failed: &'static str,
    pub emoji_matches: &'static str,
    pub key_enter: &'static str,
    pub room: fn(&str) -> String,
    pub empty_title: &'static str,
    pub empty_text: &'static str,
    pub door_title: &'static str,
    pub door_text: &'static str,
    pub status: fn(Status) -> &'static str,
    /// What it means for whoever reads and writes.
    pub status_means: fn(Status) -> &'static str,
    /// The number of a message; 0 before the first.
    pub complete_to: fn(u32) -> String,
    pub last_heard: &'static str,
    /// So many seconds, and when that was.
    pub ago: fn(u32, LocalTime) -> String,
    pub not_yet: &'static str,
    pub not_yet_sent: &'static str,
    pub unsent: fn(u32) -> String,
    pub try_now: &'static str,
    pub keep_writing: &'static str,
    pub you_are_offline: &'static str,
    /// Messages that wait until there is a line again.
    pub sent_later: fn(u32) -> String,
    pub refusal: fn(&Refusal) -> String,
}
