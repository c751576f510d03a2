//! What a room's hosts have before them: what waits for an answer first, what was done last.

mod held;
mod log;
mod waiting;

use leptos::prelude::*;
use protocol::{DeskView, Item, Mark, Matter, MemberId, Page, RoomCode};

use super::{
    act::{action, hidden},
    moments::Moments,
    sheet::Sheet,
    words,
};

struct Desk {
    view: DeskView,
    moments: Moments,
}

impl Desk {
    fn code(&self) -> &RoomCode {
        &self.view.room.code
    }

    fn name(&self, id: MemberId) -> String {
        let mut all = self.view.page.members.iter().chain([&self.view.me]);
        let member = all.find(|one| one.id == id);
        member.map_or(words().hosting.somebody, |one| one.name.as_str()).to_owned()
    }

    fn hue(&self, id: MemberId) -> u32 {
        Mark::of(self.view.room.id, id).hue
    }

    /// Who did something; without anybody, who runs the server.
    fn actor(&self, by: Option<MemberId>) -> String {
        by.map_or_else(|| words().hosting.the_operator.to_owned(), |by| self.name(by))
    }

    /// Of one kind, in their order, each with when it came.
    fn all<'a, T>(&'a self, pick: impl Fn(&'a Matter) -> Option<&'a T>) -> Vec<(&'a Item, &'a T)> {
        let items = self.view.page.items.iter();
        items.filter_map(|item| pick(&item.matter).map(|it| (item, it))).collect()
    }
}

#[component]
pub(crate) fn DeskPage(view: DeskView) -> impl IntoView {
    let words = words().hosting;
    let desk = Desk { view, moments: Moments::of_page() };
    let room = desk.view.room.clone();
    if desk.view.before.is_some() {
        return older(desk);
    }
    let rules = Page::Rules(room.code.clone()).path();
    view! {
        <Sheet room title=words.desk.to_owned() refusal=desk.view.refusal.clone()>
            <div class="row"><a class="button" data-size="sm" href=rules>{words.room_settings}</a></div>
            {waiting::knocks(&desk)}
            {waiting::reports(&desk)}
            {held::curbs(&desk)}
            {held::links(&desk)}
            {log::log(&desk)}
            {burn(&desk)}
        </Sheet>
    }
    .into_any()
}

/// Of the log alone.
fn older(desk: Desk) -> AnyView {
    let words = words().hosting;
    let newest = Page::Desk(desk.code().clone()).path();
    view! {
        <Sheet room=desk.view.room.clone() title=words.desk.to_owned()>
            <div class="row"><a class="button" data-size="sm" href=newest>{words.newest_log}</a></div>
            {log::log(&desk)}
        </Sheet>
    }
    .into_any()
}

/// Without a second page that asks: who burns a room says that they know what goes.
fn burn(desk: &Desk) -> AnyView {
    let words = words().hosting;
    view! {
        <section class="stack-2" aria-labelledby="burn">
            <h2 class="dialog__title" id="burn">{words.burn}</h2>
            <p class="text-soft">{words.burn_help}</p>
            <form class="stack-3" method="post" action=action(desk.code())>
                {hidden(vec![("act", "burn".into())])}
                <label class="row"><input type="checkbox" name="sure" value="on" required />{words.burn_sure}</label>
                <div class="row"><button class="button" data-variant="danger">{words.burn}</button></div>
            </form>
        </section>
    }
    .into_any()
}
