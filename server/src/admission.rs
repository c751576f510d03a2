//! How many connections there may be, in all and from one address, and how long one may stall.

use std::{
    collections::HashMap,
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::watch,
    time::{Sleep, sleep},
};

use crate::{address::Network, config::Limits};

/// A client that takes nothing for so long is gone, or means harm.
const STALL: Duration = Duration::from_secs(30);

pub(crate) struct Admission {
    per_address: usize,
    in_all: usize,
    open: Mutex<HashMap<Network, usize>>,
    count: watch::Sender<usize>,
}

impl Admission {
    pub(crate) fn new(limits: &Limits) -> Arc<Self> {
        let count = |setting| usize::try_from(setting).unwrap_or(usize::MAX);
        Self::with_limits(count(limits.connections_per_address), count(limits.connections_in_all))
    }

    fn with_limits(per_address: usize, in_all: usize) -> Arc<Self> {
        let (open, count) = (Mutex::default(), watch::Sender::new(0));
        Arc::new(Self { per_address, in_all, open, count })
    }

    /// For a socket, until the permit is dropped.
    pub(crate) fn admit(self: &Arc<Self>, from: Option<Network>) -> Option<Permit> {
        let counted = self.count.send_if_modified(|count| {
            let free = *count < self.in_all;
            *count += usize::from(free);
            free
        });
        let mut permit = counted.then(|| Permit { place: None, admission: self.clone() })?;
        if let Some(network) = from {
            permit.place = Some(self.place(network)?);
        }
        Some(permit)
    }

    /// One of those that an address has, until it is dropped.
    pub(crate) fn place(self: &Arc<Self>, network: Network) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let here = open.entry(network).or_default();
        if *here >= self.per_address {
            return None;
        }
        *here += 1;
        Some(Place { network, admission: self.clone() })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        *self.count.borrow()
    }

    /// Resolves when no connection is left.
    pub(crate) async fn empty(&self) {
        // Fails only when the sender is gone, which is `self`.
        let _ = self.count.subscribe().wait_for(|count| *count == 0).await;
    }
}

pub(crate) struct Permit {
    place: Option<Place>,
    admission: Arc<Admission>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.place = None;
        self.admission.count.send_modify(|count| *count -= 1);
    }
}

pub(crate) struct Place {
    network: Network,
    admission: Arc<Admission>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.admission.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = open.get_mut(&self.network) {
            *here -= 1;
            if *here == 0 {
                open.remove(&self.network);
            }
        }
    }
}

/// A connection that carries its permit, and whose writes fail when the other side takes nothing.
pub(crate) struct Socket {
    stream: TcpStream,
    stalled: Option<Pin<Box<Sleep>>>,
    permit: Permit,
}

impl Socket {
    pub(crate) fn new(stream: TcpStream, permit: Permit) -> Self {
        Self { stream, stalled: None, permit }
    }

    /// For whoever has patience of their own.
    pub(crate) fn into_parts(self) -> (TcpStream, Permit) {
        (self.stream, self.permit)
    }

    fn unless_stalled<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(STALL)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.unless_stalled(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.unless_stalled(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::address::Proxies;

    /// As sockets from these addresses count.
    fn networks<const N: usize>(ips: [&str; N]) -> [Option<Network>; N] {
        let proxies = Proxies::new(Vec::new(), false);
        ips.map(|ip| proxies.of_socket(ip.parse().unwrap()))
    }

    #[test]
    fn an_address_is_bounded_and_the_others_do_not_suffer() {
        let [here, elsewhere, anybody] = networks(["203.0.113.5", "198.51.100.1", "127.0.0.1"]);
        let admission = Admission::with_limits(1, 4);
        let first = admission.admit(here);
        assert!(first.is_some() && admission.admit(here).is_none());
        let others = [elsewhere, anybody, anybody].map(|from| admission.admit(from));
        assert!(others.iter().all(Option::is_some));
        drop((first, others));
        let held = admission.place(here.unwrap());
        assert!(held.is_some() && admission.admit(here).is_none());
        drop(held);
        assert!(admission.admit(here).is_some(), "all of them left");
        assert!(admission.open.lock().unwrap().is_empty(), "and are forgotten");
    }

    #[tokio::test]
    async fn all_together_are_bounded_and_the_end_is_noticed() {
        let admission = Admission::with_limits(5, 2);
        let [a, b, c] =
            networks(["10.0.0.1", "10.0.0.2", "10.0.0.3"]).map(|from| admission.admit(from));
        assert_eq!((a.is_some(), b.is_some(), c.is_some()), (true, true, false));
        drop((a, b));
        admission.empty().await;
    }
}
