//! Who heard what, and how long it took: everyone in a room must hear each text once, and all of them in
//! one order. Pure.

use std::time::Instant;

use crate::dialect::Passing;

/// What a server must not do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Complaint {
    #[error("somebody heard of room {room} without being in it, or what nobody said there")]
    Stranger { room: usize },
    #[error("somebody in room {room} heard text {serial} twice")]
    Twice { room: usize, serial: usize },
    #[error("somebody in room {room} heard text {serial} before others that came before it")]
    Skipped { room: usize, serial: usize },
    #[error("somebody in room {room} did not hear {count} texts")]
    Lost { room: usize, count: usize },
}

/// Of one room, by one socket.
struct Ear {
    room: usize,
    heard: usize,
}

struct Text {
    said: Instant,
    /// Its place in the order in which the room hears.
    place: Option<usize>,
    unheard: usize,
}

#[derive(Default)]
struct Room {
    ears: usize,
    texts: Vec<Text>,
    /// As whoever was first at each place heard them.
    order: Vec<usize>,
}

#[derive(Default)]
pub(crate) struct Tally {
    rooms: Vec<Room>,
    sockets: Vec<Vec<Ear>>,
    /// Of each delivery since the last `restart`, in µs.
    took: Vec<u32>,
    texts: usize,
    /// Texts that reached others, who are not listened to, since then.
    beside: usize,
    /// Bytes that each socket got since then of who is here, and of who is typing.
    told: Vec<[usize; 2]>,
}

/// Since the last `restart`.
pub(crate) struct Counted<'a> {
    pub(crate) texts: usize,
    /// That reached others.
    pub(crate) beside: usize,
    /// Bytes of who is here, and of who is typing, to the socket that got most of both.
    pub(crate) told: [usize; 2],
    /// Each delivery, in µs.
    pub(crate) took: &'a [u32],
}

impl Tally {
    /// For each socket the rooms that it is in.
    pub(crate) fn new(rooms: usize, sockets: impl Iterator<Item = Vec<usize>>) -> Self {
        let mut tally = Self::default();
        tally.rooms.resize_with(rooms, Room::default);
        for rooms in sockets {
            for room in &rooms {
                tally.rooms[*room].ears += 1;
            }
            tally.told.push([0; 2]);
            tally.sockets.push(rooms.into_iter().map(|room| Ear { room, heard: 0 }).collect());
        }
        tally
    }

    /// Returns the text's serial.
    pub(crate) fn said(&mut self, room: usize, said: Instant) -> usize {
        let Room { ears, texts, .. } = &mut self.rooms[room];
        texts.push(Text { said, place: None, unheard: *ears });
        self.texts += 1;
        texts.len() - 1
    }

    /// True if now everyone has heard it.
    pub(crate) fn heard(
        &mut self,
        socket: usize,
        (room, serial): (usize, usize),
        now: Instant,
    ) -> Result<bool, Complaint> {
        let ear = self.sockets[socket].iter_mut().find(|ear| ear.room == room);
        let ear = ear.ok_or(Complaint::Stranger { room })?;
        let Room { texts, order, .. } = &mut self.rooms[room];
        let text = texts.get_mut(serial).ok_or(Complaint::Stranger { room })?;
        let place = *text.place.get_or_insert(order.len());
        if place == order.len() {
            order.push(serial);
        }
        if place < ear.heard {
            return Err(Complaint::Twice { room, serial });
        }
        if place > ear.heard {
            return Err(Complaint::Skipped { room, serial });
        }
        ear.heard += 1;
        text.unheard -= 1;
        let took = now.saturating_duration_since(text.said).as_micros();
        self.took.push(u32::try_from(took).unwrap_or(u32::MAX));
        Ok(text.unheard == 0)
    }

    /// Everyone must have heard everything.
    pub(crate) fn end(&self) -> Result<(), Complaint> {
        for ear in self.sockets.iter().flatten() {
            let count = self.rooms[ear.room].texts.len() - ear.heard;
            if count > 0 {
                return Err(Complaint::Lost { room: ear.room, count });
            }
        }
        Ok(())
    }

