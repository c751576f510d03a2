//! When to connect, when a line counts as cut, and what to say of it. Pure: time is an argument, in
//! milliseconds, and so is chance, from 0 to 1.
//!
//! A browser tells a page neither that its network is gone nor that a machine slept, and a socket
//! may stay open for minutes with nothing behind it. So a line is cut when the browser says so,
//! when nothing was heard for longer than the server's beat, or when a command is not answered.

/// The server says something at least every 20 s.
const SILENCE: f64 = 25_000.0;
const UNANSWERED: f64 = 5_000.0;
/// A page of a room is one frame, and a slow line takes its time for it.
const UNANSWERED_PAGE: f64 = 30_000.0;
const OPENING: f64 = 10_000.0;
const FIRST_PAUSE: f64 = 250.0;
const LONGEST_PAUSE: f64 = 16_000.0;
/// Until then a cut is not worth a word: most are mended.
const SAY_RECONNECTING: f64 = 2_000.0;
const SAY_OFFLINE: f64 = 5_000.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As the server draws it, so without scripts for ever.
    Connecting,
    /// The server answered, and what is shown is complete.
    Live,
    Reconnecting,
    Offline,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Reconnecting => "reconnecting",
            Self::Offline => "offline",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    Opened,
    /// A frame came.
    Heard,
    /// A command went out that will be answered.
    Asked,
    /// One that will be answered with a page.
    AskedPage,
    /// It was.
    Answered,
    /// What is shown is complete.
    Complete,
    /// Something else is shown now, of which that is not known yet, and of which nothing was asked.
    Turned,
    Closed,
    /// The browser says that there is no network.
    Offline,
    /// Something changed for the better, perhaps: the network, the tab, the machine woke up.
    Awake,
    /// Connect anew, as somebody else.
    Renew,
    Tick,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Nothing,
    Open,
    /// Give the socket up, without waiting for its close.
    Drop,
    /// Give it up and open another.
    Reopen,
    /// Ask the server whether it is there.
    Probe,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    Waiting {
        until: f64,
    },
    Opening {
        since: f64,
    },
    Open {
        /// When the oldest command has to be answered.
        due: Option<f64>,
    },
    /// For good.
    Stopped,
}

#[derive(Debug)]
pub struct Line {
    phase: Phase,
    pause: f64,
    /// When the server last said anything.
    heard: Option<f64>,
    /// Since when what is shown is not known to be complete.
    lost: Option<f64>,
    was_live: bool,
}

impl Line {
    pub fn new(now: f64) -> Self {
        Self {
            phase: Phase::Waiting { until: now },
            pause: FIRST_PAUSE,
            heard: None,
            lost: Some(now),
            was_live: false,
        }
    }

    /// The server said that coming back is no use.
    pub fn stop(&mut self) {
        self.phase = Phase::Stopped;
    }

    /// Open, and what is shown is complete: what is sent now is an answer to all of it.
    pub fn is_complete(&self) -> bool {
        matches!(self.phase, Phase::Open { .. }) && self.lost.is_none()
    }

    /// When the server last said anything, if ever.
    pub fn heard(&self) -> Option<f64> {
        self.heard
    }

    pub fn step(&mut self, now: f64, chance: f64, input: Input) -> Action {
        match (self.phase, input) {
            (Phase::Stopped, _) => Action::Nothing,
            (Phase::Waiting { .. }, Input::Awake | Input::Renew) => self.open(now),
            (Phase::Waiting { until }, Input::Tick) if now >= until => self.open(now),
            (Phase::Waiting { .. }, _) => Action::Nothing,
            (_, Input::Renew) => {
                self.pause = FIRST_PAUSE;
                self.lost = self.lost.or(Some(now));
                self.phase = Phase::Opening { since: now };
                Action::Reopen
            }
            (_, Input::Closed | Input::Offline) => self.cut(now, chance),
            (Phase::Opening { .. }, Input::Opened) => {
                self.heard = Some(now);
                self.phase = Phase::Open { due: None };
                Action::Nothing
            }
            (Phase::Opening { since }, Input::Tick) if now - since > OPENING => {
                self.cut(now, chance)
            }
            (Phase::Opening { .. }, _) => Action::Nothing,
            (Phase::Open { due }, input) => self.open_step(now, chance, due, input),
        }
    }

    fn open_step(&mut self, now: f64, chance: f64, due: Option<f64>, input: Input) -> Action {
        let open = |due| Phase::Open { due };
        match input {
            Input::Heard => self.heard = Some(now),
            Input::Asked => self.phase = open(due.or(Some(now + UNANSWERED))),
            Input::AskedPage => self.phase = open(due.or(Some(now + UNANSWERED_PAGE))),
            Input::Answered => {
                self.heard = Some(now);
                self.phase = open(None);
            }
            Input::Complete => {
                self.pause = FIRST_PAUSE;
                self.lost = None;
                self.was_live = true;
            }
            Input::Turned => {
                self.lost = self.lost.or(Some(now));
                self.phase = open(None);
            }
            Input::Awake => {
                self.phase = open(Some(now + UNANSWERED));
                return Action::Probe;
            }
            Input::Tick => {
                let unanswered = due.is_some_and(|due| now > due);
                let silent = self.heard.is_some_and(|heard| now - heard > SILENCE);
                if unanswered || silent {
                    return self.cut(now, chance);
                }
            }
            Input::Opened | Input::Closed | Input::Offline | Input::Renew => {}
        }
        Action::Nothing
    }

    fn open(&mut self, now: f64) -> Action {
        self.phase = Phase::Opening { since: now };
        Action::Open
    }

