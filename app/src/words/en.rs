//! English.

use protocol::{Lifetime, Refusal, Theme};

use super::Words;
use crate::{LocalTime, Status};

pub static EN: Words = Words {
    tag: "en",
    app: "Parley",
    slogan: "Open a room, share four letters, talk.",
    promise: "No sign-up, nothing to install.",
    your_name: "Your name",
    create_room: "Create a room",
    room_options: "Options for the new room",
    new_room: "New room",
    room_name: "Room name",
    room_name_help: "Up to 30 characters. Empty is fine: the code will do.",
    list_it: "List it in the lobby",
    list_it_help: "Everyone on this server sees its name and how many are here",
    lifetime: "Lifetime",
    lifetime_help: "Counted from the last person or message",
    lifetime_name: |lifetime| match lifetime {
        Lifetime::WhileHere => "While someone is here",
        Lifetime::Day => "1 day",
        Lifetime::Month => "30 days",
        Lifetime::ForEver => "For ever",
    },
    kept: |lifetime| match lifetime {
        Lifetime::WhileHere => "Kept while someone is here",
        Lifetime::Day => "Kept 1 day after the last person leaves",
        Lifetime::Month => "Kept 30 days after the last person leaves",
        Lifetime::ForEver => "Kept for ever",
    },
    ended: |room| isolated(room) + " has ended",
    ended_because: |lifetime| match lifetime {
        Lifetime::WhileHere => "It was kept while someone was there. Its messages are gone.",
        Lifetime::Day => "It was kept for 1 day after the last person left. Its messages are gone.",
        Lifetime::Month => {
            "It was kept for 30 days after the last person left. Its messages are gone."
        }
        Lifetime::ForEver => "Its messages are gone.",
    },
    open_rooms: "Open rooms",
    open_to_all: "Anyone can walk in",
    nobody: "Empty",
    age: |minutes| match minutes {
        0 => "Now".into(),
        1..60 => format!("{minutes} min"),
        60..1440 => format!("{} h", minutes / 60),
        _ => format!("{} d", minutes / 1440),
    },
    room_code: "Room code",
    code_example: "ABCD",
    join: "Join",
    your_rooms: "Your rooms",
    no_rooms: "Rooms that you create or join stand here.",
    unread: |unread| format!(", {unread} unread"),
    lobby: "Lobby",
    back_to_lobby: "Back to the lobby",
    theme: "Theme",
    theme_name: |theme| match theme {
        None => "System",
        Some(Theme::Light) => "Light",
        Some(Theme::Dark) => "Dark",
    },
    settings: "Settings",
    how_it_looks: "How it looks",
    show_typing: "Show when I am typing",
    show_typing_help: "When off, you do not see others typing either",
    save: "Save",
    local: "Runs on this server. Nothing leaves it.",
    skip: "Skip to the message box",
    message: "Message",
    message_to: |room| format!("Message {room}"),
    send: "Send",
    messages: "Messages",
    older: "Older messages",
    newer: "Newer messages",
    jump: "Jump to newest",
    new_count: |count| format!("{count} new"),
    new: "New",
    new_messages: "New messages",
    day,
    moment: |time| format!("{} {}, {}", date(time), time.year, time.hours()),
    full_day: |time| format!("{} {}", date(time), time.year),
    message_count: |count| match count {
        1 => "1 message".into(),
        count => format!("{count} messages"),
    },
    jump_to_date: "Jump to a date",
    date: "Date",
    show: "Show",
    code: "Code",
    copy_link: "Copy link",
    copied: "Copied",
    copy_this: "Copy this link",
    copy_code: |code| format!("Copy code {code}"),
    room_menu: "Room menu",
    change_name: "Change your name",
    show_qr: "Show QR code",
    share_room: "Share this room",
    qr_of: |link| format!("QR code of {link}"),
    share: "Share…",
    export: "Export",
    export_html: "Web page",
    export_text: "Text",
    export_json: "JSON, with everything",
    people: "People",
    close_people: "Close people",
    who_is_here: "Who is here",
    here_now: |total| format!("Here now · {total}"),
    here: |total| format!("{total} here"),
    away_now: |away| format!("Away · {away}"),
    and_more: |more| format!("and {more} more"),
    show_more: "Show more",
    typing: |names| match names {
        [] => String::new(),
        [name] => isolated(name) + " is typing",
        [one, other] => isolated(one) + " and " + &isolated(other) + " are typing",
        [..] => "Several people are typing".into(),
    },
    joined: |names| people(names) + " joined",
    left: |names| people(names) + " left",
    host: "Host",
    you: "You",
    leave: "Leave room",
    refresh: "Refresh",
    plain: "This page is without JavaScript: refresh it to see what is new.",
    writes_as: |name| format!("You write as {name}"),
    characters_left: |characters| format!("{characters} left"),
    too_many: |characters| format!("{characters} too many"),
    wait: |seconds| format!("You can send again in {seconds} s"),
    reads_along: "You are reading along. Join, or just write.",
    sending: "Sending",
    waiting: "Waiting",
    says: |name, text| isolated(name) + ": " + text,
    news: |count| match count {
        1 => "1 new message".into(),
        _ => format!("{count} new messages"),
    },
    not_sent: "Not sent",
    retry: "Retry",
    discard: "Discard",
    emoji: "Emoji",
    emoji_search: "Search emoji",
    emoji_kinds: "Kinds",
    emoji_kind,
    emoji_none: "No emoji is called that",
    emoji_wait: "One moment…",
    emoji_failed: "Emoji did not load. Close this and open it again.",
    emoji_matches: "Emoji that match",
    key_enter: "Enter",
    room: |code| format!("Room {code}"),
    empty_title: "Nothing said yet",
    empty_text: "Whoever has the link or the code can come in.",
    door_title: "No open room here",
    door_text: "The code may be mistyped, or the room may have ended or be closed to newcomers.",
    status: |status| match status {
        Status::Connecting => "Connecting",
        Status::Live => "Live",
        Status::Reconnecting => "Reconnecting…",
        Status::Offline => "Offline",
    },
    status_means: |status| match status {
        Status::Live => "Every message up to this one is here, once and in order.",
        Status::Connecting | Status::Reconnecting => "What came since will arrive in order.",
        Status::Offline => "Keep writing. Your messages wait on this device, also after a restart.",
    },
    complete_to: |seq| if seq == 0 { "Complete".into() } else { format!("Complete to #{seq}") },
    last_heard: "Last heard",
    ago: |seconds, time| match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{}, {} min ago", time.hours(), seconds / 60),
        _ => format!("{}, {} h ago", time.hours(), seconds / 3600),
    },
    not_yet: "Not yet",
    not_yet_sent: "Not yet sent",
    unsent: |count| if count == 0 { "None".into() } else { messages(count) },
    try_now: "Try now",
    keep_writing: KEEP_WRITING,
    you_are_offline: "You’re offline.",
    sent_later: |count| match count {
        0 => KEEP_WRITING.into(),
        _ => messages(count) + " will be sent when you’re back.",
    },
    refusal,
};

