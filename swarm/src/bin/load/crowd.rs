//! All sockets of a run: they come, hear, and say the next text when a room has heard the one before.

use std::{
    cell::{Cell, OnceCell, RefCell},
    future::Future,
    io::{Error, Result},
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{interval, sleep, timeout},
};

use crate::{
    dialect::Seat,
    line::{Line, refused},
    tally::Tally,
    text::{text, texts},
};

/// Sockets that are being opened at the same time.
const AT_ONCE: usize = 50;
/// For the last text to be heard by everyone.
const PATIENCE: Duration = Duration::from_secs(30);
/// From one who types to the next, so that they are in all rooms. Prime: in the end everyone has their turn.
const STRIDE: usize = 7_919;
/// Seconds for which somebody looks away.
const AWAY: usize = 5;
const STEP: Duration = Duration::from_millis(10);

pub(crate) struct Crowd {
    address: SocketAddr,
    seats: Vec<Seat>,
    /// Those who are in each room.
    rooms: Vec<Vec<usize>>,
    /// Those in which something is said.
    pub(crate) lively: Vec<usize>,
    lines: Vec<OnceCell<Line>>,
    door: Semaphore,
    here: Cell<usize>,
    pub(crate) tally: RefCell<Tally>,
    /// Whether a text that everyone has heard is followed by the next.
    pub(crate) on_and_on: Cell<bool>,
}

/// Their tasks: none ends before the run but by an error.
pub(crate) type Listening = JoinSet<Result<()>>;

impl Crowd {
    pub(crate) fn new(address: SocketAddr, seats: Vec<Seat>, lively: Vec<usize>) -> Rc<Self> {
        let count = seats.iter().flat_map(|seat| &seat.rooms).max().map_or(0, |last| last + 1);
        let mut rooms = vec![Vec::new(); count];
        for (socket, seat) in seats.iter().enumerate() {
            seat.rooms.iter().for_each(|room| rooms[*room].push(socket));
        }
        let tally = Tally::new(count, seats.iter().map(|seat| seat.rooms.clone()));
        let lines = seats.iter().map(|_| OnceCell::new()).collect();
        Rc::new(Self {
            address,
            seats,
            rooms,
            lively,
            lines,
            door: Semaphore::new(AT_ONCE),
            here: Cell::new(0),
            tally: RefCell::new(tally),
            on_and_on: Cell::new(false),
        })
    }

    /// Opens the sockets in `which`, and returns when all of them have their seats.
    pub(crate) async fn enter(
        self: &Rc<Self>,
        which: std::ops::Range<usize>,
        listening: &mut Listening,
    ) -> anyhow::Result<()> {
        let end = self.here.get() + which.len();
        for socket in which {
            let crowd = Rc::clone(self);
            listening.spawn_local(async move { crowd.sit(socket).await });
        }
        while self.here.get() < end {
            during(STEP, listening).await?;
        }
        Ok(())
    }

    async fn sit(&self, socket: usize) -> Result<()> {
        let permit = self.door.acquire().await.map_err(Error::other)?;
        let line = Line::open(self.address, &self.seats[socket]).await?;
        let line = self.lines[socket].get_or_init(|| line);
        self.here.update(|here| here + 1);
        drop(permit);
        loop {
            let now = OnceCell::new();
            line.hear(|frame| self.heard(socket, frame, *now.get_or_init(Instant::now))).await?;
        }
    }

    fn heard(&self, socket: usize, frame: &[u8], now: Instant) -> Result<()> {
        let seat = &self.seats[socket];
        if let (Some(answer), Some(line)) = (seat.answer(frame), self.lines[socket].get()) {
            line.say(answer)?;
        }
        if let Some(passing) = seat.passing(frame) {
            self.tally.borrow_mut().told(socket, passing, frame.len());
        }
        if seat.is_refusal(frame) {
            return Err(refused(frame));
        }
        for (room, serial) in texts(frame) {
            let heard = self.tally.borrow_mut().heard(socket, (room, serial), now);
            if heard.map_err(Error::other)? && self.on_and_on.get() {
                self.say(room, Instant::now())?;
            }
        }
        Ok(())
    }

    /// Returns when nobody was told for so long who came and who types.
    pub(crate) async fn settle(
        &self,
        quiet: Duration,
        listening: &mut Listening,
    ) -> anyhow::Result<()> {
        let mut last = (Instant::now(), self.tally.borrow().told_in_all());
        while last.0.elapsed() < quiet {
            during(STEP, listening).await?;
            let told = self.tally.borrow().told_in_all();
            if told != last.1 {
                last = (Instant::now(), told);
            }
        }
        Ok(())
    }

    /// Everyone in a room in turn. `due` is when it should have been said.
    pub(crate) fn say(&self, room: usize, due: Instant) -> Result<()> {
        let serial = self.tally.borrow_mut().said(room, due);
        let here = &self.rooms[room];
        let socket = here[serial % here.len()];
        let line = self.lines[socket].get().ok_or_else(|| Error::other("not here yet"))?;
        line.say(&self.seats[socket].post(room, text(room, serial)))
    }

    /// Each second one in a hundred, in turn, types and looks away, and looks again after a while. Without
    /// end.
    pub(crate) async fn stir(&self) -> Result<()> {
        let a_second = (self.sockets() / 100).max(1);
        let pause = Duration::from_secs(1) / u32::try_from(a_second).map_err(Error::other)?;
        let mut tick = interval(pause);
        for turn in 0_usize.. {
            tick.tick().await;
            self.say_that(turn, true)?;
            if let Some(back) = turn.checked_sub(AWAY * a_second) {
                self.say_that(back, false)?;
            }
        }
        Ok(())
    }

    fn say_that(&self, turn: usize, away: bool) -> Result<()> {
        let socket = turn * STRIDE % self.sockets();
        let line = self.lines[socket].get().ok_or_else(|| Error::other("not here yet"))?;
        self.seats[socket].stir(away).iter().try_for_each(|said| line.say(said))
    }

    /// Another one like the first.
    pub(crate) fn seat(&self) -> Option<Seat> {
        Some(self.seats.first()?.of_a_visitor())
    }

    /// Who hear a text, on average of the rooms in which something is said.
    pub(crate) fn people_in_lively_rooms(&self) -> f64 {
        let heard: usize = self.lively.iter().map(|room| self.rooms[*room].len()).sum();
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let [heard, rooms] = [heard, self.lively.len()].map(|count| count as f64);
        heard / rooms
    }

    pub(crate) fn sockets(&self) -> usize {
        self.seats.len()
    }

    /// Says nothing more, and returns when everyone has heard everything.
    pub(crate) async fn end(&self, listening: &mut Listening) -> anyhow::Result<()> {
        self.on_and_on.set(false);
        let all_heard = async {
            while self.tally.borrow().end().is_err() {
                during(STEP, listening).await?;
            }
            anyhow::Ok(())
        };
        match timeout(PATIENCE, all_heard).await {
            Ok(ended) => ended,
            Err(_) => Ok(self.tally.borrow().end()?),
        }
    }
}

/// Waits, unless somebody has something to complain of.
pub(crate) async fn during(time: Duration, listening: &mut Listening) -> anyhow::Result<()> {
    unless(sleep(time), listening).await
}

/// The same with something else to wait for.
pub(crate) async fn unless<T>(
    what: impl Future<Output = T>,
    listening: &mut Listening,
) -> anyhow::Result<T> {
    tokio::select! {
        done = what => Ok(done),
        Some(ended) = listening.join_next() => {
            ended.context("a socket's task")??;
            bail!("a socket ended")
        }
    }
}
