//! What one is called in the room, changed in place: a form that needs no script.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlElement, HtmlInputElement},
};
use protocol::Refusal;

use super::{input::Input, problem, slot::Slot};
use crate::RoomState;

pub(super) const SLOTS: [Slot; 1] =
    [Slot::Html(PROBLEM, |scene| problem(scene.name_refusal.as_ref(), scene.words))];

pub(super) const ID: &str = "rename";
const NAME: &str = "new-name";
const PROBLEM: &str = "rename-problem";

/// A page that came back with a name that was refused has the panel open, and over the talk. From now on
/// it is as any other.
pub(super) fn come_alive() {
    let Some(panel) = panel().filter(|panel| panel.has_attribute("open")) else { return };
    // Neither fails: it is a popover, and not shown as one yet.
    let _ = panel.remove_attribute("open");
    let _ = panel.show_popover();
}

pub(super) fn hear(input: &Input) {
    let Some(field) = field() else { return };
    if input.on("click", &format!("[popovertarget={ID}]")).is_some() {
        // Whatever was asked for before, it begins with the name as it is.
        let name = input.room.scene.with_untracked(|scene| {
            scene.member().map(|me| me.name.as_str().to_owned()).unwrap_or_default()
        });
        field.set_value(&name);
        input.room.refuse_name(None);
    } else if input.on("input", &format!("#{NAME}")).is_some() {
        input.room.refuse_name(None);
    } else if input.on("submit", ".rename").is_some() {
        input.event.prevent_default();
        (input.live.rename)(&field.value());
    }
}

/// What came of asking for this name: nothing to whoever is about to ask for another by now.
pub fn renamed(room: RoomState, name: &str, refusal: Option<Refusal>) {
    if field().is_none_or(|field| field.value() != name) {
        return;
    }
    if refusal.is_none()
        && let Some(panel) = panel()
    {
        // Fails only for one that is closed.
        let _ = panel.hide_popover();
    }
    room.refuse_name(refusal);
}

fn panel() -> Option<HtmlElement> {
    document().get_element_by_id(ID)?.dyn_into().ok()
}

fn field() -> Option<HtmlInputElement> {
    document().get_element_by_id(NAME)?.dyn_into().ok()
}

/// A dialog, because that can be drawn open where there is no script to open it.
#[cfg(feature = "ssr")]
#[component]
pub(super) fn Rename(room: RoomState, refused: Option<protocol::RefusedName>) -> impl IntoView {
    let words = super::words();
    let scene = room.scene.get_untracked();
    let page = protocol::Page::Room(scene.room.code.clone()).path();
    let action = format!("{page}/name");
    let open = refused.is_some();
    let me = scene.member().map(|me| me.name.as_str().to_owned());
    let name = refused.map(|refused| refused.name).or(me);
    view! {
        <dialog class="panel" id=ID popover open=open aria-labelledby="rename-title" data-middle>
            <h2 class="panel__title" id="rename-title">{words.change_name}</h2>
            <form class="rename" method="post" action=action>
                <label class="visually-hidden" for=NAME>{words.your_name}</label>
                <div class="field__box">
                    <input class="field__input" id=NAME name="name" value=name required autocomplete="nickname" autofocus
                        spellcheck="false" aria-describedby=PROBLEM />
                </div>
                <button class="button" data-variant="primary">{words.save}</button>
                <p class="rename__problem" id=PROBLEM role="alert" inner_html=problem(scene.name_refusal.as_ref(), scene.words)></p>
                {open.then(|| view! { <a class="button" href=page>{words.cancel}</a> })}
            </form>
        </dialog>
    }
}
