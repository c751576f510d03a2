//! What a room's hosts are told, and what they said of the reader.

use leptos::prelude::*;
use protocol::{FOR_EVER, Waiting};

use super::RoomState;

impl RoomState {
    /// What is on the desk, for a host who reads.
    pub fn set_waiting(self, waiting: Waiting) {
        if self.scene.with_untracked(|scene| scene.waiting != waiting) {
            self.scene.update(|scene| scene.waiting = waiting);
        }
    }

    /// The reader says nothing until then. What is past by now holds no more, and nothing tells of the moment:
    /// whoever calls this has to call it again then.
    pub fn set_muted(self, until: Option<i64>) {
        let now = (self.clock.now)();
        let muted = until.filter(|until| *until > now).map(|until| (until, self.again(until, now)));
        if self.scene.with_untracked(|scene| scene.muted != muted) {
            self.scene.update(|scene| scene.muted = muted);
        }
    }

    /// Until when the reader is muted.
    pub fn muted(self) -> Option<i64> {
        self.scene.with_untracked(|scene| scene.muted.as_ref().map(|(until, _)| *until))
    }

    fn again(self, until: i64, now: i64) -> String {
        if until >= FOR_EVER {
            return self.words.muted.into();
        }
        let when = self.words.when(self.local(until), self.local(now));
        self.words.write_again(&when)
    }
}
