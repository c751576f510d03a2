//! The rooms that are open to everyone: as the server listed them, and as they have moved since. Pure.

use protocol::{Listed, OpenRoom};

#[derive(Debug, Default)]
pub struct OpenRooms {
    list: Option<Vec<OpenRoom>>,
    /// How far the server's clock is ahead of ours, in milliseconds.
    ahead: i64,
}

impl OpenRooms {
    /// `None` until they were listed. Those that are new come last.
    pub fn list(&self) -> Option<&[OpenRoom]> {
        self.list.as_deref()
    }

    /// What the server's clock says when ours says this.
    pub fn at(&self, now: i64) -> i64 {
        now.saturating_add(self.ahead)
    }

    /// By our clock it is `now`: milliseconds since 1970.
    pub fn hear(&mut self, listed: Listed, now: i64) {
        let (Listed::All { at, .. } | Listed::Moved { at, .. }) = listed;
        self.ahead = at.saturating_sub(now);
        match (listed, &mut self.list) {
            (Listed::All { rooms, .. }, list) => *list = Some(rooms),
            (Listed::Moved { rooms, gone, .. }, Some(list)) => {
                list.retain(|one| !gone.contains(&one.code));
                for room in rooms {
                    match list.iter_mut().find(|one| one.code == room.code) {
                        Some(one) => *one = room,
                        None => list.push(room),
                    }
                }
            }
            // What they moved from is on its way.
            (Listed::Moved { .. }, None) => {}
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot make its values has failed")]
mod tests {
    use protocol::RoomCode;

    use super::*;

    fn room(code: &str, here: u32) -> OpenRoom {
        OpenRoom { code: RoomCode::parse(code).unwrap(), name: None, here, last_at: 0 }
    }

    #[test]
    fn rooms_come_and_move_and_go() {
        let mut open = OpenRooms::default();
        open.hear(Listed::Moved { at: 0, rooms: vec![room("KITE", 9)], gone: vec![] }, 0);
        assert_eq!(open.list(), None, "not all of them");
        open.hear(Listed::All { at: 7_000, rooms: vec![room("KMRT", 1), room("REEF", 0)] }, 5_000);
        assert_eq!(open.at(6_000), 8_000, "by the clock of the server");
        let (rooms, gone) = (vec![room("TIDE", 3), room("REEF", 2)], vec![room("KMRT", 1).code]);
        open.hear(Listed::Moved { at: 9_000, rooms, gone }, 9_000);
        assert_eq!(open.list(), Some(&[room("REEF", 2), room("TIDE", 3)][..]));
        assert_eq!(open.at(6_000), 6_000);
    }
}
