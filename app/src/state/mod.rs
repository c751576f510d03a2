//! What is on screen, in signals. No I/O: frames and clicks come in as calls.

mod draw;
mod hosts;
mod lines;
mod news;
mod presence;
mod rows;
mod scene;
#[cfg(test)]
mod tests;

use leptos::prelude::*;
use protocol::{
    Changes, Look, Member, Point, Refusal, RoomCode, RoomId, RoomPage, RoomView, Value, WhoAmI,
};
use sync::{Confirmed, Heard, MAX_WINDOW};

pub use lines::Lines;
pub use rows::{Delivery, Group, Pending, Reader, RowView, rows};
pub use scene::{Part, Scene};

use crate::{Clock, Status, Words};

/// Where to look once what is drawn has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aim {
    /// At what is being read.
    #[default]
    Keep,
    End,
    /// The first that was not read.
    New,
    Found,
}

struct Log {
    confirmed: Confirmed,
    pending: Vec<Pending>,
    /// What the reader had read when they opened the room, if there was more: the line stays there.
    read: Option<u32>,
    found: Option<u32>,
    /// The newest message that they have seen, here or on another device.
    seen: u32,
    /// The page is before them.
    looks: bool,
    follows: bool,
    /// Messages that are near the reader when they are at the end.
    near: usize,
    aim: Aim,
    /// At the upper edge of what is seen.
    reads: Option<u32>,
    lines: Lines,
    /// Something changed that is not drawn yet.
    due: bool,
    /// There will soon be time to draw it.
    waits: bool,
}

impl Log {
    fn keeps(&self) -> Option<usize> {
        self.follows.then_some(self.near)
    }
}

/// A room that is shown. Both sides make it from the same `RoomView`.
#[derive(Clone, Copy)]
pub struct RoomState {
    log: StoredValue<Log>,
    /// Fires when one of them changes, and when the reader is to look elsewhere.
    pub rows: RwSignal<Vec<RowView>>,
    pub scene: RwSignal<Scene>,
    pub(crate) look: RwSignal<Look>,
    clock: Clock,
    /// In the reader's language.
    pub words: &'static Words,
}

impl RoomState {
    pub fn new(view: &RoomView, look: RwSignal<Look>, clock: Clock, words: &'static Words) -> Self {
        let RoomView { page, me, read, here, refusal, refused_name, muted, desk, .. } =
            view.clone();
        let found = page.found;
        let scene = Scene {
            words,
            room: page.room.clone(),
            me,
            here,
            typing: Vec::new(),
            line: None,
            status: Status::Connecting,
            refusal,
            name_refusal: refused_name.map(|refused| refused.refusal),
            wait: 0,
            unsent: 0,
            part: Part::default(),
            waiting: desk.unwrap_or_default(),
            muted: None,
        };
        let confirmed = Confirmed::from(page);
        let seen = read.unwrap_or(confirmed.head());
        let read = read.filter(|read| *read < confirmed.head());
        let follows = confirmed.newer().is_none();
        let is_here = |new| confirmed.messages().any(|message| message.seq == new);
        let aim = match found {
            Some(_) => Aim::Found,
            None if read.is_some_and(|read| is_here(read + 1)) => Aim::New,
            None if follows => Aim::End,
            None => Aim::Keep,
        };
        let (near, reads, due, waits) = (MAX_WINDOW, None, false, false);
        let log = Log {
            confirmed,
            pending: Vec::new(),
            lines: Lines::default(),
            read,
            found,
            seen,
            looks: false,
            follows,
            near,
            aim,
            reads,
            due,
            waits,
        };
        let state = Self {
            log: StoredValue::new(log),
            rows: RwSignal::new(Vec::new()),
            scene: RwSignal::new(scene),
            look,
            clock,
            words,
        };
        state.set_muted(muted);
        state.refresh();
        state
    }

    pub fn id(self) -> RoomId {
        self.scene.with_untracked(|scene| scene.room.id)
    }

