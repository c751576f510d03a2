//! Who came and who went, as lines between the messages. Condensed, live only, no history. Pure.

use protocol::{Member, MemberId, MessageId};

use crate::Words;

#[derive(Default)]
pub struct Lines {
    lines: Vec<Line>,
    /// Who said something before the page was told that they are here, and what was the newest message then.
    early: Vec<(MemberId, Option<MessageId>)>,
}

/// What happened while one message was the newest, or while there was none.
#[derive(Default)]
struct Line {
    after: Option<MessageId>,
    came: Vec<Member>,
    went: Vec<Member>,
}

impl Lines {
    /// Says something, and is not known to be here. Only the first counts.
    pub(super) fn speaks(&mut self, newest: Option<MessageId>, who: MemberId) {
        if !self.early.iter().any(|(one, _)| *one == who) {
            self.early.push((who, newest));
        }
    }

    /// What was the newest message when they came, if they said something since.
    pub(super) fn before(&self, who: MemberId) -> Option<Option<MessageId>> {
        self.early.iter().find(|(one, _)| *one == who).map(|(_, newest)| *newest)
    }

    /// Whoever had come by now has been told of: who spoke and is not here is none of them.
    pub(super) fn told(&mut self) {
        self.early.clear();
    }

    pub(super) fn came(&mut self, newest: Option<MessageId>, who: Member) {
        let line = self.at(newest);
        note(&mut line.came, &mut line.went, who);
    }

    pub(super) fn went(&mut self, newest: Option<MessageId>, who: Member) {
        let line = self.at(newest);
        note(&mut line.went, &mut line.came, who);
    }

    /// It turns out that this is the reader, of whom no line tells.
    pub(super) fn forget(&mut self, me: MemberId) {
        for line in &mut self.lines {
            line.came.retain(|one| one.id != me);
            line.went.retain(|one| one.id != me);
        }
    }

    /// The line that stands after this message, or before all of them.
    pub(super) fn after(&self, message: Option<MessageId>, words: &Words) -> Option<String> {
        self.lines.iter().find(|line| line.after == message).and_then(|line| line.text(words))
    }

    /// Forgets the lines of messages that are not shown any more.
    pub(super) fn keep(&mut self, is_shown: impl Fn(MessageId) -> bool) {
        self.lines.retain(|line| line.after.is_none_or(&is_shown));
    }

    fn at(&mut self, newest: Option<MessageId>) -> &mut Line {
        let place = self.lines.iter().position(|line| line.after == newest).unwrap_or_else(|| {
            self.lines.push(Line { after: newest, ..Line::default() });
            self.lines.len() - 1
        });
        &mut self.lines[place]
    }
}

impl Line {
    fn text(&self, words: &Words) -> Option<String> {
        let part = |say: fn(&Words, &[&str]) -> String, who: &[Member]| {
            let names: Vec<_> = who.iter().map(|member| member.name.as_str()).collect();
            (!names.is_empty()).then(|| say(words, &names))
        };
        match (part(Words::joined, &self.came), part(Words::left, &self.went)) {
            (Some(came), Some(went)) => Some(came + " · " + &went),
            (came, went) => came.or(went),
        }
    }
}

/// Who does the contrary of what this line says of them is not worth a word.
fn note(done: &mut Vec<Member>, undone: &mut Vec<Member>, who: Member) {
    let same = |one: &Member| one.id == who.id;
    if let Some(place) = undone.iter().position(same) {
        undone.remove(place);
    } else if !done.iter().any(same) {
        done.push(who);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot make its values has failed")]
mod tests {
    use protocol::{Language, PersonName, Role};

    use super::*;
    use crate::catalogue;

    fn after(lines: &Lines, message: Option<MessageId>) -> Option<String> {
        lines.after(message, &catalogue(Language::English).live)
    }

    /// `+Ana` and `-Ana`.
    fn play(lines: &mut Lines, newest: Option<MessageId>, moves: &[&str]) {
        for one in moves {
            let (what, name) = one.split_at(1);
            let id = MemberId(name.bytes().map(u32::from).sum());
            let name = PersonName::parse(name).unwrap();
            let who = Member { id, name, role: Role::Member, rev: 0 };
            if what == "+" { lines.came(newest, who) } else { lines.went(newest, who) }
        }
    }

    /// Without the marks that isolate the names.
    fn plain(line: Option<String>) -> String {
        line.unwrap_or_default().replace(['\u{2068}', '\u{2069}'], "")
    }

    #[test]
    fn arrivals_and_departures_are_condensed() {
        for (moves, line) in [
            (&[][..], ""),
            (&["+Ana"], "Ana joined"),
            (&["+Ana", "+Bo"], "Ana and Bo joined"),
            (&["+Ana", "+Bo", "+Cy"], "Ana and 2 others joined"),
            (&["+Ana", "+Bo", "+Cy", "+Di"], "Ana and 3 others joined"),
            (&["-Ana"], "Ana left"),
            (&["-Ana", "-Bo"], "Ana and Bo left"),
            (&["-Ana", "-Bo", "-Cy", "-Di"], "Ana and 3 others left"),
            (&["+Ana", "-Bo", "+Cy"], "Ana and Cy joined · Bo left"),
            (&["+Ana", "-Ana"], ""),
            (&["-Ana", "+Ana"], ""),
            (&["-Ana", "+Ana", "-Ana"], "Ana left"),
            (&["+Ana", "+Bo", "-Ana"], "Bo joined"),
            (&["+Ana", "+Ana"], "Ana joined"),
        ] {
            let mut lines = Lines::default();
            play(&mut lines, None, moves);
            assert_eq!(plain(after(&lines, None)), line, "{moves:?}");
        }
    }

    #[test]
    fn a_line_stands_after_what_was_the_newest_message_and_goes_with_it() {
        let [one, two, three] = [(); 3].map(|()| MessageId::now());
        let mut lines = Lines::default();
        play(&mut lines, None, &["+Ana"]);
        play(&mut lines, Some(one), &["+Bo"]);
        play(&mut lines, Some(two), &["-Ana", "-Bo"]);
        let shown = |lines: &Lines| {
            [None, Some(one), Some(two), Some(three)].map(|at| plain(after(lines, at)))
        };
        assert_eq!(shown(&lines), ["Ana joined", "Bo joined", "Ana and Bo left", ""]);
        lines.keep(|id| id == two);
        assert_eq!(shown(&lines), ["Ana joined", "", "Ana and Bo left", ""]);
    }

    #[test]
    fn no_line_tells_of_the_reader() {
        let mut lines = Lines::default();
        play(&mut lines, None, &["+A", "+Bo"]);
        lines.forget(MemberId(u32::from(b'A')));
        assert_eq!(plain(after(&lines, None)), "Bo joined");
    }

    #[test]
    fn a_name_keeps_its_direction() {
        let mut lines = Lines::default();
        play(&mut lines, None, &["+\u{5d0}!"]);
        assert_eq!(after(&lines, None).unwrap(), "\u{2068}\u{5d0}!\u{2069} joined");
    }
}
