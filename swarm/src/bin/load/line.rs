//! One socket of many: opened step by step, then read with as little work as it takes, because whoever
//! measures shares the machine with what is measured.

use std::{
    cell::RefCell,
    io::{Error, ErrorKind, Result},
    net::SocketAddr,
};

use memchr::memmem;
use swarm::frame::{CLOSE, PING, PONG, TEXT, masked, take};
use tokio::net::TcpStream;

use crate::dialect::{Seat, Step};

/// More than the largest frame that a server in question sends.
const BUFFER: usize = 512 * 1024;

thread_local! {
    /// For all of them: while nothing arrives, none has one of its own.
    static READ: RefCell<Box<[u8]>> = RefCell::new(vec![0; BUFFER].into());
}

pub(crate) struct Line {
    stream: TcpStream,
    /// A frame that is not whole yet.
    rest: RefCell<Vec<u8>>,
}

impl Line {
    pub(crate) async fn open(address: SocketAddr, seat: &Seat) -> Result<Self> {
        Self::over(TcpStream::connect(address).await?, address, seat).await
    }

    /// Returns when the seat is taken.
    pub(crate) async fn over(stream: TcpStream, address: SocketAddr, seat: &Seat) -> Result<Self> {
        stream.set_nodelay(true)?;
        let line = Self { stream, rest: RefCell::default() };
        line.upgrade(address, seat).await?;
        for step in &seat.steps {
            match step {
                Step::Say(text) => line.say(text)?,
                Step::Hear(start) => {
                    let mut heard = false;
                    while !heard {
                        line.hear(|text| {
                            heard |= text.starts_with(start.as_bytes());
                            Ok(())
                        })
                        .await?;
                    }
                }
            }
        }
        Ok(line)
    }

    async fn upgrade(&self, address: SocketAddr, Seat { path, cookie, .. }: &Seat) -> Result<()> {
        let cookie = cookie.as_ref().map(|cookie| format!("Cookie: {cookie}\r\n"));
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
            Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{}\r\n",
            cookie.unwrap_or_default()
        );
        self.write(request.as_bytes())?;
        let mut answer = [0; 4096];
        loop {
            // Frames may be behind it already, and are not for us.
            let here = self.stream.peek(&mut answer).await?;
            let here = &answer[..here];
            if let Some(end) = memmem::find(here, b"\r\n\r\n") {
                self.stream.try_read(&mut answer[..end + 4])?;
                let is_ours = answer.starts_with(b"HTTP/1.1 101");
                return if is_ours { Ok(()) } else { Err(refused(&answer[..end])) };
            }
            if here.is_empty() {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn say(&self, text: &str) -> Result<()> {
        self.frame(TEXT, text.as_bytes())
    }

    pub(crate) fn frame(&self, opcode: u8, payload: &[u8]) -> Result<()> {
        self.write(&masked(opcode, payload))
    }

    /// Short things, after which an answer is waited for: they always fit.
    fn write(&self, bytes: &[u8]) -> Result<()> {
        match self.stream.try_write(bytes) {
            Ok(count) if count == bytes.len() => Ok(()),
            Ok(_) => Err(Error::other("the server takes nothing more")),
            Err(error) => Err(error),
        }
    }

    /// Waits for texts, and says what they are.
    pub(crate) async fn hear(&self, mut text: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.stream.readable().await?;
        READ.with_borrow_mut(|buffer| {
            let mut rest = self.rest.borrow_mut();
            let held = rest.len();
            buffer[..held].copy_from_slice(&rest);
            let count = match self.stream.try_read(&mut buffer[held..]) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            };
            let mut bytes = &buffer[..held + count];
            while let Some(frame) = take(&mut bytes).map_err(Error::other)? {
                match frame.opcode {
                    TEXT => text(frame.payload)?,
                    PING => self.write(&masked(PONG, frame.payload))?,
                    CLOSE => return Err(refused(frame.payload)),
                    _ => {}
                }
            }
            *rest = bytes.to_vec();
            Ok(())
        })
    }
}

pub(crate) fn refused(answer: &[u8]) -> Error {
    Error::other(format!("the server said {}", String::from_utf8_lossy(answer)))
}
