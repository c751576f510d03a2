//! When what others did is drawn: soon, but not so often that there is no time for anything else.

use std::{cell::Cell, time::Duration};

use leptos::prelude::*;

/// Milliseconds. What took longer was mostly not drawing: the page was not looked at meanwhile.
const LONGEST: f64 = 500.0;

thread_local! {
    /// In milliseconds since the page began, when the page has rested from the last drawing.
    static RESTED: Cell<f64> = const { Cell::new(0.0) };
}

/// Between two frames, in a task of its own, for painting is long enough. After that the page rests as
/// long as drawing and painting took: where many say much, a slow one draws them a few at a time, and
/// hears its reader's keys meanwhile.
pub(crate) fn soon(draw: Box<dyn FnOnce()>) {
    let rest = RESTED.get() - now();
    if rest > 0.0 {
        set_timeout(move || soon(draw), Duration::from_secs_f64(rest / 1000.0));
        return;
    }
    after_frame(move || {
        let begun = now();
        draw();
        after_frame(move || {
            let end = now();
            RESTED.set(end + (end - begun).min(LONGEST));
        });
    });
}

fn after_frame(then: impl FnOnce() + 'static) {
    request_animation_frame(move || set_timeout(then, Duration::ZERO));
}

fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