    pub fn code(self) -> RoomCode {
        self.scene.with_untracked(|scene| scene.room.code.clone())
    }

    /// Nothing shows it any more: what was asked for it is of no use, and nothing can be told it.
    pub fn is_over(self) -> bool {
        self.rows.is_disposed()
    }

    pub fn complete(self) -> Point {
        self.log.with_value(|log| log.confirmed.complete())
    }

    pub fn is_member(self) -> bool {
        self.scene.with_untracked(Scene::is_member)
    }

    pub fn is_host(self) -> bool {
        self.scene.with_untracked(Scene::is_host)
    }

    pub fn apply(self, changes: Changes) -> Heard {
        self.has_written(&changes.values);
        self.speak_early(&changes.values);
        let news = changes.values.iter().any(|value| !matches!(value, Value::Message(_)));
        let heard = self.log.try_update_value(|log| log.confirmed.apply(changes));
        if news {
            self.follow_news();
        }
        self.refresh_soon();
        heard.unwrap_or(Heard::Complete)
    }

    /// Forgets what there was. A page around what is being read will do as well as the newest.
    pub fn reset(self, page: RoomPage) {
        self.log.update_value(|log| {
            log.confirmed = Confirmed::from(page);
            log.confirmed.follow(log.keeps());
            // It may be shorter than it was.
            log.seen = log.seen.min(log.confirmed.head());
            log.lines = Lines::default();
        });
        self.scene.update(|scene| scene.line = None);
        self.follow_news();
        self.refresh();
    }

    /// A page will be asked for: from now on nothing gets lost that it may not have.
    pub fn expect_page(self) {
        self.log.update_value(|log| log.confirmed.expect_page());
    }

    /// The page that was asked for, and where to look then. Returns whether it was of use.
    pub fn take_page(self, page: RoomPage, aim: Aim) -> bool {
        let found = page.found;
        let taken = self.log.try_update_value(|log| log.confirmed.take_page(page)) == Some(true);
        if taken {
            // All of it may have been here.
            self.aim_at(aim, found);
        }
        taken
    }

    /// Look there. What is not here has to be asked for first.
    pub fn aim_at(self, aim: Aim, found: Option<u32>) {
        self.log.update_value(|log| log.found = found.or(log.found));
        self.set_aim(aim);
        self.refresh();
        self.rows.notify();
    }

    /// Look there when something is drawn.
    pub fn set_aim(self, aim: Aim) {
        self.log.update_value(|log| log.aim = aim);
    }

    /// Where to look, until it is there.
    pub fn aim(self) -> Aim {
        self.log.with_value(|log| log.aim)
    }

    pub fn arrived(self) {
        self.log.update_value(|log| log.aim = Aim::Keep);
        self.count();
    }

    pub fn has(self, seq: u32) -> bool {
        self.log.with_value(|log| log.confirmed.messages().any(|message| message.seq == seq))
    }

    /// What the reader has before them, for whom it has to be found again.
    pub fn reads(self, seq: Option<u32>) {
        self.log.update_value(|log| log.reads = seq.or(log.reads));
    }

    pub fn reading(self) -> Option<u32> {
        self.log.with_value(|log| log.reads)
    }

    /// The reader looks at the page, or no longer. What they do not look at they do not see.
    pub fn set_looking(self, looks: bool) {
        self.log.update_value(|log| log.looks = looks);
        self.count();
    }

    /// The reader is near the end of what is drawn, or no longer. What is there they have seen, if they look.
    pub fn follow(self, near_end: bool) {
        self.log.update_value(|log| {
            log.follows = near_end && log.confirmed.newer().is_none();
            log.confirmed.follow(log.keeps());
        });
        self.count();
    }

    /// So many messages are more than the reader can see and will soon see. While they follow the log,
    /// at most half a page more is kept: what is in the page costs time whenever something changes in it.
    pub fn keep_near(self, messages: usize) {
        self.log.update_value(|log| {
            log.near = messages;
            log.confirmed.follow(log.keeps());
        });
    }

