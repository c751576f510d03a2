//! A line that can be cut. It stands between clients and server and passes bytes, until it is told
//! otherwise.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::Result;
use swarm::chance::Chance;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::watch,
    task::JoinHandle,
};

/// What happens to what comes from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Pass,
    /// Nothing moves any more, and nobody is told.
    Freeze,
    /// What the client says arrives; what the server says next does not, and then the line breaks.
    Swallow,
    /// So many bytes of the server's arrive, perhaps half a frame, and then the line breaks.
    Break(usize),
    Reset,
}

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    lines: Arc<Lines>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Lines {
    server: Mutex<Option<SocketAddr>>,
    open: Mutex<Vec<watch::Sender<Fate>>>,
}

impl Proxy {
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let lines = Arc::<Lines>::default();
        let accepting = tokio::spawn(accept(listener, lines.clone()));
        Ok(Self { address, lines, accepting })
    }

    /// Where lines lead from now on; nowhere, and whoever comes is turned away.
    pub(crate) fn lead_to(&self, server: Option<SocketAddr>) {
        *lock(&self.lines.server) = server;
    }

    /// Does it to one of the lines that nothing was done to yet. Says whether there is any.
    pub(crate) fn hit(&self, fate: Fate, chance: &mut Chance) -> bool {
        let mut open = lock(&self.lines.open);
        open.retain(|line| !line.is_closed());
        let whole: Vec<_> = open.iter().filter(|line| *line.borrow() == Fate::Pass).collect();
        let line = chance.pick(&whole);
        line.map(|line| line.send_replace(fate)).is_some()
    }

    pub(crate) fn hit_all(&self, fate: Fate) {
        for line in lock(&self.lines.open).iter() {
            line.send_replace(fate);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.hit_all(Fate::Reset);
    }
}

async fn accept(listener: TcpListener, lines: Arc<Lines>) {
    while let Ok((client, _)) = listener.accept().await {
        let (line, fate) = watch::channel(Fate::Pass);
        let Some(server) = *lock(&lines.server) else { continue };
        lock(&lines.open).push(line);
        tokio::spawn(async move {
            if let Ok(server) = TcpStream::connect(server).await {
                pass(client, server, fate).await;
            }
        });
    }
}

/// Until one of them ends it, or fate does.
async fn pass(mut client: TcpStream, mut server: TcpStream, fate: watch::Receiver<Fate>) {
    for side in [&client, &server] {
        let _ = side.set_nodelay(true);
    }
    let mut reset = fate.clone();
    let now = fate.clone();
    {
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        tokio::select! {
            () = up(from_client, to_server, fate.clone()) => {}
            () = down(from_server, to_client, fate) => {}
            _ = reset.wait_for(|fate| *fate == Fate::Reset) => {}
        }
    }
    if *now.borrow() != Fate::Pass {
        // Broken off, and not ended.
        for side in [&client, &server] {
            let _ = side.set_zero_linger();
        }
    }
}

async fn up(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, mut fate: watch::Receiver<Fate>) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let _ = fate.wait_for(|fate| *fate != Fate::Freeze).await;
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

async fn down(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, mut fate: watch::Receiver<Fate>) {
    let mut bytes = vec![0; 16 * 1024];
    let mut left = None;
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let Ok(now) = fate.wait_for(|fate| *fate != Fate::Freeze).await.map(|fate| *fate) else {
            return;
        };
        let count = match now {
            Fate::Swallow => return,
            Fate::Break(after) => {
                let rest = left.get_or_insert(after);
                let passed = count.min(*rest);
                *rest -= passed;
                passed
            }
            Fate::Pass | Fate::Freeze | Fate::Reset => count,
        };
        if to.write_all(&bytes[..count]).await.is_err() || left == Some(0) {
            return;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
