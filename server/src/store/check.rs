//! Whether everything in a database holds together: what no constraint of the tables says. Owns the rules
//! and what is told of what breaks them; a database says where in it things are, and asks.

use protocol::{Content, Skeletons};

use super::tokens::words;

/// Of one kind that are told.
const TOLD: usize = 5;
/// As many as have to be looked for.
pub(super) const FEW: usize = TOLD + 1;

pub struct Report {
    pub rooms: u64,
    pub messages: u64,
    pub people: u64,
    /// A sentence for each thing that is wrong.
    pub findings: Vec<String>,
}

/// Rooms, messages, people.
pub(super) const COUNTS: &str = "SELECT (SELECT count(*) FROM rooms), (SELECT count(*) FROM messages), (SELECT count(*) FROM persons)";

/// Where in a database things are.
pub(super) struct Places {
    /// With `room_id` and `seq`, the columns of `key`, and what else is a column of its own.
    pub(super) messages: &'static str,
    /// Which of them are in the room `r`, by `key`.
    pub(super) in_room: &'static str,
    /// With `room_id` and `n`.
    pub(super) members: &'static str,
    /// The messages that are in the search index, as above.
    pub(super) indexed: &'static str,
    /// The columns by which messages are ordered, by room and then by seq.
    pub(super) key: &'static str,
    pub(super) epoch: &'static str,
    /// The function that has the greatest of some numbers.
    pub(super) greatest: &'static str,
}

/// Each finds what breaks one rule, and says it.
pub(super) fn rules(places: &Places) -> impl Iterator<Item = String> {
    RULES.iter().map(|rule| {
        rule.replace("{messages}", places.messages)
            .replace("{in_room}", places.in_room)
            .replace("{members}", places.members)
            .replace("{indexed}", places.indexed)
            .replace("{key}", places.key)
            .replace("{epoch}", places.epoch)
            .replace("{greatest}", places.greatest)
    })
}

const RULES: &[&str] = &[
    // seq
    "SELECT format('room %s: message %s follows message %s', room_id, seq, before)
       FROM (SELECT room_id, seq, CASE WHEN room_before = room_id THEN seq_before ELSE 0 END AS before
         FROM (SELECT room_id, seq, lag(room_id) OVER (ORDER BY {key}) AS room_before,
           lag(seq) OVER (ORDER BY {key}) AS seq_before FROM {messages} m) m) m
       WHERE seq <> before + 1",
    "SELECT format('room %s: the newest message is %s, but %s is noted', id, newest, seq)
       FROM (SELECT id, seq, coalesce((SELECT max(m.seq) FROM {messages} m WHERE {in_room}), 0) AS newest
         FROM rooms r) r
       WHERE newest <> seq",
    "SELECT format('room %s: message %s is older than the one before it', room_id, seq)
       FROM (SELECT room_id, seq, created_at, lag(room_id) OVER (ORDER BY {key}) AS room_before,
         lag(created_at) OVER (ORDER BY {key}) AS earlier FROM {messages} m) m
       WHERE room_id = room_before AND created_at < earlier",
    // revs
    "SELECT format('room %s: message %s does not come before the one after it, by their revs', room_id, before)
       FROM (SELECT room_id, rev, lag(room_id) OVER (ORDER BY {key}) AS room_before,
         lag(rev) OVER (ORDER BY {key}) AS earlier, lag(seq) OVER (ORDER BY {key}) AS before
         FROM {messages} m WHERE version = 1) m
       WHERE room_id = room_before AND rev <= earlier",
    "SELECT format('room %s: two values have rev %s', room_id, rev) FROM (
       SELECT room_id, c.rev FROM messages m JOIN messages c USING (room_id, rev)
         WHERE m.version = 1 AND c.version > 1
       UNION ALL SELECT room_id, m.rev FROM members m JOIN messages USING (room_id, rev) WHERE m.rev > 0
       UNION ALL SELECT room_id, stamp FROM rooms r JOIN messages m ON room_id = r.id AND m.rev = stamp
       UNION ALL SELECT room_id, stamp FROM rooms r JOIN members m ON room_id = r.id AND m.rev = stamp) v",
    "SELECT format('room %s: the newest value has rev %s, but %s is noted', id, newest, rev)
       FROM (SELECT id, rev, {greatest}(stamp,
         coalesce((SELECT max(rev) FROM messages WHERE {in_room}), 0),
         coalesce((SELECT max(rev) FROM members WHERE room_id = r.id AND rev > 0), 0)) AS newest FROM rooms r
         WHERE ended_at IS NULL) r
       WHERE newest <> rev",
    "SELECT format('person %s: a membership has rev %s, but %s is noted', id, newest, rev)
       FROM (SELECT id, rev, coalesce((SELECT max(person_rev) FROM members WHERE person = p.id), 0) AS newest
         FROM persons p) p
       WHERE newest > rev",
    "SELECT format('room %s is of epoch %s, the database of %s', id, epoch, {epoch})
       FROM rooms WHERE epoch <> {epoch}",
    // who and where
    "SELECT format('room %s is not there, but its message %s is', room_id, m.seq)
       FROM {messages} m LEFT JOIN rooms r ON r.id = room_id WHERE r.id IS NULL",
    "SELECT format('room %s is not there, but its member %s is', room_id, n)
       FROM {members} m LEFT JOIN rooms r ON r.id = room_id WHERE r.id IS NULL",
    "SELECT format('room %s: nobody in it wrote message %s', m.room_id, seq)
       FROM {messages} m LEFT JOIN {members} w ON w.person = m.person AND w.room_id = m.room_id AND w.n = m.author
       WHERE w.n IS NULL",
    "SELECT format('room %s: member %s is none of the persons', room_id, n)
       FROM {members} m LEFT JOIN persons p ON p.id = person WHERE p.id IS NULL",
    "SELECT 'a session belongs to none of the persons'
       FROM sessions LEFT JOIN persons p ON p.id = person WHERE p.id IS NULL",
    "SELECT 'a way to another device belongs to none of the persons'
       FROM ways LEFT JOIN persons p ON p.id = person WHERE p.id IS NULL",
    "SELECT format('a way to another device led to a session of person %s instead of %s', s.person, w.person)
       FROM ways w JOIN sessions s ON s.hash = w.session WHERE s.person <> w.person",
    "SELECT format('room %s: %s of %s members are in it, but %s of %s are noted', id, present, known, joined, members)
       FROM (SELECT r.id, r.joined, r.members, sum(CASE WHEN m.joined THEN 1 ELSE 0 END) AS present,
         coalesce(max(n), 0) AS known FROM rooms r LEFT JOIN {members} m ON room_id = r.id
         WHERE ended_at IS NULL GROUP BY r.id) r
       WHERE present <> joined OR known <> members",
    "SELECT format('room %s: the newest on its desk has rev %s, but %s is noted', id, newest, desk)
       FROM (SELECT id, desk, coalesce((SELECT max(rev) FROM desk WHERE room_id = r.id), 0) AS newest
         FROM rooms r WHERE ended_at IS NULL) r
       WHERE newest <> desk",
    "SELECT format('room %s: something is on its desk, which is not there', d.room_id)
       FROM desk d LEFT JOIN rooms r ON r.id = d.room_id WHERE r.id IS NULL",
    "SELECT format('room %s: entry %s of its log is undone by a password, or keeps one, but not both', room_id, n)
       FROM desk WHERE (matter LIKE '%\"undo\":{\"restore_password\":%') <> (password IS NOT NULL)",
    "SELECT format('room %s: an address is barred until %s, but %s is noted', id, until, barred_until)
       FROM barred JOIN rooms ON id = room_id WHERE until > barred_until",
    "SELECT format('room %s: member %s has read up to %s of %s', id, n, read, seq)
       FROM {members} m JOIN rooms r ON r.id = room_id WHERE read > seq AND ended_at IS NULL",
    // search
    "SELECT format('room %s: message %s is not in the search index', m.room_id, m.seq)
       FROM {messages} m LEFT JOIN {indexed} s USING ({key}) WHERE s.room_id IS NULL",
    "SELECT format('the search index has a message %s of room %s, which is not there', s.seq, s.room_id)
       FROM {indexed} s LEFT JOIN {messages} m USING ({key}) WHERE m.room_id IS NULL",
];

