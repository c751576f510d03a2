//! Where a scenario happens: a server with its data, a line that can be cut, rooms, and people with open
//! pages in them; and what came of it.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result, bail};
use futures::future::{select_all, try_join_all};
use swarm::{
    chance::Chance,
    check::{Account, Story, check},
    log,
    person::{Door, Person},
    tab::{Tab, View},
};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::{
    parley::{Launch, Server},
    proxy::Proxy,
};

/// Far more than anything takes that works.
const ENOUGH: Duration = Duration::from_secs(60);

/// What a run is made of.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) parley: PathBuf,
    pub(crate) database: Option<String>,
    pub(crate) seed: u64,
    /// Takes its time: more of everything.
    pub(crate) long: bool,
}

pub(crate) struct Stage {
    pub(crate) plan: Plan,
    pub(crate) chance: Chance,
    pub(crate) folder: TempDir,
    pub(crate) launch: Launch,
    pub(crate) proxy: Proxy,
    server: Option<Server>,
    pub(crate) rooms: Vec<Door>,
    pub(crate) tabs: Vec<Tab>,
    said: usize,
}

/// What came of it.
pub(crate) struct Found {
    pub(crate) clients: usize,
    pub(crate) attempted: usize,
    pub(crate) acknowledged: usize,
    pub(crate) stored: usize,
    /// What should not be.
    pub(crate) wrong: Vec<String>,
    pub(crate) story: Story,
}

impl Found {
    /// Something that has to hold beside what is asked of every story.
    pub(crate) fn must(&mut self, hold: bool, else_wrong: &str) {
        self.wrong.extend((!hold).then(|| else_wrong.to_owned()));
    }
}

impl Stage {
    /// Without a server yet.
    pub(crate) async fn set(plan: &Plan, name: &str) -> Result<Self> {
        let folder = TempDir::with_prefix(format!("parley-chaos-{name}-"))?;
        let launch = Launch {
            parley: plan.parley.clone(),
            database: plan.database.clone(),
            data: folder.path().join("data"),
            log: folder.path().join("log"),
            environment: Vec::new(),
        };
        Ok(Self {
            plan: plan.clone(),
            chance: Chance::new(plan.seed).of(name),
            folder,
            launch,
            proxy: Proxy::start().await?,
            server: None,
            rooms: Vec::new(),
            tabs: Vec::new(),
            said: 0,
        })
    }

    pub(crate) async fn start(&mut self) -> Result<()> {
        let server = self.launch.start().await?;
        for room in &mut self.rooms {
            *room = room.at(server.address)?;
        }
        self.proxy.lead_to(Some(server.address));
        self.server = Some(server);
        for tab in &self.tabs {
            tab.wake().await;
        }
        Ok(())
    }

    pub(crate) fn server(&self) -> Result<&Server> {
        self.server.as_ref().context("no server runs")
    }

    /// It is somebody else's now to end; whoever comes meanwhile is turned away.
    pub(crate) fn take_server(&mut self) -> Result<Server> {
        self.proxy.lead_to(None);
        self.server.take().context("no server runs")
    }

    pub(crate) fn kill(&mut self) -> Result<()> {
        self.take_server()?.kill()
    }

    /// So many rooms with so many people, each with an open page. Returns when all are there.
    pub(crate) async fn fill(&mut self, rooms: usize, people: usize) -> Result<()> {
        for room in 0..rooms {
            let host = self.open_room(&format!("Host {room}")).await?;
            self.enter(host);
            for one in 1..people {
                let person = self.join(room, &format!("Person {one}")).await?;
                self.enter(person);
            }
        }
        self.all(|view| view.live).await
    }

    pub(crate) async fn open_room(&mut self, host: &str) -> Result<Person> {
        let (door, person) = Door::create(self.server()?.address, host).await?;
        self.rooms.push(door);
        Ok(person)
    }

    /// Somebody who comes through the line that can be cut.
    pub(crate) async fn join(&self, room: usize, name: &str) -> Result<Person> {
        let door = self.rooms.get(room).context("no such room")?;
        Ok(door.join(name.to_owned()).await?.at(self.proxy.address))
    }

    pub(crate) fn enter(&mut self, person: Person) {
        let chance = self.chance.of(person.member.name.as_str());
        self.tabs.push(Tab::open(person.at(self.proxy.address), chance));
    }

    /// So many messages into each outbox.
    pub(crate) async fn everyone_says(&mut self, count: usize) {
        self.everyone_says_more(count, "").await;
    }

    pub(crate) async fn everyone_says_more(&mut self, count: usize, more: &str) {
        for tab in &self.tabs {
            for _ in 0..count {
                self.said += 1;
                tab.say(format!("{} of seed {}{more}", self.said, self.plan.seed)).await;
            }
        }
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.tabs.iter().map(|tab| tab.view.borrow().acknowledged).sum()
    }

    /// Resolves when at least so many messages were acknowledged in all.
    pub(crate) async fn until_acknowledged(&mut self, count: usize) -> Result<()> {
        let waiting = async {
            while self.acknowledged() < count {
                let changes = self.tabs.iter_mut().map(|tab| Box::pin(tab.view.changed()));
                select_all(changes).await.0.context("a page ended by itself")?;
            }
            Ok(())
        };
        match timeout(ENOUGH, waiting).await {
            Ok(done) => done,
            Err(_) => bail!("only {} of {count} were acknowledged", self.acknowledged()),
        }
    }

    /// Resolves when all that was said was acknowledged.
    pub(crate) async fn until_answered(&mut self) -> Result<()> {
        self.until_acknowledged(self.said).await
    }

    /// Resolves when this can be seen on every page.
    pub(crate) async fn all(&mut self, is_so: impl Fn(&View) -> bool) -> Result<()> {
        let waits = self.tabs.iter_mut().map(|tab| tab.until(&is_so));
        match timeout(ENOUGH, try_join_all(waits)).await {
            Ok(done) => done.map(drop),
            Err(_) => {
                let views: Vec<_> = self.tabs.iter().map(|tab| tab.view.borrow().clone()).collect();
                let stuck: Vec<_> = views.iter().filter(|view| !is_so(view)).collect();
                bail!("{} of {} pages wait for ever: {stuck:?}", stuck.len(), views.len())
            }
        }
    }

    /// Everything that was said has arrived everywhere. Then all pages are closed, and all is judged.
    pub(crate) async fn settle(&mut self) -> Result<Found> {
        self.until_answered().await?;
        self.all(|view| view.live).await?;
        let mut story = Story::default();
        for door in &self.rooms {
            story.logs.push(log::read(door).await?);
        }
        for mut tab in self.tabs.drain(..) {
            let log = story.logs.iter().find(|log| log.room == tab.room);
            let head = log.and_then(|log| log.messages.last()).map_or(0, |message| message.seq);
            // One who never gets there is complained about.
            let _ = timeout(ENOUGH, tab.until(|view| view.live && view.head >= head)).await;
            story.accounts.push(tab.close().await?);
        }
        let sum = |count: fn(&Account) -> usize| story.accounts.iter().map(count).sum();
        Ok(Found {
            clients: story.accounts.len(),
            attempted: sum(|account| account.attempted.len()),
            acknowledged: sum(|account| account.acknowledged.len()),
            stored: story.logs.iter().map(|log| log.messages.len()).sum(),
            wrong: check(&story).iter().map(ToString::to_string).collect(),
            story,
        })
    }

    /// Leaves the data and the log for whoever looks into it.
    pub(crate) fn keep(mut self) -> PathBuf {
        self.folder.disable_cleanup(true);
        self.folder.path().to_owned()
    }
}
