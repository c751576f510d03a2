//! Those who send what no client sends, or take nothing, in a room where others talk. Each is refused,
//! or closed with the code that is documented for it, or held until it ends; nobody else notices.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Result, bail, ensure};
use futures::future::{BoxFuture, try_join_all};
use protocol::{
    Audience, Close, Command, Event, MAX_FRAME, Point, Refusal, Request, Reset, RoomId, encode,
};
use swarm::{
    chance::Chance,
    check::Account,
    frame::{BINARY, END, MORE, PING, TEXT, masked, piece},
    person::{Ear, Person, Voice},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use super::Outcome;
use crate::stage::Stage;

/// Pages that somebody asks for who reads none: far more than the kernel keeps of their questions.
const ASKED: usize = 5000;
/// For so long they read nothing. The server's patience ends two seconds and a half before, and as long after it does the
/// wait for its farewell to be read.
const DEAF: Duration = Duration::from_millis(12_500);
/// Of that, surely within its patience.
const HELD: Duration = Duration::from_secs(7);
/// Far more than any of them has to wait.
const ENOUGH: Duration = Duration::from_secs(30);
/// What a server says to bytes at random, or nothing if they are the beginning of something.
const TO_NOISE: [u16; 5] = [1002, 1003, 1006, 1007, 1009];

/// A socket that follows the room, and the line below it for bytes of any kind.
struct Stranger {
    voice: Voice,
    ear: Ear,
    line: TcpStream,
    room: RoomId,
}

pub(super) async fn garbage(stage: &mut Stage) -> Result<Outcome> {
    let (rounds, each) = if stage.plan.long { (20, 200) } else { (2, 80) };
    stage.start().await?;
    stage.fill(1, 4).await?;
    let person = stage.join(0, "Stranger").await?;
    let address = stage.server()?.address;
    let open = async || Stranger::open(&person, TcpStream::connect(address).await?).await;
    let (mut sent, mut held, mut deaf) = (0, Vec::new(), Vec::new());
    for round in 0..rounds {
        stage.everyone_says(each).await;
        let mut all: Vec<BoxFuture<Result<()>>> = Vec::new();
        for (what, close, bytes) in broken() {
            let stranger = open().await?;
            all.push(Box::pin(async move { stranger.breaks(what, close, &bytes).await }));
        }
        all.push(Box::pin(open().await?.pieces()));
        all.push(Box::pin(open().await?.heap()));
        all.push(Box::pin(open().await?.wrong_points()));
        all.push(Box::pin(open().await?.abuse()));
        for nth in 0..8 {
            let noise = noise(&mut stage.chance.of(&format!("noise {round} {nth}")));
            all.push(Box::pin(open().await?.noise(noise.clone())));
            all.push(Box::pin(no_http(TcpStream::connect(address).await?, noise)));
        }
        sent += all.len();
        timeout(ENOUGH, try_join_all(all)).await??;
        for bytes in unfinished() {
            let mut stranger = open().await?;
            stranger.line.write_all(&bytes).await?;
            held.push(stranger);
        }
        stage.until_answered().await?;
        // Beside the next round.
        if round + 1 < rounds {
            deaf.push(tokio::spawn(narrow(&person, address).await?.asks_and_does_not_read()));
        }
    }
    sent += deaf.len();
    for one in deaf {
        timeout(ENOUGH, one).await???;
    }
    let ends: usize = stage.tabs.iter().map(|tab| tab.view.borrow().ends.len()).sum();
    let mut found = stage.settle().await?;
    let anew = |account: &&Account| account.runs.len() > 1 || !account.gaps.is_empty();
    let troubled = found.story.accounts.iter().filter(anew).count();
    found.must(ends == 0, &format!("others were cut {ends} times"));
    found.must(troubled == 0, &format!("{troubled} others missed something"));
    Ok(Outcome::Played(format!("{sent} sent garbage, {} never ended theirs", held.len()), found))
}

/// What it is, what the server says to it, and the bytes.
fn broken() -> Vec<(&'static str, Close, Vec<u8>)> {
    let half = vec![b'x'; MAX_FRAME / 2 + 1];
    vec![
        ("HTTP", Close::Protocol, b"GET / HTTP/1.1\r\n\r\n".to_vec()),
        ("no mask", Close::Protocol, vec![END | TEXT, 2, b'{', b'}']),
        ("reserved bits", Close::Protocol, piece(END | 0x40 | TEXT, b"{}")),
        ("a reserved kind", Close::Protocol, masked(3, b"{}")),
        ("the end of nothing", Close::Protocol, masked(MORE, b"{}")),
        ("a ping in pieces", Close::Protocol, piece(PING, b"?")),
        ("bytes", Close::Unsupported, masked(BINARY, b"{}")),
        ("no UTF-8", Close::NotText, masked(TEXT, b"\xff")),
        ("too much", Close::TooBig, masked(TEXT, &[&half[..], &half].concat())),
        ("too much in pieces", Close::TooBig, [piece(TEXT, &half), piece(MORE, &half)].concat()),
    ]
}

/// They stay open, and nothing that could be answered ever comes.
fn unfinished() -> [Vec<u8>; 3] {
    let whole = masked(TEXT, b"\"never said\"");
    let mut endless = piece(TEXT, b"\"");
    (0..10_000).for_each(|_| endless.extend(piece(MORE, b"")));
    [whole[..whole.len() / 2].to_vec(), piece(TEXT, b"\"and"), endless]
}

/// For whom, and of whom, the kernel keeps hardly anything.
async fn narrow(person: &Person, address: SocketAddr) -> Result<Stranger> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4096)?;
    socket.set_send_buffer_size(4096)?;
    Stranger::open(person, socket.connect(address).await?).await
}

