//! What a page does with orders, frames and time: it feeds `sync`, carries out what that decides, and
//! writes down for the checker what happened. It decides nothing itself.

use anyhow::Result;
use protocol::{Audience, Changes, Command, Event, Message, MessageId, Refusal, Reset, Value};
use sync::{Action, Confirmed, Entry, Heard, Input, Line, Outbox};
use tokio::{
    sync::{mpsc, watch},
    time::{Duration, Instant, interval},
};

use super::{
    Habits, Order, View,
    link::{Link, Said},
};
use crate::{chance::Chance, check::Account, person::Person};

const TICK: Duration = Duration::from_millis(50);

/// A command that the server will answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Watch(u32),
    Post(MessageId, u32),
    /// By anything.
    Beat,
}

/// The page itself.
pub(super) struct Page {
    person: Person,
    chance: Chance,
    began: Instant,
    line: Line,
    link: Link,
    outbox: Outbox,
    confirmed: Option<Confirmed>,
    twice: bool,
    asked: Vec<Asked>,
    account: Account,
    ends: Vec<u16>,
    shown: watch::Sender<View>,
}

impl Page {
    pub(super) fn new(
        person: Person,
        chance: Chance,
        habits: Habits,
        shown: watch::Sender<View>,
    ) -> Self {
        let had = habits.has.iter().map(|has| has.messages().cloned().collect());
        let account = Account {
            who: person.member.name.as_str().to_owned(),
            room: person.room.id,
            author: person.member.id,
            attempted: Vec::new(),
            acknowledged: Vec::new(),
            refused: Vec::new(),
            runs: had.collect(),
            window: Vec::new(),
            members: Vec::new(),
            foreign: Vec::new(),
            gaps: Vec::new(),
        };
        Self {
            person,
            chance,
            began: Instant::now(),
            line: Line::new(0.0),
            link: Link::default(),
            outbox: Outbox::default(),
            confirmed: habits.has,
            twice: habits.twice,
            asked: Vec::new(),
            account,
            ends: Vec::new(),
            shown,
        }
    }

