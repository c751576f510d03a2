//! Somebody's open page in a simulation: what `sync` decides, carried out on lines that are cut now and
//! then; and written down for the checker. Its clock goes on when it is its turn.

use std::collections::{BTreeMap, VecDeque};

use protocol::{
    Audience, Changes, Command, Event, Member, Message, MessageId, Request, Reset, Value, decode,
};
use shuttle::future::yield_now;
use swarm::{chance::Chance, check::Account};
use sync::{Action, Confirmed, Entry, Heard, Input, Line, Outbox};
use tokio::sync::mpsc::error::TryRecvError;

use crate::{
    server::{self, Server},
    store::ROOM,
};

/// Milliseconds of its own clock from turn to turn: so few that nothing counts as unanswered for which
/// anybody still works.
const TURN: u32 = 5;
/// How often it is cut at most; in about how many turns, and in how many while a post is under way; and
/// in how many it is back.
const CUTS: usize = 5;
const CUT_IN: usize = 50;
const CUT_POSTING_IN: usize = 4;
const BACK_IN: usize = 6;
/// How often it turns to another room and back, and in about how many turns.
const ASIDES: usize = 3;
const ASIDE_IN: usize = 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Watch,
    Post(MessageId),
    /// When everything was published: its answer comes after all of that.
    Beat,
}

pub(crate) struct Page {
    server: Server,
    me: Member,
    chance: Chance,
    /// What is still to be said.
    texts: VecDeque<String>,
    cuts: usize,
    asides: usize,
    /// On this line it did: answers to what it asked before still come, and are taken for those to what it
    /// asked since.
    turned: bool,
    over: bool,
    now: u32,
    n: u32,
    line: Line,
    link: Option<server::Line>,
    outbox: Outbox,
    confirmed: Option<Confirmed>,
    asked: Vec<Asked>,
    /// How often each post went out.
    sent: BTreeMap<MessageId, u32>,
    account: Account,
    wrong: Vec<String>,
}

impl Page {
    pub(crate) fn new(server: Server, me: Member, texts: usize, chance: Chance) -> Self {
        let who = me.name.as_str().to_owned();
        let account = Account {
            who: who.clone(),
            room: ROOM,
            author: me.id,
            attempted: Vec::new(),
            acknowledged: Vec::new(),
            refused: Vec::new(),
            runs: Vec::new(),
            window: Vec::new(),
            members: Vec::new(),
            foreign: Vec::new(),
            gaps: Vec::new(),
        };
        Self {
            server,
            me,
            chance: chance.of(&who),
            texts: (1..=texts).map(|nth| format!("{nth} of {who}")).collect(),
            cuts: CUTS,
            asides: ASIDES,
            turned: false,
            over: false,
            now: 0,
            n: 0,
            line: Line::new(0.0),
            link: None,
            outbox: Outbox::default(),
            confirmed: None,
            asked: Vec::new(),
            sent: BTreeMap::new(),
            account,
            wrong: Vec::new(),
        }
    }

    /// Until everything was said and published, and it has all of it. Returns what it knows, and what
    /// was wrong on the way.
    pub(crate) async fn run(mut self) -> (Account, Vec<String>) {
        while !self.over {
            self.say();
            self.feed(Input::Tick);
            self.suffer();
            self.turn();
            self.hear();
            self.pump();
            if self.is_content() && self.server.has_published() {
                (self.cuts, self.asides) = (0, 0);
                self.ask(Command::Beat, Asked::Beat);
            }
            self.now += TURN;
            yield_now().await;
        }
        self.close()
    }

    /// Nothing is asked, and nothing to be said.
    fn is_content(&self) -> bool {
        self.line.is_complete()
            && self.asked.is_empty()
            && self.outbox.entries(ROOM).next().is_none()
    }

    fn say(&mut self) {
        if self.chance.within(0..4) == 0
            && let Some(body) = self.texts.pop_front()
        {
            let id = id(&self.me, self.texts.len());
            self.account.attempted.push((id, body.clone()));
            self.outbox.push(Entry { id, room: ROOM, body, refusal: None });
        }
    }

    /// Its line is cut, or there may be one again.
    fn suffer(&mut self) {
        let posts = self.asked.iter().any(|asked| matches!(asked, Asked::Post(_)));
        if self.link.is_none() {
            if self.chance.within(0..BACK_IN) == 0 {
                self.feed(Input::Awake);
            }
        } else if self.cuts > 0
            && self.chance.within(0..if posts { CUT_POSTING_IN } else { CUT_IN }) == 0
        {
            self.cuts -= 1;
            self.feed(Input::Offline);
        }
    }

    /// As the browser's side does it: what was said and not answered yet is said again.
    fn turn(&mut self) {
        let is_open = self.link.is_some() && self.confirmed.is_some();
        if is_open && self.asides > 0 && self.chance.within(0..ASIDE_IN) == 0 {
            (self.asides, self.turned) = (self.asides - 1, true);
            self.asked.clear();
            self.outbox.cut();
            self.feed(Input::Turned);
            self.tell(Command::Unwatch { stream: Audience::Room(ROOM) });
            self.watch();
        }
    }

