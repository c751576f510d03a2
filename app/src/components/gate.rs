//! The door of a room that does not open by itself. Who was never in the room learns nothing of it: neither its
//! name, nor its topic, nor how many are in it.

use leptos::prelude::*;
use protocol::{FOR_EVER, Gate, Gateway, Page, Refusal};

use super::{
    act::hidden,
    field::Field,
    icon::Icon,
    lobby::NameField,
    moments::Moments,
    notice::{BackToLobby, Notice},
    room_name, words,
};

/// Whoever is out for so long at most was shown out, and not banned.
const SHORT_MS: i64 = 60 * 60 * 1000;

/// `None`: it is as if there were none.
pub(super) fn notice(gate: Gate) -> Option<Notice> {
    let words = words();
    let Gate { code, room, way, name, key, refusal } = gate;
    let known = room.map(|room| room_name(Some(&room), &code, &words.live));
    let room = Page::Room(code).path();
    let notice = match way {
        Gateway::Full => {
            let again = link(room, "refresh", words.try_again);
            Notice::new("people", words.full_title, words.full_text).tone("new").with(again)
        }
        Gateway::Password => Notice::new("key", words.password_title, words.password_text)
            .tone("accent")
            .with(password(&room, name, refusal)),
        Gateway::Knock => Notice::new("knock", words.knock_title, words.knock_text)
            .tone("accent")
            .with(knock(&room, name, refusal)),
        Gateway::Knocked { at } => {
            let text = words.knocked(&Moments::of_page().when(at));
            Notice::new("knock", words.knocked_title, text).tone("accent").with(knocked(room))
        }
        Gateway::Locked => Notice::new("lock", words.locked(&known?), words.locked_text)
            .with(view! { <BackToLobby /> }.into_any()),
        Gateway::Barred { until } => barred(known.as_deref(), until),
        Gateway::Invited { host } => {
            let text = if host { words.invited_host } else { words.invited_text };
            let key = key.map(|key| key.as_str().to_owned()).unwrap_or_default();
            let form = invited(key, name, refusal);
            let icon = if host { "host" } else { "link" };
            Notice::new(icon, words.invited_title, text).tone("accent").with(form)
        }
    };
    Some(notice)
}

/// Without a name of the room: who never was in it comes from where somebody is barred, or knocked and was barred.
fn barred(room: Option<&str>, until: i64) -> Notice {
    let (words, moments) = (words(), Moments::of_page());
    let banned = room.map_or_else(|| words.barred_title.to_owned(), |room| words.banned(room));
    let notice = match room {
        _ if until >= FOR_EVER => Notice::new("stop", banned, words.banned_for_good),
        None => Notice::new("stop", banned, words.barred_because(&moments.clock(until))),
        Some(room) if until - moments.now() <= SHORT_MS => {
            Notice::new("remove", words.put_out(room), words.come_back(&moments.when(until)))
        }
        Some(_) => Notice::new("stop", banned, words.banned_until(&moments.clock(until))),
    };
    notice.tone("danger").with(view! { <BackToLobby /> }.into_any())
}

fn link(href: String, icon: &'static str, label: &'static str) -> AnyView {
    view! {
        <div class="notice__actions">
            <a class="button" data-variant="primary" href=href><Icon name=icon />{label}</a>
        </div>
        <BackToLobby />
    }
    .into_any()
}

/// What is wrong with this field, and what with the name.
fn parted(
    refusal: Option<Refusal>,
    is_of_it: impl Fn(&Refusal) -> bool,
) -> (Option<Refusal>, Option<Refusal>) {
    match refusal {
        // It is asked for; nothing is wrong yet.
        Some(Refusal::PasswordNeeded | Refusal::KnockFirst) | None => (None, None),
        Some(refusal) if is_of_it(&refusal) => (Some(refusal), None),
        refusal => (None, refusal),
    }
}

fn password(room: &str, name: String, refusal: Option<Refusal>) -> AnyView {
    let words = words();
    let (of_it, of_name) = parted(refusal, |refusal| {
        matches!(
            refusal,
            Refusal::PasswordWrong | Refusal::PasswordLength { .. } | Refusal::TooFast { .. }
        )
    });
    view! {
        <form class="notice__form" method="post" action=format!("{room}/join")>
            <NameField name refusal=of_name />
            <Field id="password" name="password" label=words.password refusal=of_it kind="password" required=true />
            <button class="button" data-variant="primary" data-size="lg" data-wide>{words.join}</button>
        </form>
        <BackToLobby />
    }
    .into_any()
}

fn knock(room: &str, name: String, refusal: Option<Refusal>) -> AnyView {
    let words = words();
    let (of_it, of_name) =
        parted(refusal, |refusal| matches!(refusal, Refusal::LineTooLong { .. }));
    view! {
        <form class="notice__form" method="post" action=format!("{room}/knock")>
            <NameField name refusal=of_name />
            <Field id="says" name="says" label=words.note help=words.note_help refusal=of_it />
            <button class="button" data-variant="primary" data-size="lg" data-wide>{words.knock}</button>
        </form>
        <BackToLobby />
    }
    .into_any()
}

/// Where there is a script, it looks whether the door opens; without one, who waits looks again.
fn knocked(room: String) -> AnyView {
    let words = words();
    view! {
        <div class="notice__actions" data-waits>
            <a class="button" data-variant="primary" href=room><Icon name="refresh" />{words.see_whether}</a>
            <a class="button" data-variant="quiet" href=Page::Lobby.path()>{words.stop_waiting}</a>
        </div>
    }
    .into_any()
}

fn invited(key: String, name: String, refusal: Option<Refusal>) -> AnyView {
    let words = words();
    view! {
        <form class="notice__form" method="post" action="/i">
            {hidden(vec![("key", key)])}
            <NameField name refusal=refusal />
            <button class="button" data-variant="primary" data-size="lg" data-wide>{words.join}</button>
        </form>
        <BackToLobby />
    }
    .into_any()
}
