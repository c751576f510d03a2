//! The only component that draws a message: from the server, live, pending or failed.

use leptos::prelude::*;
use protocol::{Page, RoomCode, markup::is_big};

use super::{Look, avatar::Avatar, divider::Divider, icon::Icon, live, markup, words};
use crate::{Clock, Delivery, Group, Row, RowView, looks::hue};

/// The whole row is one effect, which writes only the attributes and texts that changed.
#[component]
pub(super) fn MessageRow(row: Row, code: RoomCode) -> impl IntoView {
    let Look(look) = expect_context();
    let clock: Clock = expect_context();
    let words = words();
    move || {
        let row = row.view.get();
        let zone = look.read().zone.clone();
        let href = row.seq.map(|seq| Page::message(&code, seq));
        let time = row.at.map(|at| {
            let (shown, utc) = ((clock.local)(zone.as_ref(), at), (clock.local)(None, at));
            let moment = (words.moment)(shown);
            view! {
                <a class="message__time" href=href title=moment>
                    <time datetime=utc.machine()>{shown.hours()}</time>
                </a>
            }
        });
        let starts = matches!(row.group, Group::First | Group::Only);
        let author = if row.own { words.you.to_owned() } else { row.author.clone() };
        view! {
            {row.day.clone().map(|name| view! { <Divider kind="day" name /> })}
            {row.new.then(|| view! { <Divider kind="new" name=words.new.to_owned() /> })}
            <article class="message" id=row.seq.map(|seq| format!("m{seq}")) data-message=row.id.to_string()
                data-seq=row.seq data-own=row.own data-status=row.delivery.as_str()
                data-group=row.group.as_str() data-found=row.found data-big=is_big(&row.body)>
                {(starts && !row.own).then(|| view! { <Avatar name=row.author.clone() class="message__avatar" /> })}
                <header class="message__head">
                    <span class="message__author" data-hue=hue(&row.author)><bdi>{author}</bdi></span>
                    {time}
                </header>
                <div class="message__row"><div class="message__bubble" inner_html=markup::html(&row.body)></div></div>
                <Sending row=row.clone() />
            </article>
            {row.line.clone().map(line)}
        }
    }
}

/// What happened in the room between two messages, or before the first.
pub(super) fn line(text: String) -> impl IntoView {
    view! { <p class="timeline__line">{text}</p> }
}

/// What became of a message that is not there yet.
#[component]
fn Sending(row: RowView) -> impl IntoView {
    let (words, live) = (words(), live());
    let id = row.id;
    match row.delivery {
        Delivery::Sent => ().into_any(),
        Delivery::Pending => view! {
            <div class="message__status"><Icon name="clock" small=true />{words.sending}</div>
        }
        .into_any(),
        Delivery::Failed(refusal) => view! {
            <div class="message__status" role="alert">
                <Icon name="alert" small=true />
                <span>{words.not_sent}": "{(words.refusal)(&refusal)}</span>
                <button class="message__retry" type="button" on:click=move |_| (live.retry)(id)>{words.retry}</button>
                <button class="message__retry" type="button" on:click=move |_| (live.discard)(id)>{words.discard}</button>
            </div>
        }
        .into_any(),
    }
}
