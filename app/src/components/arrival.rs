//! The other end of a way to another device: a question first, for whatever looks at links by itself must
//! not use it up.

use leptos::prelude::*;
use protocol::{Arrival, Now, Page};

use super::{brand::Brand, icon::Icon, words};

#[component]
pub(crate) fn ArrivalPage(arrival: Arrival) -> impl IntoView {
    let words = words();
    let inside = match arrival {
        Arrival { name: Some(name), now } => view! { <Question name now /> }.into_any(),
        Arrival { name: None, .. } => view! { <Nowhere /> }.into_any(),
    };
    view! {
        <div class="layout-door">
            <header class="layout-door__bar"><Brand /></header>
            <main class="layout-door__main">
                <div class="notice">
                    <span class="notice__art"><Icon name="laptop" large=true /></span>
                    {inside}
                    <div class="notice__actions">
                        <a class="button" data-variant="quiet" href=Page::Lobby.path()>{words.back_to_lobby}</a>
                    </div>
                </div>
            </main>
        </div>
    }
}

#[component]
fn Question(name: String, now: Option<Now>) -> impl IntoView {
    let words = words();
    let other = match now {
        None => None,
        Some(Now::Theirs) => Some(words.arrival_theirs.to_owned()),
        Some(Now::Other(now)) => Some(words.arrival_other(&now)),
    };
    view! {
        <h1 class="notice__title">{words.continue_as(&name)}</h1>
        <p class="notice__text">{words.arrival_text}</p>
        {other.map(|other| view! { <p role="note"><strong>{other}</strong></p> })}
        // To the address that it has.
        <form class="notice__actions" method="post">
            <button class="button" data-variant="primary">{words.continue_here}</button>
        </form>
    }
}

#[component]
fn Nowhere() -> impl IntoView {
    let words = words();
    view! {
        <h1 class="notice__title">{words.nowhere_title}</h1>
        <p class="notice__text">{words.nowhere_text}</p>
    }
}
