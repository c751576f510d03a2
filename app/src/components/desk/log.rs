//! What hosts did, the last first.

use leptos::prelude::*;
use protocol::{Act, Item, Logged, Matter, Page};

use super::Desk;
use crate::components::{act::Button, words};

/// What a removed message said is kept for so long.
const KEPT_MS: i64 = 10_000;

pub(super) fn log(desk: &Desk) -> AnyView {
    let words = words().hosting;
    let mut all = desk.all(|matter| match matter {
        Matter::Logged(logged) => Some(logged),
        Matter::Knock(_) | Matter::Report(_) | Matter::Curb(_) | Matter::Link(_) => None,
    });
    all.sort_by_key(|(item, _)| std::cmp::Reverse(item.rev));
    let mut day = None;
    let mut lines = Vec::new();
    for (item, logged) in all {
        let its = desk.moments.other_day(item.at);
        if its != day {
            lines.extend(
                its.clone().map(|its| view! { <li class="entry__day">{its}</li> }.into_any()),
            );
            day = its;
        }
        lines.push(line(desk, item, logged));
    }
    let lines = if lines.is_empty() {
        view! { <p class="entry__empty">{words.no_log}</p> }.into_any()
    } else {
        view! { <ol role="list">{lines}</ol> }.into_any()
    };
    let older = desk.view.older.map(|first| {
        let before = Page::log_before(desk.code(), first);
        view! {
            <div class="row"><a class="button" data-size="sm" rel="prev" href=before>{words.older_log}</a></div>
        }
    });
    view! {
        <section class="stack-2" aria-labelledby="log">
            <div class="row">
                <h2 class="dialog__title" id="log">{words.log}</h2>
                <span class="push text-sm text-soft">{words.log_help}</span>
            </div>
            {lines}
            {older}
        </section>
    }
    .into_any()
}

fn line(desk: &Desk, item: &Item, logged: &Logged) -> AnyView {
    let catalogue = words();
    let (words, said) = (catalogue.hosting, said(desk, logged));
    let gone = desk.moments.now() - item.at > KEPT_MS;
    let undo = logged.undo.clone().filter(|undo| !(gone && matches!(undo, Act::Remove { .. })));
    let undo = undo.map(|undo| {
        let button = Button::new(undo, words.undo).named(words.to(words.undo, &said));
        button.variant("quiet").of(desk.code())
    });
    let time = catalogue.live.hours(desk.moments.local(item.at));
    view! {
        <li class="entry" data-kind="log">
            <time class="entry__note" datetime=desk.moments.utc(item.at).machine()>{time}</time>
            <span class="grow">{said.clone()}</span>
            {undo}
        </li>
    }
    .into_any()
}

fn said(desk: &Desk, logged: &Logged) -> String {
    let catalogue = words();
    let by = if logged.automatic {
        catalogue.hosting.the_server.to_owned()
    } else {
        desk.actor(logged.by)
    };
    let whom = logged.act.member().map(|whom| desk.name(whom)).unwrap_or_default();
    catalogue.did(&logged.act, &by, &whom, &|at| desk.moments.until(at))
}
