//! From what a room is to what is drawn of it: which rows there are, what is in each, and when.

use leptos::prelude::*;

use super::{Log, Reader, RoomState, rows};
use crate::{Clock, LocalTime, Status};

/// Up to so many new messages are drawn a few at a time; more are a page.
const FAR: usize = 50;
/// Of what waits a third is drawn in any case: who is behind catches up.
const PART: usize = 3;

impl RoomState {
    /// A moment in the reader's zone.
    pub fn local(self, at: i64) -> LocalTime {
        self.look.with_untracked(|look| (self.clock.local)(look.zone.as_ref(), at).by(look.hours))
    }

    pub(crate) fn utc(self, at: i64) -> LocalTime {
        (self.clock.local)(None, at)
    }

    /// Where the reader is.
    #[cfg(feature = "ssr")]
    pub(crate) fn today(self) -> LocalTime {
        self.look.with_untracked(|look| (self.clock.local)(look.zone.as_ref(), (self.clock.now)()))
    }

    /// Once for all that comes until then: it may be more in a second than a screen has frames.
    pub(super) fn refresh_soon(self) {
        let waits = self.log.try_update_value(|log| {
            log.due = true;
            std::mem::replace(&mut log.waits, true)
        });
        if waits == Some(false) {
            (self.clock.soon)(Box::new(move |most| {
                if self.is_over() {
                    return 0;
                }
                self.log.update_value(|log| log.waits = false);
                if self.log.with_value(|log| log.due) { self.refresh_some(most) } else { 0 }
            }));
        }
    }

    /// About so many new messages, and the others soon. More than a page are to be caught up with, and all
    /// come at once: in parts they would only pass by.
    fn refresh_some(self, most: usize) -> usize {
        let last = self.rows.with_untracked(|rows| rows.iter().rev().find_map(|row| row.seq));
        let is_new = |seq| last.is_some_and(|last| seq > last);
        let new = self.log.with_value(|log| {
            log.confirmed.messages().rev().take_while(|message| is_new(message.seq)).count()
        });
        let later = if new > FAR { 0 } else { new.saturating_sub(most.max(new.div_ceil(PART))) };
        self.draw(later);
        if later > 0 {
            self.refresh_soon();
        }
        new - later
    }

    /// Draws again what differs from what is drawn.
    pub fn refresh(self) {
        self.draw(0);
    }

    /// All but so many of the newest messages.
    fn draw(self, later: usize) {
        self.log.update_value(|log| log.due = later > 0);
        let Clock { local, now, .. } = self.clock;
        let zone = self.look.with_untracked(|look| look.zone.clone());
        let local = |at| local(zone.as_ref(), at);
        let today = local(now());
        let name_of_day = |day| self.words.day(day, today);
        let views = self.log.with_value(|log| {
            self.scene.with_untracked(|scene| {
                let Log { read, found, ref lines, .. } = *log;
                let reader = Reader {
                    words: self.words,
                    me: &scene.me,
                    read,
                    found,
                    live: scene.status == Status::Live,
                    lines,
                    local: &local,
                    name_of_day: &name_of_day,
                };
                rows(&log.confirmed, later, &log.pending, &reader)
            })
        });
        if self.rows.with_untracked(|rows| *rows != views) {
            self.rows.set(views);
        }
        self.count();
    }
}
