//! A whole-page answer: no room here, or none any more.

use leptos::prelude::*;
use protocol::{Ended, Page};

use super::{brand::Brand, code_input::CodeInput, icon::Icon, room_name, words};

/// For missing, ended and closed rooms alike: a stranger learns nothing from it. Who was in a room is told
/// that it ended.
#[component]
pub(crate) fn Door(door: protocol::Door) -> impl IntoView {
    let words = words();
    let protocol::Door { code, ended } = door;
    let over = ended.as_ref().map(|ended| ended.id.0.to_string());
    let (icon, title, text) = match ended {
        None => ("compass", words.door_title.to_owned(), words.door_text),
        Some(Ended { code, name, lifetime, .. }) => {
            let name = room_name(name.as_ref(), &code, &words.live);
            ("hourglass", words.ended(&name), words.ended_because(lifetime))
        }
    };
    view! {
        <div class="layout-door">
            <header class="layout-door__bar"><Brand /></header>
            <main class="layout-door__main" data-ended=over>
                <div class="notice">
                    <span class="notice__art"><Icon name=icon large=true /></span>
                    <h1 class="notice__title">{title}</h1>
                    <p class="notice__text">{text}</p>
                    <form class="notice__form" action="/join" method="post">
                        <CodeInput id="code" required=true value=code />
                    </form>
                    <BackToLobby />
                </div>
            </main>
        </div>
    }
}

#[component]
fn BackToLobby() -> impl IntoView {
    view! {
        <div class="notice__actions">
            <a class="button" data-variant="quiet" href=Page::Lobby.path()>{words().back_to_lobby}</a>
        </div>
    }
}
