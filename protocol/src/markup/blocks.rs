//! Lines into paragraphs, quotes, lists and code. A line belongs to a quote or a list only if it
//! says so itself, by its mark or its indentation: what is typed below a quote is the answer to it.

use super::{Mark, Piece, inline, steps};

/// Quotes and lists within one another. The marks of deeper ones stay as they were typed.
const MAX_DEPTH: usize = 5;
/// Spaces before a mark. With more of them a line is somebody's drawing.
const MAX_INDENT: usize = 3;

/// How a line begins.
enum Start<'a> {
    Blank,
    Fence(Fence),
    Quote(&'a str),
    Item(Item<'a>),
    Text,
}

struct Fence {
    indent: usize,
    length: usize,
}

struct Item<'a> {
    mark: Mark<'a>,
    bullet: u8,
    indent: usize,
    /// Columns before its text.
    width: usize,
    text: &'a str,
}

impl<'a> Start<'a> {
    fn of(line: &'a str, depth: usize) -> Self {
        if are_blank(&[line]) {
            return Self::Blank;
        }
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        steps::count(indent);
        if indent > MAX_INDENT {
            return Self::Text;
        }
        if let Some(fence) = Fence::of(text, indent) {
            return Self::Fence(fence);
        }
        if depth == MAX_DEPTH {
            return Self::Text;
        }
        if let Some(quoted) = quoted(text) {
            return Self::Quote(quoted);
        }
        Item::of(text, indent).map_or(Self::Text, Self::Item)
    }

    /// In the middle of a paragraph, as CommonMark has it: a number but 1 is more likely a year.
    fn interrupts(&self) -> bool {
        match self {
            Self::Blank | Self::Fence(_) | Self::Quote(_) => true,
            Self::Item(item) => matches!(item.mark, Mark::Bullets | Mark::Numbers(1)),
            Self::Text => false,
        }
    }
}

impl Fence {
    /// After it nothing but the name of a language, which is not shown.
    fn of(text: &str, indent: usize) -> Option<Self> {
        let rest = text.trim_start_matches('`');
        let length = text.len() - rest.len();
        steps::count(length);
        if length < 3 {
            return None;
        }
        steps::count(rest.len());
        let is_name = !rest.trim().contains(|c: char| c == '`' || c.is_whitespace());
        is_name.then_some(Self { indent, length })
    }

    /// What stands before its end, on the line that closes it.
    fn closed_by<'a>(&self, line: &'a str) -> Option<&'a str> {
        let text = line.trim_end();
        let inside = text.trim_end_matches('`');
        steps::count(line.len() - inside.len() + 1);
        (text.len() - inside.len() >= self.length).then_some(inside)
    }
}

/// The rest of a quoted line. A space parts the mark from the text, so that faces are none: `>:(`
fn quoted(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('>')?;
    if rest.is_empty() || rest.starts_with('>') {
        return Some(rest);
    }
    rest.strip_prefix([' ', '\t'])
}

impl<'a> Item<'a> {
    fn of(text: &'a str, indent: usize) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).take(10).count();
        let (mark, bullet) = match (digits, *text.as_bytes().get(digits)?) {
            (0, bullet @ (b'-' | b'*')) => (Mark::Bullets, bullet),
            (1..=9, b'.') => (Mark::Numbers(text[..digits].parse().ok()?), b'.'),
            _ => return None,
        };
        let after = text[digits + 1..].strip_prefix([' ', '\t'])?;
        let text = after.trim_start();
        let spaces = after.len() - text.len();
        steps::count(digits + spaces);
        let width = indent + digits + 2 + if spaces < 4 { spaces } else { 0 };
        (!text.is_empty()).then_some(Self { mark, bullet, indent, width, text })
    }

    /// Two columns will do, also under a number, where CommonMark wants three.
    fn holds(&self, line: &str) -> bool {
        is_indented(line, self.indent + 2)
    }
}

