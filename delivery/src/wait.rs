//! What tasks wait for: std's lock, and tokio's notification. In a simulation its scheduler lets others go
//! first at each of them.

#[cfg(feature = "shuttle")]
pub(crate) use played::Notify;
#[cfg(feature = "shuttle")]
pub(crate) use shuttle::{
    future::spawn,
    sync::{Mutex, MutexGuard},
};
#[cfg(not(feature = "shuttle"))]
pub(crate) use std::sync::{Mutex, MutexGuard};
#[cfg(not(feature = "shuttle"))]
pub(crate) use tokio::{spawn, sync::Notify};

#[cfg(feature = "shuttle")]
mod played {
    use shuttle::thread::yield_now;
    use tokio::sync::futures::Notified;

    /// Tokio's own, of which the scheduler would not know.
    #[derive(Default)]
    pub(crate) struct Notify(tokio::sync::Notify);

    impl Notify {
        pub(crate) fn notify_one(&self) {
            yield_now();
            self.0.notify_one();
        }

        pub(crate) fn notify_waiters(&self) {
            yield_now();
            self.0.notify_waiters();
        }

        pub(crate) fn notified(&self) -> Notified<'_> {
            yield_now();
            self.0.notified()
        }
    }
}
