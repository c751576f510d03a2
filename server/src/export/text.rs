//! For people, to be read and searched anywhere: a message a line, days apart, times in the reader's zone.

use std::fmt::Write as _;

use app::{EN, LocalTime};
use protocol::{Content, RoomPage};

use super::{About, Write};
use crate::clock;

#[derive(Default)]
pub(super) struct Text {
    day: Option<String>,
    messages: u32,
}

impl About {
    /// What the room is called.
    pub(super) fn title(&self) -> String {
        let room = &self.first.room;
        let code = || (EN.room)(room.code.as_str());
        room.name.as_ref().map_or_else(code, |name| name.as_str().to_owned())
    }

    /// The room's code, and when the file was made, by which clock.
    pub(super) fn facts(&self) -> String {
        let zone = self.look.zone.as_ref().map_or("UTC", |zone| zone.as_str());
        let at = (EN.moment)(self.local(self.at));
        format!("{} · {at} ({zone})", self.first.room.code)
    }

    pub(super) fn local(&self, at: i64) -> LocalTime {
        (clock::clock().local)(self.look.zone.as_ref(), at)
    }

    /// The day of that moment, if it is another one.
    pub(super) fn day(&self, at: i64, before: &mut Option<String>) -> Option<String> {
        let time = self.local(at);
        if before.as_ref() == Some(&time.date()) {
            return None;
        }
        *before = Some(time.date());
        Some((EN.full_day)(time))
    }
}

impl Write for Text {
    fn begin(&mut self, about: &About, out: &mut String) {
        let _ = writeln!(out, "{}\n{}", about.title(), about.facts());
    }

    fn page(&mut self, about: &About, page: &RoomPage, out: &mut String) {
        for message in &page.messages {
            if let Some(day) = about.day(message.created_at, &mut self.day) {
                let _ = writeln!(out, "\n{day}\n");
            }
            let Content::Text(text) = &message.content;
            let time = about.local(message.created_at).hours();
            let author = page.members.iter().find(|member| member.id == message.author);
            let author = author.map_or("?", |member| member.name.as_str());
            // What goes on is indented: nobody can write a line that looks like another's.
            let text = text.as_str().replace('\n', "\n       ");
            let _ = writeln!(out, "{time}  {author}: {text}");
            self.messages += 1;
        }
    }

    fn end(&mut self, _: &About, out: &mut String) {
        let _ = writeln!(out, "\n{}", (EN.message_count)(self.messages));
    }
}
