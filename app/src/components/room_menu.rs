//! What is seldom done in a room: show it to a camera, export it, choose how pages look. A popover, which
//! needs no script.

use super::{input::Input, slot::Slot, timeline::hidden_unless};
use crate::Scene;
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlElement};

pub(super) const SLOTS: [Slot; 4] = [
    Slot::Attribute(HOSTS, "hidden", |scene| hidden_unless(scene.is_host())),
    Slot::Html(WAITING, waiting),
    Slot::Attribute(RENAME, "hidden", |scene| hidden_unless(scene.may_rename())),
    Slot::Attribute(EXPORTS, "hidden", |scene| hidden_unless(scene.is_member())),
];

const ID: &str = "room-menu";
/// For whoever is in the room and not muted.
const RENAME: &str = "rename-item";
/// For whoever is in the room.
const EXPORTS: &str = "exports";
/// For hosts, with how much waits for them.
const HOSTS: &str = "hosting";
const WAITING: &str = "waiting";

fn waiting(scene: &Scene) -> String {
    let count = scene.waiting.knocking + scene.waiting.reports;
    if count > 0 { count.to_string() } else { String::new() }
}

/// Closed at once: a popover that is opened from it is nested in it, and would close with it.
pub(super) fn hear(input: &Input) {
    if input.on("click", ":is(a, button).menu__item").is_some()
        && let Some(menu) = document().get_element_by_id(ID)
    {
        // Fails only for one that is closed.
        let _ = menu.unchecked_ref::<HtmlElement>().hide_popover();
    }
}

#[cfg(feature = "ssr")]
#[component]
pub(super) fn RoomMenuButton() -> impl IntoView {
    use super::{icon::Icon, words};

    let words = words();
    view! {
        <button class="button" data-variant="quiet" data-icon type="button" popovertarget=ID
            aria-label=words.room_menu title=words.room_menu>
            <Icon name="more" />
        </button>
    }
}

#[cfg(feature = "ssr")]
#[component]
pub(super) fn RoomMenu(room: crate::RoomState) -> impl IntoView {
    use protocol::Page;

    use super::{bell::Bell, icon::Icon, rename, share, words};

    let words = words();
    let (member, may_rename, page) = room.scene.with_untracked(|scene| {
        (scene.is_member(), scene.may_rename(), Page::Room(scene.room.code.clone()).path())
    });
    let export = |format: &str, name| {
        view! {
            <a class="menu__item" href=format!("{page}/export/{format}") download>
                <Icon name="download" />
                {name}
            </a>
        }
    };
    view! {
        <nav class="menu" id=ID popover aria-label=words.room_menu>
            <button class="menu__item" type="button" popovertarget=share::ID aria-haspopup="dialog">
                <Icon name="qr" />
                {words.show_qr}
            </button>
            <button class="menu__item" type="button" id=RENAME popovertarget=rename::ID aria-haspopup="dialog"
                hidden=!may_rename>
                <Icon name="edit" />
                {words.change_name}
            </button>
            <Bell />
            <hr class="menu__rule" />
            <Hosts scene=room.scene.get_untracked() />
            <div id=EXPORTS role="group" aria-labelledby="exports-title" hidden=!member>
                <p class="menu__title" id="exports-title">{words.export}</p>
                {export("html", words.export_html)}
                {export("txt", words.export_text)}
                {export("json", words.export_json)}
                <hr class="menu__rule" />
            </div>
            <a class="menu__item" href=Page::Settings.path()>
                <Icon name="settings" />
                {words.settings}
            </a>
        </nav>
    }
}

/// What waits for a host, and what they settle.
#[cfg(feature = "ssr")]
#[component]
fn Hosts(scene: Scene) -> impl IntoView {
    use protocol::Page;

    use super::{icon::Icon, words};

    let words = words().hosting;
    let code = &scene.room.code;
    view! {
        <div id=HOSTS role="group" aria-label=words.hosts hidden=!scene.is_host()>
            <a class="menu__item" href=Page::Desk(code.clone()).path()>
                <Icon name="knock" />
                {words.desk}
                <span class="badge push" data-tone="new" aria-hidden="true" id=WAITING inner_html=waiting(&scene)></span>
            </a>
            <a class="menu__item" href=Page::Rules(code.clone()).path()>
                <Icon name="host" />
                {words.room_settings}
            </a>
            <hr class="menu__rule" />
        </div>
    }
}
