//! Addresses: where one ends in a text, which may become links, and whether a link's text claims to
//! lead elsewhere.

use super::steps;

/// Every address that a message can lead to has one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
    Mail,
}

impl Scheme {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http://",
            Self::Https => "https://",
            Self::Mail => "mailto:",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    pub scheme: Scheme,
    /// As it was typed, without spaces and quotation marks.
    pub rest: &'a str,
}

/// An address at the start of a text, however it goes on, and its length. It has no link if it is
/// made to be misread; its text is used up all the same, so that nothing is looked at twice.
pub(super) fn bare(text: &str) -> Option<(Option<Link<'_>>, usize)> {
    let (scheme, start) = scheme(text)?;
    let end = start + length(&text[start..]);
    let end = text[..end].trim_end_matches(is_trailing).len();
    Some((Link::new(scheme, &text[start..end]), end))
}

/// An address that a closing parenthesis follows.
pub(super) fn target(text: &str) -> Option<(Link<'_>, usize)> {
    let (scheme, start) = scheme(text)?;
    let end = start + length(&text[start..]);
    let link = Link::new(scheme, &text[start..end])?;
    text[end..].starts_with(')').then_some((link, end))
}

/// The scheme, and where the address goes on; `www.` stands for one.
fn scheme(text: &str) -> Option<(Scheme, usize)> {
    let starts = |start: &str| {
        let bytes = text.as_bytes().get(..start.len());
        bytes.is_some_and(|bytes| bytes.eq_ignore_ascii_case(start.as_bytes()))
    };
    let named = [Scheme::Http, Scheme::Https, Scheme::Mail].into_iter();
    let named = named.map(|scheme| (scheme, scheme.as_str())).find(|(_, name)| starts(name));
    let (scheme, start, host) = match named {
        Some((scheme, name)) => (scheme, name.len(), name.len()),
        None if starts("www.") => (Scheme::Https, 0, "www.".len()),
        None => return None,
    };
    let first = text[host..].chars().next()?;
    let is_address = !first.is_ascii_punctuation() && !is_trailing(first) && !ends(first);
    is_address.then_some((scheme, start))
}

/// What usually ends the sentence, or is a mark around the address.
fn is_trailing(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…')
}

/// To the first character that no address has, or bracket that it did not open.
fn length(text: &str) -> usize {
    let (mut round, mut square) = (0_u32, 0_u32);
    let end = text.find(|c| {
        steps::count(1);
        match c {
            '(' => round += 1,
            '[' => square += 1,
            ')' if round == 0 => return true,
            ']' if square == 0 => return true,
            ')' => round -= 1,
            ']' => square -= 1,
            c => return ends(c),
        }
        false
    });
    end.unwrap_or(text.len())
}

/// Spaces, quotation marks, and the punctuation of scripts that write no spaces.
fn ends(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '`' | '\\' | '\u{2018}'..='\u{201f}' | '\u{3000}'..='\u{303f}'
            | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff5b}'..='\u{ff65}')
}

impl<'a> Link<'a> {
    /// None with a name before the host, as in `https://bank.example@other.example`.
    fn new(scheme: Scheme, rest: &'a str) -> Option<Self> {
        let link = Self { scheme, rest };
        let host = link.authority();
        steps::count(host.len());
        (scheme == Scheme::Mail || !host.contains('@')).then_some(link)
    }

    /// What comes before the path. Browsers take `\` for `/`; no address has one here.
    fn authority(self) -> &'a str {
        self.rest.split(['/', '?', '#']).next().unwrap_or_default()
    }

    pub(super) fn host(self) -> &'a str {
        let host = self.authority();
        match self.scheme {
            Scheme::Mail => host.rsplit('@').next().unwrap_or_default(),
            Scheme::Http | Scheme::Https => host.split(':').next().unwrap_or_default(),
        }
    }

    /// Whether a text names a host, and another than this link's. Marks in it are no obstacle.
    pub(super) fn is_hidden_by(self, text: &str) -> bool {
        let text: String = text.chars().filter(|c| !matches!(c, '*' | '_' | '~')).collect();
        steps::count(text.len());
        if text == self.rest {
            return false;
        }
        let host = without_www(self.host());
        text.split_whitespace().any(|word| {
            // The path of a whole address may look like a host.
            let (address, is_address) = match word.split_once("://") {
                Some((_, rest)) => (rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest), true),
                None => (word, false),
            };
            let is_mark = |c: char| c.is_ascii_punctuation() && c != '-' && c != '.';
            let mut names = address.split(is_mark).map(|name| name.trim_matches(is_dot));
            let mut first = is_address;
            names.any(|name| {
                let named = std::mem::take(&mut first) || is_host(name);
                named && !without_www(name).eq_ignore_ascii_case(host)
            })
        })
    }
}

fn without_www(host: &str) -> &str {
    let www = host.get(..4).filter(|www| www.eq_ignore_ascii_case("www."));
    www.map_or(host, |www| &host[www.len()..])
}

/// Those that domain names may be written with (UTS #46), and some that look like one.
fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{2024}' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}' | '\u{a4f8}')
}

/// Two labels of which the last is not a number, or four.
fn is_host(name: &str) -> bool {
    let mut labels = name.rsplit(is_dot);
    let last = labels.next().unwrap_or_default();
    let more = labels.count();
    let is_word = last.len() > 1 && !last.starts_with(|c: char| c.is_ascii_digit());
    (more > 0 && is_word) || more == 3
}
