//! What draws a message, on both sides: from the server, live, pending or failed.

use protocol::{Mark, MessageId, Page, RoomCode, markup::is_big};

use super::{
    avatar::avatar,
    beside, divider,
    html::{Text, text},
    icon::{SMALL, icon},
    input::Input,
    markup,
};
use crate::{Delivery, Group, LocalTime, RoomState, RowView, Words, looks::is_low};

/// All of a row: what parts it from the one before, the message, and what happened after it.
pub(super) fn row(room: RoomState, row: &RowView, code: &RoomCode) -> String {
    let mut html = before(row, room.words);
    html.push_str(r#"<article class="message""#);
    for (name, value) in attributes(row) {
        if let Some(value) = value {
            html.push_str(&format!(r#" {name}="{}""#, Text(&value)));
        }
    }
    html.push('>');
    html.push_str(&inside(room, row, code));
    html.push_str("</article>");
    html.push_str(&after(row));
    html
}

/// As many elements as `parted` says.
pub(super) fn before(row: &RowView, words: &Words) -> String {
    let day = row.day.as_deref().map(divider::day).unwrap_or_default();
    if row.new { day + &divider::new(words) } else { day }
}

pub(super) fn parted(row: &RowView) -> usize {
    usize::from(row.day.is_some()) + usize::from(row.new)
}

/// One element, if there is a line.
pub(super) fn after(row: &RowView) -> String {
    row.line.as_deref().map(line).unwrap_or_default()
}

/// Of the message's element, besides its class.
pub(super) fn attributes(row: &RowView) -> [(&'static str, Option<String>); 10] {
    let seq = |prefix| row.seq.map(|seq| format!("{prefix}{seq}"));
    let is = |it: bool| it.then(String::new);
    [
        ("id", seq("m")),
        (ID, Some(row.id.to_string())),
        ("data-seq", seq("")),
        ("data-own", is(row.own)),
        ("data-status", Some(row.delivery.as_str().to_owned())),
        ("data-group", Some(row.group.as_str().to_owned())),
        ("data-hue", mark(row).map(|mark| mark.hue.to_string())),
        ("data-found", is(row.found)),
        ("data-big", is(is_big(&row.body) && !row.removed)),
        ("data-deleted", is(row.removed)),
    ]
}

/// Where the message's element says which it is.
pub(super) const ID: &str = "data-message";

/// What happened in the room between two messages, or before the first.
pub(super) fn line(text: &str) -> String {
    format!(r#"<p class="timeline__line">{}</p>"#, Text(text))
}

pub(super) fn inside(room: RoomState, row: &RowView, code: &RoomCode) -> String {
    let author = if row.own { room.words.you } else { &row.author };
    let (avatar, mark) = match mark(row) {
        Some(mark) => {
            (avatar(author, "message__avatar", ""), format!(r#" mark" data-mark="{mark}"#))
        }
        None => (String::new(), String::new()),
    };
    let time = row.at.map(|at| time(row.seq, code, room.words, room.local(at), room.utc(at)));
    let time = time.unwrap_or_default();
    let beside = beside::unscripted(room, row.seq, code);
    let held = if is_low(&row.body) { "" } else { " data-held" };
    let (author, body, status) =
        (text(author), markup::html(&row.body, room.words), status(&row.delivery, room.words));
    format!(
        r#"{avatar}<header class="message__head"><span class="message__author{mark}"><bdi>{author}</bdi> </span>{time}</header><div class="message__row"><div class="message__bubble"{held}>{body}</div>{beside}</div>{status}"#
    )
}

/// Once for a group, and not beside the reader's own.
fn mark(row: &RowView) -> Option<Mark> {
    row.mark.filter(|_| matches!(row.group, Group::First | Group::Only))
}

/// Its time is the message's own link.
fn time(
    seq: Option<u32>,
    code: &RoomCode,
    words: &Words,
    shown: LocalTime,
    utc: LocalTime,
) -> String {
    let href = seq.map(|seq| Page::message(code, seq)).unwrap_or_default();
    format!(
        r#"<a class="message__time" href="{href}" title="{}" tabindex="-1"><time datetime="{}">{}</time></a>"#,
        Text(&words.moment(shown)),
        utc.machine(),
        words.hours(shown)
    )
}

/// What became of a message that is not there yet.
fn status(delivery: &Delivery, words: &Words) -> String {
    let waits = |word| {
        format!(r#"<div class="message__status">{}{}</div>"#, icon("clock", SMALL), Text(word))
    };
    match delivery {
        Delivery::Sent => String::new(),
        Delivery::Pending => waits(words.sending),
        Delivery::Waiting => waits(words.waiting),
        Delivery::Failed(refusal) => {
            let button = |does, word| {
                format!(
                    r#"<button class="message__retry" type="button" data-does="{does}">{}</button>"#,
                    Text(word)
                )
            };
            format!(
                r#"<div class="message__status">{}<span>{}: {}</span>{}{}</div>"#,
                icon("alert", SMALL),
                Text(words.not_sent),
                Text(&words.refusal(refusal)),
                button(RETRY, words.retry),
                button(DISCARD, words.discard),
            )
        }
    }
}

const RETRY: &str = "retry";
const DISCARD: &str = "discard";

/// What the author does about one that failed.
pub(super) fn hear(input: &Input) {
    let Some(button) = input.on("click", "[data-does]") else { return };
    let message = button.closest("[data-message]").ok().flatten();
    let id = message.and_then(|message| message.get_attribute(ID)?.parse::<MessageId>().ok());
    match (id, button.get_attribute("data-does").as_deref()) {
        (Some(id), Some(RETRY)) => (input.live.retry)(id),
        (Some(id), Some(DISCARD)) => (input.live.discard)(id),
        _ => {}
    }
}