    /// Half of the pause is by chance, or all clients of a restarted server come back at once.
    fn cut(&mut self, now: f64, chance: f64) -> Action {
        self.phase = Phase::Waiting { until: now + self.pause * (0.5 + chance / 2.0) };
        self.pause = (self.pause * 2.0).min(LONGEST_PAUSE);
        self.lost = self.lost.or(Some(now));
        Action::Drop
    }

    pub fn status(&self, now: f64) -> Status {
        let Some(lost) = self.lost else { return Status::Live };
        let away = now - lost;
        if away >= SAY_OFFLINE {
            Status::Offline
        } else if !self.was_live {
            Status::Connecting
        } else if away >= SAY_RECONNECTING {
            Status::Reconnecting
        } else {
            Status::Live
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live() -> Line {
        let mut line = Line::new(0.0);
        assert_eq!(line.step(0.0, 0.0, Input::Tick), Action::Open);
        for input in [Input::Opened, Input::Asked, Input::Heard, Input::Answered, Input::Complete] {
            assert_eq!(line.step(10.0, 0.0, input), Action::Nothing);
        }
        line
    }

    #[test]
    fn what_cuts_a_line() {
        for (what, inputs, cut) in [
            ("its close", vec![(20.0, Input::Closed)], true),
            ("the browser's word", vec![(20.0, Input::Offline)], true),
            ("silence longer than the beat", vec![(25_011.0, Input::Tick)], true),
            (
                "not a beat that comes",
                vec![(20_000.0, Input::Heard), (30_000.0, Input::Tick)],
                false,
            ),
            (
                "a command without an answer",
                vec![(20.0, Input::Asked), (5_021.0, Input::Tick)],
                true,
            ),
            (
                "not one with an answer",
                vec![(20.0, Input::Asked), (99.0, Input::Answered), (5_021.0, Input::Tick)],
                false,
            ),
            (
                "other frames are no answer",
                vec![(20.0, Input::Asked), (99.0, Input::Heard), (5_021.0, Input::Tick)],
                true,
            ),
        ] {
            let mut line = live();
            let mut last = Action::Nothing;
            for (now, input) in inputs {
                last = line.step(now, 0.0, input);
            }
            assert_eq!(last == Action::Drop, cut, "{what}");
        }
    }

    #[test]
    fn waking_up_probes_an_open_line_and_opens_a_waiting_one() {
        let mut line = live();
        assert_eq!(line.step(100.0, 0.0, Input::Awake), Action::Probe);
        assert_eq!(line.step(5_101.0, 0.0, Input::Tick), Action::Drop);
        assert_eq!(line.step(5_102.0, 0.0, Input::Awake), Action::Open);
    }

    #[test]
    fn pauses_double_up_to_a_bound_and_start_small_after_a_success() {
        let mut line = live();
        let mut now = 100.0;
        let mut pauses = Vec::new();
        for _ in 0..9 {
            assert_eq!(line.step(now, 1.0, Input::Closed), Action::Drop);
            let start = now;
            while line.step(now, 1.0, Input::Tick) == Action::Nothing {
                now += 1.0;
            }
            pauses.push(now - start);
        }
        assert_eq!(
            pauses,
            [250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0, 16000.0, 16000.0]
        );
        line.step(now, 1.0, Input::Opened);
        line.step(now, 1.0, Input::Complete);
        line.step(now, 0.0, Input::Closed);
        assert_eq!(line.step(now + 125.0, 0.0, Input::Tick), Action::Open);
    }

    #[test]
    fn a_short_cut_is_not_mentioned() {
        let mut line = live();
        line.step(1000.0, 0.0, Input::Closed);
        for (now, status) in [
            (1000.0, Status::Live),
            (2999.0, Status::Live),
            (3000.0, Status::Reconnecting),
            (5999.0, Status::Reconnecting),
            (6000.0, Status::Offline),
        ] {
            assert_eq!(line.status(now), status, "{now}");
        }
        assert_eq!(Line::new(0.0).status(4_999.0), Status::Connecting);
        assert_eq!(Line::new(0.0).status(5_000.0), Status::Offline);
    }

    #[test]
    fn when_it_was_last_heard_is_known_after_the_cut() {
        let mut line = Line::new(0.0);
        assert_eq!(line.heard(), None);
        line = live();
        line.step(700.0, 0.0, Input::Heard);
        line.step(800.0, 0.0, Input::Asked);
        line.step(900.0, 0.0, Input::Closed);
        line.step(2_000.0, 0.0, Input::Tick);
        assert_eq!(line.heard(), Some(700.0));
    }

    #[test]
    fn what_is_shown_in_its_place_has_to_be_complete_too() {
        let mut line = live();
        line.step(990.0, 0.0, Input::Asked);
        assert_eq!(line.step(1000.0, 0.0, Input::Turned), Action::Nothing);
        assert!(!line.is_complete());
        line.step(1000.0, 0.0, Input::AskedPage);
        assert_eq!(line.step(6000.0, 0.0, Input::Tick), Action::Nothing, "that is not waited for");
        assert_eq!(
            [2999.0, 3000.0].map(|now| line.status(now)),
            [Status::Live, Status::Reconnecting]
        );
        line.step(4000.0, 0.0, Input::Complete);
        assert!(line.is_complete());
    }

    #[test]
    fn an_opening_that_hangs_is_given_up() {
        let mut line = Line::new(0.0);
        line.step(0.0, 0.0, Input::Tick);
        assert_eq!(line.step(10_000.0, 0.0, Input::Tick), Action::Nothing);
        assert_eq!(line.step(10_001.0, 0.0, Input::Tick), Action::Drop);
    }
}
