//! What waits for me where I am a host: it follows the desk of the room that is shown, and says so in the room.

use std::cell::{Cell, RefCell};

use js_sys::Date;
use protocol::{Act, Audience, Changes, Command, DeskPage, MemberId, RoomId, Waiting};
use sync::{Desk, Heard};

use super::{Client, PAUSE};

#[derive(Default)]
pub(super) struct Hosting {
    desk: RefCell<Option<Desk>>,
    /// Whose desk was asked for on this line, and by which request.
    asked: Cell<Option<(RoomId, u32)>>,
    not_before: Cell<f64>,
}

impl Client {
    /// A new line knows of nothing, and neither does another room.
    pub(super) fn forget_desk(&self) {
        self.hosting.asked.take();
        self.hosting.desk.take();
    }

    /// From the newest page on, if I am a host of what is shown and it is not followed.
    pub(super) fn follow_desk(&self) {
        let Hosting { asked, not_before, .. } = &self.hosting;
        let Some(room) = self.room.get().filter(|room| room.is_host()) else { return };
        let follows = asked.get().is_some_and(|(asked, _)| asked == room.id());
        if follows || Date::now() < not_before.get() || !self.line.borrow().is_complete() {
            return;
        }
        let stream = Audience::Desk(room.id());
        let n = self.tell(Command::Watch { stream, since: None, code: None });
        asked.set(Some((room.id(), n)));
    }

    pub(super) fn unwatch_desk(&self, room: RoomId) {
        if self.hosting.asked.get().is_some_and(|(asked, _)| asked == room) {
            self.tell(Command::Unwatch { stream: Audience::Desk(room) });
        }
        self.forget_desk();
    }

    pub(super) fn desk_page(&self, page: DeskPage) {
        self.hosting.desk.replace(Some(Desk::from(page)));
        self.draw_desk();
    }

    pub(super) fn desk_changes(&self, changes: Changes) {
        let heard = self.hosting.desk.borrow_mut().as_mut().map(|desk| desk.apply(changes));
        if heard == Some(Heard::Ask) {
            // It is small: all of it is asked for again.
            self.forget_desk();
            self.follow_desk();
        }
        self.draw_desk();
    }

    /// I am no host any more, or have to ask whether I am.
    pub(super) fn desk_closed(&self) {
        self.forget_desk();
        if let Some(room) = self.room.get() {
            room.set_waiting(Waiting::default());
        }
    }

    pub(super) fn refused_desk(&self, n: u32) {
        if self.hosting.asked.get().is_some_and(|(_, asked)| asked == n) {
            self.hosting.not_before.set(Date::now() + PAUSE);
            self.forget_desk();
        }
    }

    pub(super) fn admit(&self, knock: MemberId) {
        if let Some(room) = self.room.get() {
            let act = Act::Answer { knock, admit: true };
            self.tell(Command::Host { room: room.id(), act });
        }
    }

    /// What I was muted until may be past.
    pub(super) fn speak_again(&self) {
        if let Some((room, until)) = self.room.get().and_then(|room| Some((room, room.muted()?))) {
            room.set_muted(Some(until));
        }
    }

    fn draw_desk(&self) {
        if let (Some(room), Some(desk)) = (self.room.get(), &*self.hosting.desk.borrow()) {
            room.set_waiting(desk.waiting());
        }
    }
}
