//! The emoji picker: an empty panel in each room's page, and what it is filled with when it is first
//! opened. Only the server draws both; the browser's side finds its way by ids and attributes.

use leptos::prelude::*;

use super::{icon::Icon, words};
use crate::{
    EMOJI_ID,
    emoji::{Emoji, KINDS, LAST_USED, of_kind},
};

const SPRITE: &str = include_str!("../emoji-icons.svg");

/// `from` is where it is filled from.
#[component]
pub(super) fn EmojiPanel(from: String) -> impl IntoView {
    let words = words();
    view! {
        <div class="panel" id=EMOJI_ID popover="auto" role="dialog" aria-label=words.emoji data-size="lg" data-side="above"
            data-from=from data-failed=words.emoji_failed>
            <p class="emoji-picker__wait" role="status">{words.emoji_wait}</p>
        </div>
    }
}

#[component]
pub(crate) fn EmojiPicker() -> impl IntoView {
    let words = words();
    let kinds = || std::iter::once(LAST_USED).chain(KINDS);
    view! {
        <div class="emoji-picker">
            <svg hidden inner_html=SPRITE></svg>
            <div class="field__box">
                <Icon name="search" />
                <input class="field__input" type="search" aria-label=words.emoji_search placeholder=words.emoji_search
                    autocomplete="off" spellcheck="false" enterkeyhint="done" />
            </div>
            <div class="emoji-picker__kinds" role="toolbar" aria-label=words.emoji_kinds data-roving>
                {kinds().map(|(kind, icon)| view! { <KindButton kind icon /> }).collect_view()}
            </div>
            // What scrolls would be a tab stop of its own in some browsers.
            <div class="emoji-picker__list" tabindex="-1" data-roving>
                {kinds().map(|(kind, _)| view! { <Kind kind /> }).collect_view()}
                <p class="emoji-picker__none" role="status" data-none=words.emoji_none></p>
            </div>
            <div class="emoji-picker__foot"></div>
        </div>
    }
}

#[component]
fn KindButton(kind: &'static str, icon: &'static str) -> impl IntoView {
    view! {
        <button class="button" data-variant="quiet" data-icon type="button" aria-label=words().emoji_kind(kind)
            aria-pressed="false" tabindex="-1" data-kind=kind>
            <Icon name=icon />
        </button>
    }
}

/// What was used last only the browser knows.
#[component]
fn Kind(kind: &'static str) -> impl IntoView {
    let name = words().emoji_kind(kind);
    let all = of_kind(kind).map(|emoji| view! { <One emoji /> }).collect_view();
    view! {
        <div class="emoji-picker__kind" data-kind=kind>
            <p class="emoji-picker__label" aria-hidden="true">{name}</p>
            <div class="emoji-picker__set" role="group" aria-label=name>{all}</div>
        </div>
    }
}

#[component]
fn One(emoji: Emoji) -> impl IntoView {
    let Emoji { glyph, name, codes, tags } = emoji;
    // As text it would bring a marker along, which the browser's side would take for a part of it.
    view! {
        <button class="emoji-picker__one" type="button" tabindex="-1" aria-label=name data-codes=codes data-tags=tags
            inner_html=glyph></button>
    }
}
