//! Draws a message's marks as HTML. It is the one place where what people typed becomes elements:
//! those of `open`, with nothing of theirs in them but an escaped address that has one of three
//! schemes. All other text is escaped.

use protocol::markup::{self, Mark, Piece};

use super::html::text;
use crate::Words;

pub(super) fn html(body: &str, words: &Words) -> String {
    let mut html = String::with_capacity(body.len() + 16);
    for piece in markup::parse(body) {
        match piece {
            Piece::Open(mark) => open(mark, words, &mut html),
            Piece::Close(mark) => html.push_str(close(mark)),
            Piece::Text(part) => html.push_str(&text(part)),
        }
    }
    html
}

/// Blocks with an edge find the direction of what is in them; a paragraph does so by its style.
fn open(mark: Mark<'_>, words: &Words, html: &mut String) {
    let tag = match mark {
        Mark::Paragraph => "<p>",
        Mark::Quote => r#"<blockquote dir="auto">"#,
        Mark::Bullets => r#"<ul dir="auto">"#,
        Mark::Numbers(start) => {
            html.push_str(r#"<ol dir="auto" start=""#);
            html.push_str(&start.to_string());
            r#"">"#
        }
        Mark::Item => "<li>",
        // It may scroll, and so takes the focus, and so needs a name.
        Mark::Block => {
            html.push_str(r#"<pre tabindex="0" role="group" aria-label=""#);
            html.push_str(&text(words.code));
            r#""><code>"#
        }
        Mark::Code => "<code>",
        Mark::Bold => "<strong>",
        Mark::Italic => "<em>",
        Mark::Strike => "<s>",
        Mark::Link(link) => {
            html.push_str(r#"<a target="_blank" rel="noopener noreferrer nofollow" href=""#);
            html.push_str(link.scheme.as_str());
            html.push_str(&text(link.rest));
            r#"">"#
        }
        Mark::Host => "<small>",
    };
    html.push_str(tag);
}

fn close(mark: Mark<'_>) -> &'static str {
    match mark {
        Mark::Paragraph => "</p>",
        Mark::Quote => "</blockquote>",
        Mark::Bullets => "</ul>",
        Mark::Numbers(_) => "</ol>",
        Mark::Item => "</li>",
        Mark::Block => "</code></pre>",
        Mark::Code => "</code>",
        Mark::Bold => "</strong>",
        Mark::Italic => "</em>",
        Mark::Strike => "</s>",
        Mark::Link(_) => "</a>",
        Mark::Host => "</small>",
    }
}

#[cfg(test)]
mod tests;
