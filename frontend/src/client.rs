//! What a tab does with frames, clicks and time: it feeds line, outbox and state, and carries out
//! what they decide. It decides nothing itself.

mod aloud;
pub(crate) mod draft;
mod events;
mod history;
mod missing;
mod others;
mod outgoing;
mod reading;
mod status;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use app::{Live, RoomState};
use js_sys::{Date, Math};
use leptos::prelude::*;
use protocol::{
    Audience, Changes, Close, Command, Event, Look, MessageId, Page, Rate, Reason, Refusal,
    Request, Reset, RoomCode, VERSION, Value,
};
use sync::{Action, Heard, Input, Line, Outbox};
use wasm_bindgen_futures::spawn_local;

use {history::Loading, missing::Missing, reading::Reading};

use crate::{
    announce::Announcer,
    attention::Attention,
    bell::Bell,
    document, share,
    socket::{Said, Socket},
    storage::{Storage, now},
};

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
    /// The room that is shown; the lobby shows none.
    room: Option<(RoomState, RoomCode)>,
    line: RefCell<Line>,
    outbox: RefCell<Outbox>,
    socket: RefCell<Option<Socket>>,
    storage: RefCell<Option<Rc<Storage>>>,
    asked: RefCell<Vec<Asked>>,
    loading: RefCell<Loading>,
    reading: Reading,
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
    bell: Bell,
    /// With a knock.
    sounds: bool,
    people: Cell<others::People>,
    /// Neither tells nor shows who is typing.
    quiet: bool,
    /// What is in the box is not kept yet, but will be.
    draft_is_due: Cell<bool>,
}

