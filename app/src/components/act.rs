//! Forms that do something as a host. What an act says stands in their fields, as the server reads it.

use leptos::prelude::*;
use protocol::{Act, Admission, MemberId, Page, Role, RoomCode, Voices};

use super::moments::Moments;

const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;

/// A button for one act: nothing of it is left to be chosen.
pub(super) struct Button {
    act: Act,
    label: &'static str,
    named: Option<String>,
    variant: Option<&'static str>,
    back: Option<String>,
}

impl Button {
    pub(super) fn new(act: Act, label: &'static str) -> Self {
        Self { act, label, named: None, variant: None, back: None }
    }

    /// With another name for who hears it only: of many alike, what this one is about.
    pub(super) fn named(self, named: String) -> Self {
        Self { named: Some(named), ..self }
    }

    pub(super) fn variant(self, variant: &'static str) -> Self {
        Self { variant: Some(variant), ..self }
    }

    /// It leads to this page, and else to the desk.
    pub(super) fn back(self, path: &str) -> Self {
        Self { back: Some(path.to_owned()), ..self }
    }

    pub(super) fn of(self, room: &RoomCode) -> AnyView {
        let Self { act, label, named, variant, back } = self;
        let mut fields = fields(&act, Moments::of_page().now());
        fields.extend(back.map(|back| ("back", back)));
        view! {
            <form method="post" action=action(room)>
                {hidden(fields)}
                <button class="button" data-size="sm" data-variant=variant aria-label=named>{label}</button>
            </form>
        }
        .into_any()
    }
}

/// Where all acts go.
pub(super) fn action(room: &RoomCode) -> String {
    format!("{}/act", Page::Room(room.clone()).path())
}

/// What is not chosen.
pub(super) fn hidden(fields: Vec<(&'static str, String)>) -> AnyView {
    let field = |(name, value)| view! { <input type="hidden" name=name value=value /> };
    fields.into_iter().map(field).collect_view().into_any()
}

/// As the server takes it. An end is told as so many minutes from now.
fn fields(act: &Act, now: i64) -> Vec<(&'static str, String)> {
    let on = |on: bool| String::from(if on { "on" } else { "off" });
    let some = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let rest = match act {
        Act::Rename { name } => {
            vec![("name", some(name.as_ref().map(|name| name.as_str())))]
        }
        Act::Topic { topic } => {
            vec![("topic", some(topic.as_ref().map(|topic| topic.as_str())))]
        }
        Act::Lifetime { lifetime } => vec![("lifetime", lifetime.as_str().into())],
        Act::List { listed: true } => vec![("listed", "on".into())],
        Act::List { listed: false } => Vec::new(),
        Act::Capacity { most } => vec![("most", number(*most))],
        Act::Password { password } => {
            vec![("password", some(password.as_ref().map(|password| password.as_str())))]
        }
        Act::RestorePassword { entry } => vec![("entry", entry.to_string())],
        Act::Admission { admission } => {
            vec![("admission", admission_value(*admission).into())]
        }
        Act::Slow { seconds } => vec![("seconds", seconds.to_string())],
        Act::Voices { voices } => vec![("voices", voices_value(*voices).into())],
        Act::Remove { message, removed } => {
            vec![("message", message.to_string()), ("removed", on(*removed))]
        }
        Act::Mute { member, until } | Act::Bar { member, until } => held(*member, *until, now),
        Act::Appoint { member, role } => {
            vec![("member", member.0.to_string()), ("role", role_value(*role).into())]
        }
        Act::Answer { knock, admit } => {
            vec![("knock", knock.0.to_string()), ("admit", on(*admit))]
        }
        Act::Settle { report } => vec![("report", report.to_string())],
        Act::Link { host, until, uses, .. } => {
            let mut fields =
                vec![("days", ((until - now) / DAY).to_string()), ("uses", number(*uses))];
            fields.extend(host.then(|| ("host", "on".into())));
            fields
        }
        Act::Revoke { link } => vec![("link", link.to_string())],
        Act::Burn => Vec::new(),
    };
    [vec![("act", act.name().to_owned())], rest].concat()
}

fn number(number: Option<u32>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn held(member: MemberId, until: Option<i64>, now: i64) -> Vec<(&'static str, String)> {
    let minutes = match until.filter(|until| *until > now) {
        Some(protocol::FOR_EVER..) => "ever".to_owned(),
        Some(until) => ((until - now + MINUTE - 1) / MINUTE).to_string(),
        None => String::new(),
    };
    vec![("member", member.0.to_string()), ("minutes", minutes)]
}

pub(super) fn admission_value(admission: Admission) -> &'static str {
    match admission {
        Admission::Open => "open",
        Admission::Knock => "knock",
        Admission::Locked => "locked",
    }
}

pub(super) fn voices_value(voices: Voices) -> &'static str {
    match voices {
        Voices::Everyone => "everyone",
        Voices::Hosts => "hosts",
    }
}

fn role_value(role: Role) -> &'static str {
    match role {
        Role::Host => "host",
        Role::Member => "member",
    }
}

#[cfg(test)]
mod tests;
