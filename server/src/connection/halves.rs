//! Both halves of a WebSocket. The one that is read is tungstenite's, which knows how clients frame,
//! mask and break off. The one that is written is ours: frames go out from where they are kept for everyone,
//! and no connection keeps a copy or room for one.

use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::body::Bytes;
use delivery::{FRAMES, Frame, Sink};
use protocol::MAX_FRAME;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
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
/// Of one write: what is handed over at once, and what may have been fed before.
const SLICES: usize = FRAMES + 4;

/// What the client sends, as messages.
pub(super) type Reading = WebSocketStream<Mute>;

/// What goes to the client.
pub(super) struct Writing {
    half: OwnedWriteHalf,
    frames: VecDeque<Bytes>,
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
    (reading, Writing { half: writing, frames: VecDeque::new() })
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

impl Sink for Writing {
    fn feed(&mut self, frame: Frame) {
        self.frames.push_back(frame.into_bytes());
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(first) = self.frames.front() {
            // Mostly there is one, and a write that takes several costs more.
            let written = if self.frames.len() == 1 {
                Pin::new(&mut self.half).poll_write(cx, first)
            } else {
                let count = self.frames.len().min(SLICES);
                let slices = slices(&self.frames);
                Pin::new(&mut self.half).poll_write_vectored(cx, &slices[..count])
            };
            self.written(ready!(written)?)?;
        }
        Poll::Ready(Ok(()))
    }
}

impl Writing {
    fn written(&mut self, mut bytes: usize) -> io::Result<()> {
        if bytes == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        while let Some(frame) = self.frames.front_mut() {
            if bytes < frame.len() {
                *frame = frame.slice(bytes..);
                break;
            }
            bytes -= frame.len();
            self.frames.pop_front();
        }
        Ok(())
    }
}

fn slices(frames: &VecDeque<Bytes>) -> [IoSlice<'_>; SLICES] {
    let mut slices = [IoSlice::new(&[]); SLICES];
    for (slice, frame) in slices.iter_mut().zip(frames) {
        *slice = IoSlice::new(frame);
    }
    slices
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use std::task::Waker;

    use futures::StreamExt;
    use tokio::net::TcpListener;
    use tokio_tungstenite::tungstenite::Message;

    use super::{super::flushed, *};

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
            writing.feed(text.clone().into());
        }
        let said = tokio::spawn(async move { flushed(&mut writing).await });
        for text in texts {
            assert_eq!(client.next().await.unwrap().unwrap(), Message::text(text));
        }
        said.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn whoever_gives_up_waiting_leaves_the_rest_for_the_next() {
        let (mut writing, mut client) = pair().await;
        let text = "x".repeat(8 * 1024 * 1024);
        writing.feed(text.clone().into());
        // Nobody reads, so it is not written to its end.
        let mut nobody = Context::from_waker(Waker::noop());
        assert!(writing.poll_flush(&mut nobody).is_pending());
        writing.feed(Frame::close(Some(1001)));
        let said = tokio::spawn(async move { flushed(&mut writing).await });
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text(text));
        let Message::Close(Some(close)) = client.next().await.unwrap().unwrap() else { panic!() };
        assert_eq!(u16::from(close.code), 1001);
        said.await.unwrap().unwrap();
    }
}
