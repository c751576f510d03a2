//! What came of an operation, in a line.

use protocol::Member;

use super::*;
use crate::store::{Came, Effect};

/// In few words; after a refusal, everything must be as before.
pub(super) fn outcome(batch: &mut Batch, op: &Op) -> String {
    if let Op::Create { codes, .. } = op {
        for code in codes.iter().flat_map(|code| [shortened(code, 4), shortened(code, 5)]).flatten()
        {
            batch.codes.entry(code).or_insert(false);
        }
    }
    let before = format!("{batch:?}");
    let member = |member: &Member| {
        format!("member {} {} @{}", member.id.0, member.name.as_str(), member.rev)
    };
    match batch.decide(op) {
        Ok(Applied::Begun(person)) => format!("person {}", person.0),
        Ok(Applied::Created(Entry { room, member: host, .. })) => {
            format!("room {} {}, {}", room.id.0, room.code, member(&host.unwrap()))
        }
        Ok(Applied::Provided(room)) => format!("room {} {} @{}", room.id.0, room.code, room.rev),
        Ok(applied @ (Applied::Used | Applied::DefaultNameSet)) => format!("{applied:?}"),
        Ok(applied @ (Applied::Knocked | Applied::Reported { .. })) => format!("{applied:?}"),
        Ok(applied @ (Applied::Purged | Applied::Banned)) => format!("{applied:?}"),
        Ok(Applied::Acted(effect)) => match effect {
            Effect::Said | Effect::Closed | Effect::Over => format!("{effect:?}"),
            Effect::Out { member, .. } => format!("out {}", member.0),
            Effect::In { member: who, full, .. } => {
                format!("in {}{}", member(&who), if full { ", full" } else { "" })
            }
            Effect::Appointed { member: who, .. } => {
                format!("{:?} {}", who.role, member(&who))
            }
        },
        Ok(Applied::Device(done)) => format!("{done:?}"),
        Ok(applied @ (Applied::Ended(_) | Applied::Cleared { .. })) => format!("{applied:?}"),
        Ok(Applied::Joined { member: who, came, full }) => {
            let already = if came == Came::Already { " already" } else { "" };
            format!("{}{already}{}", member(&who), if full { ", full" } else { "" })
        }
        Ok(Applied::Left(who)) => format!("left {:?}", who.map(|id| id.0)),
        Ok(Applied::Named { member: who, .. }) => member(&who),
        Ok(Applied::Read { membership, fresh, .. }) => {
            let again = if fresh { "" } else { " already" };
            format!("read {} @{}{again}", membership.read, membership.rev)
        }
        Ok(Applied::Posted { message, author, fresh, .. }) => {
            let again = if fresh { "" } else { " already" };
            format!("said {} @{} by {}{again}", message.seq, message.rev, member(&author))
        }
        Err(error) => {
            assert_eq!(
                format!("{batch:?}"),
                before,
                "{op:?} was refused and yet changed something"
            );
            format!("{error:?}")
        }
    }
}
