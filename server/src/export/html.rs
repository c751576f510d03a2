//! For people, to be opened in any browser, without a network: one file with its style in it, in which
//! nothing runs.

use std::fmt::Write as _;

use app::{APP, markup_html, text_html as text};
use protocol::{Content, RoomPage};

use super::{About, Layout, author};

const STYLE: &str = include_str!("page.css");

#[derive(Default)]
pub(super) struct Html {
    day: Option<String>,
    messages: u32,
}

impl Layout for Html {
    fn begin(&mut self, about: &About, out: &mut String) {
        let (title, facts) = (text(&about.title()), text(&about.facts()));
        let (lang, dir) = (about.words.language.tag(), about.words.dir);
        let _ = write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"{lang}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title} – {APP}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <header><h1 dir=\"auto\">{title}</h1>\n<p>{facts}</p></header>\n<main>\n"
        );
    }

    fn page(&mut self, about: &About, page: &RoomPage, out: &mut String) {
        for message in &page.messages {
            if let Some(day) = about.day(message.created_at, &mut self.day) {
                let _ = writeln!(out, "<h2>{day}</h2>");
            }
            let time = about.local(message.created_at);
            let utc = about.utc(message.created_at);
            let author = text(author(page, message));
            let (seq, machine, hours) = (message.seq, utc.machine(), about.live().hours(time));
            let body = match &message.content {
                Content::Text(body) => markup_html(body.as_str(), about.live()),
                Content::Removed => format!("<p><em>{}</em></p>", text(about.live().removed)),
            };
            let _ = writeln!(
                out,
                "<article id=\"m{seq}\"><header><bdi>{author}</bdi> <a href=\"#m{seq}\">\
                 <time datetime=\"{machine}\">{hours}</time></a></header>{body}</article>"
            );
            self.messages += 1;
        }
    }

    fn end(&mut self, about: &About, out: &mut String) {
        let count = about.live().messages(self.messages);
        let _ = write!(out, "</main>\n<footer>{count}</footer>\n</body>\n</html>\n");
    }
}
