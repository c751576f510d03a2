//! What is on screen, in signals. No I/O: frames and clicks come in as calls.

mod confirmed;
mod rows;
#[cfg(test)]
mod tests;

use leptos::prelude::*;
use protocol::{
    Changes, Here, Member, MessageId, Point, Presence, Refusal, Room, RoomId, RoomPage, RoomView,
    Value, WhoAmI,
};

pub use confirmed::{Confirmed, Heard, MAX_WINDOW};
pub use rows::{Delivery, Group, Pending, RowView, rows};

use crate::Status;

/// All around the messages. One signal, because it is small and changes seldom: each signal of
/// another type costs the bundle some kilobytes.
#[derive(Clone)]
pub struct Scene {
    pub room: Room,
    pub me: WhoAmI,
    pub here: Here,
    pub status: Status,
    /// Why the last thing that was tried was refused.
    pub refusal: Option<Refusal>,
    /// Seconds that a message would wait that is written now, for its author was too fast.
    pub wait: u32,
}

impl Scene {
    pub fn is_member(&self) -> bool {
        matches!(self.me, WhoAmI::Member(_))
    }
}

/// A row has a signal of its own, so a change of one message redraws one row.
#[derive(Clone)]
pub struct Row {
    pub id: MessageId,
    pub view: ArcRwSignal<RowView>,
}

struct Log {
    confirmed: Confirmed,
    pending: Vec<Pending>,
}

/// A room that is shown. Both sides make it from the same `RoomView`.
#[derive(Clone, Copy)]
pub struct RoomState {
    log: StoredValue<Log>,
    /// Fires only when rows come, go or move.
    pub rows: RwSignal<Vec<Row>>,
    pub scene: RwSignal<Scene>,
}

impl RoomState {
    pub fn new(view: &RoomView) -> Self {
        let RoomView { page, me, here, refusal, .. } = view.clone();
        let room = page.room.clone();
        let scene = Scene { room, me, here, status: Status::Connecting, refusal, wait: 0 };
        let state = Self {
            log: StoredValue::new(Log { confirmed: Confirmed::from(page), pending: Vec::new() }),
            rows: RwSignal::new(Vec::new()),
            scene: RwSignal::new(scene),
        };
        state.refresh();
        state
    }

    pub fn id(self) -> RoomId {
        self.scene.with_untracked(|scene| scene.room.id)
    }

    pub fn complete(self) -> Point {
        self.log.with_value(|log| log.confirmed.complete())
    }

    pub fn is_member(self) -> bool {
        self.scene.with_untracked(Scene::is_member)
    }

    pub fn apply(self, changes: Changes) -> Heard {
        let news = changes.values.iter().any(|value| !matches!(value, Value::Message(_)));
        let heard = self.log.try_update_value(|log| log.confirmed.apply(changes));
        if news {
            self.follow_news();
        }
        self.refresh();
        heard.unwrap_or(Heard::Complete)
    }

    pub fn reset(self, page: RoomPage) {
        self.log.update_value(|log| log.confirmed = Confirmed::from(page));
        self.follow_news();
        self.refresh();
    }

    pub fn presence(self, presence: Presence) {
        self.scene.update(|scene| match presence {
            Presence::All { here, .. } => scene.here = here,
            Presence::Moved { total, came, went, .. } => {
                let here = &mut scene.here;
                here.total = total;
                here.people.retain(|one| !went.contains(&one.id));
                for new in came {
                    match here.people.iter_mut().find(|one| one.id == new.id) {
                        Some(one) => *one = new,
                        None => here.people.push(new),
                    }
                }
            }
        });
    }

    /// Replaces the overlay.
    pub fn set_pending(self, pending: Vec<Pending>) {
        self.log.update_value(|log| log.pending = pending);
        self.refresh();
    }

    pub fn set_me(self, me: WhoAmI) {
        self.scene.update(|scene| {
            scene.me = me;
            scene.refusal = None;
        });
        self.refresh();
    }

    pub fn set_status(self, status: Status) {
        if self.scene.with_untracked(|scene| scene.status != status) {
            self.scene.update(|scene| scene.status = status);
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

    /// A new name reaches the header, the list of people and the reader's own name too.
    fn follow_news(self) {
        self.log.with_value(|log| {
            let news = |one: &mut Member| {
                if let Some(new) = log.confirmed.member(one.id).filter(|new| new.rev > one.rev) {
                    *one = new.clone();
                }
            };
            self.scene.update(|scene| {
                scene.room = log.confirmed.room().clone();
                scene.here.people.iter_mut().for_each(news);
                if let WhoAmI::Member(me) = &mut scene.me {
                    news(me);
                }
            });
        });
    }

    /// Draws again what differs from what is drawn.
    fn refresh(self) {
        let views = self.log.with_value(|log| {
            self.scene.with_untracked(|scene| rows(&log.confirmed, &log.pending, &scene.me))
        });
        let old = self.rows.get_untracked();
        let mut new = Vec::with_capacity(views.len());
        for (i, view) in views.into_iter().enumerate() {
            // Mostly nothing moved, and then a row is where it was.
            let same = |row: &&Row| row.id == view.id;
            match old.get(i).filter(same).or_else(|| old.iter().find(same)) {
                Some(row) => {
                    if *row.view.read_untracked() != view {
                        row.view.set(view);
                    }
                    new.push(row.clone());
                }
                None => new.push(Row { id: view.id, view: ArcRwSignal::new(view) }),
            }
        }
        if !old.iter().map(|row| row.id).eq(new.iter().map(|row| row.id)) {
            self.rows.set(new);
        }
    }
}
