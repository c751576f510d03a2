//! What stands within a paragraph: escapes, code, links, and where emphasis may begin and end.
//! Code and bare links end on their line; all else may go over several.

use super::{Mark, Piece, emphasis, emphasis::Run, link, steps};

pub(super) fn paragraph<'a>(lines: &[&'a str], pieces: &mut Vec<Piece<'a>>) {
    pieces.push(Piece::Open(Mark::Paragraph));
    let (mut runs, mut brackets) = (Vec::new(), Vec::new());
    for (at, text) in lines.iter().enumerate() {
        if at > 0 {
            pieces.push(Piece::Text("\n"));
        }
        Line { text, at: 0, from: 0, pieces, runs: &mut runs, brackets: &mut brackets }.parse();
    }
    emphasis::pair(runs, pieces);
    pieces.push(Piece::Close(Mark::Paragraph));
}

/// A letter or digit of a script that parts its words by spaces: marks do not count within a word.
/// In others (from Thai to Japanese) they could stand nowhere else.
fn is_in_word(c: Option<char>) -> bool {
    c.is_some_and(|c| {
        c.is_alphanumeric() && matches!(c, '\0'..='\u{dff}' | '\u{1e00}'..='\u{1fff}')
    })
}

/// Each length is looked for in vain at most once a line: if there were another run, it would be found.
const MAX_BACKTICKS: usize = 8;

struct Line<'a, 'p> {
    text: &'a str,
    at: usize,
    /// Where the text begins that is no piece yet.
    from: usize,
    pieces: &'p mut Vec<Piece<'a>>,
    runs: &'p mut Vec<Run<'a>>,
    /// Pieces that may turn out to open a link.
    brackets: &'p mut Vec<usize>,
}

impl<'a> Line<'a, '_> {
    fn parse(mut self) {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            steps::count(1);
            match byte {
                b'\\' => self.escape(),
                b'`' => self.code(),
                b'*' | b'_' | b'~' => self.emphasis(*byte),
                b'[' => {
                    self.flush();
                    self.brackets.push(self.pieces.len());
                    self.take(1);
                }
                b']' => self.link(),
                b'h' | b'H' | b'm' | b'M' | b'w' | b'W' => self.bare_link(),
                _ => self.at += 1,
            }
        }
        self.flush();
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// What was passed becomes a piece.
    fn flush(&mut self) {
        if self.from < self.at {
            self.pieces.push(Piece::Text(&self.text[self.from..self.at]));
        }
        self.from = self.at;
    }

    /// What comes becomes a piece.
    fn take(&mut self, length: usize) {
        self.flush();
        self.at += length;
        self.flush();
    }

    fn skip(&mut self, length: usize) {
        self.flush();
        self.at += length;
        self.from = self.at;
    }

    fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    fn escape(&mut self) {
        if self.text.as_bytes().get(self.at + 1).is_some_and(u8::is_ascii_punctuation) {
            self.skip(1);
        }
        self.at += 1;
    }

    fn code(&mut self) {
        let run = length_of(self.rest(), '`');
        let after = &self.rest()[run..];
        let inside = if run > MAX_BACKTICKS { None } else { until_run(after, run) };
        let Some(inside) = inside.filter(|inside| !inside.trim().is_empty()) else {
            self.at += run;
            return;
        };
        self.skip(run + inside.len() + run);
        // The spaces that keep a backtick of its own apart from the mark.
        let bare = inside.strip_prefix(' ').and_then(|inside| inside.strip_suffix(' '));
        let inside = Piece::Text(bare.unwrap_or(inside));
        self.pieces.extend([Piece::Open(Mark::Code), inside, Piece::Close(Mark::Code)]);
    }

    fn emphasis(&mut self, byte: u8) {
        let length = length_of(self.rest(), char::from(byte));
        let run = &self.rest()[..length];
        let (before, after) = (self.before(), self.rest()[length..].chars().next());
        let stands = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        let opens = stands(after) && !is_in_word(before);
        let closes = stands(before) && !is_in_word(after);
        let is_mark = matches!(run, "*" | "**" | "***" | "_" | "~~");
        if !is_mark || !(opens || closes) {
            self.at += length;
            return;
        }
        self.flush();
        self.runs.push(Run { piece: self.pieces.len(), text: run, opens, closes, link: 0 });
        self.take(length);
        if length == 3 {
            // It is two marks, should both find their counterparts.
            self.pieces.push(Piece::Text(""));
        }
    }

    fn bare_link(&mut self) {
        match link::bare(self.rest()) {
            Some((link, length)) if !is_in_word(self.before()) => {
                let Some(link) = link else {
                    self.at += length;
                    return;
                };
                self.flush();
                self.pieces.push(Piece::Open(Mark::Link(link)));
                self.take(length);
                self.pieces.push(Piece::Close(Mark::Link(link)));
            }
            _ => self.at += 1,
        }
    }

    /// At a closing bracket.
    fn link(&mut self) {
        let Some(open) = self.brackets.pop() else {
            self.at += 1;
            return;
        };
        let target = self.rest().strip_prefix("](").and_then(link::target);
        let Some((link, length)) = target else {
            self.at += 1;
            return;
        };
        self.flush();
        let inside = &mut self.pieces[open + 1..];
        let said: String = inside
            .iter()
            .filter_map(|piece| if let Piece::Text(text) = piece { Some(*text) } else { None })
            .collect();
        steps::count(inside.len() + said.len());
        if said.trim().is_empty() {
            self.at += 1;
            return;
        }
        for piece in inside {
            if let Piece::Open(Mark::Link(_)) | Piece::Close(Mark::Link(_)) = piece {
                *piece = Piece::Text("");
            }
        }
        for run in self.runs.iter_mut().rev().take_while(|run| run.piece > open) {
            run.link = open;
        }
        self.pieces[open] = Piece::Open(Mark::Link(link));
        if link.is_hidden_by(&said) {
            let host = [Piece::Text(" ("), Piece::Text(link.host()), Piece::Text(")")];
            self.pieces.push(Piece::Open(Mark::Host));
            self.pieces.extend(host);
            self.pieces.push(Piece::Close(Mark::Host));
        }
        self.pieces.push(Piece::Close(Mark::Link(link)));
        // No link within a link.
        self.brackets.clear();
        self.skip("](".len() + length + ")".len());
    }
}

fn length_of(text: &str, c: char) -> usize {
    let length = text.len() - text.trim_start_matches(c).len();
    steps::count(length);
    length
}

/// What stands before a run of so many backticks.
fn until_run(text: &str, length: usize) -> Option<&str> {
    let mut at = 0;
    loop {
        let next = at + text[at..].find('`')?;
        let run = length_of(&text[next..], '`');
        steps::count(next - at);
        if run == length {
            return Some(&text[..next]);
        }
        at = next + run;
    }
}
