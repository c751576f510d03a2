//! What one is called in the room, changed in place: a form that needs no script.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlElement, HtmlFormElement},
};

use super::{html::text, input::Input, slot::Slot};
use crate::Scene;

pub(super) const SLOTS: [Slot; 2] =
    [Slot::Html(PROBLEM, problem), Slot::Attribute(NAME, "value", name)];

pub(crate) const ID: &str = "rename";
const NAME: &str = "new-name";
/// The same as over the message box, which this may hide.
const PROBLEM: &str = "rename-problem";

fn name(scene: &Scene) -> Option<String> {
    scene.member().map(|me| me.name.as_str().to_owned())
}

fn problem(scene: &Scene) -> String {
    let refusal = scene.refusal.as_ref().filter(|_| scene.is_member());
    refusal.map(|refusal| text(&scene.words.refusal(refusal))).unwrap_or_default()
}

pub(super) fn hear(input: &Input) {
    let form =
        input.on("submit", ".rename").and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let data = form.and_then(|form| FormData::new_with_form(&form).ok());
    if let Some(name) = data.and_then(|data| data.get("name").as_string()) {
        input.event.prevent_default();
        (input.live.rename)(&name);
    }
}

/// It was done.
pub fn renamed() {
    if let Some(panel) = document().get_element_by_id(ID) {
        // Fails only for one that is closed.
        let _ = panel.unchecked_ref::<HtmlElement>().hide_popover();
    }
}

#[cfg(feature = "ssr")]
#[component]
pub(super) fn Rename(room: crate::RoomState) -> impl IntoView {
    let words = super::words();
    let (name, problem, page) = room.scene.with_untracked(|scene| {
        let page = protocol::Page::Room(scene.room.code.clone()).path();
        (name(scene), problem(scene), page)
    });
    view! {
        <div class="panel" id=ID popover role="dialog" aria-labelledby="rename-title" data-middle>
            <h2 class="panel__title" id="rename-title">{words.change_name}</h2>
            <form class="rename" method="post" action=format!("{page}/name")>
                <label class="visually-hidden" for=NAME>{words.your_name}</label>
                <div class="field__box">
                    <input class="field__input" id=NAME name="name" value=name required autocomplete="nickname" autofocus
                        spellcheck="false" aria-describedby=PROBLEM />
                </div>
                <button class="button" data-variant="primary">{words.save}</button>
                <p class="rename__problem" id=PROBLEM inner_html=problem></p>
            </form>
        </div>
    }
}