    fn feed(&mut self, input: Input) {
        match self.line.step(self.now.into(), self.chance.unit(), input) {
            Action::Open => {
                self.link = Some(self.server.connect(self.me.clone()));
                self.feed(Input::Opened);
            }
            Action::Drop => {
                if input == Input::Tick {
                    self.wrong.push(format!("unanswered: {} waited in vain", self.account.who));
                }
                (self.link, self.turned) = (None, false);
                self.asked.clear();
                self.outbox.cut();
            }
            Action::Nothing | Action::Reopen | Action::Probe => {}
        }
    }

    fn hear(&mut self) {
        while let Some(link) = &mut self.link {
            match link.frames.try_recv() {
                Ok(frame) => {
                    self.feed(Input::Heard);
                    self.event(decode(&frame.to_string()).unwrap());
                }
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => self.feed(Input::Closed),
            }
        }
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Hello(hello) => {
                self.outbox.limit(hello.rate);
                self.watch();
            }
            Event::Changes(changes) => self.changes(changes),
            Event::Beat => {
                self.answered(Asked::Beat);
                self.over = self.is_content();
            }
            Event::Reset(Reset::Room(page)) => {
                self.end_run();
                self.account.runs.push(page.messages.clone());
                self.confirm(&page.messages);
                self.confirmed = Some(Confirmed::from(page));
                self.answered(Asked::Watch);
                self.feed(Input::Complete);
            }
            other => unreachable!("no server here says {other:?}"),
        }
    }

    /// Another page takes the place of what is here, and of any gap in it: what came from beyond a gap was not
    /// reached yet.
    fn end_run(&mut self) {
        let complete = self.confirmed.as_ref().map(Confirmed::complete);
        if let (Some(run), Some(complete)) = (self.account.runs.last_mut(), complete) {
            run.retain(|message| message.rev <= complete.rev);
        }
    }

    fn watch(&mut self) {
        if !self.asked.contains(&Asked::Watch) {
            let since = self.confirmed.as_ref().map(Confirmed::complete);
            let command = Command::Watch { stream: Audience::Room(ROOM), since, code: None };
            self.ask(command, Asked::Watch);
        }
    }

    fn changes(&mut self, changes: Changes) {
        let messages: Vec<_> = changes.values.iter().filter_map(message).cloned().collect();
        let Some(confirmed) = &mut self.confirmed else { return self.confirm(&messages) };
        let joins = changes.after <= confirmed.complete().rev;
        let asks = self.turned || self.asked.contains(&Asked::Watch);
        let again = |message: &Message| self.sent.get(&message.id).is_some_and(|sent| *sent > 1);
        // The answer to a post that was sent again comes when it comes.
        if !joins && !asks && !messages.iter().any(again) {
            self.wrong
                .push(format!("gap: {} missed what {} was after", self.account.who, changes.after));
        }
        self.account.saw(&messages);
        let heard = confirmed.apply(changes);
        if joins {
            self.answered(Asked::Watch);
        }
        match heard {
            Heard::Complete => self.feed(Input::Complete),
            Heard::Ask => self.watch(),
        }
        self.confirm(&messages);
    }

    fn confirm(&mut self, messages: &[Message]) {
        for message in messages {
            if self.outbox.confirm(message.id) {
                self.account.acknowledged.push(message.clone());
                self.answered(Asked::Post(message.id));
            }
        }
    }

    fn pump(&mut self) {
        while self.line.is_complete() {
            let next = self.outbox.next(ROOM, self.n + 1, self.now.into());
            let Some(Entry { id, body, .. }) = next else { return };
            *self.sent.entry(id).or_default() += 1;
            self.ask(Command::Post { room: ROOM, id, body }, Asked::Post(id));
        }
    }

    fn ask(&mut self, command: Command, asked: Asked) {
        self.asked.push(asked);
        self.wait_for_the_first();
        self.tell(command);
    }

    fn tell(&mut self, command: Command) {
        self.n += 1;
        if let Some(link) = &self.link {
            // One that is closed says so when it is read.
            let _ = link.commands.try_send(Request { n: self.n, command });
        }
    }

    fn answered(&mut self, asked: Asked) {
        if self.asked.contains(&asked) {
            self.asked.retain(|one| *one != asked);
            self.feed(Input::Answered);
            self.wait_for_the_first();
        }
    }

    fn wait_for_the_first(&mut self) {
        match self.asked.first() {
            Some(Asked::Watch) => self.feed(Input::AskedPage),
            Some(Asked::Post(_) | Asked::Beat) => self.feed(Input::Asked),
            None => {}
        }
    }

    fn close(mut self) -> (Account, Vec<String>) {
        if let Some(confirmed) = &self.confirmed {
            let authors = confirmed.messages().filter_map(|one| confirmed.member(one.author));
            self.account.members = authors.cloned().collect();
            self.account.window = confirmed.messages().cloned().collect();
        }
        (self.account, self.wrong)
    }
}

fn message(value: &Value) -> Option<&Message> {
    match value {
        Value::Message(message) => Some(message),
        Value::Member(_) | Value::Room(_) | Value::Membership(_) | Value::Item(_) => None,
    }
}

/// Of version 7, and the same in each repetition.
fn id(author: &Member, nth: usize) -> MessageId {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&author.id.0.to_be_bytes());
    (bytes[6], bytes[8]) = (0x70, 0x80);
    bytes[12..].copy_from_slice(&u32::try_from(nth).unwrap().to_be_bytes());
    MessageId::try_from(bytes).unwrap()
}
