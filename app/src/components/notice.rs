//! A whole-page answer: no room here, none any more, or one whose door does not open by itself.

use leptos::prelude::*;
use protocol::{Ended, Page};

use super::{
    brand::Brand, code_input::CodeInput, gate, icon::Icon, moments::Moments, room_name, words,
};

/// What it says, and what can be done then.
pub(crate) struct Notice {
    icon: &'static str,
    pub(crate) title: String,
    text: String,
    tone: Option<&'static str>,
    then: Option<AnyView>,
}

impl Notice {
    pub(super) fn new(
        icon: &'static str,
        title: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self { icon, title: title.into(), text: text.into(), tone: None, then: None }
    }

    pub(super) fn tone(self, tone: &'static str) -> Self {
        Self { tone: Some(tone), ..self }
    }

    pub(super) fn with(self, then: AnyView) -> Self {
        Self { then: Some(then), ..self }
    }

    /// For missing, ended and closed rooms alike: a stranger learns nothing from it. Who was in a room is told
    /// that it ended.
    pub(crate) fn of(door: protocol::Door) -> Self {
        let words = words();
        let protocol::Door { code, ended, gate } = door;
        if let Some(notice) = gate.filter(|_| ended.is_none()).and_then(gate::notice) {
            return notice;
        }
        let other = another(code);
        let notice = match ended {
            None => Self::new("compass", words.door_title, words.door_text),
            Some(Ended { code, name, burned: true, at, .. }) => {
                let name = room_name(name.as_ref(), &code, &words.live);
                let when = Moments::of_page().when(at);
                Self::new("burn", words.burned(&name), words.burned_text(&when))
            }
            Some(Ended { code, name, lifetime, .. }) => {
                let name = room_name(name.as_ref(), &code, &words.live);
                Self::new("hourglass", words.ended(&name), words.ended_because(lifetime))
            }
        };
        notice.with(other)
    }
}

/// The code may have been mistyped.
fn another(code: String) -> AnyView {
    view! {
        <form class="notice__form" action="/join" method="post">
            <CodeInput id="code" required=true value=code />
        </form>
        <BackToLobby />
    }
    .into_any()
}

/// `over` is the room that ended.
#[component]
pub(crate) fn Door(notice: Notice, over: Option<String>) -> impl IntoView {
    let Notice { icon, title, text, tone, then } = notice;
    view! {
        <div class="layout-door">
            <header class="layout-door__bar"><Brand /></header>
            <main class="layout-door__main" data-ended=over>
                <div class="notice" data-tone=tone>
                    <span class="notice__art"><Icon name=icon large=true /></span>
                    <h1 class="notice__title">{title}</h1>
                    <p class="notice__text">{text}</p>
                    {then}
                </div>
            </main>
        </div>
    }
}

#[component]
pub(super) fn BackToLobby() -> impl IntoView {
    view! {
        <div class="notice__actions">
            <a class="button" data-variant="quiet" href=Page::Lobby.path()>{words().back_to_lobby}</a>
        </div>
    }
}
