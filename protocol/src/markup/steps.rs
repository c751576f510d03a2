//! The parser's work, counted in tests: so that "linear" is shown without a clock.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static TAKEN: Cell<usize> = const { Cell::new(0) };
}

/// Every loop over the text says how much of it it looked at.
pub(super) fn count(steps: usize) {
    #[cfg(test)]
    TAKEN.set(TAKEN.get() + steps);
    #[cfg(not(test))]
    let _ = steps;
}

#[cfg(test)]
pub(super) fn taken(work: impl FnOnce()) -> usize {
    TAKEN.set(0);
    work();
    TAKEN.get()
}
