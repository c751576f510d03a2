//! The server that is tormented: the program itself, as a process of its own.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use tokio::{task::spawn_blocking, time::timeout};

/// Everybody may say and do as much as they can, and come.
const SETTINGS: [&str; 8] = [
    "--post-burst",
    "1000000",
    "--posts-per-minute",
    "60000",
    "--join-flood",
    "off",
    "--acts-per-person",
    "60000+60000",
];
/// A server that was told to stop is gone by then.
const GOODBYE: Duration = Duration::from_secs(10);

/// How to start it, again and again on the same data.
#[derive(Clone)]
pub(crate) struct Launch {
    pub(crate) parley: PathBuf,
    pub(crate) database: Option<String>,
    pub(crate) data: PathBuf,
    /// What it says goes there.
    pub(crate) log: PathBuf,
    pub(crate) environment: Vec<(String, String)>,
}

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Launch {
    /// Returns when it listens.
    pub(crate) async fn start(&self) -> Result<Server> {
        let launch = self.clone();
        spawn_blocking(move || launch.start_blocking()).await?
    }

    /// What `parley check` has to say against the database, while the server runs.
    pub(crate) async fn check(&self) -> Result<Option<String>> {
        let mut command = self.command();
        command.args(["check", "--log", "off"]);
        let output = spawn_blocking(move || command.output()).await??;
        let said = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
        Ok((!output.status.success()).then_some(said))
    }

    /// The program on this data.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.parley);
        command.env_clear().env("PARLEY_DATA", &self.data);
        command.envs(self.database.iter().map(|url| ("PARLEY_DATABASE_URL", url)));
        command
    }

    fn start_blocking(&self) -> Result<Server> {
        let log = File::options().append(true).create(true).open(&self.log)?;
        let mut command = self.command();
        command.args(["--listen", "127.0.0.1:0"]).args(SETTINGS);
        command.envs(self.environment.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().with_context(|| self.parley.display().to_string())?;
        let output = child.stdout.take().context("no output")?;
        for line in BufReader::new(output).lines() {
            if let Some((_, port)) = line?.split_once("http://localhost:") {
                let port = port.trim_end_matches('/').trim().parse()?;
                return Ok(Server { child, address: SocketAddr::from(([127, 0, 0, 1], port)) });
            }
        }
        bail!("it did not start: {:?}, see {}", child.wait()?, self.log.display())
    }
}

impl Server {
    pub(crate) fn id(&self) -> String {
        self.child.id().to_string()
    }

    pub(crate) fn signal(&self, name: &str) -> Result<()> {
        let sent = Command::new("kill").args(["-s", name, &self.id()]).status()?;
        ensure!(sent.success(), "kill -s {name}");
        Ok(())
    }

    /// At once, without a word.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// After a SIGTERM.
    pub(crate) async fn ended(mut self) -> Result<ExitStatus> {
        // Killed by `drop` if it is not gone by then, which is what ends the waiting thread.
        let id = self.id();
        let waiting = spawn_blocking(move || self.child.wait());
        match timeout(GOODBYE, waiting).await {
            Ok(ended) => Ok(ended??),
            Err(_) => {
                Command::new("kill").args(["-s", "KILL", &id]).status()?;
                bail!("it did not end within {GOODBYE:?}")
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a program is there.
pub(crate) fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The last lines of a file.
pub(crate) fn tail(file: &Path, lines: usize) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let all: Vec<_> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}