    pub fn follows(self) -> bool {
        self.log.with_value(|log| log.follows)
    }

    /// Up to which message everything was seen: what was at the end while the reader was there.
    pub fn seen(self) -> u32 {
        self.log.with_value(|log| log.seen)
    }

    /// Seen on another device.
    pub fn saw(self, seq: u32) {
        self.log.update_value(|log| log.seen = log.seen.max(seq));
        self.count();
    }

    fn count(self) {
        let part = self.log.try_update_value(|log| {
            let (older, newer) = (log.confirmed.older(), log.confirmed.newer());
            let head = log.confirmed.head();
            // What is not drawn was not seen, and who is on the way elsewhere only passes the end.
            if log.looks && log.follows && !log.due && !matches!(log.aim, Aim::New | Aim::Found) {
                log.seen = log.seen.max(head);
            }
            let unseen = (!log.follows).then(|| head.saturating_sub(log.seen));
            Part { older, newer, unseen }
        });
        let part = part.unwrap_or_default();
        if self.scene.with_untracked(|scene| scene.part != part) {
            self.scene.update(|scene| scene.part = part);
        }
    }

    /// Replaces the overlay.
    pub fn set_pending(self, pending: Vec<Pending>) {
        let waiting = pending.iter().filter(|pending| pending.refusal.is_none()).count();
        let unsent = u32::try_from(waiting).unwrap_or(u32::MAX);
        if self.scene.with_untracked(|scene| scene.unsent != unsent) {
            self.scene.update(|scene| scene.unsent = unsent);
        }
        self.log.update_value(|log| log.pending = pending);
        self.refresh();
    }

    pub fn set_me(self, me: WhoAmI) {
        self.scene.update(|scene| {
            scene.me = me;
            scene.refusal = None;
            // Others are told of who joins, and this page too, sooner perhaps than it knows its member.
            if let Some(me) = scene.me() {
                self.log.update_value(|log| {
                    log.lines.forget(me);
                    scene.line = log.lines.after(None, self.words);
                });
            }
        });
        self.refresh();
    }

    pub fn set_status(self, status: Status) {
        if self.scene.with_untracked(|scene| scene.status != status) {
            self.scene.update(|scene| scene.status = status);
            // What waits says so.
            self.refresh();
        }
    }

    pub fn set_wait(self, seconds: u32) {
        if self.scene.with_untracked(|scene| scene.wait != seconds) {
            self.scene.update(|scene| scene.wait = seconds);
        }
    }

    pub fn refuse(self, refusal: Option<Refusal>) {
        if self.scene.with_untracked(|scene| scene.refusal != refusal) {
            self.scene.update(|scene| scene.refusal = refusal);
        }
    }

    pub fn refuse_name(self, refusal: Option<Refusal>) {
        if self.scene.with_untracked(|scene| scene.name_refusal != refusal) {
            self.scene.update(|scene| scene.name_refusal = refusal);
        }
    }

    /// A new name reaches the header, the list of people and the reader's own name too. Each message
    /// brings its author along, who is mostly as they were: then nothing is drawn again.
    fn follow_news(self) {
        self.log.with_value(|log| {
            let newer = |one: &Member| log.confirmed.member(one.id).filter(|new| new.rev > one.rev);
            let is_news = self.scene.with_untracked(|scene| {
                let mut known =
                    scene.here.people.iter().map(|one| &one.member).chain(scene.member());
                scene.room != *log.confirmed.room() || known.any(|one| newer(one).is_some())
            });
            if !is_news {
                return;
            }
            let news = |one: &mut Member| {
                if let Some(new) = newer(one) {
                    *one = new.clone();
                }
            };
            self.scene.update(|scene| {
                scene.room = log.confirmed.room().clone();
                let (me, complete) = (scene.me(), scene.here.is_complete());
                let people = &mut scene.here.people;
                presence::follow(people, |one| newer(one).cloned(), me, complete);
                if let WhoAmI::Member(me) = &mut scene.me {
                    news(me);
                }
            });
        });
    }
}
