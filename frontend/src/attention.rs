//! What a person does at their screen, as others are told of it: writing, looking away. Pure: time is
//! an argument, in milliseconds.

/// Between two times of saying that I am typing.
const PAUSE: f64 = 1_000.0;
/// A page that nobody has looked at for so long: its person is away.
const AWAY_AFTER: f64 = 5.0 * 60_000.0;
/// Others' typing is over without another word.
const LASTS: f64 = 5_000.0;

#[derive(Debug, Default)]
pub(crate) struct Attention {
    typing: bool,
    typing_said: Option<f64>,
    others_until: Option<f64>,
    hidden_since: Option<f64>,
    away: bool,
}

impl Attention {
    /// The box holds something, or nothing. Returns what the others are to be told of it.
    pub(crate) fn typed(&mut self, now: f64, on: bool) -> Option<bool> {
        let waits = self.typing_said.is_some_and(|said| now - said < PAUSE);
        if on && waits || !on && !self.typing {
            return None;
        }
        self.typing = on;
        if on {
            self.typing_said = Some(now);
        }
        Some(on)
    }

    /// Others are typing.
    pub(crate) fn heard(&mut self, now: f64) {
        self.others_until = Some(now + LASTS);
    }

    /// True once, when what was heard of them is too old.
    pub(crate) fn is_over(&mut self, now: f64) -> bool {
        self.others_until.take_if(|until| now >= *until).is_some()
    }

    /// The page is hidden, or is not. Returns what the others are to be told of it.
    pub(crate) fn looked(&mut self, now: f64, hidden: bool) -> Option<bool> {
        self.hidden_since = hidden.then(|| self.hidden_since.unwrap_or(now));
        let away = self.hidden_since.is_some_and(|since| now - since >= AWAY_AFTER);
        (std::mem::replace(&mut self.away, away) != away).then_some(away)
    }

    pub(crate) fn is_away(&self) -> bool {
        self.away
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_said_once_a_second_and_its_end_at_once() {
        let mut me = Attention::default();
        for (now, on, said) in [
            (0.0, false, None),
            (0.0, true, Some(true)),
            (999.0, true, None),
            (1000.0, true, Some(true)),
            (1100.0, false, Some(false)),
            (1200.0, false, None),
            (1300.0, true, None),
            (1400.0, false, None),
            (2000.0, true, Some(true)),
        ] {
            assert_eq!(me.typed(now, on), said, "{now} {on}");
        }
    }

    #[test]
    fn others_have_stopped_after_five_seconds_without_a_word() {
        let mut me = Attention::default();
        assert!(!me.is_over(9_000.0));
        me.heard(10_000.0);
        me.heard(13_000.0);
        assert!(!me.is_over(17_999.0));
        assert!(me.is_over(18_000.0));
        assert!(!me.is_over(19_000.0), "it is said once");
    }

    #[test]
    fn away_is_who_has_not_looked_for_five_minutes_and_looking_brings_them_back_at_once() {
        let minute = 60_000.0;
        let mut me = Attention::default();
        for (now, hidden, said) in [
            (0.0, false, None),
            (1.0, true, None),
            (5.0, false, None),
            (5.0, true, None),
            (9.9, true, None),
            (10.0, true, Some(true)),
            (60.0, true, None),
            (60.1, false, Some(false)),
            (60.2, true, None),
            (65.1, true, None),
        ] {
            assert_eq!(me.looked(now * minute, hidden), said, "{now} {hidden}");
        }
        assert!(!me.is_away());
    }
}
