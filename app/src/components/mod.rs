//! One visible thing a file; each has its style in `style/components/` under the same name.

mod avatar;
mod brand;
mod composer;
mod connection;
mod flag;
mod icon;
mod lobby;
mod message;
mod notice;
mod people;
mod rail;
mod room;
mod room_code;
mod room_header;
mod room_list;
mod theme;
mod timeline;
mod visitor;

use leptos::prelude::*;

use crate::{Clock, EN, Live, Shown, State, Words};

/// Draws what `state` shows.
#[component]
pub fn App(state: State, live: Live, clock: Clock) -> impl IntoView {
    provide_context(live);
    provide_context(clock);
    provide_context(Look(state.look));
    match state.shown {
        Shown::Lobby(lobby) => view! { <lobby::LobbyPage lobby /> }.into_any(),
        Shown::Room(room) => view! { <room::RoomPage room /> }.into_any(),
        Shown::Door { code } => view! { <notice::Door code /> }.into_any(),
    }
}

/// The reader's theme and zone.
#[derive(Clone, Copy)]
struct Look(RwSignal<protocol::Look>);

fn words() -> &'static Words {
    &EN
}

fn live() -> Live {
    expect_context()
}

/// What a room is called: its name, or else its code.
fn room_name(name: Option<&protocol::RoomName>, code: &protocol::RoomCode) -> String {
    name.map_or_else(|| (words().room)(code.as_str()), |name| name.as_str().to_owned())
}
