//! Who is here: a column beside the talk, or a sheet over it.

use leptos::{ev::KeyboardEvent, ev::MouseEvent, prelude::*};
use protocol::{Here, MemberId, Present, Role};

use super::{avatar::Avatar, icon::Icon, live, words};
use crate::RoomState;

/// `None` until it was opened or closed by hand: then the width of the window decides.
#[derive(Clone, Copy)]
struct Open(RwSignal<Option<bool>>);

pub(super) fn provide_people() {
    provide_context(Open(RwSignal::new(None)));
}

impl Open {
    fn attribute(self) -> Option<&'static str> {
        match self.0.get() {
            None => Some("auto"),
            Some(true) => Some("true"),
            Some(false) => None,
        }
    }

    /// Whether the panel is seen, asked of the page itself, so that style and script agree.
    fn turn(self, open: Option<bool>) {
        let shown = || {
            document().get_element_by_id("people").is_some_and(|panel| panel.client_height() > 0)
        };
        self.0.set(Some(open.unwrap_or_else(|| !shown())));
    }
}

/// A link to the panel, so that it opens without a script; a button for everyone else.
#[component]
pub(super) fn PeopleButton() -> impl IntoView {
    let open: Open = expect_context();
    let words = words();
    let click = move |event: MouseEvent| {
        event.prevent_default();
        open.turn(None);
    };
    let space = move |event: KeyboardEvent| {
        if event.key() == " " {
            event.prevent_default();
            open.turn(None);
        }
    };
    let expanded = move || open.0.get().map(|open| if open { "true" } else { "false" });
    view! {
        <a class="button" data-variant="quiet" href="#people" id="people-button" role="button" aria-label=words.people
            aria-controls="people" aria-expanded=expanded on:click=click on:keydown=space>
            <Icon name="people" />
            <span class="button__word">{words.people}</span>
        </a>
    }
}

#[component]
pub(super) fn People(room: RoomState) -> impl IntoView {
    let open: Open = expect_context();
    let words = words();
    let close = move |event: MouseEvent| {
        event.prevent_default();
        open.turn(Some(false));
        leave_target();
    };
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            open.turn(Some(false));
            leave_target();
        }
    };
    view! {
        <aside class="side people" id="people" data-open=move || open.attribute() aria-labelledby="people-title" on:keydown=escape>
            <div class="side__head">
                <h2 class="side__title" id="people-title">{words.people}</h2>
                <a class="button" data-variant="quiet" data-icon href="#message" role="button" aria-label=words.close_people on:click=close>
                    <Icon name="close" />
                </a>
            </div>
            <div class="side__body" tabindex="0" role="region" aria-label=words.who_is_here>
                {move || room.scene.with(|scene| list(&scene.here, scene.me()))}
            </div>
        </aside>
        <a class="side__scrim" href="#message" tabindex="-1" aria-hidden="true" on:click=close></a>
    }
}

fn list(here: &Here, me: Option<MemberId>) -> impl IntoView + use<> {
    let words = words();
    let shown = u32::try_from(here.people.len()).unwrap_or(u32::MAX);
    let more = here.total.saturating_sub(shown);
    let more_people = live().more_people;
    let group = |id, label, away| {
        let people = here.people.iter().filter(|one| one.away == away);
        view! {
            <h3 class="people__label" id=id>{label}</h3>
            <ul role="list" aria-labelledby=id>{people.map(|one| person(one, me)).collect_view()}</ul>
        }
    };
    view! {
        {group("here", (words.here_now)(here.total - here.away), false)}
        {(here.away > 0).then(|| group("away", (words.away_now)(here.away), true))}
        {(more > 0).then(|| view! {
            <p class="people__label">{(words.and_more)(more)}</p>
            <button class="button" data-variant="quiet" data-wide type="button" data-scripted
                on:click=move |_| more_people()>{words.show_more}</button>
        })}
    }
}

fn person(one: &Present, me: Option<MemberId>) -> impl IntoView + use<> {
    let words = words();
    let Present { member, away } = one;
    let name = String::from(member.name.clone());
    let badge = |word, tone| view! { <span class="badge" data-tone=tone>{word}</span> };
    view! {
        <li class="people__one" data-away=*away>
            <Avatar name=name.clone() small=true presence=if *away { "away" } else { "online" } />
            <span class="people__who"><bdi class="people__name">{name}</bdi></span>
            {(member.role == Role::Host).then(|| badge(words.host, Some("accent")))}
            {(me == Some(member.id)).then(|| badge(words.you, None))}
        </li>
    }
}

/// Without a script the address opened it; the address must let go of it too.
fn leave_target() {
    if location().hash().as_deref() == Ok("#people") {
        // Fails only for an address that is none.
        let _ = location().set_hash("message");
    }
    if let Some(button) = document().get_element_by_id("people-button") {
        use leptos::wasm_bindgen::JsCast;
        if let Ok(button) = button.dyn_into::<leptos::web_sys::HtmlElement>() {
            // Fails only for an element that cannot have the focus.
            let _ = button.focus();
        }
    }
}
