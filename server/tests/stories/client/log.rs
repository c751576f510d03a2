//! What a client knows of a room, and whether that holds together.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Changes, Content, Here, Member, Message, Point, Value};

/// What a client knows of a room, by the rules of `docs/protocol.md`.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub(crate) complete: Point,
    pub(crate) messages: BTreeMap<u32, Message>,
    pub(crate) members: Vec<Member>,
    pub(crate) here: Here,
    /// Frames that began after what was complete.
    pub(crate) gaps: u32,
}

impl Log {
    /// Whether it has to ask for more.
    pub(crate) fn apply(&mut self, changes: Changes) -> bool {
        assert_eq!(changes.epoch, self.complete.epoch);
        for value in changes.values {
            match value {
                Value::Message(message) => {
                    if self.messages.get(&message.seq).is_none_or(|kept| kept.rev < message.rev) {
                        self.messages.insert(message.seq, message);
                    }
                }
                Value::Member(member) => {
                    self.members.retain(|kept| kept.id != member.id);
                    self.members.push(member);
                }
                Value::Room(_) => {}
                Value::Membership(_) | Value::Item(_) => {
                    panic!("what is one person's or a desk's reached a room")
                }
            }
        }
        if changes.after > self.complete.rev {
            self.gaps += 1;
            return true;
        }
        self.complete.rev = self.complete.rev.max(changes.upto);
        changes.more
    }

    pub(crate) fn complete_messages(&self) -> u32 {
        self.messages
            .values()
            .filter(|message| message.rev <= self.complete.rev)
            .map(|message| message.seq)
            .max()
            .unwrap_or(0)
    }

    pub(crate) fn bodies(&self) -> Vec<&str> {
        self.messages
            .values()
            .map(|message| match &message.content {
                Content::Text(body) => body.as_str(),
                Content::Removed => "(removed)",
            })
            .collect()
    }

    /// Seq 1, 2, 3… without a hole and each id once.
    pub(crate) fn check(&self) {
        let seqs: Vec<u32> = self.messages.keys().copied().collect();
        let first = seqs.first().copied().unwrap_or(1);
        assert_eq!(seqs, (first..first + u32::try_from(seqs.len()).unwrap()).collect::<Vec<_>>());
        let ids: BTreeSet<_> = self.messages.values().map(|message| message.id).collect();
        assert_eq!(ids.len(), seqs.len());
        for message in self.messages.values() {
            assert!(
                self.members.iter().any(|member| member.id == message.author),
                "an author without a name"
            );
        }
    }
}
