//! What rooms keep of their passwords. To make or to try one costs much memory and time on purpose, so only a few
//! at a time are, each off the threads that serve everyone.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use protocol::{Password, Refusal};
use std::sync::Arc;

use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::handlers::internal;

/// KiB, rounds and lanes: the least that OWASP recommends.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// That are made or tried at once, and that wait for it: with more of them somebody floods.
const AT_ONCE: usize = 2;
const WAITING: usize = 64;
const SALT_BYTES: usize = 16;

pub(crate) struct Passwords {
    working: Arc<Semaphore>,
    all: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        let of = |most| Arc::new(Semaphore::new(most));
        Self { working: of(AT_ONCE), all: of(AT_ONCE + WAITING) }
    }
}

impl Passwords {
    /// What is kept in its place: it says by itself how it was made (PHC).
    ///
    /// # Errors
    /// Too many at once.
    pub(crate) async fn keep(&self, password: &Password) -> Result<String, Refusal> {
        let text = password.as_str().to_owned();
        self.work(move || {
            let mut salt = [0; SALT_BYTES];
            getrandom::fill(&mut salt).map_err(internal)?;
            let salt = SaltString::encode_b64(&salt).map_err(internal)?;
            let hash = hasher()?.hash_password(text.as_bytes(), &salt).map_err(internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether this is it.
    ///
    /// # Errors
    /// Too many at once.
    pub(crate) async fn is(&self, password: &Password, kept: String) -> Result<bool, Refusal> {
        let text = password.as_str().to_owned();
        self.work(move || {
            let hash = PasswordHash::new(&kept).map_err(internal)?;
            Ok(hasher()?.verify_password(text.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let busy = |_| Refusal::Busy { retry_ms: 1000 };
        let waits = self.all.clone().try_acquire_owned().map_err(busy)?;
        let works = self.working.clone().acquire_owned().await.map_err(internal)?;
        // They go with the work, which goes on when nobody waits for it any more.
        let work = move || {
            let _held = (waits, works);
            work()
        };
        spawn_blocking(work).await.unwrap_or_else(|_| Err(internal("hashing panicked")))
    }
}

fn hasher() -> Result<Argon2<'static>, Refusal> {
    let (memory, rounds, lanes) = COST;
    let params = Params::new(memory, rounds, lanes, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::mpsc::{SyncSender, sync_channel};

    use futures::FutureExt;
    use tokio::{
        sync::mpsc::{Sender, channel},
        task::{JoinHandle, yield_now},
    };

    use super::*;

    /// Says when it begins, and ends when it may.
    fn job(
        passwords: &Arc<Passwords>,
        begun: Sender<()>,
    ) -> (JoinHandle<Result<(), Refusal>>, SyncSender<()>) {
        let (end, ends) = sync_channel(1);
        let passwords = passwords.clone();
        let work = async move {
            let work = move || {
                begun.blocking_send(()).unwrap();
                // Or nobody is left to say so.
                let _ = ends.recv();
                Ok(())
            };
            passwords.work(work).await
        };
        (tokio::spawn(work), end)
    }

    #[tokio::test]
    async fn so_many_are_tried_at_once_and_so_many_wait_and_whoever_comes_then_comes_again() {
        let passwords = Arc::new(Passwords::default());
        let (begun, mut begins) = channel(AT_ONCE + WAITING);
        let jobs: Vec<_> = (0..AT_ONCE + WAITING).map(|_| job(&passwords, begun.clone())).collect();
        for _ in 0..AT_ONCE {
            begins.recv().await.unwrap();
        }
        // By then each of them has asked.
        for _ in &jobs {
            yield_now().await;
        }
        let password = Password::parse("spring tide").unwrap();
        // At once: they do not even wait.
        let busy = Refusal::Busy { retry_ms: 1000 };
        assert_eq!(passwords.keep(&password).now_or_never(), Some(Err(busy.clone())));
        let known = passwords.is(&password, String::new()).now_or_never();
        assert_eq!(known, Some(Err(busy)));
        for (nth, (job, end)) in jobs.into_iter().enumerate() {
            assert!(begins.try_recv().is_err(), "more than {AT_ONCE} at once");
            end.send(()).unwrap();
            job.await.unwrap().unwrap();
            if nth < WAITING {
                begins.recv().await.unwrap();
            }
        }
        assert!(passwords.keep(&password).await.is_ok());
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_still_counts_until_it_ends() {
        let passwords = Arc::new(Passwords::default());
        let (begun, mut begins) = channel(AT_ONCE + WAITING);
        let (left, end) = job(&passwords, begun.clone());
        begins.recv().await.unwrap();
        left.abort();
        assert!(left.await.unwrap_err().is_cancelled());
        assert_eq!(passwords.working.available_permits(), AT_ONCE - 1);
        end.send(()).unwrap();
        while passwords.working.available_permits() < AT_ONCE {
            yield_now().await;
        }
        assert_eq!(passwords.all.available_permits(), AT_ONCE + WAITING);
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_never_kept_the_same_way_twice() {
        let passwords = Passwords::default();
        let password = Password::parse("spring tide").unwrap();
        let (one, other) = (passwords.keep(&password).await, passwords.keep(&password).await);
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_ne!(one, other);
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert!(passwords.is(&password, one).await.unwrap());
        let wrong = Password::parse("neap tide").unwrap();
        assert!(!passwords.is(&wrong, other).await.unwrap());
    }
}
