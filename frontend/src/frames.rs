//! When what others did is drawn: soon, but not so often, nor so much at once, that there is no time for
//! anything else.

use std::{cell::Cell, time::Duration};

use app::Draw;
use leptos::prelude::*;

/// Milliseconds that drawing may take before it is painted. A key that is pressed meanwhile waits for both.
const BUDGET: f64 = 10.0;
/// Milliseconds. What took longer was mostly not drawing: the machine slept meanwhile.
const LONGEST: f64 = 500.0;
/// New messages at once, at most, and until it is known how long they take.
const AT_ONCE: usize = 20;

thread_local! {
    /// From the time that a drawing is asked for until the page has rested from it.
    static BUSY: Cell<bool> = const { Cell::new(false) };
    /// What was asked for meanwhile.
    static NEXT: Cell<Option<Draw>> = const { Cell::new(None) };
    /// New messages that there is time for at once.
    static MOST: Cell<usize> = const { Cell::new(AT_ONCE) };
}

/// Between two frames, in a task of its own, for painting is long enough. After that the page rests as
/// long as drawing took: where many say much, a slow one draws them a few at a time, and hears its
/// reader's keys meanwhile. Who asks again before it has drawn what they asked for asks for it in its place.
pub(crate) fn soon(draw: Draw) {
    if BUSY.replace(true) {
        NEXT.set(Some(draw));
        return;
    }
    after_frame(move || {
        let begun = now();
        let drawn = draw(MOST.get());
        // The page changes after this function and before the next task.
        queue_microtask(move || {
            let took = (now() - begun).min(LONGEST);
            MOST.set(most(MOST.get(), drawn, took));
            after_frame(move || set_timeout(rested, Duration::from_secs_f64(took / 1000.0)));
        });
    });
}

fn rested() {
    BUSY.set(false);
    if let Some(next) = NEXT.take() {
        soon(next);
    }
}

/// As many as there was time for. Where time was left one more than there were, and never fewer than before:
/// some of the time goes whether there are many or few, and how much of it is not known.
fn most(before: usize, drawn: usize, took: f64) -> usize {
    if drawn == 0 {
        before
    } else if took > BUDGET {
        ((drawn as f64 * BUDGET / took) as usize).clamp(1, before)
    } else {
        before.max(drawn + 1).min(AT_ONCE)
    }
}

fn after_frame(then: impl FnOnce() + 'static) {
    request_animation_frame(move || set_timeout(then, Duration::ZERO));
}

fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_drawn_at_once_as_there_is_time_for() {
        for (what, before, drawn, took, then) in [
            ("nothing was new", 7, 0, 99.0, 7),
            ("few, and quickly", 7, 3, 5.0, 7),
            ("all that were allowed, and quickly", 7, 7, 5.0, 8),
            ("no more than the limit", 20, 20, 5.0, 20),
            ("twice the time", 8, 8, 20.0, 4),
            ("far too slowly", 2, 2, 900.0, 1),
            ("one, too slowly", 7, 1, 60.0, 1),
        ] {
            assert_eq!(most(before, drawn, took), then, "{what}");
        }
    }
}
