//! For people, to be read and searched anywhere: a message a line, days apart, times in the reader's zone.

use std::fmt::Write as _;

use protocol::{Content, RoomPage};

use super::{About, Layout, author};

#[derive(Default)]
pub(super) struct Text {
    day: Option<String>,
    messages: u32,
}

impl Layout for Text {
    fn begin(&mut self, about: &About, out: &mut String) {
        let _ = writeln!(out, "{}\n{}", about.title(), about.facts());
    }

    fn page(&mut self, about: &About, page: &RoomPage, out: &mut String) {
        for message in &page.messages {
            if let Some(day) = about.day(message.created_at, &mut self.day) {
                let _ = writeln!(out, "\n{day}\n");
            }
            let text = match &message.content {
                Content::Text(text) => text.as_str(),
                Content::Removed => about.live().removed,
            };
            let time = about.live().hours(about.local(message.created_at));
            // What goes on is indented, and a name ends where it does: nobody can write a line that looks
            // like another's.
            let text = text.replace('\n', "\n       ");
            let author = author(page, message).replace(':', "\u{a789}");
            let _ = writeln!(out, "{time}  {author}: {text}");
            self.messages += 1;
        }
    }

    fn end(&mut self, about: &About, out: &mut String) {
        let _ = writeln!(out, "\n{}", about.live().messages(self.messages));
    }
}
