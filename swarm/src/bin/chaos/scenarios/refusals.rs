//! What everybody is told while the database cannot be used: each kind of command and of request is answered in time,
//! by the line that it came on, and by none that this was done which was not.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures::future::{join, try_join_all};
use protocol::{Command, MessageId, Place};
use reqwest::{
    StatusCode,
    header::{ACCEPT, COOKIE, RETRY_AFTER},
};
use swarm::person::{Door, Ear, Person, Voice};

use super::commands::{Needs, of_every_kind, outcome};
use crate::stage::Stage;

/// A server says by then that it cannot, and this machine's other work takes its time too.
const PROMISE: Duration = Duration::from_millis(2000 + 1000);

/// Not for people, who come again by themselves.
const READY: &str = "/readyz";

/// What can still be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Still {
    Nothing,
    Reading,
}

/// A room of its own, in which nobody else says anything, and a connection for each kind of command.
pub(super) struct Asked {
    door: Door,
    host: Person,
    lines: Vec<((Voice, Ear), Command)>,
}

impl Asked {
    pub(super) async fn new(stage: &Stage) -> Result<Self> {
        let (door, host) = Door::create(stage.server()?.address, "Asker").await?;
        let message = MessageId::now();
        let mut first = host.follow().await?;
        let (room, body) = (host.room.id, "to be reported".to_owned());
        let said = outcome(&mut first, Command::Post { room, id: message, body }).await?;
        ensure!(said.is_none(), "nothing can be said: {said:?}");
        let mut lines = Vec::new();
        for command in of_every_kind(&host, message)? {
            lines.push((host.follow().await?, command));
        }
        Ok(Self { door, host, lines })
    }

    /// At once, each on its line.
    pub(super) async fn all(&mut self, still: Still) -> Result<()> {
        let began = Instant::now();
        let commands = self.lines.iter_mut().map(async |(line, command)| {
            let refusal = outcome(line, command.clone()).await?;
            let needs = Needs::of(command);
            let can = match needs {
                Needs::Nothing => true,
                Needs::Reading => still == Still::Reading,
                Needs::Writing => false,
            };
            let as_it_should = match &refusal {
                None => can,
                Some(refusal) => !can && refusal.is_retryable(),
            };
            ensure!(as_it_should, "{command:?} is answered with {refusal:?}");
            in_time(began, command)
        });
        let page = self.door.room.path();
        let pages = [page.to_owned(), format!("{page}/history{}", Place::After(0))];
        let pages = pages.into_iter().filter(|_| still == Still::Nothing);
        let pages: Vec<_> = pages.chain([READY.to_owned()]).collect();
        let pages = pages.iter().map(async |path| {
            let answer = self.door.http.get(self.door.room.join(path)?).send().await?;
            ensure!(answer.status() == StatusCode::SERVICE_UNAVAILABLE, "{path}: {answer:?}");
            let says_when = answer.headers().contains_key(RETRY_AFTER);
            ensure!(says_when || path == READY, "{path} does not say when to come again");
            in_time(began, path)
        });
        let others = join(try_join_all(pages), form(&self.door, &self.host, began));
        let (commands, (pages, form)) = join(try_join_all(commands), others).await;
        commands.and(pages)?;
        form
    }
}

/// What is sent by a form.
async fn form(door: &Door, host: &Person, began: Instant) -> Result<()> {
    let id = MessageId::now().to_string();
    let form = door.http.post(door.room.clone()).header(COOKIE, &host.cookie);
    let form = form.header(ACCEPT, "application/json").form(&[("id", &*id), ("body", "by it")]);
    let answer = form.send().await?;
    let is_refused = answer.status() == StatusCode::SERVICE_UNAVAILABLE;
    ensure!(is_refused, "a form is answered with {answer:?}");
    answer.headers().get(RETRY_AFTER).context("when to send a form again is not said")?;
    in_time(began, &"a form")
}

fn in_time(began: Instant, what: &impl std::fmt::Debug) -> Result<()> {
    let took = began.elapsed();
    ensure!(took < PROMISE, "{what:?} is answered after {took:?}");
    Ok(())
}
