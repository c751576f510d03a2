//! strace beside a running process: it watches system calls, and can make them fail.

use std::{
    fs,
    io::{BufRead, BufReader, Lines},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use tokio::task::spawn_blocking;

/// Why it cannot be used here.
pub(crate) const MISSING: &str = "strace is not installed";

pub(crate) struct Trace {
    child: Child,
    output: PathBuf,
    /// strace says something of each new thread, and ends if nobody is there to hear it.
    said: Lines<BufReader<ChildStderr>>,
}

/// The system does not let whoever is here watch others' processes, not even root in some containers.
#[derive(Debug, thiserror::Error)]
#[error("strace may not watch here: {0}")]
pub(crate) struct Denied(String);

impl Trace {
    /// Returns when all of these are held.
    pub(crate) async fn attach(
        processes: &[String],
        output: &Path,
        arguments: &'static [&'static str],
    ) -> Result<Self> {
        let mut command = Command::new("strace");
        command.args(["-f", "-p", &processes.join(","), "-o"]).arg(output).args(arguments);
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let said = child.stderr.take().context("no errors")?;
        let said = BufReader::new(said).lines();
        let (mut trace, all) = (Self { child, output: output.to_owned(), said }, processes.len());
        spawn_blocking(move || {
            for _ in 0..all {
                let line = trace.said.next().context("strace ended")??;
                if line.contains("not permitted") {
                    return Err(Denied(line).into());
                }
                ensure!(line.contains("attached"), "{line}");
            }
            Ok(trace)
        })
        .await?
    }

    /// What was seen until now.
    pub(crate) fn so_far(&self) -> Result<String> {
        Ok(fs::read_to_string(&self.output)?)
    }

    /// Lets the process go on by itself. Returns what was seen.
    pub(crate) fn detach(mut self) -> Result<String> {
        self.end();
        self.so_far()
    }

    /// Whoever traces a process holds it in whatever state it is in. With the process it ends by itself.
    fn end(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let id = self.child.id().to_string();
            let _ = Command::new("kill").args(["-s", "INT", &id]).output();
            let _ = self.child.wait();
        }
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        self.end();
    }
}
