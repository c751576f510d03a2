//! The way to what a member can do about a message, beside it. There is one for the whole log, which comes to the
//! message that is pointed at, tapped or followed: one for each would cost a busy log more than what was said.
//! Where no script can bring it each message has its own.

use leptos::{prelude::*, web_sys::Element};
use protocol::{Page, RoomCode};

use super::{html::Text, input::Input};
use crate::{RoomState, Words};

/// Of a drawn message: nothing where a script runs.
pub(super) fn unscripted(room: RoomState, seq: Option<u32>, code: &RoomCode) -> String {
    let seq = seq.filter(|_| cfg!(feature = "ssr") && room.is_member());
    seq.map(|seq| format!("<noscript>{}</noscript>", more(seq, code, room.words)))
        .unwrap_or_default()
}

fn more(seq: u32, code: &RoomCode, words: &Words) -> String {
    let (href, label) = (Page::about(code, seq), Text(words.more));
    format!(
        r#"<div class="beside"><a class="beside__more" href="{href}" aria-label="{label}" title="{label}">⋯</a></div>"#
    )
}

pub(super) fn hear(input: &Input) {
    // Not one that came under a mouse which rests.
    let message = input.on("pointermove", SENT).or_else(|| input.on("click", SENT));
    let Some(message) = message.filter(|_| input.room.is_member()) else { return };
    let seq = message.get_attribute("data-seq").and_then(|seq| seq.parse().ok());
    let row = message.query_selector(".message__row").ok().flatten();
    if let (Some(seq), Some(row), Ok(None)) = (seq, row, message.query_selector(BESIDE)) {
        move_to(&row, &more(seq, &input.room.code(), input.room.words));
    }
}

fn move_to(row: &Element, more: &str) {
    if let Ok(Some(before)) = document().query_selector(LEFT) {
        before.remove();
    }
    // Fails only for what is no place.
    let _ = row.insert_adjacent_html("beforeend", more);
}

const SENT: &str = "[data-seq]";
const BESIDE: &str = ".beside";
/// Whoever stands on it by keyboard keeps it.
const LEFT: &str = ".beside:not(:focus-within)";
