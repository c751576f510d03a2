//! The rooms that one is in, and how much in each is unread: as the server last listed them, and as news
//! and one's own reading have moved them since. Pure.

use protocol::{Membership, RoomId, RoomLink};

/// Of which the server says news.
const MOST: usize = 100;

#[derive(Debug, Default)]
pub struct Rooms {
    list: Option<Vec<RoomLink>>,
    /// The rooms whose news were asked for on this line.
    asked: Vec<RoomId>,
}

impl Rooms {
    /// On a new line nothing was asked for.
    pub fn connected(&mut self) {
        self.asked.clear();
    }

    /// Whose news to ask for.
    pub fn asked(&self) -> &[RoomId] {
        &self.asked
    }

    /// The one with the newest message first, when the server listed them; `None` until it has.
    pub fn list(&self) -> Option<&[RoomLink]> {
        self.list.as_deref()
    }

    /// The answer, after which what is new comes by itself.
    pub fn take(&mut self, list: Vec<RoomLink>) {
        self.list = Some(list);
    }

    /// What I am in a room now. Returns whether it is one whose news have to be asked for.
    pub fn mine(&mut self, membership: Membership) -> bool {
        let Membership { room, joined, read, .. } = membership;
        if !joined {
            self.remove(room);
            return false;
        }
        self.read(room, read);
        let is_new = !self.asked.contains(&room) && self.asked.len() < MOST;
        if is_new {
            self.asked.push(room);
        }
        is_new
    }

    /// I am in it no longer, or nobody is.
    pub fn remove(&mut self, room: RoomId) {
        self.asked.retain(|asked| *asked != room);
        self.list.iter_mut().for_each(|list| list.retain(|one| one.id != room));
    }

    /// I have read so far in it. That only goes forward, but may be said late, and before the news of what was
    /// read.
    pub fn read(&mut self, room: RoomId, read: u32) {
        if let Some(one) = self.find(room) {
            one.head = one.head.max(read);
            one.unread = one.unread.min(one.head.saturating_sub(read));
        }
    }

    /// The newest message in it is mine. Returns whether nothing else is unread: then it is read with it.
    pub fn wrote(&mut self, room: RoomId, seq: u32) -> bool {
        let one = self.find(room).filter(|one| (one.head, one.unread) == (seq, 1));
        let Some(one) = one else { return false };
        one.unread = 0;
        true
    }

    /// A room has come so far.
    pub fn news(&mut self, room: RoomId, head: u32) {
        if let Some(one) = self.find(room) {
            let more = head.saturating_sub(one.head);
            one.head += more;
            one.unread += more;
        }
    }

    fn find(&mut self, room: RoomId) -> Option<&mut RoomLink> {
        self.list.iter_mut().flatten().find(|one| one.id == room)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot make its values has failed")]
mod tests {
    use protocol::RoomCode;

    use super::*;

    fn link(id: u32, unread: u32, head: u32) -> RoomLink {
        let code = RoomCode::parse("KMRT").unwrap();
        RoomLink { id: RoomId(id), code, name: None, unread, head }
    }

    fn member(room: u32, read: u32) -> Membership {
        Membership { room: RoomId(room), joined: true, read, muted: None, rev: 1 }
    }

    fn listed(rooms: &Rooms) -> Vec<(u32, u32)> {
        rooms.list().unwrap_or_default().iter().map(|one| (one.id.0, one.unread)).collect()
    }

    #[test]
    fn unread_is_what_came_and_was_not_read_in_whatever_order_that_is_said() {
        let mut rooms = Rooms::default();
        rooms.take(vec![link(7, 3, 12), link(9, 0, 4)]);
        for (what, news, read, unread) in [
            ("news", Some((7, 13)), None, [4, 0]),
            ("again", Some((7, 13)), None, [4, 0]),
            ("late", Some((7, 11)), None, [4, 0]),
            ("in the other", Some((9, 6)), None, [4, 2]),
            ("read in part", None, Some((7, 11)), [2, 2]),
            ("late word of it", None, Some((7, 9)), [2, 2]),
            ("read up to what is not heard of yet", None, Some((9, 8)), [2, 0]),
            ("heard of then", Some((9, 8)), None, [2, 0]),
            ("of a room that is not mine", Some((1, 5)), None, [2, 0]),
            ("then all", None, Some((7, 13)), [0, 0]),
        ] {
            if let Some((room, head)) = news {
                rooms.news(RoomId(room), head);
            }
            if let Some((room, read)) = read {
                rooms.mine(member(room, read));
            }
            assert_eq!(listed(&rooms), [(7, unread[0]), (9, unread[1])], "{what}");
        }
    }

    #[test]
    fn what_i_write_is_read_with_what_i_had_read() {
        for (unread, wrote, then) in [(0, true, 0), (1, false, 2)] {
            let mut rooms = Rooms::default();
            rooms.take(vec![link(7, unread, 12)]);
            rooms.news(RoomId(7), 13);
            assert!(!rooms.wrote(RoomId(7), 12), "not the newest");
            assert_eq!(rooms.wrote(RoomId(7), 13), wrote);
            assert_eq!(listed(&rooms), [(7, then)]);
        }
    }

    #[test]
    fn each_room_is_asked_for_once_a_line_and_never_too_many() {
        let mut rooms = Rooms::default();
        assert!(rooms.mine(member(7, 1)));
        assert!(!rooms.mine(member(7, 2)));
        assert!(rooms.mine(member(9, 1)));
        assert_eq!(rooms.asked(), [RoomId(7), RoomId(9)]);
        rooms.take(vec![link(7, 0, 2), link(9, 0, 1)]);
        assert!(!rooms.mine(Membership { joined: false, ..member(7, 2) }));
        assert_eq!((rooms.asked(), listed(&rooms)), (&[RoomId(9)][..], vec![(9, 0)]));
        assert!(rooms.mine(member(7, 2)), "joined again");
        rooms.connected();
        let asked = (1..200).filter(|room| rooms.mine(member(*room, 0))).count();
        assert_eq!(asked, MOST);
    }
}
