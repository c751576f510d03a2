//! The other end of a way to another device: a question first, for whatever looks at links by itself must
//! not use it up. Written as text, as `devices` is.

use protocol::{Arrival, Now, Page};

use super::{brand::brand, html::Text, icon::icon};
use crate::Catalogue;

pub(crate) fn arrival(arrival: &Arrival, words: &Catalogue) -> String {
    let inside = match &arrival.name {
        Some(name) => question(name, arrival.now.as_ref(), words),
        None => answer(words.nowhere_title, words.nowhere_text),
    };
    format!(
        r#"<div class="layout-door"><header class="layout-door__bar">{brand}</header>
        <main class="layout-door__main"><div class="notice"><span class="notice__art">{icon}</span>{inside}
        <div class="notice__actions"><a class="button" data-variant="quiet" href="{lobby}">{back}</a></div></div></main></div>"#,
        brand = brand(),
        lobby = Page::Lobby.path(),
        icon = icon("laptop", r#"data-size="lg""#),
        back = Text(words.back_to_lobby),
    )
}

fn answer(title: &str, what: &str) -> String {
    format!(
        r#"<h1 class="notice__title">{}</h1><p class="notice__text">{}</p>"#,
        Text(title),
        Text(what)
    )
}

fn question(name: &str, now: Option<&Now>, words: &Catalogue) -> String {
    let other = match now {
        None => None,
        Some(Now::Theirs) => Some(words.arrival_theirs.to_owned()),
        Some(Now::Other(now)) => Some(words.arrival_other(now)),
    };
    let other = other.map(|said| format!(r#"<p role="note"><strong>{}</strong></p>"#, Text(&said)));
    // To the address that it has.
    format!(
        r#"{}{}<form class="notice__actions" method="post"><button class="button" data-variant="primary">{}</button></form>"#,
        answer(&words.continue_as(name), words.arrival_text),
        other.unwrap_or_default(),
        Text(words.continue_here)
    )
}
