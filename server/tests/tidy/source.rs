//! The project's files as the rules see them: which ones, and what of Rust is code, text or comment.
//! Knows no rule.

use std::{fs, io, path::Path};

#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// From the project's folder on, with `/`.
    pub path: String,
    pub text: String,
}

impl Source {
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    pub(crate) fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    /// File name without folder and ending.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }
}

const ENDINGS: [&str; 7] = [".rs", ".toml", ".css", ".ts", ".json", ".sh", ".lock"];
const NOT_OURS: [&str; 6] =
    ["target", "node_modules", "data", "test-results", "playwright-report", ".git"];

/// All that people wrote here, in a fixed order.
pub(crate) fn all(root: &Path) -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    walk(root, "", &mut sources)?;
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn walk(folder: &Path, prefix: &str, sources: &mut Vec<Source>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            if !NOT_OURS.contains(&name.as_str()) {
                walk(&entry.path(), &format!("{path}/"), sources)?;
            }
        } else if ENDINGS.iter().any(|ending| name.ends_with(ending)) || prefix == "bin/" {
            sources.push(Source { path, text: fs::read_to_string(entry.path())? });
        }
    }
    Ok(())
}

/// Rust, taken apart. Lines stay where they are.
#[derive(Debug, Default)]
pub(crate) struct Rust {
    /// With blanks in place of comments and of what is between quotation marks.
    pub code: String,
    /// What is between quotation marks.
    pub strings: Vec<String>,
}

pub(crate) fn rust(text: &str) -> Rust {
    let mut rust = Rust::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, string) = token(rest, first, rust.code.chars().next_back());
        let (taken, after) = rest.split_at(length);
        match string {
            Token::Code => rust.code.push_str(taken),
            Token::Comment => rust.code.push_str(&blank(taken)),
            Token::Text(marks) => {
                rust.strings.push(taken[marks..].trim_end_matches(['#', '"']).to_owned());
                rust.code.push_str(&blank(taken));
            }
        }
        rest = after;
    }
    rust
}

enum Token {
    Code,
    Comment,
    /// With this many bytes before the text itself.
    Text(usize),
}

/// How many bytes of `rest` belong together, and as what.
fn token(rest: &str, first: char, before: Option<char>) -> (usize, Token) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Token::Comment);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), Token::Comment);
    }
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if !in_word && let Some(hashes) = raw_string(rest) {
        let open = rest.find('"').map_or(rest.len(), |at| at + 1);
        let end = format!("\"{}", "#".repeat(hashes));
        let length = rest[open..].find(&end).map_or(rest.len(), |at| open + at + end.len());
        return (length, Token::Text(open));
    }
    match first {
        '"' => (quoted(rest, '"'), Token::Text(1)),
        '\'' if is_char(rest) => (quoted(rest, '\''), Token::Text(1)),
        _ => (first.len_utf8(), Token::Code),
    }
}

/// The number of `#` of a raw string that begins here.
fn raw_string(rest: &str) -> Option<usize> {
    let rest = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    rest[hashes..].starts_with('"').then_some(hashes)
}

/// A character and not a lifetime.
fn is_char(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    let first = chars.next();
    first == Some('\\') || chars.next() == Some('\'')
}

fn quoted(rest: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == mark => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn block_comment(rest: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            (at, depth) = (at + 2, depth + 1);
        } else if here.starts_with(b"*/") {
            (at, depth) = (at + 2, depth - 1);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

fn blank(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

/// Names and keywords, and `::` as a word of its own.
pub(crate) fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("::") {
            2
        } else {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|at| *at > 0)
                .unwrap_or_else(|| {
                    if first.is_alphanumeric() || first == '_' {
                        rest.len()
                    } else {
                        first.len_utf8()
                    }
                })
        };
        let (word, after) = rest.split_at(length);
        if !word.trim().is_empty() {
            words.push(word);
        }
        rest = after;
    }
    words
}
