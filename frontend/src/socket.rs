//! The only WebSocket. What it says comes as calls; dropping it closes it and silences it at once.

use crate::json::decode;
use protocol::{Event, Request, VERSION, encode};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

pub(crate) enum Said {
    Opened,
    Event(Event),
    /// The close code, 1006 for a line that broke.
    Closed(u16),
}

pub(crate) struct Socket {
    socket: WebSocket,
    _opened: Closure<dyn Fn()>,
    _message: Closure<dyn Fn(MessageEvent)>,
    _closed: Closure<dyn Fn(CloseEvent)>,
}

impl Socket {
    pub(crate) fn open(hear: fn(Said)) -> Option<Self> {
        let socket = WebSocket::new(&address()?).ok()?;
        let opened = Closure::<dyn Fn()>::new(move || hear(Said::Opened));
        let message = Closure::<dyn Fn(_)>::new(move |event: MessageEvent| {
            // A frame that cannot be read is of a newer server, which closes with a code that says so.
            if let Some(event) = event.data().as_string().and_then(|text| decode(&text)) {
                hear(Said::Event(event));
            }
        });
        let closed =
            Closure::<dyn Fn(_)>::new(move |event: CloseEvent| hear(Said::Closed(event.code())));
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self { socket, _opened: opened, _message: message, _closed: closed })
    }

    /// A socket that is not open loses it; its close says so.
    pub(crate) fn send(&self, request: &Request) {
        let _ = self.socket.send_with_str(&encode(request));
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}

fn address() -> Option<String> {
    let origin = web_sys::window()?.location().origin().ok()?;
    Some(format!("{}/live?version={VERSION}", origin.replacen("http", "ws", 1)))
}