const KEEP_WRITING: &str = "You can keep writing.";
const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `Tuesday 13 October`
fn date(time: LocalTime) -> String {
    let month = MONTHS[usize::from(time.month.clamp(1, 12)) - 1];
    format!("{} {} {month}", WEEKDAYS[time.weekday()], time.day)
}

fn day(day: LocalTime, today: LocalTime) -> String {
    match today.days() - day.days() {
        0 => "Today".into(),
        1 => "Yesterday".into(),
        _ if day.year == today.year => date(day),
        _ => format!("{} {}", date(day), day.year),
    }
}

fn messages(count: u32) -> String {
    if count == 1 { "1 message".into() } else { format!("{count} messages") }
}

/// However many, in a few words: "Ana", "Ana and Bo", "Ana and 3 others".
fn people(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [name] => isolated(name),
        [one, other] => isolated(one) + " and " + &isolated(other),
        [one, others @ ..] => format!("{} and {} others", isolated(one), others.len()),
    }
}

/// Inside of a sentence a name keeps its own direction (UAX #9, 2.2).
fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

/// Of a kind's name in `emoji.txt`, and of what was used last.
fn emoji_kind(kind: &str) -> &'static str {
    match kind {
        "smileys" => "Smileys",
        "people" => "People",
        "nature" => "Nature",
        "food" => "Food",
        "activities" => "Activities",
        "travel" => "Travel",
        "objects" => "Objects",
        "symbols" => "Symbols",
        "flags" => "Flags",
        _ => "Last used",
    }
}

fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Malformed | Refusal::UnknownCommand => {
            "This page is out of date. Load it again.".into()
        }
        Refusal::NoSuchRoom => "There is no such room any more.".into(),
        Refusal::NotAMember => "You are not in this room any more.".into(),
        Refusal::NameEmpty => "Please give a name.".into(),
        Refusal::NameTooLong { max } => format!("A name has at most {max} characters."),
        Refusal::NameTaken { free: Some(free) } => format!(
            "Somebody here has that name, or one that looks like it. {} is free.",
            isolated(free.as_str())
        ),
        Refusal::NameTaken { free: None } => {
            "Somebody here has that name, or one that looks like it. Please choose another.".into()
        }
        Refusal::RoomNameTooLong { max } => format!("A room’s name has at most {max} characters."),
        Refusal::BodyEmpty => "There is nothing to send.".into(),
        Refusal::BodyTooLong { max } => format!("A message has at most {max} characters."),
        Refusal::IdConflict => "Another message was sent under the same number.".into(),
        Refusal::RoomFull { max } => format!("The room is full: {max} people are in it."),
        Refusal::TooManyStreams { max } => format!("This page follows {max} rooms already."),
        Refusal::TooFast { retry_ms } => {
            format!("That was too fast. Please try again in {} s.", retry_ms.div_ceil(1000))
        }
        Refusal::Busy { .. } => "The server is busy. Please try again in a moment.".into(),
        Refusal::Internal { id } => {
            format!("Something went wrong on the server. Its log has more under {id}.")
        }
    }
}
