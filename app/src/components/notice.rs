//! A whole-page answer: no room here.

use leptos::prelude::*;
use protocol::Page;

use super::{brand::Brand, code_input::CodeInput, icon::Icon, words};

/// For missing, ended and closed rooms alike: a stranger learns nothing from it.
#[component]
pub(crate) fn Door(code: String) -> impl IntoView {
    let words = words();
    view! {
        <div class="layout-door">
            <header class="layout-door__bar"><Brand /></header>
            <main class="layout-door__main">
                <div class="notice">
                    <span class="notice__art"><Icon name="compass" large=true /></span>
                    <h1 class="notice__title">{words.door_title}</h1>
                    <p class="notice__text">{words.door_text}</p>
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
