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

const SYNCS: &[&str] = &["fsync(", "fdatasync("];

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

/// What was done to the log of the database (SQLite's file format, 4): it is appended to a frame at a time, a header
/// of 24 bytes and a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Logged {
    /// Frames that end a transaction: they say how large the database is after it.
    pub(crate) commits: usize,
    pub(crate) syncs: usize,
    /// Of those, the ones that folding the log into the file takes, and beginning it anew.
    pub(crate) folding: usize,
}

impl Logged {
    /// By a trace with `-x`: what is written stands there in hexadecimal.
    pub(crate) fn of(trace: &str) -> Self {
        let mut logged = Self::default();
        for line in trace.lines() {
            let begins = |calls: &[&str]| calls.iter().any(|call| line.contains(call));
            let (syncs, writes) = (begins(SYNCS), begins(&["pwrite64("]));
            if !line.contains("-wal>") {
                logged.folding += usize::from(syncs && line.contains(".db>"));
                continue;
            }
            logged.syncs += usize::from(syncs);
            logged.commits += usize::from(writes && line.contains("\", 24, ") && !ends_none(line));
            logged.folding += usize::from(writes && line.contains("\", 32, 0"));
        }
        logged
    }
}

/// Whether the second number of a frame's header is 0.
fn ends_none(write: &str) -> bool {
    let header = write.split('"').nth(1).and_then(|header| header.get(4 * 4..8 * 4));
    header == Some(&hex("\0\0\0\0"))
}

/// As `-x` has it.
pub(crate) fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
}

/// Whether what was written to the log of the database was synced before it was sent to anyone.
///
/// # Errors
/// Which of the three was not seen, or in which order they were.
pub(crate) fn synced_before_sent(trace: &str, body: &str) -> Result<()> {
    let (lines, body): (Vec<&str>, _) = (trace.lines().collect(), &*hex(body));
    let find = |from: usize, is: &dyn Fn(&str) -> bool| {
        (from..lines.len()).find(|at| lines.get(*at).is_some_and(|line| is(line)))
    };
    let names = |line: &str, calls: &[&str]| calls.iter().any(|call| line.contains(call));
    let sends = |line: &str| names(line, &["write(", "writev(", "sendto(", "sendmsg("]);
    let succeeds = |line: &str| line.rsplit_once("= ").is_some_and(|(_, is)| is.starts_with('0'));
    let written = find(0, &|line| line.contains("pwrite64(") && line.contains(body));
    let written = written.context("it was never written to the database")?;
    let begun = find(written, &|line| names(line, SYNCS) && line.contains("-wal"));
    let begun = begun.context("the log was never synced")?;
    let process = lines[begun].split_whitespace().next().unwrap_or_default();
    let synced =
        find(begun, &|line| line.starts_with(process) && names(line, &["sync"]) && succeeds(line));
    let synced = synced.context("the sync never ended")?;
    let sent = find(0, &|line| sends(line) && !line.contains("pwrite64(") && line.contains(body));
    let sent = sent.context("it was never sent")?;
    ensure!(synced < sent, "it was sent (line {sent}) before the sync had ended (line {synced})");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITE: &str = r#"7 pwrite64(12</d/parley.db-wal>, "\x00\x68\x69\x00", 4096, 56) = 4096"#;
    const SYNC: &str = "7 fsync(12</d/parley.db-wal>) = 0";
    const BEGIN: &str = "7 fsync(12</d/parley.db-wal> <unfinished ...>";
    const OTHER: &str = "8 futex(0x1, FUTEX_WAKE) = 0";
    const END: &str = "7 <... fsync resumed>)   = 0 (DELAYED)";
    const SEND: &str = r#"8 sendto(15<TCP:[1]>, "\x81\x68\x69", 90, MSG_NOSIGNAL) = 90"#;
    const BEGUN_ANEW: &str = r#"7 pwrite64(12</d/parley.db-wal>, "\x37\x7f\x06", 32, 0) = 32"#;
    const FOLDED: &str = "7 fsync(11</d/parley.db>) = 0";

    /// A frame's header, when it ends a transaction with so many pages or none.
    fn header(pages: u8) -> String {
        let bytes = hex("\0\0\0\x05\0\0\0").to_owned() + &format!("\\x{pages:02x}");
        format!(r#"7 pwrite64(12</d/parley.db-wal>, "{bytes}\x91\x02", 24, 56) = 24"#)
    }

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
            assert_eq!(synced_before_sent(&lines.join("\n"), "hi").is_ok(), good, "{lines:?}");
        }
    }
    #[test]
    fn commits_and_syncs_of_the_log_are_counted_and_nothing_else() {
        let (amid, last) = (&*header(0), &*header(9));
        for (lines, commits, syncs, folding) in [
            (&[amid, WRITE, amid, WRITE, last, WRITE, SYNC][..], 1, 1, 0),
            (&[last, WRITE, BEGIN, OTHER, END, SEND, last, WRITE, SYNC], 2, 2, 0),
            (&[last, WRITE, SYNC, SYNC], 1, 2, 0),
            (&[amid, WRITE], 0, 0, 0),
            (&[SYNC, FOLDED, BEGUN_ANEW, SYNC, last, WRITE, SYNC], 1, 3, 2),
        ] {
            let logged = Logged::of(&lines.join("\n"));
            assert_eq!(logged, Logged { commits, syncs, folding }, "{lines:?}");
        }
    }
}