    /// Until nobody has orders for it any more.
    pub(super) async fn run(mut self, mut orders: mpsc::Receiver<Order>) -> Result<Account> {
        let mut tick = interval(TICK);
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.obey(order).await,
                    None => return Ok(self.close()),
                },
                said = self.link.next() => self.hear(said?).await,
                _ = tick.tick() => self.feed(Input::Tick).await,
            }
            self.pump().await;
            self.show();
        }
    }

    fn now(&self) -> f64 {
        self.began.elapsed().as_secs_f64() * 1000.0
    }

    /// Milliseconds, as the outbox has them.
    fn moment(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    async fn obey(&mut self, order: Order) {
        match order {
            Order::Say(body) => {
                let entry =
                    Entry { id: MessageId::now(), room: self.person.room.id, body, refusal: None };
                self.account.attempted.push((entry.id, entry.body.clone()));
                self.outbox.push(entry);
            }
            Order::Do(command) => {
                self.tell(command).await;
            }
            Order::Again(nth) => {
                let Account { attempted, acknowledged, .. } = &self.account;
                // What was not said yet has its turn.
                let said = |id| acknowledged.iter().any(|message| message.id == id);
                let again = attempted.get(nth).filter(|(id, _)| said(*id)).cloned();
                if let Some((id, body)) = again {
                    let room = self.account.room;
                    self.tell(Command::Post { room, id, body }).await;
                }
            }
            Order::Wake => self.feed(Input::Awake).await,
        }
    }

    async fn feed(&mut self, input: Input) {
        let (now, chance) = (self.now(), self.chance.unit());
        match self.line.step(now, chance, input) {
            Action::Nothing => {}
            Action::Open => self.link = Link::open(self.person.clone()),
            Action::Drop => self.cut(),
            Action::Reopen => {
                self.cut();
                self.link = Link::open(self.person.clone());
            }
            Action::Probe => {
                self.asked.push(Asked::Beat);
                self.tell(Command::Beat).await;
            }
        }
    }

    fn cut(&mut self) {
        self.link = Link::default();
        self.asked.clear();
        self.outbox.cut();
    }

    /// What cannot be sent is lost with its line, whose end says so.
    async fn tell(&mut self, command: Command) -> u32 {
        if self.twice {
            self.link.say(command.clone()).await;
        }
        self.link.say(command).await
    }

    async fn ask(&mut self, command: Command, asked: impl FnOnce(u32) -> Asked) {
        let asked = asked(self.tell(command).await);
        self.asked.push(asked);
        self.wait_for_the_first();
    }

    fn answered(&mut self, is: impl Fn(&Asked) -> bool) {
        self.asked.retain(|one| !is(one));
        self.note(Input::Answered);
        self.wait_for_the_first();
    }

    fn wait_for_the_first(&mut self) {
        match self.asked.first() {
            Some(Asked::Watch(_)) => self.note(Input::AskedPage),
            Some(Asked::Post(..) | Asked::Beat) => self.note(Input::Asked),
            None => {}
        }
    }

    /// An input that never leads to anything at once.
    fn note(&mut self, input: Input) {
        let _ = self.line.step(self.now(), 0.0, input);
    }

    async fn hear(&mut self, said: Said) {
        match said {
            Said::Opened => self.note(Input::Opened),
            Said::Ended(code) => {
                self.ends.push(code);
                self.feed(Input::Closed).await;
            }
            Said::Event(event) => {
                self.note(Input::Heard);
                if self.asked.contains(&Asked::Beat) {
                    self.answered(|asked| *asked == Asked::Beat);
                }
                self.event(event).await;
            }
        }
    }

    async fn event(&mut self, event: Event) {
        match event {
            Event::Hello(hello) => {
                self.outbox.limit(hello.rate);
                self.watch().await;
            }
            Event::Changes(changes) => self.changes(changes).await,
            Event::Reset(Reset::Room(page)) if page.room.id == self.account.room => {
                self.account.runs.push(page.messages.clone());
                self.confirm(page.messages.clone());
                self.confirmed = Some(Confirmed::from(page));
                self.answered(|asked| matches!(asked, Asked::Watch(_)));
                self.note(Input::Complete);
            }
            Event::Reset(Reset::Room(page)) => self.account.foreign.push(page.room.id),
            Event::Refused(refused) => self.refused(refused.n, &refused.refusal).await,
            Event::Closed(_) => self.line.stop(),
            Event::Reset(Reset::Person(_) | Reset::Desk(_))
            | Event::Presence(_)
            | Event::Typing(_)
            | Event::Rooms(_)
            | Event::Listed(_)
            | Event::News(_)
            | Event::Announced(_)
            | Event::Beat => {}
        }
    }

    async fn watch(&mut self) {
        if !self.asked.iter().any(|asked| matches!(asked, Asked::Watch(_))) {
            let command = Command::Watch {
                stream: Audience::Room(self.account.room),
                since: self.confirmed.as_ref().map(Confirmed::complete),
                code: Some(self.person.room.code.clone()),
            };
            self.ask(command, Asked::Watch).await;
        }
    }

    async fn changes(&mut self, changes: Changes) {
        match changes.stream {
            Audience::Room(room) if room == self.account.room => {}
            Audience::Room(room) | Audience::Desk(room) => {
                return self.account.foreign.push(room);
            }
            Audience::Person | Audience::Lobby => return,
        }
        let messages = changes.values.iter().filter_map(message).cloned().collect::<Vec<_>>();
        // One who was not told where to begin waits for a page, and only takes receipts.
        let Some(confirmed) = &mut self.confirmed else { return self.confirm(messages) };
        let is_answer = changes.after <= confirmed.complete().rev;
        if changes.epoch == confirmed.complete().epoch {
            let asks = self.asked.iter().any(|asked| matches!(asked, Asked::Watch(_)));
            self.account.gaps.extend((!is_answer && !asks).then_some(changes.after));
            self.account.saw(&messages);
        }
        let heard = confirmed.apply(changes);
        if is_answer {
            self.answered(|asked| matches!(asked, Asked::Watch(_)));
        }
        match heard {
            Heard::Complete => self.note(Input::Complete),
            Heard::Ask => self.watch().await,
        }
        self.confirm(messages);
    }

    /// The server has these.
    fn confirm(&mut self, messages: Vec<Message>) {
        for message in messages {
            let id = message.id;
            if self.outbox.confirm(id) {
                self.account.acknowledged.push(message);
                self.answered(|asked| matches!(asked, Asked::Post(post, _) if *post == id));
            }
        }
    }

    async fn refused(&mut self, n: Option<u32>, refusal: &Refusal) {
        let Some(n) = n else { return };
        let watch = self.asked.contains(&Asked::Watch(n));
        self.answered(|asked| matches!(asked, Asked::Watch(m) | Asked::Post(_, m) if *m == n));
        let moment = self.moment();
        if let Some(entry) = self.outbox.refuse(n, refusal, moment) {
            if let Some(refusal) = &entry.refusal {
                self.account.refused.push((entry.id, refusal.clone()));
            }
        } else if watch && refusal.is_retryable() {
            self.feed(Input::Closed).await;
        } else if watch {
            self.line.stop();
        }
    }

    async fn pump(&mut self) {
        let room = self.account.room;
        while self.line.is_complete() {
            let (n, moment) = (self.link.count() + if self.twice { 2 } else { 1 }, self.moment());
            let Some(Entry { id, body, .. }) = self.outbox.next(room, n, moment) else { return };
            self.ask(Command::Post { room, id, body }, |n| Asked::Post(id, n)).await;
        }
    }

    fn show(&self) {
        let now = View {
            live: self.line.is_complete(),
            acknowledged: self.account.acknowledged.len(),
            head: self.confirmed.as_ref().map_or(0, Confirmed::reached),
            ends: self.ends.clone(),
        };
        self.shown.send_if_modified(|view| std::mem::replace(view, now.clone()) != now);
    }

    fn close(mut self) -> Account {
        if let Some(confirmed) = &self.confirmed {
            let authors = confirmed.messages().filter_map(|one| confirmed.member(one.author));
            self.account.members = authors.cloned().collect();
            self.account.window = confirmed.messages().cloned().collect();
        }
        self.account
    }
}

fn message(value: &Value) -> Option<&Message> {
    match value {
        Value::Message(message) => Some(message),
        Value::Member(_) | Value::Room(_) | Value::Membership(_) | Value::Item(_) => None,
    }
}