    pub(crate) fn told(&mut self, socket: usize, of: Passing, bytes: usize) {
        self.told[socket][of as usize] += bytes;
    }

    /// Bytes to all of them together since the last `restart`.
    pub(crate) fn told_in_all(&self) -> usize {
        self.told.iter().flatten().sum()
    }

    pub(crate) fn reached(&mut self, texts: usize) {
        self.beside += texts;
    }

    pub(crate) fn restart(&mut self) {
        self.took.clear();
        self.texts = 0;
        self.beside = 0;
        self.told.fill([0; 2]);
    }

    pub(crate) fn counted(&self) -> Counted<'_> {
        let most = self.told.iter().copied().max_by_key(|told| told.iter().sum::<usize>());
        let told = most.unwrap_or_default();
        Counted { texts: self.texts, beside: self.beside, told, took: &self.took }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use super::*;

    /// Two texts in each of two rooms; sockets 0 and 1 are in the first room, socket 2 is in both. Each
    /// hears what it is told to, until there is something to complain of.
    fn check(told: &[(usize, usize, usize)]) -> Result<(), Complaint> {
        let now = Instant::now();
        let mut tally = Tally::new(2, [vec![0], vec![0], vec![0, 1]].into_iter());
        for room in [0, 1, 0, 1] {
            tally.said(room, now);
        }
        for (socket, room, serial) in told {
            tally.heard(*socket, (*room, *serial), now)?;
        }
        tally.end()
    }

    const ALL: [(usize, usize, usize); 8] =
        [(0, 0, 1), (1, 0, 1), (0, 0, 0), (2, 0, 1), (2, 1, 0), (1, 0, 0), (2, 0, 0), (2, 1, 1)];

    #[test]
    fn one_order_for_everyone_is_fine_whichever_it_is() {
        assert_eq!(check(&ALL), Ok(()));
    }

    #[test]
    fn a_planted_loss_double_swap_and_stranger_are_found() {
        assert_eq!(check(&ALL[..7]), Err(Complaint::Lost { room: 1, count: 1 }));
        let skipped = [ALL[0], ALL[2], (1, 0, 0)];
        assert_eq!(check(&skipped), Err(Complaint::Skipped { room: 0, serial: 0 }));
        let twice = [ALL[0], ALL[0]];
        assert_eq!(check(&twice), Err(Complaint::Twice { room: 0, serial: 1 }));
        let elsewhere = [(0, 1, 0)];
        assert_eq!(check(&elsewhere), Err(Complaint::Stranger { room: 1 }));
        let unsaid = [(0, 0, 2)];
        assert_eq!(check(&unsaid), Err(Complaint::Stranger { room: 0 }));
    }

    #[test]
    fn the_last_to_hear_a_text_ends_its_turn() {
        let now = Instant::now();
        let mut tally = Tally::new(1, [vec![0], vec![0]].into_iter());
        let serial = tally.said(0, now);
        assert!(!tally.heard(0, (0, serial), now).unwrap());
        assert!(tally.heard(1, (0, serial), now).unwrap());
        assert_eq!(tally.counted().took, [0, 0]);
    }

    #[test]
    fn what_is_counted_begins_anew() {
        let now = Instant::now();
        let mut tally = Tally::new(1, [vec![0], vec![0]].into_iter());
        for _ in 0..2 {
            tally.restart();
            let serial = tally.said(0, now);
            tally.reached(3);
            tally.told(0, Passing::Here, 8);
            tally.told(1, Passing::Here, 2);
            tally.told(1, Passing::Typing, 7);
            tally.heard(0, (0, serial), now).unwrap();
            let Counted { texts, beside, told, took } = tally.counted();
            assert_eq!((texts, beside, told, took), (1, 3, [2, 7], [0].as_slice()));
            assert_eq!(tally.told_in_all(), 17);
        }
    }
}
