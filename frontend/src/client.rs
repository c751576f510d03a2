//! What a tab does with frames, clicks and time: it feeds line, outbox and state, and carries out
//! what they decide. It decides nothing itself.

mod aloud;
mod desk;
pub(crate) mod draft;
mod events;
mod heard;
mod history;
mod lobby;
mod mine;
mod missing;
mod others;
mod outgoing;
mod reading;
mod status;
mod turn;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use app::{Live, RoomState, Words};
use js_sys::{Date, Math};
use leptos::prelude::*;
use protocol::{Command, MessageId, Request, RoomId};
use sync::{Action, Input, Line, Outbox};
use wasm_bindgen_futures::spawn_local;

use {
    desk::Hosting, history::Loading, lobby::Listing, mine::Mine, missing::Missing, reading::Reading,
};

use crate::{
    announce::Announcer, attention::Attention, bell::Bell, document, page::Drawn, share,
    socket::Socket, storage::Storage,
};

/// Milliseconds until what was refused is asked again.
const PAUSE: f64 = 3_000.0;

thread_local! {
    static CLIENT: RefCell<Option<Rc<Client>>> = const { RefCell::new(None) };
}

pub(crate) const LIVE: Live = Live {
    post: |body, name| with(|client| client.post(body, name)).unwrap_or(false),
    join: |name| {
        with(|client| client.ask_to_join(name));
    },
    rename: |name| {
        with(|client| client.rename(name));
    },
    retry: |id| {
        with(|client| client.retry(id));
    },
    discard: |id| {
        with(|client| client.discard(id));
    },
    load: |place, aim| {
        with(|client| client.load(place, aim));
    },
    more_people: || {
        with(Client::more_people);
    },
    admit: |knock| {
        with(|client| client.admit(knock));
    },
    copy: document::copy,
    can_share: share::can_share,
    share: share::share,
    draft: || with(|client| client.draft()).unwrap_or_default(),
    typed: || {
        with(|client| client.typed());
    },
    count: document::count,
};

fn with<T>(act: impl FnOnce(&Rc<Client>) -> T) -> Option<T> {
    let client = CLIENT.with_borrow(Clone::clone)?;
    Some(act(&client))
}

/// A command that the server will answer, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Watch(u32),
    Post(MessageId, u32),
    /// By anything.
    Beat,
}

struct Client {
    /// Those of the page, in its language.
    words: Option<&'static Words>,
    /// The room that is shown, and what lives with it; the lobby shows none.
    room: Cell<Option<RoomState>>,
    owner: RefCell<Option<Owner>>,
    /// How often the reader wanted to see another one.
    turns: Cell<u32>,
    line: RefCell<Line>,
    outbox: RefCell<Outbox>,
    socket: RefCell<Option<Socket>>,
    storage: RefCell<Option<Rc<Storage>>>,
    asked: RefCell<Vec<Asked>>,
    loading: RefCell<Loading>,
    reading: Reading,
    mine: Mine,
    listing: Listing,
    hosting: Hosting,
    requests: Cell<u32>,
    /// The name that a visitor wants to join with, until the server has answered.
    joining: RefCell<Option<String>>,
    join_in_flight: Cell<bool>,
    join_after: Cell<f64>,
    /// The name that a member wants, until the server has answered.
    renaming: RefCell<Option<String>>,
    attention: RefCell<Attention>,
    announcer: RefCell<Announcer>,
    missing: Missing,
    bell: RefCell<Rc<Bell>>,
    people: Cell<others::People>,
    /// Neither tells nor shows who is typing.
    quiet: Cell<bool>,
    /// What is in the box is not kept yet, but will be.
    draft_is_due: Cell<bool>,
}

