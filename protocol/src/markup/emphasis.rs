//! Pairs the runs of `*`, `_` and `~` of a paragraph.

use super::{Mark, Piece, steps};

/// Runs that wait for their counterpart at the same time, so that looking for one is a small, fixed
/// amount of work, and marks nest no deeper. The oldest is given up for a new one.
const MAX_OPEN: usize = 16;

/// A run that may be a mark. One of three is two marks, and has a second piece for the inner one.
pub(super) struct Run<'a> {
    pub(super) piece: usize,
    pub(super) text: &'a str,
    pub(super) opens: bool,
    pub(super) closes: bool,
    /// The link that it is in, by its piece; 0 for none. A pair is inside of a link or outside.
    pub(super) link: usize,
}

impl Run<'_> {
    /// Bold and italic are told apart by the length: `**a*` is neither.
    fn fits(&self, other: &Self) -> bool {
        let (one, two) = (self.text.len(), other.text.len());
        self.text.as_bytes().first() == other.text.as_bytes().first()
            && self.link == other.link
            && (one == two || one == 3 || two == 3)
    }
}

pub(super) fn pair<'a>(runs: Vec<Run<'a>>, pieces: &mut [Piece<'a>]) {
    let mut open: Vec<Run<'a>> = Vec::new();
    for mut run in runs {
        if run.closes {
            close(&mut open, &mut run, pieces);
        }
        if run.opens && !run.text.is_empty() {
            if open.len() == MAX_OPEN {
                open.remove(0);
            }
            open.push(run);
        }
    }
}

fn close<'a>(open: &mut Vec<Run<'a>>, run: &mut Run<'a>, pieces: &mut [Piece<'a>]) {
    while !run.text.is_empty() {
        steps::count(MAX_OPEN);
        let Some(at) = open.iter().rposition(|opener| opener.fits(run)) else { return };
        // What opened since has no end in here.
        open.truncate(at + 1);
        let opener = &mut open[at];
        let length = opener.text.len().min(run.text.len()).min(2);
        let mark = match (run.text.as_bytes().first(), length) {
            (Some(b'~'), _) => Mark::Strike,
            (_, 2) => Mark::Bold,
            _ => Mark::Italic,
        };
        let inner = opener.piece + usize::from(opener.text.len() == 3);
        pieces[inner] = Piece::Open(mark);
        pieces[run.piece] = Piece::Close(mark);
        opener.text = &opener.text[length..];
        run.text = &run.text[length..];
        if opener.text.is_empty() {
            open.pop();
        } else {
            pieces[opener.piece] = Piece::Text(opener.text);
        }
        if !run.text.is_empty() {
            run.piece += 1;
            pieces[run.piece] = Piece::Text(run.text);
        }
    }
}
