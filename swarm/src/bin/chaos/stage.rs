//! Where a scenario happens: a server with its data, a line that can be cut, rooms, and people with open
//! pages in them; and what came of it.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use cluster::Cluster;
use futures::future::{select_all, try_join_all};
use protocol::MessageId;
use swarm::{
    chance::Chance,
    check::{Account, Story, check},
    log,
    person::{Door, Person},
    tab::{Tab, View},
};
use tempfile::TempDir;
use tokio::{task::spawn_blocking, time::timeout};

use crate::{
    database::Database,
    parley::{Launch, Server},
    proxy::Proxy,
};

/// Far more than anything takes that works.
const ENOUGH: Duration = Duration::from_secs(60);

/// What a run is made of.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) parley: PathBuf,
    pub(crate) database: Database,
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
    /// The database server, if it is ours to harm. Each scenario leaves it running.
    shared: Option<&'static Cluster>,
    /// The one of this scenario alone.
    own: Option<Cluster>,
    pub(crate) rooms: Vec<Door>,
    pub(crate) tabs: Vec<Tab>,
    /// What hosts took away, and whether they had it back.
    pub(crate) removed: BTreeMap<MessageId, bool>,
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
        let (database, shared) = match &plan.database {
            Database::Sqlite => (None, None),
            Database::Url(url) => (Some(url.clone()), None),
            Database::Postgres => {
                let (url, cluster) = spawn_blocking(on_postgres).await??;
                (Some(url), Some(cluster))
            }
        };
        let launch = Launch {
            parley: plan.parley.clone(),
            database,
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
            shared,
            own: None,
            rooms: Vec::new(),
            tabs: Vec::new(),
            removed: BTreeMap::new(),
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

    pub(crate) fn cluster(&self) -> Result<&Cluster> {
        self.own.as_ref().or(self.shared).context("the database server is not ours to harm")
    }

    /// To a new database there, before the server starts.
    pub(crate) fn move_to(&mut self, cluster: Cluster) -> Result<()> {
        self.launch.database = Some(cluster.database()?);
        // All that follows finds room in one file of its log.
        cluster.begin_log()?;
        self.own = Some(cluster);
        Ok(())
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
            let host = self.open_room(&format!("Hana {room}")).await?;
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

    /// Nobody's line was cut until now.
    pub(crate) fn all_stayed(&self) -> Result<()> {
        let ends: usize = self.tabs.iter().map(|tab| tab.view.borrow().ends.len()).sum();
        ensure!(ends == 0, "lines were cut {ends} times");
        Ok(())
    }

    /// So many messages into each outbox.
    pub(crate) async fn everyone_says(&mut self, count: usize) {
        self.everyone_says_more(count, "").await;
    }

    /// The same, and returns when some of them are acknowledged, as chance will have it, and others may not
    /// be: whatever happens then happens in the middle of it.
    pub(crate) async fn everyone_is_in_the_middle_of(&mut self, count: usize) -> Result<()> {
        let done = self.acknowledged();
        self.everyone_says(count).await;
        let more = self.chance.within(1..count * self.tabs.len());
        self.until_acknowledged(done + more).await
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

    /// Everything that was said has arrived everywhere. Then all pages are closed, and all is judged: what
    /// people know, and the database.
    pub(crate) async fn settle(&mut self) -> Result<Found> {
        self.until_answered().await?;
        self.all(|view| view.live).await?;
        let mut story = Story { removed: self.removed.clone(), ..Story::default() };
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
        let mut wrong: Vec<_> = check(&story).iter().map(ToString::to_string).collect();
        wrong.extend(self.launch.check().await?);
        let sum = |count: fn(&Account) -> usize| story.accounts.iter().map(count).sum();
        Ok(Found {
            clients: story.accounts.len(),
            attempted: sum(|account| account.attempted.len()),
            acknowledged: sum(|account| account.acknowledged.len()),
            stored: story.logs.iter().map(|log| log.messages.len()).sum(),
            wrong,
            story,
        })
    }

    /// Leaves the data and the logs for whoever looks into it.
    pub(crate) fn keep(mut self) -> PathBuf {
        if let Ok(cluster) = self.cluster() {
            let _ = fs::copy(cluster.log(), self.folder.path().join("postgres.log"));
        }
        self.folder.disable_cleanup(true);
        self.folder.path().to_owned()
    }
}

/// A new database on the one server that all scenarios share.
fn on_postgres() -> Result<(String, &'static Cluster)> {
    let cluster = Cluster::shared()?;
    // A scenario that failed may have left it stopped.
    let again = |_| cluster.start().and_then(|()| cluster.database());
    Ok((cluster.database().or_else(again)?, cluster))
}
