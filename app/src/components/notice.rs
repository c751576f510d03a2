//! A whole-pane answer: no room here, or no more.

use leptos::prelude::*;
use protocol::{Page, Reason};

use super::{brand::Brand, icon::Icon, room_code::CodeInput, words};

/// For missing, ended and closed rooms alike: a stranger learns nothing from it.
#[component]
pub(super) fn Door(code: String) -> impl IntoView {
    let words = words();
    view! {
        <div class="layout-door">
            <div class="layout-door__bar"><Brand /></div>
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
pub(super) fn Ended(reason: Reason) -> impl IntoView {
    let (title, text) = (words().closed)(reason);
    view! {
        <div class="layout-door">
            <div class="layout-door__bar"><Brand /></div>
            <main class="layout-door__main">
                <div class="notice" role="alert">
                    <span class="notice__art"><Icon name="out" large=true /></span>
                    <h1 class="notice__title">{title}</h1>
                    <p class="notice__text">{text}</p>
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