pub(super) fn parse<'a>(mut lines: &[&'a str], depth: usize, pieces: &mut Vec<Piece<'a>>) {
    while let Some(first) = lines.first() {
        let taken = match Start::of(first, depth) {
            Start::Blank => 1,
            Start::Fence(fence) => code(lines, &fence, pieces),
            Start::Quote(_) => quote(lines, depth, pieces),
            Start::Item(item) => list(lines, item, depth, pieces),
            Start::Text => {
                let more =
                    lines[1..].iter().take_while(|line| !Start::of(line, depth).interrupts());
                let taken = 1 + more.count();
                inline::paragraph(&lines[..taken], pieces);
                taken
            }
        };
        lines = &lines[taken..];
    }
}

/// To its fence, or to the end. One without content is what was typed.
fn code<'a>(lines: &[&'a str], fence: &Fence, pieces: &mut Vec<Piece<'a>>) -> usize {
    let mut taken = 1;
    let mut inside = Vec::new();
    for line in &lines[1..] {
        taken += 1;
        let closing = fence.closed_by(line);
        if closing.is_none_or(|last| !are_blank(&[last])) {
            inside.push(unindented(closing.unwrap_or(line), fence.indent));
        }
        if closing.is_some() {
            break;
        }
    }
    if are_blank(&inside) {
        inline::paragraph(&lines[..taken], pieces);
        return taken;
    }
    pieces.push(Piece::Open(Mark::Block));
    for (at, line) in inside.iter().enumerate() {
        if at > 0 {
            pieces.push(Piece::Text("\n"));
        }
        pieces.push(Piece::Text(line));
    }
    pieces.push(Piece::Close(Mark::Block));
    taken
}

fn quote<'a>(lines: &[&'a str], depth: usize, pieces: &mut Vec<Piece<'a>>) -> usize {
    let quoted = |line: &&'a str| match Start::of(line, depth) {
        Start::Quote(rest) => Some(rest),
        Start::Blank | Start::Fence(_) | Start::Item(_) | Start::Text => None,
    };
    let inside: Vec<_> = lines.iter().map_while(quoted).collect();
    if are_blank(&inside) {
        inline::paragraph(&lines[..inside.len()], pieces);
    } else {
        pieces.push(Piece::Open(Mark::Quote));
        parse(&inside, depth + 1, pieces);
        pieces.push(Piece::Close(Mark::Quote));
    }
    inside.len()
}

/// Items of one kind, also with empty lines between them.
fn list<'a>(
    lines: &[&'a str],
    first: Item<'a>,
    depth: usize,
    pieces: &mut Vec<Piece<'a>>,
) -> usize {
    let (mark, bullet) = (first.mark, first.bullet);
    pieces.push(Piece::Open(mark));
    let (mut item, mut taken) = (first, 0);
    loop {
        let mut inside = vec![item.text];
        taken += 1;
        let mut next = after_blank(lines, taken);
        while let Some(line) = lines.get(next).filter(|line| item.holds(line)) {
            inside.resize(inside.len() + next - taken, "");
            inside.push(unindented(line, item.width));
            taken = next + 1;
            next = after_blank(lines, taken);
        }
        pieces.push(Piece::Open(Mark::Item));
        parse(&inside, depth + 1, pieces);
        pieces.push(Piece::Close(Mark::Item));
        match lines.get(next).map(|line| Start::of(line, depth)) {
            Some(Start::Item(next_item)) if next_item.bullet == bullet => item = next_item,
            _ => break,
        }
        taken = next;
    }
    pieces.push(Piece::Close(mark));
    taken
}

/// The first line from here on that is not blank.
fn after_blank(lines: &[&str], from: usize) -> usize {
    let blank = |line: &&&str| are_blank(&[line]);
    from + lines.iter().skip(from).take_while(blank).count()
}

fn are_blank(lines: &[&str]) -> bool {
    lines.iter().all(|line| {
        let blank = line.len() - line.trim_start().len();
        steps::count(blank + 1);
        blank == line.len()
    })
}

/// Whether a line is indented so far; a tab is far enough.
fn is_indented(line: &str, columns: usize) -> bool {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    steps::count(spaces + 1);
    spaces >= columns || line[spaces..].starts_with('\t')
}

fn unindented(line: &str, most: usize) -> &str {
    let spaces = line.bytes().take_while(|byte| *byte == b' ').take(most).count();
    steps::count(spaces + 1);
    match &line[spaces..] {
        rest if spaces == 0 && most > 0 => rest.strip_prefix('\t').unwrap_or(rest),
        rest => rest,
    }
}