#[derive(Default)]
pub(super) struct Findings(Vec<String>);

impl Findings {
    /// Of many of a kind the first are told.
    pub(super) fn add(&mut self, of_a_kind: Vec<String>) {
        let more = of_a_kind.len() > TOLD;
        self.0.extend(of_a_kind.into_iter().take(TOLD));
        self.0.extend(more.then(|| "… and more of the kind".into()));
    }

    pub(super) fn told(self) -> Vec<String> {
        self.0
    }
}

/// Compares what members are looked for by with what they are called.
#[derive(Default)]
pub(super) struct Called(Vec<String>);

impl Called {
    /// Who was never `in` it may have no name there.
    pub(super) fn look(
        &mut self,
        (room, n, was_in): (i64, i64, bool),
        name: &str,
        kept: &Skeletons,
    ) {
        let is_freed = !was_in && kept.is_empty();
        if self.0.len() < FEW && !is_freed && Skeletons::of(name) != *kept {
            self.0.push(format!("room {room}: member {n} is not found by how their name looks"));
        }
    }

    pub(super) fn judge(self, findings: &mut Findings) {
        findings.add(self.0);
    }
}

/// Compares sums over all words of all messages, which need neither memory nor an order.
#[derive(Default)]
pub(super) struct Words {
    said: u64,
    indexed: u64,
    unread: Vec<String>,
}

impl Words {
    /// `None`: what it says cannot be read.
    pub(super) fn said(&mut self, room: i64, seq: i64, content: Option<&Content>) {
        let Some(content) = content else {
            if self.unread.len() < FEW {
                self.unread.push(format!("room {room}: message {seq} cannot be read"));
            }
            return;
        };
        let words = words(content);
        let mut words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        words.sort_unstable();
        words.dedup();
        let hashes = words.into_iter().map(|word| hash(room, seq, word));
        self.said = hashes.fold(self.said, u64::wrapping_add);
    }

    /// Each word of a message once.
    pub(super) fn indexed(&mut self, room: i64, seq: i64, word: &str) {
        self.indexed = self.indexed.wrapping_add(hash(room, seq, word));
    }

    pub(super) fn judge(self, findings: &mut Findings) {
        findings.add(self.unread);
        if self.said != self.indexed {
            findings.add(vec!["the search index has other words than the messages".into()]);
        }
    }
}

/// FNV-1a, of which nothing is kept.
fn hash(room: i64, seq: i64, word: &str) -> u64 {
    let bytes = room.to_le_bytes().into_iter().chain(seq.to_le_bytes()).chain(word.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}