/// `page` is what this one was drawn from, if anything lives on in it.
pub(crate) fn start(page: Option<Drawn>) {
    let (words, shown) = match page {
        Some(Drawn { look, words, view }) => (Some(words), view.map(|view| (look, words, view))),
        None => (None, None),
    };
    let client = Rc::new(Client {
        words,
        room: Cell::default(),
        owner: RefCell::default(),
        turns: Cell::default(),
        line: RefCell::new(Line::new(Date::now())),
        outbox: RefCell::default(),
        socket: RefCell::default(),
        storage: RefCell::default(),
        asked: RefCell::default(),
        loading: RefCell::default(),
        reading: Reading::default(),
        mine: Mine::default(),
        listing: Listing::default(),
        hosting: Hosting::default(),
        requests: Cell::default(),
        joining: RefCell::default(),
        join_in_flight: Cell::default(),
        join_after: Cell::default(),
        renaming: RefCell::default(),
        attention: RefCell::default(),
        announcer: RefCell::default(),
        missing: Missing::default(),
        // Of all rooms, until one is shown.
        bell: RefCell::new(Rc::new(Bell::new(None, document::kept().notify))),
        people: Cell::default(),
        quiet: Cell::default(),
        draft_is_due: Cell::default(),
    });
    CLIENT.set(Some(client.clone()));
    match shown {
        Some((look, words, view)) => {
            client.show(look, words, &view);
        }
        None => client.bell.borrow().draw(),
    }
    turn::listen();
    events::listen();
    missing::listen();
    status::listen();
    spawn_local(async move {
        let storage = Rc::new(Storage::open().await);
        for room in client.outbox.borrow().rooms() {
            // Written while the store was opened.
            let member = client.is_member(room);
            client.outbox.borrow().entries(room).for_each(|entry| storage.put(entry, member));
        }
        client.storage.replace(Some(storage));
        client.adopt().await;
    });
    with(|client| client.feed(Input::Tick));
}

impl Client {
    fn feed(&self, input: Input) {
        let action = self.line.borrow_mut().step(Date::now(), Math::random(), input);
        match action {
            Action::Nothing => {}
            Action::Open => self.open(),
            Action::Drop => self.drop_socket(),
            Action::Reopen => {
                self.drop_socket();
                self.open();
            }
            Action::Probe => self.ask(Command::Beat, |_| Asked::Beat),
        }
        self.show_status();
    }

    fn open(&self) {
        // Elsewhere there is nothing to hear, and mostly nothing that was left unsent.
        let unsent = || !self.outbox.borrow().rooms().is_empty();
        let lists = app::lists_open() || app::waits_at_door();
        if self.room.get().is_some() || self.has_rooms() || lists || unsent() {
            self.socket.replace(Socket::open(|said| {
                with(|client| client.hear(said));
            }));
        }
    }

    fn drop_socket(&self) {
        self.socket.replace(None);
        self.asked.borrow_mut().clear();
        self.outbox.borrow_mut().cut();
    }

    /// What needs no answer. Returns the number of the request.
    fn tell(&self, command: Command) -> u32 {
        let n = self.requests.get() + 1;
        self.requests.set(n);
        if let Some(socket) = &*self.socket.borrow() {
            socket.send(&Request { n, command });
        }
        n
    }

    fn ask(&self, command: Command, asked: impl FnOnce(u32) -> Asked) {
        let asked = asked(self.tell(command));
        let page = matches!(asked, Asked::Watch(_));
        self.asked.borrow_mut().push(asked);
        self.feed(if page { Input::AskedPage } else { Input::Asked });
    }

    fn answered(&self, is: impl Fn(&Asked) -> bool) {
        let left = {
            let mut asked = self.asked.borrow_mut();
            asked.retain(|one| !is(one));
            asked.first().map(|one| matches!(one, Asked::Watch(_)))
        };
        self.feed(Input::Answered);
        if let Some(page) = left {
            self.feed(if page { Input::AskedPage } else { Input::Asked });
        }
    }

    /// The room, if it is the one that is shown.
    fn shows(&self, room: RoomId) -> Option<RoomState> {
        self.room.get().filter(|shown| shown.id() == room)
    }

    fn is_member(&self, room: RoomId) -> bool {
        self.shows(room).is_some_and(RoomState::is_member)
    }

    fn reload(&self) {
        self.line.borrow_mut().stop();
        self.drop_socket();
        // Outbox and page are both kept where a new page finds them.
        let _ = location().reload();
    }
}
