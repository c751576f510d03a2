//! People beside the others who cost a server more than they should: some never read, some send what
//! nobody understands. Whatever becomes of their sockets, they come again.

use std::{convert::Infallible, net::SocketAddr, rc::Rc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{dialect::Seat, line::Line};

/// Longer than a server that means well waits for them.
const ASLEEP: Duration = Duration::from_secs(15);
const BETWEEN: Duration = Duration::from_millis(10);
const GARBAGE: &str = r#"{"n":1,"command":{"post":{{{"#;

/// So many of each kind, in this seat. Dropping them ends them.
pub(crate) fn makers(address: SocketAddr, seat: Seat, each: usize) -> JoinSet<Infallible> {
    let seat = Rc::new(seat);
    let mut all = JoinSet::new();
    for _ in 0..each {
        let (slow, loud) = (Rc::clone(&seat), Rc::clone(&seat));
        all.spawn_local(async move {
            loop {
                let line = Line::open(address, &slow).await;
                sleep(ASLEEP).await;
                drop(line);
            }
        });
        all.spawn_local(async move {
            loop {
                if let Ok(line) = Line::open(address, &loud).await {
                    talk(&line).await;
                }
                sleep(BETWEEN).await;
            }
        });
    }
    all
}

/// Until the server has had enough.
async fn talk(line: &Line) {
    while line.say(GARBAGE).is_ok() {
        let ended = async { while line.hear(|_| Ok(())).await.is_ok() {} };
        if timeout(BETWEEN, ended).await.is_ok() {
            return;
        }
    }
}
