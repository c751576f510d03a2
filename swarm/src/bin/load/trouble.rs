//! People beside the others who cost a server more than they should: some never read, some send what
//! nobody understands. Whatever becomes of their sockets, they come again.

use std::{
    cell::Cell, convert::Infallible, io::Result, iter::repeat_n, net::SocketAddr, rc::Rc,
    time::Duration,
};

use serde::Serialize;
use socket2::SockRef;
use swarm::chance::Chance;
use tokio::{
    net::TcpSocket,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    crowd::Crowd,
    dialect::Seat,
    garbage::{bytes, garbage},
    line::Line,
    text::texts,
};

/// Longer than a server that means well waits for them.
const ASLEEP: Duration = Duration::from_secs(15);
const BETWEEN: Duration = Duration::from_millis(10);

/// How often the server ended a connection of each kind.
#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct SentAway {
    never_reads: usize,
    garbage: usize,
}

/// Dropping it ends them.
#[derive(Default)]
pub(crate) struct Trouble {
    makers: JoinSet<Infallible>,
    sent_away: Rc<Cell<SentAway>>,
}

impl Trouble {
    /// So many of each kind, beside the first in the crowd.
    pub(crate) fn make(
        address: SocketAddr,
        crowd: &Rc<Crowd>,
        each: usize,
        chance: &Chance,
    ) -> Self {
        let mut trouble = Self::default();
        let seats = crowd.seat().into_iter().flat_map(|seat| repeat_n(Rc::new(seat), each));
        for (nth, seat) in seats.enumerate() {
            let (slow, sent_away) = (Rc::clone(&seat), Rc::clone(&trouble.sent_away));
            trouble.makers.spawn_local(async move {
                loop {
                    if let Ok(line) = open_narrow(address, &slow).await
                        && wakes_too_late(&line).await
                    {
                        sent_away
                            .update(|was| SentAway { never_reads: was.never_reads + 1, ..was });
                    }
                }
            });
            let (crowd, sent_away) = (Rc::clone(crowd), Rc::clone(&trouble.sent_away));
            let mut chance = chance.of(&format!("garbage {nth}"));
            trouble.makers.spawn_local(async move {
                loop {
                    if let Ok(line) = Line::open(address, &seat).await
                        && is_sent_away(&line, &crowd, &mut chance).await
                    {
                        sent_away.update(|was| SentAway { garbage: was.garbage + 1, ..was });
                    }
                    sleep(BETWEEN).await;
                }
            });
        }
        trouble
    }

    pub(crate) fn sent_away(&self) -> SentAway {
        self.sent_away.get()
    }
}

/// The kernels on both sides take hardly anything for it in advance: small segments, and little room.
async fn open_narrow(address: SocketAddr, seat: &Seat) -> Result<Line> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4096)?;
    SockRef::from(&socket).set_tcp_mss(536)?;
    Line::over(socket.connect(address).await?, address, seat).await
}

/// Whether the server has had enough before this one reads on.
async fn wakes_too_late(line: &Line) -> bool {
    sleep(ASLEEP).await;
    let ended = async { while line.hear(|_| Ok(())).await.is_ok() {} };
    timeout(Duration::from_secs(1), ended).await.is_ok()
}

/// Whether the server has had enough before it takes nothing more.
async fn is_sent_away(line: &Line, crowd: &Crowd, chance: &mut Chance) -> bool {
    let heard = |frame: &[u8]| {
        crowd.tally.borrow_mut().reached(texts(frame).count());
        Ok(())
    };
    // Every other line ends before the server has had enough of its texts.
    let mut texts_left = chance.within(0..32);
    loop {
        let (opcode, payload) = if texts_left == 0 { bytes(chance) } else { garbage(chance) };
        texts_left = texts_left.saturating_sub(1);
        let said = line.frame(opcode, &payload);
        let ended = async { while line.hear(heard).await.is_ok() {} };
        if timeout(BETWEEN, ended).await.is_ok() {
            return true;
        }
        if said.is_err() {
            return false;
        }
    }
}
