//! What is read aloud of what others say: one sentence at a time, and not too many. Pure: time is an
//! argument, in milliseconds.

/// From one sentence to the next.
const PAUSE: f64 = 3_000.0;
/// Characters of a message; who wants the rest goes and reads it.
const MOST: usize = 150;

/// What to say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Aloud {
    NotSent,
    /// Who, and what, or the beginning of it.
    Says(String, String),
    /// So many messages.
    News(u32),
}

#[derive(Debug, Default)]
pub(crate) struct Announcer {
    /// The place up to which the reader was told of everything, or found it there when they came.
    told: Option<u32>,
    not_sent: bool,
    not_before: f64,
}

impl Announcer {
    /// Only what comes after this place is news. It is said once; then the reader is told.
    pub(crate) fn begin(&mut self, head: u32) {
        self.told.get_or_insert(head);
    }

    /// The server would not have a message of the reader's own.
    pub(crate) fn not_sent(&mut self) {
        self.not_sent = true;
    }

    /// What to say now, if it is time and there is anything. `head` is the place of the newest message,
    /// and `since` knows how many messages others wrote after a place, and of the newest who says what,
    /// if it is here.
    pub(crate) fn next(
        &mut self,
        now: f64,
        head: u32,
        since: impl FnOnce(u32) -> (u32, Option<(String, String)>),
    ) -> Option<Aloud> {
        if now < self.not_before {
            return None;
        }
        let aloud = if std::mem::take(&mut self.not_sent) {
            Aloud::NotSent
        } else {
            let told = self.told.replace(head).filter(|told| *told < head)?;
            match since(told) {
                (0, _) => return None,
                (1, Some((author, text))) => Aloud::Says(author, short(&text)),
                (count, _) => Aloud::News(count),
            }
        };
        self.not_before = now + PAUSE;
        Some(aloud)
    }
}

/// Cut between two words, if it has any.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        None => text.to_owned(),
        Some((end, _)) => {
            let kept = &text[..end];
            kept.rsplit_once(' ').map_or(kept, |(words, _)| words).to_owned() + "…"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log in which all is others', and what is said aloud of it.
    struct Room {
        said: Vec<&'static str>,
        announcer: Announcer,
    }

    impl Room {
        /// In which this was said before the reader came.
        fn new(said: &[&'static str]) -> Self {
            let mut room = Self { said: said.to_vec(), announcer: Announcer::default() };
            room.announcer.begin(room.head());
            room
        }

        fn head(&self) -> u32 {
            u32::try_from(self.said.len()).unwrap_or(u32::MAX)
        }

        /// In a few words, or none.
        fn next(&mut self, now: f64) -> String {
            let (head, said) = (self.head(), &self.said);
            let newest = || Some(("Ana".into(), (*said.last()?).into()));
            match self.announcer.next(now, head, |told| (head - told, newest())) {
                Some(Aloud::NotSent) => "not sent".into(),
                Some(Aloud::Says(author, text)) => format!("{author}: {text}"),
                Some(Aloud::News(count)) => format!("{count} new"),
                None => String::new(),
            }
        }
    }

    #[test]
    fn one_message_is_read_and_several_are_counted() {
        for (said, sentence) in [
            (vec![], ""),
            (vec!["hello"], "Ana: hello"),
            (vec!["one", "two"], "2 new"),
            (vec!["said"; 12], "12 new"),
        ] {
            let mut room = Room::new(&["before"]);
            room.said.extend(&said);
            assert_eq!(room.next(0.0), sentence, "{said:?}");
            assert_eq!(room.next(9e9), "", "it is said once");
        }
    }

    #[test]
    fn one_whose_text_is_not_here_is_counted_and_none_of_others_is_not() {
        let next = |count| {
            let mut announcer = Announcer::default();
            announcer.begin(400);
            announcer.next(0.0, 401, |_| (count, None))
        };
        assert_eq!(next(1), Some(Aloud::News(1)));
        assert_eq!(next(0), None);
    }

    #[test]
    fn after_the_log_became_shorter_only_what_comes_then_is_news() {
        let mut room = Room::new(&["of", "another", "epoch"]);
        room.said.truncate(1);
        assert_eq!(room.next(0.0), "");
        room.said.push("again");
        assert_eq!(room.next(500.0), "Ana: again");
    }

    #[test]
    fn one_sentence_in_three_seconds_and_nothing_is_forgotten() {
        let mut room = Room::new(&[]);
        for (now, said, sentence) in [
            (100.0, Some("one"), "Ana: one"),
            (600.0, Some("two"), ""),
            (3_099.0, Some("three"), ""),
            (3_100.0, None, "2 new"),
            (6_100.0, Some("four"), "Ana: four"),
            (60_000.0, Some("much later"), "Ana: much later"),
        ] {
            room.said.extend(said);
            assert_eq!(room.next(now), sentence, "{now}");
        }
    }

    #[test]
    fn what_failed_goes_first_and_is_said_once() {
        let mut room = Room::new(&[]);
        room.said.push("one");
        room.announcer.not_sent();
        room.announcer.not_sent();
        for (now, sentence) in
            [(0.0, "not sent"), (2_999.0, ""), (3_000.0, "Ana: one"), (6_000.0, "")]
        {
            assert_eq!(room.next(now), sentence, "{now}");
        }
    }

    #[test]
    fn a_long_message_is_cut_between_words() {
        let words = "seven chars ".repeat(20);
        for (text, end, length) in [
            ("x".repeat(150), "x", 150),
            ("x".repeat(151), "x…", 151),
            ("\u{5d0}".repeat(4000), "\u{5d0}…", 151),
            (words, "seven…", 150),
        ] {
            let said = short(text.trim());
            assert!(said.ends_with(end), "{said}");
            assert_eq!(said.chars().count(), length, "{said}");
        }
    }
}
