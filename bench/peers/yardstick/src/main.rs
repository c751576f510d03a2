//! The least that a room on axum can do: a queue for each connection, of which all that waits is written
//! at once. It keeps nothing and checks nothing; what Parley takes beyond it is what its promises cost.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Result;
use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, Utf8Bytes, WebSocket},
    },
    response::Response,
    routing::get,
    serve::ListenerExt,
};
use futures::{SinkExt, StreamExt, stream::SplitSink};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::mpsc::{Receiver, Sender, channel},
};

const READ_BUFFER: usize = 2 * 1024;
/// Who is further behind misses something, and whoever measures finds out.
const QUEUE: usize = 1024;
const ROUND: usize = 64;

type Queue = Sender<Utf8Bytes>;
type Rooms = Arc<Mutex<HashMap<String, Vec<Queue>>>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let router = Router::new().route("/ws", get(upgrade)).with_state(Rooms::default());
    Ok(axum::serve(listener, router).await?)
}

async fn upgrade(State(rooms): State<Rooms>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.read_buffer_size(READ_BUFFER).on_upgrade(|socket| async move {
        let (sink, mut stream) = socket.split();
        let (queue, waiting) = channel(QUEUE);
        tokio::spawn(write(sink, waiting));
        let mut room = None;
        while let Some(Ok(message)) = stream.next().await {
            let Message::Text(text) = message else { continue };
            match &room {
                None => room = join(&rooms, &text, &queue),
                Some(room) => say(&rooms, room, &text),
            }
        }
        let mut rooms = rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(members) = room.and_then(|room| rooms.get_mut(&room)) {
            members.retain(|member| !member.same_channel(&queue));
        }
    })
}

fn join(rooms: &Rooms, text: &str, queue: &Queue) -> Option<String> {
    let asked: Value = serde_json::from_str(text).ok()?;
    let room = asked["join"].as_str()?;
    let mut rooms = rooms.lock().unwrap_or_else(PoisonError::into_inner);
    rooms.entry(room.to_owned()).or_default().push(queue.clone());
    let _ = queue.try_send(json!({ "joined": room }).to_string().into());
    Some(room.to_owned())
}

fn say(rooms: &Rooms, room: &str, text: &str) {
    let said = Utf8Bytes::from(json!({ "text": text }).to_string());
    let rooms = rooms.lock().unwrap_or_else(PoisonError::into_inner);
    for member in rooms.get(room).into_iter().flatten() {
        let _ = member.try_send(said.clone());
    }
}

async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut waiting: Receiver<Utf8Bytes>,
) -> Option<()> {
    let mut round = Vec::new();
    while waiting.recv_many(&mut round, ROUND).await > 0 {
        for text in round.drain(..) {
            sink.feed(Message::Text(text)).await.ok()?;
        }
        sink.flush().await.ok()?;
    }
    None
}
