//! For programs: one object, a message a line. `docs/export.md` says what is in it.

use std::{collections::BTreeMap, fmt::Write as _};

use jiff::Timestamp;
use protocol::{Content, Member, MemberId, MessageId, RoomCode, RoomName, RoomPage};
use serde::Serialize;

use super::{About, Layout};

#[derive(Default)]
pub(super) struct Json {
    /// Whoever wrote something, as they were called when their last message was read.
    members: BTreeMap<MemberId, Member>,
    messages: u32,
}

#[derive(Serialize)]
struct RoomLine<'a> {
    code: &'a RoomCode,
    name: Option<&'a RoomName>,
}

#[derive(Serialize)]
struct MessageLine<'a> {
    seq: u32,
    id: MessageId,
    rev: u64,
    version: u32,
    author: MemberId,
    at: String,
    /// `None` for one that was taken away.
    text: Option<&'a str>,
}

impl Layout for Json {
    fn begin(&mut self, about: &About, out: &mut String) {
        let room = &about.first.room;
        let room = RoomLine { code: &room.code, name: room.name.as_ref() };
        let (room, at) = (line(&room), line(&utc(about.at)));
        let (epoch, head) = (about.first.at.epoch, about.first.head);
        let _ = write!(
            out,
            "{{\"format\":\"parley.room\",\"version\":1,\n\"room\":{room},\n\"exported_at\":{at},\n\
             \"epoch\":{epoch},\n\"complete_to\":{head},\n\"messages\":["
        );
    }

    fn page(&mut self, _: &About, page: &RoomPage, out: &mut String) {
        for member in &page.members {
            self.members.insert(member.id, member.clone());
        }
        for message in &page.messages {
            let said = MessageLine {
                seq: message.seq,
                id: message.id,
                rev: message.rev,
                version: message.version,
                author: message.author,
                at: utc(message.created_at),
                text: match &message.content {
                    Content::Text(text) => Some(text.as_str()),
                    Content::Removed => None,
                },
            };
            let comma = if self.messages == 0 { "" } else { "," };
            let _ = write!(out, "{comma}\n{}", line(&said));
            self.messages += 1;
        }
    }

    fn end(&mut self, _: &About, out: &mut String) {
        out.push_str("\n],\n\"members\":[");
        for (i, member) in self.members.values().enumerate() {
            let _ = write!(out, "{}\n{}", if i == 0 { "" } else { "," }, line(member));
        }
        let (messages, members) = (self.messages, self.members.len());
        let _ =
            write!(out, "\n],\n\"counts\":{{\"messages\":{messages},\"members\":{members}}}}}\n");
    }
}

fn line<T: Serialize>(value: &T) -> String {
    // Fails only for maps whose keys are no text.
    serde_json::to_string(value).unwrap_or_default()
}

fn utc(at: i64) -> String {
    // Always as long: sorted as text they are sorted.
    format!("{:.3}", Timestamp::from_millisecond(at).unwrap_or_default())
}
