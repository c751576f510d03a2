//! Times on pages that stand still, as their reader has them.

use leptos::prelude::*;
use protocol::FOR_EVER;

use super::{Look, words};
use crate::{Clock, LocalTime};

#[derive(Clone, Copy)]
pub(crate) struct Moments(pub(crate) Clock);

impl Moments {
    pub(super) fn of_page() -> Self {
        expect_context()
    }

    pub(super) fn now(self) -> i64 {
        (self.0.now)()
    }

    pub(super) fn local(self, at: i64) -> LocalTime {
        let Look(look) = expect_context();
        look.with_untracked(|look| (self.0.local)(look.zone.as_ref(), at).by(look.hours))
    }

    pub(super) fn utc(self, at: i64) -> LocalTime {
        (self.0.local)(None, at)
    }

    fn today(self) -> LocalTime {
        self.local(self.now())
    }

    /// As a sentence goes on: `at 08:05`, or on which day.
    pub(super) fn when(self, at: i64) -> String {
        words().live.when(self.local(at), self.today())
    }

    /// `08:05` of today, or with its day.
    pub(super) fn clock(self, at: i64) -> String {
        words().live.clock(self.local(at), self.today())
    }

    /// `until 08:05`, or for good.
    pub(super) fn until(self, at: i64) -> String {
        let words = words().hosting;
        if at >= FOR_EVER { words.for_good.into() } else { words.until(&self.clock(at)) }
    }

    /// What a day is called that is not today.
    pub(super) fn other_day(self, at: i64) -> Option<String> {
        let (day, today) = (self.local(at), self.today());
        (day.days() != today.days()).then(|| words().live.day(day, today))
    }
}
