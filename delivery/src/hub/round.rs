//! What goes to many at once, and who writes it: to wake each connection's own task for one frame costs more than
//! to write it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use tokio::time::Instant;

use crate::{Frame, Outgoing, wait::spawn};

/// Connections that one task writes to: as many as others can wait for.
const WRITES: usize = 16;

pub(super) struct Round {
    now: Instant,
    due: Vec<Arc<Outgoing>>,
}

impl Round {
    pub(super) fn new() -> Self {
        Self { now: Instant::now(), due: Vec::new() }
    }

    pub(super) fn send(&mut self, out: &Arc<Outgoing>, frame: Frame) {
        if out.publish(self.now, frame) {
            self.due.push(out.clone());
        }
    }

    /// To everyone whose socket is free; the others' own tasks do.
    pub(super) fn write(self) {
        let mut due = self.due.into_iter();
        while due.len() > 0 {
            let some: Vec<_> = due.by_ref().take(WRITES).collect();
            drop(spawn(async move {
                for out in some {
                    // What is wrong with one connection is its own task's to find, and not the others' harm.
                    let _ = catch_unwind(AssertUnwindSafe(|| out.write()));
                }
            }));
        }
    }
}
