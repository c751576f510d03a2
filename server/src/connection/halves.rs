//! Both halves of a WebSocket. The one that is read is tungstenite's, which knows how clients frame,
//! mask and break off. The one that is written is ours: a server's frames are a few bytes before each
//! text (RFC 6455, 5.2), so the texts go out from where they are kept for everyone, and no connection
//! keeps a copy or room for one.

use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Bytes;
use protocol::MAX_FRAME;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::protocol::{Role, WebSocketConfig},
};

/// tungstenite's own is 128 KiB for every connection. What is longer is read all the same.
const READ_BUFFER: usize = 512;
/// Bytes and frames that one write takes: more would only wait in the kernel.
const ENOUGH: usize = 64 * 1024;
const FRAMES: usize = 32;

/// What the client sends, as messages.
pub(super) type Reading = WebSocketStream<Mute>;

/// What goes to the client.
pub(super) struct Writing {
    half: OwnedWriteHalf,
    frames: VecDeque<Frame>,
    /// Of `frames`.
    bytes: usize,
}

/// `read` came with the request already.
pub(super) async fn halves(stream: TcpStream, read: Vec<u8>) -> (Reading, Writing) {
    let (reading, writing) = stream.into_split();
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_message_size(Some(MAX_FRAME))
        .max_frame_size(Some(MAX_FRAME));
    let reading =
        WebSocketStream::from_partially_read(Mute(reading), read, Role::Server, Some(config)).await;
    (reading, Writing { half: writing, frames: VecDeque::new(), bytes: 0 })
}

/// Reads and says nothing: what tungstenite would answer by itself, the other half says.
pub(super) struct Mute(OwnedReadHalf);

impl AsyncRead for Mute {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Mute {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text = 1,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// One message, whole and unmasked.
struct Frame {
    head: [u8; 10],
    /// Bytes of `head` that count.
    length: usize,
    payload: Bytes,
    /// Bytes that were written.
    done: usize,
}

impl Frame {
    fn new(kind: Kind, payload: Bytes) -> Self {
        let mut head = [0; 10];
        // Its last part too.
        head[0] = 0x80 | kind as u8;
        let length = match payload.len() {
            short @ ..126 => {
                head[1] = short as u8;
                2
            }
            middle @ ..0x1_0000 => {
                head[1] = 126;
                head[2..4].copy_from_slice(&(middle as u16).to_be_bytes());
                4
            }
            long => {
                head[1] = 127;
                head[2..].copy_from_slice(&(long as u64).to_be_bytes());
                10
            }
        };
        Self { head, length, payload, done: 0 }
    }

    fn len(&self) -> usize {
        self.length + self.payload.len()
    }

    /// What is still to be written.
    fn rest(&self) -> [&[u8]; 2] {
        let head = &self.head[self.done.min(self.length)..self.length];
        [head, &self.payload[self.done.saturating_sub(self.length)..]]
    }
}

impl Writing {
    /// It is written with the next `flush`.
    pub(super) fn feed(&mut self, kind: Kind, payload: impl Into<Bytes>) {
        let frame = Frame::new(kind, payload.into());
        self.bytes += frame.len();
        self.frames.push_back(frame);
    }

    /// There is enough for a write.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= ENOUGH || self.frames.len() >= FRAMES
    }

    /// Writes all that was fed. Whoever stops waiting for it loses nothing: the next one goes on.
    pub(super) async fn flush(&mut self) -> io::Result<()> {
        while !self.frames.is_empty() {
            let mut slices = [IoSlice::new(&[]); 2 * FRAMES];
            let rests = self.frames.iter().flat_map(Frame::rest);
            let count = slices
                .iter_mut()
                .zip(rests)
                .map(|(slice, rest)| *slice = IoSlice::new(rest))
                .count();
            match self.half.write_vectored(&slices[..count]).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                written => self.written(written),
            }
        }
        Ok(())
    }

    fn written(&mut self, mut bytes: usize) {
        while let Some(frame) = self.frames.front_mut() {
            let left = frame.len() - frame.done;
            if bytes < left {
                frame.done += bytes;
                return;
            }
            bytes -= left;
            self.bytes -= frame.len();
            self.frames.pop_front();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use futures::StreamExt;
    use tokio::net::TcpListener;
    use tokio_tungstenite::tungstenite::Message;

    use super::*;

    /// Ours, and a client that reads what we write with somebody else's eyes.
    async fn pair() -> (Writing, WebSocketStream<TcpStream>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let (_, writing) = halves(server, Vec::new()).await;
        (writing, WebSocketStream::from_raw_socket(client, Role::Client, None).await)
    }

    #[tokio::test]
    async fn texts_of_every_length_arrive_as_they_were_said() {
        let (mut writing, mut client) = pair().await;
        let lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 300_000];
        let texts: Vec<String> =
            lengths.into_iter().cycle().take(80).map(|n| "é".repeat(n / 2)).collect();
        for text in &texts {
            writing.feed(Kind::Text, text.clone());
        }
        let said = tokio::spawn(async move { writing.flush().await });
        for text in texts {
            assert_eq!(client.next().await.unwrap().unwrap(), Message::text(text));
        }
        said.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn whoever_gives_up_waiting_leaves_the_rest_for_the_next() {
        let (mut writing, mut client) = pair().await;
        let text = "x".repeat(8 * 1024 * 1024);
        writing.feed(Kind::Text, text.clone());
        // Nobody reads, so it is not written to its end.
        assert!(futures::poll!(std::pin::pin!(writing.flush())).is_pending());
        writing.feed(Kind::Close, 1001_u16.to_be_bytes().to_vec());
        let said = tokio::spawn(async move { writing.flush().await });
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text(text));
        let Message::Close(Some(close)) = client.next().await.unwrap().unwrap() else { panic!() };
        assert_eq!(u16::from(close.code), 1001);
        said.await.unwrap().unwrap();
    }
}
