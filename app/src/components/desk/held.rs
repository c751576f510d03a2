//! What holds: who is kept out or quiet, and which links open the room.

use leptos::prelude::*;
use protocol::{Act, Curb, Link, Matter};

use super::Desk;
use crate::components::{
    act::{Button, action, hidden},
    entry::{entry, group},
    icon::Icon,
    words,
};

pub(super) fn curbs(desk: &Desk) -> AnyView {
    let words = words().hosting;
    let all = desk.all(|matter| match matter {
        Matter::Curb(curb) => Some(curb),
        Matter::Knock(_) | Matter::Report(_) | Matter::Link(_) | Matter::Logged(_) => None,
    });
    let all = all.into_iter().flat_map(|(_, one)| curb(desk, one)).collect();
    group("held", words.held, 0, None, all, words.no_held)
}

/// A ban and a mute are two.
fn curb(desk: &Desk, curb: &Curb) -> Vec<AnyView> {
    let words = words().hosting;
    let Curb { member, muted, barred, by } = *curb;
    let (name, by) = (desk.name(member), desk.actor(by));
    let one = |note: String, act, undo| {
        let button = Button::new(act, undo).named(words.to(undo, &name));
        entry(None, desk.hue(member), name.clone(), note, None, vec![button.of(desk.code())])
    };
    let holds = |until: &i64| *until > desk.moments.now();
    let until = |at| desk.moments.until(at);
    let barred = barred.filter(holds).map(|at| {
        one(words.banned_by(&by, &until(at)), Act::Bar { member, until: None }, words.undo_ban)
    });
    let muted = muted.filter(holds).map(|at| {
        one(words.muted_by(&by, &until(at)), Act::Mute { member, until: None }, words.undo_mute)
    });
    barred.into_iter().chain(muted).collect()
}

pub(super) fn links(desk: &Desk) -> AnyView {
    let words = words().hosting;
    let works = |link: &&Link| {
        !link.revoked && link.until > desk.moments.now() && link.left.is_none_or(|left| left > 0)
    };
    let all = desk.all(|matter| match matter {
        Matter::Link(link) => Some(link).filter(works),
        Matter::Knock(_) | Matter::Report(_) | Matter::Curb(_) | Matter::Logged(_) => None,
    });
    let all = all.into_iter().map(|(_, one)| link(desk, one)).collect();
    view! {
        <div class="stack-3">
            {group("links", words.links, 0, desk.view.made.clone().map(made), all, words.no_links)}
            {new_invitation(desk)}
            {new_host_link(desk)}
        </div>
    }
    .into_any()
}

/// Made just now. Nobody can look it up again.
fn made(address: String) -> AnyView {
    let words = words().hosting;
    view! {
        <div class="field">
            <label class="field__label" for="made">{words.new_link}</label>
            <div class="field__box">
                <input class="field__input mono" id="made" readonly dir="ltr" value=address aria-describedby="made-help" />
            </div>
            <p class="field__help" id="made-help" role="status">{words.shown_once}</p>
        </div>
    }
    .into_any()
}

fn link(desk: &Desk, link: &Link) -> AnyView {
    let words = words().hosting;
    let kind = if link.host { words.host_link } else { words.invitation };
    let mut note = words.made_by(&desk.actor(link.by), &desk.moments.until(link.until));
    if let Some(left) = link.left {
        note = format!("{note} · {}", words.uses_left(left));
    }
    let revoke = Button::new(Act::Revoke { link: link.id }, words.revoke)
        .named(words.to(words.revoke, kind))
        .variant("quiet-danger");
    view! {
        <li class="entry">
            <span class="entry__tile"><Icon name={if link.host { "host" } else { "link" }} /></span>
            <div class="entry__main">
                <span class="entry__name">{kind}</span>
                <span class="entry__note">{note}</span>
            </div>
            <div class="entry__actions">{revoke.of(desk.code())}</div>
        </li>
    }
    .into_any()
}

fn new_invitation(desk: &Desk) -> AnyView {
    let catalogue = words();
    let words = catalogue.hosting;
    let days = [
        ("hour", words.an_hour),
        ("1", catalogue.lasts_a_day),
        ("7", words.a_week),
        ("30", catalogue.lasts_a_month),
    ];
    let uses = [("1", "1"), ("5", "5"), ("25", "25"), ("", words.unlimited)];
    view! {
        <form class="settings" method="post" action=action(desk.code())>
            {hidden(vec![("act", "link".into())])}
            {choice("days", words.valid_for, days, "7")}
            {choice("uses", words.uses, uses, "1")}
            <div class="settings__row">
                <span class="settings__help grow">{words.invitation_help}</span>
                <button class="button" data-size="sm">{words.make_invitation}</button>
            </div>
        </form>
    }
    .into_any()
}

fn choice(
    name: &'static str,
    label: &'static str,
    all: [(&'static str, &'static str); 4],
    first: &'static str,
) -> AnyView {
    let all = all.map(
        |(value, called)| view! { <option value=value selected=value == first>{called}</option> },
    );
    view! {
        <div class="settings__row">
            <div class="settings__what"><label class="settings__name" for=name>{label}</label></div>
            <select class="field__select" id=name name=name>{all}</select>
        </div>
    }
    .into_any()
}

fn new_host_link(desk: &Desk) -> AnyView {
    let words = words().hosting;
    let fields = [("act", "link"), ("host", "on"), ("days", "7"), ("uses", "1")];
    view! {
        <form class="settings" method="post" action=action(desk.code())>
            {hidden(fields.map(|(name, value)| (name, value.to_owned())).into())}
            <div class="settings__row">
                <span class="settings__help grow">{words.host_link_help}</span>
                <button class="button" data-size="sm">{words.make_host_link}</button>
            </div>
        </form>
    }
    .into_any()
}
