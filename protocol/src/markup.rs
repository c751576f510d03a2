//! What the marks in a message mean: the part of Markdown that people use when they talk. Any text
//! is one, the work is linear in its length, and nothing that can be seen disappears: what is no
//! mark stays as it was typed. Drawing is somebody else's work.

mod blocks;
mod emoji;
mod emphasis;
mod inline;
mod link;
mod steps;

pub use emoji::is_big;
pub use link::{Link, Scheme};

/// A message in the order of reading. Every `Open` has its `Close`, and they nest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Open(Mark<'a>),
    Close(Mark<'a>),
    /// May be empty; a line break is one of these.
    Text(&'a str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark<'a> {
    Paragraph,
    Quote,
    Bullets,
    /// A list that counts from here.
    Numbers(u32),
    /// Of either list.
    Item,
    /// Lines of code.
    Block,
    /// Code within a line.
    Code,
    Bold,
    Italic,
    Strike,
    Link(Link<'a>),
    /// Where a link leads, at the end of one whose text says something else.
    Host,
}

pub fn parse(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let lines: Vec<_> = text.lines().collect();
    steps::count(text.len());
    blocks::parse(&lines, 0, &mut pieces);
    pieces
}

/// The text without its marks, in one line.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for piece in parse(text) {
        match piece {
            Piece::Text(text) => plain.push_str(text),
            Piece::Open(Mark::Paragraph | Mark::Block) => plain.push(' '),
            Piece::Open(_) | Piece::Close(_) => {}
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
