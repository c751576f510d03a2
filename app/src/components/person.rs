//! One of a room's members, before its host.

use leptos::prelude::*;
use protocol::{Act, Mark, MemberId, Page, PersonView, Role};

use super::{
    act::{Button, action, hidden},
    avatar::avatar,
    html::raw,
    moments::Moments,
    sheet::Sheet,
    words,
};

#[component]
pub(crate) fn PersonPage(view: PersonView) -> impl IntoView {
    let catalogue = words();
    let (words, moments) = (catalogue.hosting, Moments::of_page());
    let name = view.member.name.as_str().to_owned();
    let badge = |shown: bool, word| {
        shown.then(|| view! { <span class="badge" data-tone="accent">{word}</span> })
    };
    let curb = view.curb.unwrap_or(protocol::Curb {
        member: view.member.id,
        muted: None,
        barred: None,
        by: None,
    });
    let holds = |until: &i64| *until > moments.now();
    let (muted, barred) = (curb.muted.filter(holds), curb.barred.filter(holds));
    let hue = Mark::of(view.room.id, view.member.id).hue;
    let is_me = view.member.id == view.me.id;
    let others = (!is_me).then(|| {
        let out = (barred.is_none() && view.joined).then(|| remove(&view));
        view! { {mute(&view, muted)} {out} {ban(&view, barred)} }
    });
    let note = [
        (!view.joined).then(|| words.not_here.to_owned()),
        muted.map(|at| words.muted(&moments.until(at))),
        barred.map(|at| words.banned(&moments.until(at))),
    ];
    let note = note.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <Sheet room=view.room.clone() title=name.clone() refusal=view.refusal.clone()>
            <div class="row" data-hue=hue>
                {raw(avatar(&name, "", ""))}
                {badge(view.member.role == Role::Host, catalogue.live.host)}
                {badge(is_me, catalogue.live.you)}
                <span class="text-sm text-soft">{note}</span>
            </div>
            <div class="settings">{others} {appoint(&view)}</div>
            <div class="row"><a class="button" data-size="sm" href=Page::Desk(view.room.code.clone()).path()>{words.desk}</a></div>
        </Sheet>
    }
}

/// Where all forms here lead back to.
fn here(view: &PersonView) -> String {
    Page::person(&view.room.code, view.member.id)
}

/// What is done, what that means, and the form for it.
fn row(name: &'static str, help: &'static str, form: AnyView) -> AnyView {
    view! {
        <div class="settings__row">
            <div class="settings__what">
                <span class="settings__name">{name}</span>
                <span class="settings__help">{help}</span>
            </div>
            {form}
        </div>
    }
    .into_any()
}

/// For so long, each in minutes.
fn held(
    view: &PersonView,
    act: &'static str,
    label: &'static str,
    does: &'static str,
    all: [(&'static str, &'static str); 3],
) -> AnyView {
    let fields = [("act", act.to_owned()), ("member", id(view.member.id)), ("back", here(view))];
    let all = all.map(|(minutes, called)| view! { <option value=minutes>{called}</option> });
    view! {
        <form class="row" method="post" action=action(&view.room.code)>
            {hidden(fields.into())}
            <select class="field__select" name="minutes" aria-label=label>{all}</select>
            <button class="button" data-size="sm">{does}</button>
        </form>
    }
    .into_any()
}

fn id(member: MemberId) -> String {
    member.0.to_string()
}

fn mute(view: &PersonView, muted: Option<i64>) -> AnyView {
    let catalogue = words();
    let words = catalogue.hosting;
    let times = [("10", words.ten_minutes), ("60", words.an_hour), ("1440", catalogue.lasts_a_day)];
    let form = match muted {
        Some(_) => lift(view, Act::Mute { member: view.member.id, until: None }, words.undo_mute),
        None => held(view, "mute", words.mute_for, words.mute, times),
    };
    row(words.mute, words.mute_help, form)
}

fn ban(view: &PersonView, barred: Option<i64>) -> AnyView {
    let catalogue = words();
    let words = catalogue.hosting;
    let times = [
        ("1440", catalogue.lasts_a_day),
        ("10080", words.a_week),
        ("ever", catalogue.lasts_for_ever),
    ];
    let form = match barred {
        Some(_) => lift(view, Act::Bar { member: view.member.id, until: None }, words.undo_ban),
        None => held(view, "bar", words.ban_for, words.ban, times),
    };
    row(words.ban, words.ban_help, form)
}

fn lift(view: &PersonView, act: Act, label: &'static str) -> AnyView {
    Button::new(act, label).back(&here(view)).of(&view.room.code)
}

/// Out for a moment, as a word of warning.
fn remove(view: &PersonView) -> AnyView {
    let words = words().hosting;
    let fields = [
        ("act", "bar".to_owned()),
        ("member", id(view.member.id)),
        ("minutes", "10".to_owned()),
        ("back", here(view)),
    ];
    let form = view! {
        <form method="post" action=action(&view.room.code)>
            {hidden(fields.into())}
            <button class="button" data-size="sm" data-variant="quiet-danger">{words.remove}</button>
        </form>
    };
    row(words.remove, words.remove_help, form.into_any())
}

fn appoint(view: &PersonView) -> AnyView {
    let words = words().hosting;
    let (role, label, help) = match view.member.role {
        Role::Host => (Role::Member, words.no_host, words.no_host_help),
        Role::Member => (Role::Host, words.make_host, words.make_host_help),
    };
    let act = Act::Appoint { member: view.member.id, role };
    row(label, help, Button::new(act, label).back(&here(view)).of(&view.room.code))
}
