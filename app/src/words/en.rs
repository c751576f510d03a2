//! English.

use protocol::Refusal;

use super::Words;
use crate::Status;

pub static EN: Words = Words {
    tag: "en",
    app: "Parley",
    slogan: "Open a room, share four letters, talk.",
    promise: "No sign-up, nothing to install.",
    your_name: "Your name",
    create_room: "Create a room",
    room_code: "Room code",
    code_example: "ABCD",
    join: "Join",
    your_rooms: "Your rooms",
    no_rooms: "Rooms that you create or join stand here.",
    new_room: "New room",
    lobby: "Lobby",
    back_to_lobby: "Back to the lobby",
    theme: "Theme",
    local: "Runs on this server. Nothing leaves it.",
    skip: "Skip to the message box",
    message: "Message",
    message_to: |room| format!("Message {room}"),
    send: "Send",
    messages: "Messages",
    copy_link: "Copy link",
    copied: "Copied",
    copy_this: "Copy this link",
    copy_code: |code| format!("Copy code {code}"),
    people: "People",
    close_people: "Close people",
    who_is_here: "Who is here",
    here_now: |total| format!("Here now · {total}"),
    here: |total| format!("{total} here"),
    and_more: |more| format!("and {more} more"),
    host: "Host",
    you: "You",
    leave: "Leave room",
    refresh: "Refresh",
    plain: "This page is without JavaScript: refresh it to see what is new.",
    writes_as: |name| format!("You write as {name}"),
    left: |characters| format!("{characters} left"),
    too_many: |characters| format!("{characters} too many"),
    wait: |seconds| format!("You can send again in {seconds} s"),
    reads_along: "You are reading along. Join, or just write.",
    sending: "Sending",
    not_sent: "Not sent",
    retry: "Retry",
    discard: "Discard",
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
    refusal,
};

fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Malformed | Refusal::UnknownCommand => {
            "This page is out of date. Load it again.".into()
        }
        Refusal::NoSuchRoom => "There is no such room any more.".into(),
        Refusal::NotAMember => "You are not in this room any more.".into(),
        Refusal::NameEmpty => "Please give a name.".into(),
        Refusal::NameTooLong { max } => format!("A name has at most {max} characters."),
        Refusal::NameTaken => {
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
