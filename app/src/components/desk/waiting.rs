//! Who knocks, and what was reported: both wait for somebody to see to it.

use leptos::prelude::*;
use protocol::{Act, Content, Item, Knock, Matter, Page, Report, markup};

use super::Desk;
use crate::components::{
    act::Button,
    entry::{entry, group},
    words,
};

pub(super) fn knocks(desk: &Desk) -> AnyView {
    let words = words().hosting;
    let all = desk.all(|matter| match matter {
        Matter::Knock(knock) => Some(knock).filter(|_| matter.waits()),
        Matter::Report(_) | Matter::Curb(_) | Matter::Link(_) | Matter::Logged(_) => None,
    });
    let knocks = all.iter().map(|(item, one)| knock(desk, item, one)).collect();
    group("knocks", words.knocks, all.len(), None, knocks, words.no_knocks)
}

fn knock(desk: &Desk, item: &Item, knock: &Knock) -> AnyView {
    let catalogue = words();
    let (live, words, name) = (&catalogue.live, catalogue.hosting, desk.name(knock.member));
    let answer = |admit| Act::Answer { knock: knock.member, admit };
    let admit = Button::new(answer(true), live.admit).named(live.admit_one(&name));
    let refuse = Button::new(answer(false), words.refuse)
        .named(words.refuse_one(&name))
        .variant("quiet-danger");
    let says = knock.says.as_ref().map(|says| says.as_str().to_owned());
    let when = words.knocked(&desk.moments.when(item.at));
    entry(
        None,
        desk.hue(knock.member),
        name,
        when,
        says,
        vec![admit.of(desk.code()), refuse.of(desk.code())],
    )
}

pub(super) fn reports(desk: &Desk) -> AnyView {
    let words = words().hosting;
    let all = desk.all(|matter| match matter {
        Matter::Report(report) => Some(report).filter(|_| matter.waits()),
        Matter::Knock(_) | Matter::Curb(_) | Matter::Link(_) | Matter::Logged(_) => None,
    });
    let reports = all.iter().map(|(item, one)| report(desk, item, one)).collect();
    group("reports", words.reports, all.len(), None, reports, words.no_reports)
}

fn report(desk: &Desk, item: &Item, report: &Report) -> AnyView {
    let words = words().hosting;
    let (code, name) = (desk.code(), desk.name(report.author));
    let by: Vec<_> = report.by.iter().map(|by| desk.name(*by)).collect();
    let by: Vec<_> = by.iter().map(String::as_str).collect();
    let note = words.reported_by_all(&by, &desk.moments.when(item.at));
    let said = desk.view.said.iter().find(|message| message.id == report.message);
    let said = said.and_then(|message| match &message.content {
        Content::Text(body) => Some(markup::plain(body.as_str())),
        Content::Removed => None,
    });
    let dismiss = Button::new(Act::Settle { report: report.message }, words.dismiss)
        .named(words.to(words.dismiss, &name))
        .variant("quiet");
    let mut actions = vec![dismiss.of(code)];
    if said.is_some() {
        let remove = Act::Remove { message: report.message, removed: true };
        let remove = Button::new(remove, words.remove_message)
            .named(words.to(words.remove_message, &name))
            .variant("quiet-danger");
        actions.push(remove.of(code));
    }
    let (href, label) = (Page::person(code, report.author), words.act_on(&name));
    let author = view! {
        <a class="button" data-size="sm" href=href aria-label=label><bdi>{name.clone()}</bdi></a>
    };
    actions.push(author.into_any());
    let said = said.unwrap_or_else(|| words.was_removed.to_owned());
    entry(Some("report"), desk.hue(report.author), name, note, Some(said), actions)
}
