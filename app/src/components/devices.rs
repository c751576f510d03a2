//! Where the reader is signed in, and a way to one more device. Plain forms: it needs no script. Written as text,
//! for nothing in it lives on, and as a view each element would weigh more in the program than all of it.

use protocol::{Devices, Look, Page, Way};

use super::{
    device::entry,
    html::{Text, text},
    icon::icon,
    qr::qr,
};
use crate::{Catalogue, Clock, LocalTime};

pub(crate) fn devices(devices: &Devices, words: &Catalogue, look: &Look, clock: Clock) -> String {
    let local = |at| (clock.local)(look.zone.as_ref(), at).by(look.hours);
    let Devices { signed_in, way, full } = devices;
    let today = local((clock.now)());
    let entries: String = signed_in
        .iter()
        .map(|one| entry(one, local(one.since), local(one.seen), today, words))
        .collect();
    let (about, lists) = if signed_in.is_empty() {
        (words.devices_none, String::new())
    } else {
        let others = if signed_in.len() > 1 { sign_out_others(words) } else { String::new() };
        let way = match way {
            Some(way) => there(way, local(way.until), words),
            None => open(*full, words),
        };
        let lists = format!(
            r#"<section aria-label="{devices}"><ul role="list">{entries}</ul>{others}</section>
            <section class="stack-3" aria-labelledby="move"><h2 class="notice__title" id="move">{title}</h2>
            <p class="text-soft">{about}</p>{way}<p class="field__help">{help}</p></section>"#,
            devices = Text(words.devices),
            title = Text(words.move_title),
            about = Text(words.move_about),
            help = Text(words.move_help),
        );
        (words.devices_about, lists)
    };
    format!(
        r#"<main class="layout-sheet"><div class="layout-sheet__bar"><a class="button" data-variant="quiet" href="{back}">{icon}{settings}</a></div>
        <div class="stack-2"><h1 class="title">{devices}</h1><p class="text-soft">{about}</p></div>{lists}</main>"#,
        back = Page::Settings.path(),
        icon = icon("leave", "data-mirror"),
        settings = Text(words.settings),
        devices = Text(words.devices),
        about = Text(about),
    )
}

fn sign_out_others(words: &Catalogue) -> String {
    format!(
        r#"<form class="row-end" action="/devices/sign-out" method="post"><input type="hidden" name="device" value="others"><button class="button" data-variant="quiet-danger" data-size="sm">{}</button></form>"#,
        Text(words.sign_out_others)
    )
}

fn open(full: bool, words: &Catalogue) -> String {
    let why = if full {
        format!(r#"<p role="alert">{}</p>"#, Text(words.move_full))
    } else {
        String::new()
    };
    format!(
        r#"{why}<form action="/devices/move" method="post"><button class="button" data-variant="primary">{}{}</button></form>"#,
        icon("qr", ""),
        Text(words.move_open)
    )
}

/// A picture for that device's camera, and the same as a link to be sent there.
fn there(way: &Way, until: LocalTime, words: &Catalogue) -> String {
    let picture = way.picture.as_ref().map(|one| qr(one, words.move_scan)).unwrap_or_default();
    let until = words.move_until(&words.live.hours(until));
    format!(
        r#"<div class="notice" role="group" aria-labelledby="move">{picture}<p class="text-soft text-sm">{until}</p>
        <div class="field notice__form"><label class="field__label" for="way">{copy}</label><div class="field__box"><input class="field__input" id="way" value="{link}" readonly dir="ltr"></div></div>
        <form class="notice__actions" action="/devices/move" method="post"><input type="hidden" name="off" value="on"><button class="button" data-variant="quiet" data-size="sm">{cancel}</button></form></div>"#,
        until = Text(&until),
        copy = Text(words.copy_this),
        link = text(&way.link),
        cancel = Text(words.cancel),
    )
}
