//! The only component that draws a message: from the server, live, pending or failed.

use leptos::prelude::*;
use protocol::{MessageId, Page, RoomCode, markup::is_big};

use super::{
    avatar::avatar,
    divider,
    html::{Text, raw, text},
    icon::{SMALL, icon},
    input::Input,
    markup, words,
};
use crate::{
    Delivery, Group, LocalTime, RoomState, Row, RowView,
    looks::{hue, is_low},
};

/// The whole row is one effect, which writes only what changed of it.
#[component]
pub(super) fn MessageRow(room: RoomState, row: Row, code: RoomCode) -> impl IntoView {
    move || {
        let row = row.view.get();
        view! {
            {row.day.as_deref().map(|name| raw(divider::day(name)))}
            {row.new.then(|| raw(divider::new()))}
            <article class="message" id=row.seq.map(|seq| format!("m{seq}")) data-message=row.id.to_string()
                data-seq=row.seq data-own=row.own data-status=row.delivery.as_str()
                data-group=row.group.as_str() data-found=row.found data-big=is_big(&row.body)
                inner_html=inside(room, &row, &code)></article>
            {row.line.as_deref().map(|text| raw(line(text)))}
        }
    }
}

/// What happened in the room between two messages, or before the first.
pub(super) fn line(text: &str) -> String {
    format!(r#"<p class="timeline__line">{}</p>"#, Text(text))
}

pub(super) fn inside(room: RoomState, row: &RowView, code: &RoomCode) -> String {
    let starts = matches!(row.group, Group::First | Group::Only);
    let avatar =
        if starts && !row.own { avatar(&row.author, "message__avatar", "") } else { String::new() };
    let (hue, author) = (hue(&row.author), if row.own { words().you } else { &row.author });
    let time =
        row.at.map(|at| time(row.seq, code, room.local(at), room.utc(at))).unwrap_or_default();
    let held = if is_low(&row.body) { "" } else { " data-held" };
    let (author, body, status) = (text(author), markup::html(&row.body), status(&row.delivery));
    format!(
        r#"{avatar}<header class="message__head"><span class="message__author" data-hue="{hue}"><bdi>{author}</bdi></span>{time}</header><div class="message__row"><div class="message__bubble"{held}>{body}</div></div>{status}"#
    )
}

/// Its time is the message's own link.
fn time(seq: Option<u32>, code: &RoomCode, shown: LocalTime, utc: LocalTime) -> String {
    let href = seq.map(|seq| Page::message(code, seq)).unwrap_or_default();
    format!(
        r#"<a class="message__time" href="{href}" title="{}" tabindex="-1"><time datetime="{}">{}</time></a>"#,
        Text(&(words().moment)(shown)),
        utc.machine(),
        shown.hours()
    )
}

/// What became of a message that is not there yet.
fn status(delivery: &Delivery) -> String {
    let words = words();
    let waits =
        |word| format!(r#"<div class="message__status">{}{word}</div>"#, icon("clock", SMALL));
    match delivery {
        Delivery::Sent => String::new(),
        Delivery::Pending => waits(words.sending),
        Delivery::Waiting => waits(words.waiting),
        Delivery::Failed(refusal) => {
            let button = |does, word| {
                format!(
                    r#"<button class="message__retry" type="button" data-does="{does}">{word}</button>"#
                )
            };
            format!(
                r#"<div class="message__status">{}<span>{}: {}</span>{}{}</div>"#,
                icon("alert", SMALL),
                words.not_sent,
                Text(&(words.refusal)(refusal)),
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
    let id = message
        .and_then(|message| message.get_attribute("data-message")?.parse::<MessageId>().ok());
    match (id, button.get_attribute("data-does").as_deref()) {
        (Some(id), Some(RETRY)) => (input.live.retry)(id),
        (Some(id), Some(DISCARD)) => (input.live.discard)(id),
        _ => {}
    }
}
