//! What of a room's desk waits for its hosts: those who knock, and messages that were reported. Pure.

use std::collections::BTreeMap;

use protocol::{Changes, DeskPage, Item, Kind, Member, MemberId, Point, Value, Waiting};

use crate::Heard;

#[derive(Clone, Debug)]
pub struct Desk {
    items: BTreeMap<(Kind, u64), Item>,
    members: BTreeMap<MemberId, Member>,
    complete: Point,
}

impl From<DeskPage> for Desk {
    fn from(page: DeskPage) -> Self {
        let mut desk = Self { items: BTreeMap::new(), members: BTreeMap::new(), complete: page.at };
        page.members.into_iter().for_each(|member| desk.name(member));
        page.items.into_iter().for_each(|item| desk.put(item));
        desk
    }
}

impl Desk {
    pub fn complete(&self) -> Point {
        self.complete
    }

    /// Applies a frame of the desk's stream, by the rules for every stream.
    pub fn apply(&mut self, changes: Changes) -> Heard {
        if changes.epoch != self.complete.epoch {
            return Heard::Ask;
        }
        for value in changes.values {
            match value {
                Value::Item(item) => self.put(*item),
                Value::Member(member) => self.name(member),
                // Of another stream.
                Value::Message(_) | Value::Room(_) | Value::Membership(_) => {}
            }
        }
        if changes.after > self.complete.rev {
            return Heard::Ask;
        }
        self.complete.rev = self.complete.rev.max(changes.upto);
        if changes.more { Heard::Ask } else { Heard::Complete }
    }

    pub fn waiting(&self) -> Waiting {
        Waiting::of(self.items.values(), |id| self.members.get(&id).cloned())
    }

    /// What nobody waits for is not kept but for its rev: an older copy may come later.
    fn put(&mut self, item: Item) {
        let key = item.matter.key(item.rev);
        if matches!(key.0, Kind::Knock | Kind::Report)
            && self.items.get(&key).is_none_or(|kept| kept.rev < item.rev)
        {
            self.items.insert(key, item);
        }
    }

    fn name(&mut self, member: Member) {
        let kept = self.members.get(&member.id);
        if kept.is_none_or(|kept| kept.rev <= member.rev) {
            self.members.insert(member.id, member);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use protocol::{Audience, Knock, Matter, PersonName, Role, RoomId};

    use super::*;

    fn member(id: u32, name: &str) -> Member {
        let name = PersonName::parse(name).unwrap();
        Member { id: MemberId(id), name, role: Role::Member, rev: 0 }
    }

    fn knock(id: u32, rev: u64, answer: Option<bool>) -> Item {
        let knock = Knock { member: MemberId(id), says: None, answer };
        Item { rev, at: 10 - i64::from(id), matter: Matter::Knock(knock) }
    }

    fn changes(after: u64, upto: u64, values: Vec<Value>) -> Changes {
        let stream = Audience::Desk(RoomId(7));
        Changes { stream, epoch: 1, after, upto, values, more: false }
    }

    #[test]
    fn who_knocks_waits_until_they_are_answered_in_the_order_in_which_they_came() {
        let page = DeskPage {
            items: vec![knock(1, 1, None)],
            members: vec![member(1, "Ana")],
            at: Point { epoch: 1, rev: 1 },
        };
        let mut desk = Desk::from(page);
        let (bo, came) = (Value::Member(member(2, "Bo")), Value::Item(Box::new(knock(2, 2, None))));
        assert_eq!(desk.apply(changes(1, 2, vec![bo, came])), Heard::Complete);
        let names = |desk: &Desk| {
            let waiting = desk.waiting();
            assert_eq!(waiting.knocking as usize, waiting.knocks.len());
            let names = waiting.knocks.into_iter().map(|one| String::from(one.name));
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(&desk), ["Bo", "Ana"]);
        let answered = vec![Value::Item(Box::new(knock(2, 4, Some(true))))];
        assert_eq!(desk.apply(changes(3, 4, answered)), Heard::Ask, "3 is missing");
        assert_eq!(desk.complete().rev, 2);
        assert_eq!(names(&desk), ["Ana"]);
        let late = vec![Value::Item(Box::new(knock(2, 2, None)))];
        assert_eq!(desk.apply(changes(1, 4, late)), Heard::Complete);
        assert_eq!(names(&desk), ["Ana"], "an older copy undoes nothing");
    }
}