fn noise(chance: &mut Chance) -> Vec<u8> {
    let count = chance.within(1..5000);
    (0..count).filter_map(|_| u8::try_from(chance.within(0..256)).ok()).collect()
}

/// In place of a request.
async fn no_http(mut line: TcpStream, noise: Vec<u8>) -> Result<()> {
    // It may be closed before all of it is written.
    let _ = line.write_all(&noise).await;
    let _ = line.shutdown().await;
    let mut answer = Vec::new();
    let _ = line.read_to_end(&mut answer).await;
    let refused = answer.is_empty() || answer.starts_with(b"HTTP/1.1 400 ");
    ensure!(refused, "noise is answered with {}", String::from_utf8_lossy(&answer));
    Ok(())
}

impl Stranger {
    async fn open(person: &Person, line: TcpStream) -> Result<Self> {
        let line = line.into_std()?;
        let below = TcpStream::from_std(line.try_clone()?)?;
        let (voice, ear, page) = person.follow_over(TcpStream::from_std(line)?).await?;
        Ok(Self { voice, ear, line: below, room: page.room.id })
    }

    async fn breaks(mut self, what: &str, close: Close, bytes: &[u8]) -> Result<()> {
        // As above.
        let _ = self.line.write_all(bytes).await;
        let code = self.end().await?;
        ensure!(code == close.code(), "{what} is closed with {code}");
        Ok(())
    }

    async fn end(&mut self) -> Result<u16> {
        loop {
            if let Err(code) = self.ear.next().await? {
                return Ok(code);
            }
        }
    }

    async fn noise(mut self, noise: Vec<u8>) -> Result<()> {
        let _ = self.line.write_all(&noise).await;
        let _ = self.line.shutdown().await;
        let code = self.end().await?;
        ensure!(TO_NOISE.contains(&code), "noise is closed with {code}");
        Ok(())
    }

    /// A command, a byte at a time, and between them what may be between.
    async fn pieces(mut self) -> Result<()> {
        let text = encode(&Request { n: 1, command: Command::Beat });
        let (mut bytes, last) = (Vec::new(), text.len() - 1);
        for (nth, byte) in text.bytes().enumerate() {
            let first = if nth == 0 { TEXT } else { MORE };
            bytes.extend(piece(if nth == last { END | first } else { first }, &[byte]));
            bytes.extend(masked(PING, b""));
        }
        self.line.write_all(&bytes).await?;
        self.ear.until(|event| *event == Event::Beat).await
    }

    /// All in one write, all refused, and in their order.
    async fn heap(mut self) -> Result<()> {
        let command = |n| Request { n, command: Command::Typing { room: RoomId(0), on: true } };
        let heap = (1..=10_000).flat_map(|n| masked(TEXT, encode(&command(n)).as_bytes()));
        let heap: Vec<u8> = heap.collect();
        let Self { line, ear, .. } = &mut self;
        let hear = async {
            for n in 1..=10_000 {
                ensure!(refused(ear).await? == (Some(n), Refusal::NotAMember), "at {n}");
            }
            Ok(())
        };
        let (written, heard) = futures::join!(line.write_all(&heap), hear);
        written?;
        heard
    }

    /// Where nobody ever was.
    async fn wrong_points(mut self) -> Result<()> {
        let stream = Audience::Room(self.room);
        for (epoch, rev) in [(0, 0), (0, 1), (u32::MAX, 1), (1, 1 << 40), (1, u64::MAX)] {
            let since = Some(Point { epoch, rev });
            self.voice.say(Command::Watch { stream, since, code: None }).await?;
            self.ear.until(|event| matches!(event, Event::Reset(Reset::Room(_)))).await?;
        }
        Ok(())
    }

    async fn abuse(mut self) -> Result<()> {
        for n in 1..=16 {
            let wrong = format!(r#"{{"n":{n},"command":{{"post":{{"room":{n}}}}}}}"#);
            self.line.write_all(&masked(TEXT, wrong.as_bytes())).await?;
        }
        for n in 1..=15 {
            ensure!(refused(&mut self.ear).await? == (Some(n), Refusal::Malformed), "at {n}");
        }
        let code = self.end().await?;
        ensure!(code == Close::Abuse.code(), "abuse is closed with {code}");
        Ok(())
    }

    /// For pages, again and again, and takes none for a while. The server reads no further when enough waits, and
    /// then gives up.
    async fn asks_and_does_not_read(mut self) -> Result<()> {
        let stream = Audience::Room(self.room);
        let ask = Request { n: 1, command: Command::Watch { stream, since: None, code: None } };
        let asks = masked(TEXT, encode(&ask).as_bytes()).repeat(ASKED);
        // Not reading is the fault itself. Who was given up on is read to the end, and heard no more.
        let all_was_read = timeout(HELD, self.line.write_all(&asks)).await.is_ok();
        ensure!(!all_was_read, "one who takes no answer is read to the end");
        sleep(DEAF - HELD).await;
        let code = self.end().await?;
        ensure!(code == Close::Slow.code(), "one who takes nothing is closed with {code}");
        Ok(())
    }
}

async fn refused(ear: &mut Ear) -> Result<(Option<u32>, Refusal)> {
    loop {
        match ear.next().await? {
            Ok(Event::Refused(refused)) => return Ok((refused.n, refused.refusal)),
            Ok(_) => {}
            Err(code) => bail!("closed with {code}"),
        }
    }
}