pub(crate) fn start(room: Option<RoomState>, look: &Look) {
    let room = room.map(|room| (room, room.scene.with_untracked(|scene| scene.room.code.clone())));
    let bell = Bell::new(room.as_ref().map(|(room, _)| room.id()), look.notify);
    let client = Rc::new(Client {
        room,
        line: RefCell::new(Line::new(Date::now())),
        outbox: RefCell::default(),
        socket: RefCell::default(),
        storage: RefCell::default(),
        asked: RefCell::default(),
        loading: RefCell::default(),
        reading: Reading::default(),
        requests: Cell::default(),
        joining: RefCell::default(),
        join_in_flight: Cell::default(),
        join_after: Cell::default(),
        renaming: RefCell::default(),
        attention: RefCell::default(),
        announcer: RefCell::default(),
        missing: Missing::default(),
        bell,
        sounds: look.sound,
        people: Cell::default(),
        quiet: look.quiet,
        draft_is_due: Cell::default(),
    });
    CLIENT.set(Some(client.clone()));
    events::listen();
    missing::listen();
    status::listen();
    spawn_local(async move {
        let storage = Rc::new(Storage::open().await);
        for room in client.outbox.borrow().rooms() {
            // Written while the store was opened.
            client.outbox.borrow().entries(room).for_each(|entry| storage.put(entry));
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
        // The lobby has nothing to hear; it connects only to send what is left over.
        let needed = self.room.is_some() || !self.outbox.borrow().rooms().is_empty();
        if needed {
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

    fn hear(self: &Rc<Self>, said: Said) {
        match said {
            Said::Opened => self.feed(Input::Opened),
            Said::Closed(code) if code == Close::Outdated.code() => self.reload(),
            Said::Closed(_) => self.feed(Input::Closed),
            Said::Event(event) => {
                self.feed(Input::Heard);
                if self.asked.borrow().contains(&Asked::Beat) {
                    self.answered(|asked| *asked == Asked::Beat);
                }
                self.event(event);
                self.pump();
                self.attend();
                self.miss();
            }
        }
    }

    fn event(self: &Rc<Self>, event: Event) {
        match event {
            Event::Hello(hello) if hello.version != VERSION => self.reload(),
            Event::Hello(hello) => self.greet(hello.rate),
            Event::Changes(changes) => self.changes(changes),
            Event::Reset(Reset::Person(page)) => {
                page.memberships.into_iter().for_each(|one| self.mine(one));
            }
            Event::Reset(Reset::Room(page)) => {
                if let Some((room, _)) = self.shows(Audience::Room(page.room.id)) {
                    self.reset(*room, page);
                }
            }
            Event::Presence(presence) => self.presence(presence),
            Event::Typing(typing) => self.others_type(typing),
            Event::Refused(refused) => self.refused(refused.n, &refused.refusal),
            Event::Closed(closed) => {
                if self.shows(closed.stream).is_some() {
                    self.end(closed.reason);
                }
            }
            Event::Beat => {}
        }
    }

    fn shows(&self, stream: Audience) -> Option<&(RoomState, RoomCode)> {
        self.room.as_ref().filter(|(room, _)| stream == Audience::Room(room.id()))
    }

    fn greet(&self, rate: Rate) {
        self.outbox.borrow_mut().limit(rate);
        match &self.room {
            Some((room, _)) => {
                // Before it is seen in the room: who is away does not come back for a moment.
                if self.attention.borrow().is_away() {
                    self.tell(Command::Away { away: true });
                }
                self.watch(*room);
                if room.is_member() {
                    self.follow_mine();
                }
            }
            // Nothing is shown, so nothing of it is missing.
            None => self.feed(Input::Complete),
        }
    }

    fn watch(&self, room: RoomState) {
        if !self.asked.borrow().iter().any(|asked| matches!(asked, Asked::Watch(_))) {
            let code = room.scene.with_untracked(|scene| scene.room.code.clone());
            let command = Command::Watch {
                stream: Audience::Room(room.id()),
                since: Some(room.complete()),
                code: Some(code),
            };
            self.ask(command, Asked::Watch);
        }
    }

    fn changes(&self, changes: Changes) {
        let mut ids = Vec::new();
        for value in &changes.values {
            match value {
                Value::Message(message) => ids.push(message.id),
                Value::Membership(membership) => self.mine(*membership),
                Value::Member(_) | Value::Room(_) => {}
            }
        }
        if let Some((room, _)) = self.shows(changes.stream) {
            // What begins where this page is complete is what was asked for.
            if changes.after <= room.complete().rev {
                self.answered(|asked| matches!(asked, Asked::Watch(_)));
            }
            match room.apply(changes) {
                Heard::Complete => self.feed(Input::Complete),
                Heard::Ask => self.watch(*room),
            }
        }
        self.confirm(&ids);
    }

    /// The server has these: they leave the outbox, in memory and on disk.
    fn confirm(&self, ids: &[MessageId]) {
        for id in ids {
            if self.outbox.borrow_mut().confirm(*id) {
                self.stored(|storage| storage.delete(*id));
                self.answered(|asked| matches!(asked, Asked::Post(post, _) if post == id));
                self.overlay();
            }
        }
    }

    fn refused(&self, n: Option<u32>, refusal: &Refusal) {
        let Some(n) = n else { return };
        let watch = self.asked.borrow().contains(&Asked::Watch(n));
        self.answered(|asked| matches!(asked, Asked::Watch(m) | Asked::Post(_, m) if *m == n));
        let refused = self.outbox.borrow_mut().refuse(n, refusal, now()).cloned();
        if let Some(entry) = &refused
            && entry.refusal == Some(Refusal::NoSuchRoom)
            && self.shows(Audience::Room(entry.room)).is_none()
        {
            self.forget(entry.room);
        } else if let Some(entry) = refused {
            if entry.refusal.is_some() {
                self.announcer.borrow_mut().not_sent();
            }
            self.stored(|storage| storage.put(&entry));
            self.overlay();
        } else if watch && refusal.is_retryable() {
            self.feed(Input::Closed);
        } else if watch && *refusal == Refusal::NoSuchRoom {
            self.end(Reason::Expired);
        } else if watch {
            self.reload();
        } else {
            self.refused_mine(n);
        }
    }

    /// Another page says what happened; this one keeps nothing of the room. Of one that is over, nothing is
    /// kept anywhere.
    fn end(&self, reason: Reason) {
        self.line.borrow_mut().stop();
        self.drop_socket();
        let room = self.room.as_ref().map(|(room, _)| room.id());
        if let Some(room) = room.filter(|_| matches!(reason, Reason::Expired | Reason::Burned)) {
            self.forget(room);
        }
        let _ = match reason {
            Reason::Left => location().assign(&Page::Lobby.path()),
            Reason::Expired | Reason::Burned | Reason::Removed => location().reload(),
        };
    }

    fn reload(&self) {
        self.line.borrow_mut().stop();
        self.drop_socket();
        // Outbox and page are both kept where a new page finds them.
        let _ = location().reload();
    }
}
