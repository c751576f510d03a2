//! One of a list of what is the reader's: a device, with what can be done about it.

use protocol::{Device, SignedIn, System};

use super::{html::Text, icon::icon};
use crate::{Catalogue, LocalTime};

pub(super) fn entry(
    one: &SignedIn,
    since: LocalTime,
    seen: LocalTime,
    today: LocalTime,
    words: &Catalogue,
) -> String {
    let name = words.device(one.device);
    let seen =
        if one.here || one.this { words.here_now.to_owned() } else { words.last_seen(seen, today) };
    let note = format!("{seen} · {}", words.since(&words.short_day(since, today)));
    let end = if one.this {
        format!(r#"<span class="badge" data-tone="accent">{}</span>"#, Text(words.this_one))
    } else {
        format!(
            r#"<form class="entry__actions" action="/devices/sign-out" method="post"><input type="hidden" name="device" value="{id}"><button class="button" data-variant="quiet-danger" data-size="sm" aria-label="{label}">{word}</button></form>"#,
            id = Text(&one.id),
            label = Text(&words.sign_out_of(&name)),
            word = Text(words.sign_out),
        )
    };
    format!(
        r#"<li class="entry"><span class="entry__tile">{}</span><span class="entry__main"><span class="entry__name"><bdi>{}</bdi></span><span class="entry__note">{}</span></span>{end}</li>"#,
        icon(picture(one.device), ""),
        Text(&name),
        Text(&note),
    )
}

fn picture(device: Device) -> &'static str {
    match device.system {
        Some(System::Android | System::Iphone) => "phone",
        Some(System::Ipad) => "tablet",
        Some(System::Windows | System::Mac | System::Linux | System::ChromeOs) | None => "laptop",
    }
}
