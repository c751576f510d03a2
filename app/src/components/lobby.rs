//! The way in: my name, a new room, a code, my rooms, and those that are open to everyone.

use leptos::prelude::*;
use protocol::{Lobby, Page, Refusal};

use super::{
    avatar::avatar,
    brand::Brand,
    code_input::CodeInput,
    flag::Flag,
    html::raw,
    icon::Icon,
    room_list::{OpenRooms, RoomList},
    theme::ThemeButton,
    words,
};
use crate::looks::hue;

#[component]
pub(crate) fn LobbyPage(lobby: Lobby, now: i64) -> impl IntoView {
    let words = words();
    let Lobby { name, code, rooms, open, refusal } = lobby;
    view! {
        <div class="layout-lobby">
            <header class="layout-lobby__bar"><Brand /></header>
            <main class="layout-lobby__main">
                <section class="layout-lobby__enter" aria-labelledby="enter-title">
                    <div class="stack-3">
                        <div class="hoist" aria-hidden="true">
                            {["KITE", "REEF", "TIDE", "WAVE"].map(|code| view! { <Flag code=code.to_owned() /> })}
                        </div>
                        <h1 class="title" id="enter-title" data-hero>{words.slogan}</h1>
                        <p class="text-soft">{words.promise}</p>
                    </div>
                    <Enter name code refusal />
                </section>
                <div class="layout-lobby__rooms">
                    <section class="room-list" aria-labelledby="yours-title">
                        <div class="room-list__head">
                            <h2 class="room-list__title" id="yours-title">{words.your_rooms}</h2>
                        </div>
                        <RoomList rooms />
                    </section>
                    <OpenRooms rooms=open now />
                </div>
            </main>
            <footer class="layout-lobby__foot">
                <ThemeButton back=Page::Lobby word=true />
                <a class="button" data-variant="quiet" href=Page::Settings.path()><Icon name="settings" />{words.settings}</a>
                <span class="push text-sm text-soft">{words.local}</span>
            </footer>
        </div>
    }
}

/// One form with two ways out: the name goes along with either, also without a script.
#[component]
fn Enter(name: String, code: String, refusal: Option<Refusal>) -> impl IntoView {
    let words = words();
    view! {
        <form class="stack-4" action="/rooms" method="post">
            <NameField name refusal />
            <div class="join__line">
                <button class="button" data-variant="primary" data-size="lg">{words.create_room}</button>
                <button class="button" data-variant="quiet" data-size="lg" data-icon formaction=Page::NewRoom.path() formmethod="get"
                    formnovalidate aria-label=words.room_options title=words.room_options><Icon name="settings" /></button>
            </div>
            <div class="join">
                <CodeInput id="code" required=false value=code />
            </div>
        </form>
    }
}

/// What the reader is called in the room that they enter next.
#[component]
pub(super) fn NameField(
    name: String,
    refusal: Option<Refusal>,
    /// What there is to know of it.
    #[prop(optional)]
    help: Option<&'static str>,
) -> impl IntoView {
    let words = words();
    let invalid = refusal.is_some();
    let problem = refusal.map(|refusal| {
        view! { <p class="field__help" id="name-problem" role="alert">{words.live.refusal(&refusal)}</p> }
    });
    let help = help.map(|help| view! { <p class="settings__help" id="name-help">{help}</p> });
    let described = match (invalid, help.is_some()) {
        (true, true) => Some("name-problem name-help"),
        (true, false) => Some("name-problem"),
        (false, true) => Some("name-help"),
        (false, false) => None,
    };
    view! {
        <div class="field" data-invalid=invalid>
            <label class="field__label" for="name">{words.your_name}</label>
            <div class="field__box">
                {raw(avatar(&name, "", &format!(r#"data-size="sm" data-hue="{}""#, hue(&name))))}
                <input class="field__input" id="name" name="name" value=name required autocomplete="nickname"
                    spellcheck="false" aria-invalid=invalid.then_some("true") aria-describedby=described />
            </div>
            {problem}
            {help}
        </div>
    }
}
