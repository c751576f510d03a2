//! How many connections there may be, in all and from one address, and how long one may stall.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Ipv6Addr},
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

/// A school or an office behind one address, each person with a few tabs.
const PER_ADDRESS: usize = 1_000;
const IN_ALL: usize = 50_000;
/// A client that takes nothing for so long is gone, or means harm.
const STALL: Duration = Duration::from_secs(30);

pub(crate) struct Admission {
    per_address: usize,
    in_all: usize,
    /// Behind a proxy, everybody comes from its address.
    proxied: bool,
    open: Mutex<HashMap<IpAddr, usize>>,
    count: watch::Sender<usize>,
}

impl Admission {
    pub(crate) fn new(proxied: bool) -> Arc<Self> {
        Self::with_limits(proxied, PER_ADDRESS, IN_ALL)
    }

    fn with_limits(proxied: bool, per_address: usize, in_all: usize) -> Arc<Self> {
        let (open, count) = (Mutex::default(), watch::Sender::new(0));
        Arc::new(Self { per_address, in_all, proxied, open, count })
    }

    /// A place, until the permit is dropped.
    pub(crate) fn admit(self: &Arc<Self>, ip: IpAddr) -> Option<Permit> {
        let ip = network(ip);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if *self.count.borrow() >= self.in_all {
            return None;
        }
        let here = open.entry(ip).or_default();
        if *here >= self.per_address && !self.is_exempt(ip) {
            return None;
        }
        *here += 1;
        self.count.send_modify(|count| *count += 1);
        Some(Permit { ip, admission: self.clone() })
    }

    /// Resolves when no connection is left.
    pub(crate) async fn empty(&self) {
        // Fails only when the sender is gone, which is `self`.
        let _ = self.count.subscribe().wait_for(|count| *count == 0).await;
    }

    fn is_exempt(&self, ip: IpAddr) -> bool {
        let private = match ip {
            IpAddr::V4(ip) => ip.is_private(),
            IpAddr::V6(ip) => ip.is_unique_local(),
        };
        ip.is_loopback() || (self.proxied && private)
    }
}

/// Whoever has one address of IPv6 has a /64 of them.
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) if !ip.is_loopback() => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    }
}

pub(crate) struct Permit {
    ip: IpAddr,
    admission: Arc<Admission>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.admission.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = open.get_mut(&self.ip) {
            *here -= 1;
            if *here == 0 {
                open.remove(&self.ip);
            }
        }
        self.admission.count.send_modify(|count| *count -= 1);
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

    #[test]
    fn an_address_is_bounded_and_the_others_do_not_suffer() {
        for (proxied, ip, same, bounded) in [
            (false, "203.0.113.5", "203.0.113.5", true),
            (false, "::ffff:203.0.113.5", "203.0.113.5", true),
            (false, "192.168.1.9", "192.168.1.9", true),
            (false, "2001:db8::1", "2001:db8::ffff:1", true),
            (false, "127.0.0.1", "127.0.0.1", false),
            (false, "::1", "::1", false),
            (true, "172.17.0.1", "172.17.0.1", false),
            (true, "203.0.113.5", "203.0.113.5", true),
        ] {
            let admission = Admission::with_limits(proxied, 1, 3);
            let first = admission.admit(ip.parse().unwrap());
            assert!(first.is_some());
            assert_eq!(admission.admit(same.parse().unwrap()).is_none(), bounded, "{ip} {same}");
            assert!(admission.admit("198.51.100.1".parse().unwrap()).is_some());
            drop(first);
            assert!(admission.admit(same.parse().unwrap()).is_some(), "{ip} left");
        }
    }

    #[tokio::test]
    async fn all_together_are_bounded_and_the_end_is_noticed() {
        let admission = Admission::with_limits(false, 5, 2);
        let [a, b, c] =
            ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map(|ip| admission.admit(ip.parse().unwrap()));
        assert_eq!((a.is_some(), b.is_some(), c.is_some()), (true, true, false));
        drop((a, b));
        admission.empty().await;
    }
}
