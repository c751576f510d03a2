//! The HTML document around the app. Only the server draws it.

use leptos::{config::LeptosOptions, hydration::AutoReload, nonce::use_nonce, prelude::*};
use protocol::{PageData, Room, RoomView, Theme, View, encode};

use crate::{
    APP, Announcement, Catalogue, Clock, DATA_ID, DeskPage, Door, Frame, LobbyPage, Look,
    MessagePage, Moments, NewRoomPage, Notice, PersonPage, RoomPage, RoomState, RulesPage,
    SettingsPage, arrival, devices, raw, room_name,
};

/// Shapes that `<use>` refers to; once per document.
const SPRITE: &str = include_str!("icons.svg");

/// Addresses of the built files, with their hashes.
#[derive(Clone, Debug, Default)]
pub struct Files {
    pub js: String,
    pub wasm: String,
    pub css: String,
    /// What the emoji picker is filled with: what `emoji` draws.
    pub emoji: String,
}

/// The whole document. It expects leptos's `Nonce` in the context. With `watched`, while somebody works
/// on the code, it loads itself anew after each build.
pub fn shell(
    data: PageData,
    words: &'static Catalogue,
    files: Files,
    clock: Clock,
    watched: Option<LeptosOptions>,
) -> impl IntoView {
    let PageData { look, view } = data;
    let noindex = !matches!(view, View::Lobby(_));
    let theme = look.theme.map(Theme::as_str);
    let data = living(&view, &look, words);
    let lives = data.is_some();
    let start =
        format!("import start from '{}'; start({{ module_or_path: '{}' }});", files.js, files.wasm);
    let nonce = use_nonce();
    let look = RwSignal::new(look);
    provide_context(Look(look));
    provide_context(words);
    provide_context(Moments(clock));
    let title = escape(&title(&view, words));
    view! {
        <!DOCTYPE html>
        <html lang=words.language.tag() dir=words.dir data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <title inner_html=title></title>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content" />
                <meta name="description" content=format!("{} {}", words.slogan, words.promise) />
                {noindex.then(|| view! { <meta name="robots" content="noindex" /> })}
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=files.css />
                <link rel="modulepreload" href=files.js nonce=nonce.clone() />
                <link rel="preload" href=files.wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                <script type="module" nonce=nonce inner_html=start></script>
                {watched.map(|options| view! { <AutoReload options /> })}
            </head>
            <body>
                {page(view, files.emoji, look, clock, words)}
                {lives.then(|| view! { <Announcement /> })}
                <svg hidden inner_html=SPRITE></svg>
                <script type="application/json" id=DATA_ID inner_html=data.unwrap_or_default()></script>
            </body>
        </html>
    }
}

/// What a document brings along in which something lives on.
fn living(view: &View, look: &protocol::Look, words: &Catalogue) -> Option<String> {
    // In a script element only `</script` and `<!--` end or change the text.
    let lives = |room: Option<&RoomView>| {
        encode(&(look, &words.live.all()[..], room)).replace('<', "\\u003c")
    };
    match view {
        View::Room(view) => Some(lives(Some(view))),
        // The lists of rooms alone.
        View::Lobby(_) => Some(lives(None)),
        View::NewRoom(_)
        | View::Door(_)
        | View::Settings(_)
        | View::Desk(_)
        | View::Rules(_)
        | View::Person(_)
        | View::Message(_)
        | View::Devices(_)
        | View::Arrival(_) => None,
    }
}

fn page(
    view: View,
    emoji: String,
    look: RwSignal<protocol::Look>,
    clock: Clock,
    catalogue: &'static Catalogue,
) -> AnyView {
    let words = &catalogue.live;
    match view {
        View::Lobby(lobby) => view! { <LobbyPage lobby now=(clock.now)() /> }.into_any(),
        View::NewRoom(new) => view! { <NewRoomPage new /> }.into_any(),
        View::Door(door) => {
            let over = door.ended.as_ref().map(|ended| ended.id.0.to_string());
            view! { <Door notice=Notice::of(door) over /> }.into_any()
        }
        View::Settings(settings) => view! { <SettingsPage settings /> }.into_any(),
        View::Desk(view) => view! { <DeskPage view=*view /> }.into_any(),
        View::Rules(view) => view! { <RulesPage view=*view /> }.into_any(),
        View::Person(view) => view! { <PersonPage view=*view /> }.into_any(),
        View::Message(view) => view! { <MessagePage view=*view /> }.into_any(),
        View::Devices(of_mine) => {
            raw(devices(&of_mine, catalogue, &look.get_untracked(), clock)).into_any()
        }
        View::Arrival(there) => raw(arrival(&there, catalogue)).into_any(),
        View::Room(view) => {
            let room = RoomState::new(&view, look, clock, words);
            let (current, rooms) = (view.page.room.id, view.rooms.clone());
            view! { <Frame current rooms emoji><RoomPage room view=*view /></Frame> }.into_any()
        }
    }
}

fn title(view: &View, words: &Catalogue) -> String {
    match view {
        View::Lobby(_) => APP.into(),
        View::Room(view) => format!("{} · {APP}", named(&view.page.room, words)),
        View::NewRoom(_) => format!("{} · {APP}", words.new_room),
        View::Door(door) => format!("{} · {APP}", Notice::of(door.clone()).title),
        View::Settings(_) => format!("{} · {APP}", words.settings),
        View::Desk(view) => of_room(words.hosting.desk, &view.room, words),
        View::Rules(view) => of_room(words.hosting.room_settings, &view.room, words),
        View::Person(view) => of_room(view.member.name.as_str(), &view.room, words),
        View::Message(view) => of_room(words.hosting.about, &view.room, words),
        View::Devices(_) => format!("{} · {APP}", words.devices),
        View::Arrival(_) => format!("{} · {APP}", words.move_title),
    }
}

fn named(room: &Room, words: &Catalogue) -> String {
    room_name(room.name.as_ref(), &room.code, &words.live)
}

fn of_room(what: &str, room: &Room, words: &Catalogue) -> String {
    format!("{what} · {} · {APP}", named(room, words))
}

/// A title is text: a child would show the marker that leptos puts after it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
