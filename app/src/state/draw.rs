//! From what a room is to what is drawn of it: which rows there are, what is in each, and when.

use leptos::prelude::*;

use super::{Log, Reader, RoomState, Row, rows};
use crate::{Clock, EN, LocalTime, Status};

impl RoomState {
    /// A moment in the reader's zone.
    pub(crate) fn local(self, at: i64) -> LocalTime {
        (self.clock.local)(self.look.read_untracked().zone.as_ref(), at)
    }

    /// The reader's zone is another. Rows do not listen for that themselves: what listens to something
    /// that hardly ever happens is kept by it until then, long after it is gone from the page.
    pub fn redraw(self) {
        self.refresh();
        self.rows.with_untracked(|rows| rows.iter().for_each(|row| row.view.notify()));
    }

    pub(crate) fn utc(self, at: i64) -> LocalTime {
        (self.clock.local)(None, at)
    }

    /// Where the reader is.
    #[cfg(feature = "ssr")]
    pub(crate) fn today(self) -> LocalTime {
        self.look.with_untracked(|look| (self.clock.local)(look.zone.as_ref(), (self.clock.now)()))
    }

    /// Before the next frame, once for all that came until then: more may come in a second than a
    /// screen has frames.
    pub(super) fn refresh_soon(self) {
        let due = self.log.try_update_value(|log| std::mem::replace(&mut log.due, true));
        if due == Some(false) {
            (self.clock.before_frame)(Box::new(move || {
                if self.log.with_value(|log| log.due) {
                    self.refresh();
                }
            }));
        }
    }

    /// Draws again what differs from what is drawn.
    pub fn refresh(self) {
        self.log.update_value(|log| log.due = false);
        let Clock { local, now, .. } = self.clock;
        let zone = self.look.with_untracked(|look| look.zone.clone());
        let local = |at| local(zone.as_ref(), at);
        let today = local(now());
        let name_of_day = |day| (EN.day)(day, today);
        let views = self.log.with_value(|log| {
            self.scene.with_untracked(|scene| {
                let Log { read, found, ref lines, .. } = *log;
                let reader = Reader {
                    me: &scene.me,
                    read,
                    found,
                    live: scene.status == Status::Live,
                    lines,
                    local: &local,
                    name_of_day: &name_of_day,
                };
                rows(&log.confirmed, &log.pending, &reader)
            })
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
        self.count();
    }
}
