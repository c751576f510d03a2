//! A PostgreSQL to torment, reached over a socket in a temporary folder. It ends and is removed with the
//! process that started it, however that ends. Knows nothing of what is kept in it.

mod programs;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use anyhow::{Context, Result};

pub use programs::missing;
use programs::{done, give_away, program, said};

const OPTIONS: &str = "-c listen_addresses= -c max_connections=40";
/// A test's has nothing to fear but the end of its process, for which it need not sync.
const UNSYNCED: &str = "-c fsync=off";
/// One that gives up has ended, and does not try again by itself. Of its log it keeps only what it needs.
const ENDING: &str = "-c fsync=off -c restart_after_crash=off -c wal_recycle=off";

pub struct Cluster {
    folder: PathBuf,
    data: PathBuf,
    options: &'static str,
    databases: AtomicU32,
    /// Ends the server and removes its folder when the pipe to it is closed, as it is when this process
    /// has ended.
    #[expect(dead_code, reason = "is there to be dropped")]
    leash: Child,
}

/// How a server is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// As an operator does it: whoever is connected is cut, and everything is written down.
    Fast,
    /// As if the machine had crashed: what was going on is found out at the next start.
    Immediate,
}

impl Cluster {
    /// The one of this process, for those who leave it running.
    ///
    /// # Errors
    /// As for a new one.
    pub fn shared() -> Result<&'static Self> {
        static SHARED: Mutex<Option<&Cluster>> = Mutex::new(None);
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        match *shared {
            Some(cluster) => Ok(cluster),
            None => Ok(shared.insert(Box::leak(Box::new(Self::new()?)))),
        }
    }

    /// One that takes connections.
    ///
    /// # Errors
    /// PostgreSQL's programs are not there, or do not do what they should.
    pub fn new() -> Result<Self> {
        Self::with(UNSYNCED, None)
    }

    /// One whose data is there, in an empty folder, and that is to be stopped before that goes. If it gives up, it
    /// has ended.
    ///
    /// # Errors
    /// As above.
    pub fn on(data: &Path) -> Result<Self> {
        Self::with(ENDING, Some(data))
    }

    /// One that syncs as PostgreSQL does by itself: to measure with, or to watch.
    ///
    /// # Errors
    /// As above.
    pub fn durable() -> Result<Self> {
        Self::with("", None)
    }

    fn with(options: &'static str, data: Option<&Path>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("cluster-").tempdir()?.keep();
        give_away(&folder)?;
        data.map(give_away).transpose()?;
        let data = data.map_or_else(|| folder.join("data"), Path::to_owned);
        let leash = leash(&folder, &data)?;
        let cluster = Self { folder, data, options, databases: AtomicU32::new(0), leash };
        let initdb = ["--username=parley", "--auth=trust", "--encoding=UTF8", "--no-locale"];
        done(program("initdb")?.args(initdb).arg("--no-sync").arg("-D").arg(&cluster.data))?;
        cluster.start()?;
        Ok(cluster)
    }

    /// What the server said.
    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Returns when it takes connections.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(&self) -> Result<()> {
        let (socket, options) = (self.folder.display(), self.options);
        let options = format!("{OPTIONS} {options} -c unix_socket_directories={socket}");
        let mut start = program("pg_ctl")?;
        start.args(["--wait", "--silent", "start", "-o", &options, "-D"]).arg(&self.data);
        done(start.arg("-l").arg(self.log()))?;
        // Whoever comes first leaves files there, for which there may be no room later.
        self.ask("SELECT 1").map(drop)
    }

    /// Returns when it has ended.
    ///
    /// # Errors
    /// It does not run.
    pub fn stop(&self, how: Stop) -> Result<()> {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        let mut stop = program("pg_ctl")?;
        done(stop.args(["--wait", "--silent", "-m", mode, "stop", "-D"]).arg(&self.data))
    }

    /// Nothing of it moves until this is dropped. Who comes to it meanwhile waits.
    ///
    /// # Errors
    /// It does not run.
    pub fn freeze(&self) -> Result<Frozen> {
        let frozen = Frozen(self.processes()?);
        frozen.signal("STOP")?;
        Ok(frozen)
    }

    /// The ids of its processes, first of the one that the others are children of.
    ///
    /// # Errors
    /// It does not run.
    pub fn processes(&self) -> Result<Vec<String>> {
        let others = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()";
        let others = self.ask(others)?;
        let file = fs::read_to_string(self.data.join("postmaster.pid"))?;
        let postmaster = file.lines().next().context("it does not run")?;
        Ok([postmaster].into_iter().chain(others.lines()).map(str::to_owned).collect())
    }

    /// A new and empty database, as a URL.
    ///
    /// # Errors
    /// It does not run.
    pub fn database(&self) -> Result<String> {
        self.database_with("ENCODING 'UTF8'")
    }

    /// With the options of CREATE DATABASE.
    ///
    /// # Errors
    /// As above, or an option is wrong.
    pub fn database_with(&self, options: &str) -> Result<String> {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.ask(&format!("CREATE DATABASE {name} {options} TEMPLATE template0"))?;
        Ok(self.url(&name))
    }

    pub fn url(&self, database: &str) -> String {
        self.url_as("parley", database)
    }

    pub fn url_as(&self, user: &str, database: &str) -> String {
        let socket = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://{user}@{socket}/{database}")
    }

    /// What is written from now on begins a new file of its log.
    ///
    /// # Errors
    /// It does not run.
    pub fn begin_log(&self) -> Result<()> {
        self.ask("SELECT pg_switch_wal()").map(drop)
    }

    /// Writes 100 MB into its log.
    ///
    /// # Errors
    /// It has no room for them, and gave up.
    pub fn fill_log(&self) -> Result<()> {
        let write = "SELECT count(pg_logical_emit_message(false, '', repeat('x', 1000000)))
            FROM generate_series(1, 100)";
        self.ask(write).map(drop)
    }

    /// Whoever connects from now on is answered before anything is synced, unless they want it otherwise.
    ///
    /// # Errors
    /// It does not run.
    pub fn need_not_sync(&self) -> Result<()> {
        self.ask("ALTER ROLE parley SET synchronous_commit = off").map(drop)
    }

    /// The process that serves whoever has an advisory lock.
    ///
    /// # Errors
    /// It does not run.
    pub fn holder(&self) -> Result<String> {
        let holders = self.ask("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")?;
        Ok(holders.lines().next().context("nobody has a lock")?.to_owned())
    }

    /// One statement, and the lines it answers.
    fn ask(&self, sql: &str) -> Result<String> {
        let mut psql = program("psql")?;
        psql.args(["-XAtq", "-U", "parley", "-d", "postgres", "-c", sql, "-h"]).arg(&self.folder);
        said(&mut psql)
    }
}

/// A server that stands still, with all that belongs to it.
pub struct Frozen(Vec<String>);

impl Frozen {
    fn signal(&self, name: &str) -> Result<()> {
        // One of them may have ended by now.
        let script =
            r#"name=$1; shift; for one; do kill -s "$name" "$one" 2>&-; done; kill -s 0 "$1""#;
        let mut kill = std::process::Command::new("sh");
        done(kill.args(["-c", script, "sh", name]).args(&self.0))
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        let _ = self.signal("CONT");
    }
}

/// Whoever ends this process and all of its group does not end the leash too.
fn leash(folder: &Path, data: &Path) -> Result<Child> {
    // Those who stand still do not hear that they are to end.
    let script = r#"
        trap '' INT TERM HUP
        cat
        kill -s CONT "$(head -n 1 "$3/postmaster.pid")"
        "$1" -D "$3" -m immediate stop
        rm -rf "$2""#;
    let mut leash = program("sh")?;
    std::os::unix::process::CommandExt::process_group(&mut leash, 0);
    leash.args(["-c", script, "sh"]).arg(programs::path("pg_ctl")?).args([folder, data]);
    Ok(leash.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
}
