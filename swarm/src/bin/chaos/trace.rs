//! strace beside a running process: it watches system calls, and can make them fail.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use tokio::task::spawn_blocking;

/// Why it cannot be used here.
pub(crate) const MISSING: &str = "strace is not installed";

pub(crate) struct Trace {
    child: Child,
    output: PathBuf,
}

impl Trace {
    /// Returns when the process is held.
    pub(crate) async fn attach(
        process: u32,
        output: &Path,
        arguments: &'static [&'static str],
    ) -> Result<Self> {
        let mut command = Command::new("strace");
        command.args(["-f", "-p", &process.to_string(), "-o"]).arg(output).args(arguments);
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let said = child.stderr.take().context("no errors")?;
        let said = BufReader::new(said);
        let output = output.to_owned();
        spawn_blocking(move || {
            let mut words = String::new();
            for line in said.lines() {
                let line = line?;
                if line.contains("attached") {
                    return Ok(Self { child, output });
                }
                words.push_str(&line);
            }
            bail!("strace: {words}")
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

/// Whether what was written to the log of the database was synced before it was sent to anyone.
///
/// # Errors
/// Which of the three was not seen, or in which order they were.
pub(crate) fn synced_before_sent(trace: &str, body: &str) -> Result<()> {
    let lines: Vec<&str> = trace.lines().collect();
    let find = |from: usize, is: &dyn Fn(&str) -> bool| {
        (from..lines.len()).find(|at| lines.get(*at).is_some_and(|line| is(line)))
    };
    let names = |line: &str, calls: &[&str]| calls.iter().any(|call| line.contains(call));
    let sends = |line: &str| names(line, &["write(", "writev(", "sendto(", "sendmsg("]);
    let written = find(0, &|line| line.contains("pwrite64(") && line.contains(body));
    let written = written.context("it was never written to the database")?;
    let begun =
        find(written, &|line| names(line, &["fsync(", "fdatasync("]) && line.contains("-wal"));
    let begun = begun.context("the log was never synced")?;
    let process = lines[begun].split_whitespace().next().unwrap_or_default();
    let synced = find(begun, &|line| {
        line.starts_with(process) && names(line, &["sync"]) && line.trim_end().ends_with("= 0")
    });
    let synced = synced.context("the sync never ended")?;
    let sent = find(0, &|line| sends(line) && !line.contains("pwrite64(") && line.contains(body));
    let sent = sent.context("it was never sent")?;
    ensure!(synced < sent, "it was sent (line {sent}) before the sync had ended (line {synced})");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITE: &str = r#"7 pwrite64(12</d/parley.db-wal>, "..hello..", 4096, 56) = 4096"#;
    const SYNC: &str = "7 fsync(12</d/parley.db-wal>) = 0";
    const BEGIN: &str = "7 fsync(12</d/parley.db-wal> <unfinished ...>";
    const OTHER: &str = "8 futex(0x1, FUTEX_WAKE) = 0";
    const END: &str = "7 <... fsync resumed>)   = 0";
    const SEND: &str = r#"8 sendto(15<TCP:[1]>, "..hello..", 90, MSG_NOSIGNAL) = 90"#;

    #[test]
    fn only_a_sync_that_ended_before_the_answer_counts() {
        for (lines, good) in [
            (&[WRITE, SYNC, SEND][..], true),
            (&[WRITE, BEGIN, OTHER, END, SEND], true),
            (&[WRITE, BEGIN, OTHER, SEND, END], false),
            (&[SYNC, WRITE, SEND], false),
            (&[WRITE, SEND, SYNC], false),
            (&[WRITE, SYNC], false),
            (&[WRITE, "7 fsync(12</d/parley.db-wal>) = -1 EIO", SEND], false),
            (&[SYNC, SEND], false),
        ] {
            assert_eq!(synced_before_sent(&lines.join("\n"), "hello").is_ok(), good, "{lines:?}");
        }
    }
}
