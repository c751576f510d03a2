//! What members tell their hosts of.

use protocol::{Kind, Matter, MessageId, Report, RoomId};

use super::{Applied, Batch, PersonId, Result, StoreError};

/// Who reported a message: the first of them.
const MOST: usize = 10;

impl Batch {
    /// What was settled stays so, whoever reports it again.
    pub(super) fn report(
        &mut self,
        room: RoomId,
        person: PersonId,
        id: MessageId,
        at: i64,
    ) -> Result<Applied> {
        self.known(room, person)?;
        let member = self.member(room, person).filter(|member| member.membership.joined);
        let by = member.ok_or(StoreError::NotAMember)?.member.id;
        let seq = self.ids.get(&(room, id)).copied().flatten();
        let message = seq.and_then(|seq| self.messages.get(&(room, seq)));
        let message = &message.ok_or(StoreError::NoSuchMessage)?.value.message;
        let (seq, author) = (message.seq, message.author);
        let there = self.items.get(&(room, Kind::Report, u64::from(seq)));
        let (mut report, at) =
            match there.map(|row| (row.value.item.matter.clone(), row.value.item.at)) {
                Some((Matter::Report(report), at)) => (report, at),
                Some(_) | None => {
                    (Report { message: id, seq, author, by: Vec::new(), settled: false }, at)
                }
            };
        if report.settled || report.by.contains(&by) || report.by.len() >= MOST {
            return Ok(Applied::Reported { seq });
        }
        report.by.push(by);
        self.put(room, Matter::Report(report), at)?;
        Ok(Applied::Reported { seq })
    }
}
