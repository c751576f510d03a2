//! What is done to the server and to the lines, and what has to be true afterwards beside what the
//! checker asks of every story.

mod clock;
mod commands;
mod disk;
mod ends;
mod garbage;
mod lines;
mod once;
mod outage;
mod readers;
mod refusals;
mod resume;
mod retries;
mod synced;

use anyhow::Result;
use clap::ValueEnum;

use crate::{
    database::Database,
    stage::{Found, Stage},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// `kill -9` while people post, and a start on the same data
    Kill,
    /// SIGTERM under load: all are told to come back, and nothing is missing
    Term,
    /// SIGSTOP for a while
    Pause,
    /// Lines are reset, frozen, broken in the middle of a frame or of an answer
    Cut,
    /// Each command twice, and late retries after newer ones
    Twice,
    /// Back from every rev that there was
    Resume,
    /// Newcomers while others post
    Join,
    /// Readers that do not read
    Slow,
    /// Some send what no client sends
    Garbage,
    /// No room on the disk for a while
    Full,
    /// Syncs that fail
    Failing,
    /// The clock goes an hour forth and back
    Clock,
    /// What is answered has been synced
    Synced,
    /// The database server is restarted
    Restart,
    /// The database server is killed, and recovers
    Crash,
    /// The database server stands still: everyone is told so in time
    Hang,
}

/// What a scenario is about.
enum About {
    /// What is stored, wherever that is.
    Data,
    /// The server itself and the lines to it.
    Server,
    /// The disk that it is stored on, and what its database asks of the kernel.
    Disk,
    /// A file, and its system calls.
    File,
    /// A database server, which is the scenario's to harm.
    DatabaseServer,
}

pub(crate) enum Outcome {
    /// What was done, and what came of it.
    Played(String, Found),
    /// Why it cannot be tried here.
    Skipped(String),
}

impl Scenario {
    pub(crate) const ALL: [Self; 16] = [
        Self::Kill,
        Self::Term,
        Self::Pause,
        Self::Cut,
        Self::Twice,
        Self::Resume,
        Self::Join,
        Self::Slow,
        Self::Garbage,
        Self::Full,
        Self::Failing,
        Self::Clock,
        Self::Synced,
        Self::Restart,
        Self::Crash,
        Self::Hang,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Term => "term",
            Self::Pause => "pause",
            Self::Cut => "cut",
            Self::Twice => "twice",
            Self::Resume => "resume",
            Self::Join => "join",
            Self::Slow => "slow",
            Self::Garbage => "garbage",
            Self::Full => "full",
            Self::Failing => "failing",
            Self::Clock => "clock",
            Self::Synced => "synced",
            Self::Restart => "restart",
            Self::Crash => "crash",
            Self::Hang => "hang",
        }
    }

    fn about(self) -> About {
        match self {
            Self::Kill | Self::Twice | Self::Resume | Self::Join => About::Data,
            Self::Term | Self::Pause | Self::Cut | Self::Slow | Self::Garbage | Self::Clock => {
                About::Server
            }
            Self::Full | Self::Synced => About::Disk,
            Self::Failing => About::File,
            Self::Restart | Self::Crash | Self::Hang => About::DatabaseServer,
        }
    }

    /// Whether it is told there. What is not about data is told once when there is little time.
    pub(crate) fn is_for(self, database: &Database, long: bool) -> bool {
        match (self.about(), database) {
            (About::Data, _) | (About::File, Database::Sqlite) => true,
            (About::Disk, Database::Sqlite | Database::Postgres) => true,
            (About::Server, Database::Sqlite | Database::Url(_)) => true,
            (About::Server, Database::Postgres) => long,
            (About::DatabaseServer, Database::Postgres) => true,
            (About::File, Database::Postgres | Database::Url(_))
            | (About::Disk, Database::Url(_))
            | (About::DatabaseServer, Database::Sqlite | Database::Url(_)) => false,
        }
    }

    pub(crate) async fn play(self, stage: &mut Stage) -> Result<Outcome> {
        match self {
            Self::Kill => ends::kill(stage).await,
            Self::Term => ends::term(stage).await,
            Self::Pause => ends::pause(stage).await,
            Self::Cut => lines::cut(stage).await,
            Self::Twice => retries::twice(stage).await,
            Self::Resume => resume::resume(stage).await,
            Self::Join => readers::join(stage).await,
            Self::Slow => readers::slow(stage).await,
            Self::Garbage => garbage::garbage(stage).await,
            Self::Full if stage.plan.database == Database::Postgres => outage::full(stage).await,
            Self::Full => disk::full(stage).await,
            Self::Failing => disk::failing(stage).await,
            Self::Clock => clock::clock(stage).await,
            Self::Synced => synced::synced(stage).await,
            Self::Restart => outage::restart(stage).await,
            Self::Crash => outage::crash(stage).await,
            Self::Hang => outage::hang(stage).await,
        }
    }
}
