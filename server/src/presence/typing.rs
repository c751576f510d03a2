//! Who is writing something in one room. Pure: time is an argument.

use std::{collections::BTreeMap, time::Duration};

use protocol::MemberId;
use tokio::time::Instant;

/// For so long somebody types who says nothing more of it. Browsers count alike.
const LASTS: Duration = Duration::from_secs(5);
/// Between two frames; and when nothing changed, so that browsers do not take it for over.
const QUIET: Duration = Duration::from_secs(1);
const AGAIN: Duration = Duration::from_secs(3);
/// People whom a frame names.
const NAMED: usize = 4;

#[derive(Default)]
pub(super) struct Typing {
    until: BTreeMap<MemberId, Instant>,
    /// Whom the last frame named, and when.
    said: Vec<MemberId>,
    last: Option<Instant>,
}

impl Typing {
    pub(super) fn start(&mut self, member: MemberId, now: Instant) {
        self.until.insert(member, now + LASTS);
    }

    pub(super) fn stop(&mut self, member: MemberId) {
        self.until.remove(&member);
    }

    /// When `due` has something to do.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        let over = self.until.values().min().copied();
        self.say(now).into_iter().chain(over).min()
    }

    /// Whom to name, if it is time to name anybody, or nobody any more.
    pub(super) fn due(&mut self, now: Instant) -> Option<Vec<MemberId>> {
        self.until.retain(|_, until| *until > now);
        self.say(now).filter(|at| *at <= now)?;
        self.said = self.named();
        self.last = Some(now);
        Some(self.said.clone())
    }

    /// Nobody types and everybody knows it.
    pub(super) fn is_over(&self) -> bool {
        self.until.is_empty() && self.said.is_empty()
    }

    fn named(&self) -> Vec<MemberId> {
        self.until.keys().take(NAMED).copied().collect()
    }

    /// When the next frame goes out; `None` as long as there is nothing to say.
    fn say(&self, now: Instant) -> Option<Instant> {
        let pause = if self.named() != self.said { QUIET } else { AGAIN };
        (!self.is_over()).then(|| self.last.map_or(now, |last| last + pause))
    }
}
