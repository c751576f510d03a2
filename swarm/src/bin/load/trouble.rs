//! People beside the others who cost a server more than they should: some never read, some send what
//! nobody understands. Whatever becomes of their sockets, they come again.

use std::{
    convert::Infallible, io::Result, iter::repeat_n, net::SocketAddr, rc::Rc, time::Duration,
};

use tokio::{
    net::TcpSocket,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{crowd::Crowd, dialect::Seat, line::Line, text::texts};

/// Longer than a server that means well waits for them.
const ASLEEP: Duration = Duration::from_secs(15);
const BETWEEN: Duration = Duration::from_millis(10);
const GARBAGE: &str = r#"{"n":1,"command":{"post":{{{"#;

/// So many of each kind, beside the first in the crowd. Dropping them ends them.
pub(crate) fn makers(address: SocketAddr, crowd: &Rc<Crowd>, each: usize) -> JoinSet<Infallible> {
    let mut all = JoinSet::new();
    for seat in crowd.seat().into_iter().flat_map(|seat| repeat_n(Rc::new(seat), each)) {
        let (slow, loud) = (Rc::clone(&seat), seat);
        all.spawn_local(async move {
            loop {
                let line = open_narrow(address, &slow).await;
                sleep(ASLEEP).await;
                drop(line);
            }
        });
        let crowd = Rc::clone(crowd);
        all.spawn_local(async move {
            loop {
                if let Ok(line) = Line::open(address, &loud).await {
                    talk(&line, &crowd).await;
                }
                sleep(BETWEEN).await;
            }
        });
    }
    all
}

/// The kernel takes hardly anything for it in advance.
async fn open_narrow(address: SocketAddr, seat: &Seat) -> Result<Line> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4096)?;
    Line::over(socket.connect(address).await?, address, seat).await
}

/// Until the server has had enough.
async fn talk(line: &Line, crowd: &Crowd) {
    let heard = |frame: &[u8]| {
        crowd.tally.borrow_mut().reached(texts(frame).count());
        Ok(())
    };
    while line.say(GARBAGE).is_ok() {
        let ended = async { while line.hear(heard).await.is_ok() {} };
        if timeout(BETWEEN, ended).await.is_ok() {
            return;
        }
    }
}
