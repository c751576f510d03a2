//! One message, for who wants something done about it.

use leptos::prelude::*;
use protocol::{Act, Content, Mark, MessageView, Page, Role};

use super::{
    act::{Button, hidden},
    avatar::avatar,
    html::{Text, raw},
    icon::Icon,
    markup,
    moments::Moments,
    sheet::Sheet,
    words,
};

#[component]
pub(crate) fn MessagePage(view: MessageView) -> impl IntoView {
    let words = words().hosting;
    let what = match view.me.role {
        Role::Host => Some(for_hosts(&view)),
        Role::Member => report(&view),
    };
    view! {
        <Sheet room=view.room.clone() title=words.about.to_owned() refusal=view.refusal.clone()>
            {raw(message(&view))}
            {what}
        </Sheet>
    }
}

/// As it stands in the room; its time leads there.
fn message(view: &MessageView) -> String {
    let (words, moments) = (&words().live, Moments::of_page());
    let MessageView { message, author, room, .. } = view;
    let (deleted, body) = match &message.content {
        Content::Text(body) => ("", markup::html(body.as_str(), words)),
        Content::Removed => ("data-deleted", markup::html(words.removed, words)),
    };
    let name = author.name.as_str();
    let hue = Mark::of(room.id, author.id).hue;
    let (face, name) = (avatar(name, "message__avatar", ""), Text(name));
    let href = Page::message(&room.code, message.seq);
    let utc = moments.utc(message.created_at).machine();
    let time = moments.clock(message.created_at);
    let time = Text(&time);
    format!(
        r#"<article class="message" data-group="only" data-hue="{hue}" {deleted}>{face}<header class="message__head"><span class="message__author"><bdi>{name}</bdi></span><a class="message__time" href="{href}"><time datetime="{utc}">{time}</time></a></header><div class="message__row"><div class="message__bubble" data-held>{body}</div></div></article>"#
    )
}

fn for_hosts(view: &MessageView) -> AnyView {
    let words = words().hosting;
    let MessageView { message, author, room, .. } = view;
    let back = Page::about(&room.code, message.seq);
    let (removed, label, variant, help) = match message.content {
        Content::Text(_) => (true, words.remove_message, "quiet-danger", words.undo_help),
        Content::Removed => (false, words.undo, "quiet", words.undo_help),
    };
    let remove = Button::new(Act::Remove { message: message.id, removed }, label);
    let name = author.name.as_str();
    let (href, label) = (Page::person(&room.code, author.id), words.act_on(name));
    view! {
        <div class="row">
            {remove.variant(variant).back(&back).of(&room.code)}
            <a class="button" data-size="sm" href=href aria-label=label><bdi>{name.to_owned()}</bdi></a>
            <span class="text-sm text-soft">{help}</span>
        </div>
    }
    .into_any()
}

/// Of what is there, and of what somebody else wrote.
fn report(view: &MessageView) -> Option<AnyView> {
    let words = words().hosting;
    if view.reported {
        let done = view! {
            <p class="banner" data-tone="accent" role="status">
                <Icon name="host" />
                <span class="banner__text">{words.reported}</span>
            </p>
        };
        return Some(done.into_any());
    }
    if view.author.id == view.me.id || view.message.content == Content::Removed {
        return None;
    }
    let action = format!("{}/report", Page::Room(view.room.code.clone()).path());
    let form = view! {
        <form class="row" method="post" action=action>
            {hidden(vec![("message", view.message.id.to_string())])}
            <button class="button" data-size="sm" aria-describedby="report-help">{words.report}</button>
            <span class="text-sm text-soft" id="report-help">{words.report_help}</span>
        </form>
    };
    Some(form.into_any())
}
