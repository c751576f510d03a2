//! What is on screen, in signals. No I/O: frames and clicks come in as calls.

mod confirmed;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use leptos::prelude::*;
use protocol::{
    Changes, Closed, Here, Lobby, Look, MessageId, PageData, Presence, Reason, Refusal, RoomId,
    RoomLink, RoomPage, RoomView, Value, View, WhoAmI,
};

pub use confirmed::{Confirmed, Heard, MAX_WINDOW};
pub use rows::{Delivery, Group, Pending, RowView, rows};

use crate::Status;

/// Both sides make it from the same `PageData`.
#[derive(Clone)]
pub struct State {
    pub look: RwSignal<Look>,
    pub shown: Shown,
}

#[derive(Clone)]
pub enum Shown {
    Lobby(Lobby),
    Room(RoomState),
    Door { code: String },
}

impl State {
    pub fn new(data: PageData) -> Self {
        let shown = match data.view {
            View::Lobby(lobby) => Shown::Lobby(lobby),
            View::Room(view) => Shown::Room(RoomState::new(*view)),
            View::Door { code } => Shown::Door { code },
        };
        Self { look: RwSignal::new(data.look), shown }
    }
}

/// A row has a signal of its own, so a change of one message redraws one row.
#[derive(Clone)]
pub struct Row {
    pub id: MessageId,
    pub view: ArcRwSignal<RowView>,
}

#[derive(Clone, Copy)]
pub struct RoomState {
    confirmed: RwSignal<Confirmed>,
    pending: RwSignal<Vec<Pending>>,
    /// Fires only when rows come, go or move.
    pub rows: RwSignal<Vec<Row>>,
    pub me: RwSignal<WhoAmI>,
    pub here: RwSignal<Here>,
    pub status: RwSignal<Status>,
    /// Why the last form was refused.
    pub refusal: RwSignal<Option<Refusal>>,
    pub closed: RwSignal<Option<Reason>>,
    pub fixed: StoredValue<Fixed>,
}

/// What stays as it is while the page is shown.
#[derive(Clone)]
pub struct Fixed {
    pub id: RoomId,
    pub link: String,
    pub rooms: Vec<RoomLink>,
    pub form_id: MessageId,
    pub draft: String,
}

impl RoomState {
    fn new(view: RoomView) -> Self {
        let RoomView { page, me, here, rooms, link, form_id, refusal, draft } = view;
        let fixed = Fixed { id: page.room.id, link, rooms, form_id, draft };
        let state = Self {
            confirmed: RwSignal::new(Confirmed::from(page)),
            pending: RwSignal::new(Vec::new()),
            rows: RwSignal::new(Vec::new()),
            me: RwSignal::new(me),
            here: RwSignal::new(here),
            status: RwSignal::new(Status::Connecting),
            refusal: RwSignal::new(refusal),
            closed: RwSignal::new(None),
            fixed: StoredValue::new(fixed),
        };
        state.refresh();
        state
    }

    /// The room's value. Reading it in a view follows every change of the confirmed state.
    pub fn with_room<T>(self, read: impl FnOnce(&protocol::Room) -> T) -> T {
        self.confirmed.with(|confirmed| read(confirmed.room()))
    }

    pub fn id(self) -> RoomId {
        self.fixed.with_value(|fixed| fixed.id)
    }

    pub fn complete(self) -> protocol::Point {
        self.confirmed.with_untracked(Confirmed::complete)
    }

    pub fn is_member(self) -> bool {
        self.me.with_untracked(|me| matches!(me, WhoAmI::Member(_)))
    }

    pub fn apply(self, changes: Changes) -> Heard {
        self.follow_names(&changes.values);
        let heard = self.confirmed.try_update(|confirmed| confirmed.apply(changes));
        self.refresh();
        heard.unwrap_or(Heard::Complete)
    }

    pub fn reset(self, page: RoomPage) {
        self.confirmed.set(Confirmed::from(page));
        self.refresh();
    }

    pub fn presence(self, presence: Presence) {
        match presence {
            Presence::All { here, .. } => self.here.set(here),
            Presence::Moved { total, came, went, .. } => self.here.update(|here| {
                here.total = total;
                here.people.retain(|one| {
                    !went.contains(&one.id) && !came.iter().any(|new| new.id == one.id)
                });
                here.people.extend(came);
            }),
        }
    }

    pub fn close(self, closed: &Closed) {
        self.closed.set(Some(closed.reason));
    }

    pub fn set_me(self, me: WhoAmI) {
        self.me.set(me);
        self.refresh();
    }

    /// Replaces the overlay.
    pub fn set_pending(self, pending: Vec<Pending>) {
        self.pending.set(pending);
        self.refresh();
    }

    /// A new name reaches the list of people and the reader's own name too.
    fn follow_names(self, values: &[Value]) {
        for value in values {
            let Value::Member(new) = value else { continue };
            let is_old = |one: &protocol::Member| one.id == new.id && one.rev < new.rev;
            if self.here.with_untracked(|here| here.people.iter().any(is_old)) {
                self.here.update(|here| {
                    for one in here.people.iter_mut().filter(|one| is_old(one)) {
                        *one = new.clone();
                    }
                });
            }
            if self.me.with_untracked(|me| matches!(me, WhoAmI::Member(one) if is_old(one))) {
                self.me.set(WhoAmI::Member(new.clone()));
            }
        }
    }

    /// Draws again what differs from what is drawn.
    fn refresh(self) {
        let views = self.confirmed.with_untracked(|confirmed| {
            self.pending
                .with_untracked(|pending| self.me.with_untracked(|me| rows(confirmed, pending, me)))
        });
        let old = self.rows.get_untracked();
        let known: BTreeMap<_, _> = old.iter().map(|row| (row.id, &row.view)).collect();
        let mut new = Vec::with_capacity(views.len());
        for view in views {
            let id = view.id;
            let signal = match known.get(&id) {
                Some(signal) => {
                    if *signal.read_untracked() != view {
                        signal.set(view);
                    }
                    (*signal).clone()
                }
                None => ArcRwSignal::new(view),
            };
            new.push(Row { id, view: signal });
        }
        if !old.iter().map(|row| row.id).eq(new.iter().map(|row| row.id)) {
            self.rows.set(new);
        }
    }
}
