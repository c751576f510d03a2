//! What is done to a database's write-ahead log, by a trace of those who do it: that what is written there is synced
//! before anybody hears of it, and how often that is.

use anyhow::{Context, Result, ensure};

const SYNCS: &[&str] = &["fsync(", "fdatasync("];
const SENDS: &[&str] = &["write(", "writev(", "sendto(", "sendmsg("];
/// PostgreSQL writes its log in pages, each with a header, even amid a text.
const PAGE: usize = 8192;
const HEADER: usize = 24;

/// Whose log it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wal {
    /// SQLite's, a file of the server's own.
    Sqlite,
    /// PostgreSQL's, in which this process commits for the server.
    Postgres { writer: String },
}

/// How often something was done to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Logged {
    /// Transactions that were ended.
    pub(crate) commits: usize,
    pub(crate) syncs: usize,
    /// Of those, the ones that folding the log into the file takes, and beginning it anew.
    pub(crate) folding: usize,
}

impl Wal {
    /// By a trace with `-x`: what is written stands there in hexadecimal.
    pub(crate) fn logged(&self, trace: &str) -> Logged {
        match self {
            Self::Sqlite => to_file(trace),
            Self::Postgres { writer } => by_process(trace, writer),
        }
    }

    /// Whether all that is done in it and said of it is seen by now.
    pub(crate) fn is_watched(&self, trace: &str) -> bool {
        let says = |line: &str| is_said(line) && line.contains(&hex("of seed"));
        self.logged(trace).commits > 0 && trace.lines().any(says)
    }

    /// Whether what was written to it was synced before it was sent to anyone.
    ///
    /// # Errors
    /// Which of the three was not seen, or in which order they were.
    pub(crate) fn synced_before_sent(&self, trace: &str, body: &str) -> Result<()> {
        let (lines, body): (Vec<&str>, _) = (trace.lines().collect(), &*hex(body));
        let find = |from: usize, is: &dyn Fn(&str) -> bool| {
            (from..lines.len()).find(|at| lines.get(*at).is_some_and(|line| is(line)))
        };
        let succeeds =
            |line: &str| line.rsplit_once("= ").is_some_and(|(_, is)| is.starts_with('0'));
        let written = find(0, &|line| self.is_written(line, body));
        let written = written.context("it was never written to the log")?;
        let begun = find(written, &|line| names(line, SYNCS) && self.is_in(line));
        let begun = begun.context("the log was never synced")?;
        let by = process(lines[begun]);
        let synced =
            find(begun, &|line| process(line) == by && names(line, &["sync"]) && succeeds(line));
        let synced = synced.context("the sync never ended")?;
        let sent = find(0, &|line| is_said(line) && line.contains(body));
        let sent = sent.context("it was never sent")?;
        ensure!(
            synced < sent,
            "it was sent (line {sent}) before the sync had ended (line {synced})"
        );
        Ok(())
    }

    /// Whether the call is one on the log.
    fn is_in(&self, line: &str) -> bool {
        match self {
            Self::Sqlite => line.contains("-wal>"),
            // A file of it that is not finished has another name.
            Self::Postgres { .. } => line.contains("/pg_wal/") && !line.contains("/xlogtemp"),
        }
    }

    fn is_written(&self, line: &str, body: &str) -> bool {
        let written = || match self {
            Self::Sqlite => line.contains(body),
            Self::Postgres { .. } => without_headers(line).contains(body),
        };
        names(line, &["pwrite64("]) && self.is_in(line) && written()
    }
}

/// SQLite's log (its file format, 4) is appended to a frame at a time, a header of 24 bytes and a page. The header says
/// how large the database is after it, if the frame ends a transaction.
fn to_file(trace: &str) -> Logged {
    let mut logged = Logged::default();
    for line in trace.lines() {
        let (syncs, writes) = (names(line, SYNCS), names(line, &["pwrite64("]));
        if !Wal::Sqlite.is_in(line) {
            logged.folding += usize::from(syncs && line.contains(".db>"));
            continue;
        }
        logged.syncs += usize::from(syncs);
        logged.commits += usize::from(writes && line.contains("\", 24, ") && !ends_none(line));
        logged.folding += usize::from(writes && line.contains("\", 32, 0"));
    }
    logged
}

/// Whether the second number of a frame's header is 0.
fn ends_none(write: &str) -> bool {
    let header = write.split('"').nth(1).and_then(|header| header.get(4 * 4..8 * 4));
    header == Some(&hex("\0\0\0\0"))
}

/// What the process answers tells its commits; others sync the log for reasons of their own.
fn by_process(trace: &str, writer: &str) -> Logged {
    let (mut logged, wal) = (Logged::default(), Wal::Postgres { writer: writer.to_owned() });
    let (answers, committed) = (&["sendto("], hex("\u{b}COMMIT\0"));
    for line in trace.lines().filter(|line| process(line) == writer) {
        logged.syncs += usize::from(names(line, SYNCS) && wal.is_in(line));
        logged.commits += usize::from(names(line, answers) && line.contains(&committed));
    }
    logged
}

fn without_headers(write: &str) -> String {
    let data = write.split('"').nth(1).unwrap_or_default();
    let (page, header) = (PAGE * hex("\0").len(), HEADER * hex("\0").len());
    let text_of = |at: usize| data.get(at + header..data.len().min(at + page));
    (0..data.len()).step_by(page).filter_map(text_of).collect()
}

/// To whoever is connected to the server, and not by the server to its database.
fn is_said(line: &str) -> bool {
    names(line, SENDS) && !names(line, &["pwrite64(", "<UNIX"])
}

fn names(line: &str, calls: &[&str]) -> bool {
    calls.iter().any(|call| line.contains(call))
}

fn process(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

/// As `-x` has it.
pub(crate) fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
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

    const ASK: &str = r#"8 sendto(9<UNIX-STREAM:[3->4]>, "B\x00\x68\x69", 90, MSG_NOSIGNAL) = 90"#;
    const SYNC_2: &str = "70 fdatasync(4</d/pg_wal/000000010000000000000002>) = 0";
    const SYNC_BY_OTHER: &str = "71 fdatasync(4</d/pg_wal/000000010000000000000002>) = 0";
    const FILLED: &str = "70 fsync(4</d/pg_wal/xlogtemp.70>) = 0";
    const SAVED: &str = "70 fsync(4</d/base/5/16385>) = 0";
    const ANSWER: &str = r#"70 sendto(9<UNIX-STREAM:[4->3]>, "\x43\x00\x00\x00\x0b\x43\x4f\x4d\x4d\x49\x54\x00\x5a", 18, 0) = 18"#;

    /// A frame's header, when it ends a transaction with so many pages or none.
    fn header(pages: u8) -> String {
        let bytes = hex("\0\0\0\x05\0\0\0").to_owned() + &format!("\\x{pages:02x}");
        format!(r#"7 pwrite64(12</d/parley.db-wal>, "{bytes}\x91\x02", 24, 56) = 24"#)
    }

    /// Two pages, with a text from there on.
    fn pages(at: usize, text: &str) -> String {
        let mut data = vec![b'.'; 2 * (PAGE - HEADER)];
        data[at..at + text.len()].copy_from_slice(text.as_bytes());
        let pages = data.chunks(PAGE - HEADER).map(|page| [&[b'-'; HEADER], page].concat());
        let bytes = hex(&String::from_utf8(pages.flatten().collect()).unwrap());
        let file = "4</d/pg_wal/000000010000000000000002>";
        format!(r#"70 pwrite64({file}, "{bytes}", 16384, 16384) = 16384"#)
    }

    fn postgres() -> Wal {
        Wal::Postgres { writer: "70".to_owned() }
    }

    #[test]
    fn only_a_sync_that_ended_before_the_answer_counts() {
        let (within, across) = (&*pages(10, "hi"), &*pages(PAGE - HEADER - 1, "hi"));
        let (sqlite, postgres) = (&Wal::Sqlite, &postgres());
        for (wal, lines, good) in [
            (sqlite, &[WRITE, SYNC, SEND][..], true),
            (sqlite, &[WRITE, BEGIN, OTHER, END, SEND], true),
            (sqlite, &[WRITE, BEGIN, OTHER, SEND, END], false),
            (sqlite, &[SYNC, WRITE, SEND], false),
            (sqlite, &[WRITE, SEND, SYNC], false),
            (sqlite, &[WRITE, SYNC], false),
            (sqlite, &[WRITE, "7 fsync(12</d/parley.db-wal>) = -1 EIO", SEND], false),
            (sqlite, &[SYNC, SEND], false),
            (postgres, &[ASK, within, SYNC_2, ANSWER, SEND], true),
            (postgres, &[ASK, across, SYNC_2, ANSWER, SEND], true),
            (postgres, &[ASK, within, SYNC_BY_OTHER, ANSWER, SEND], true),
            (postgres, &[ASK, within, ANSWER, SEND, SYNC_2], false),
            (postgres, &[ASK, SYNC_2, within, ANSWER, SEND], false),
            (postgres, &[ASK, within, SAVED, FILLED, ANSWER, SEND], false),
            (postgres, &[ASK, within, SYNC_2, ANSWER], false),
        ] {
            let judged = wal.synced_before_sent(&lines.join("\n"), "hi");
            assert_eq!(judged.is_ok(), good, "{judged:?} {lines:?}");
        }
    }

    #[test]
    fn commits_and_syncs_of_the_log_are_counted_and_nothing_else() {
        let (amid, last) = (&*header(0), &*header(9));
        let (sqlite, postgres) = (&Wal::Sqlite, &postgres());
        for (wal, lines, commits, syncs, folding) in [
            (sqlite, &[amid, WRITE, amid, WRITE, last, WRITE, SYNC][..], 1, 1, 0),
            (sqlite, &[last, WRITE, BEGIN, OTHER, END, SEND, last, WRITE, SYNC], 2, 2, 0),
            (sqlite, &[last, WRITE, SYNC, SYNC], 1, 2, 0),
            (sqlite, &[amid, WRITE], 0, 0, 0),
            (sqlite, &[SYNC, FOLDED, BEGUN_ANEW, SYNC, last, WRITE, SYNC], 1, 3, 2),
            (postgres, &[ASK, SYNC_2, ANSWER, SEND, SYNC_2, ANSWER], 2, 2, 0),
            (postgres, &[SAVED, FILLED, SYNC_BY_OTHER, SYNC], 0, 0, 0),
        ] {
            let logged = wal.logged(&lines.join("\n"));
            assert_eq!(logged, Logged { commits, syncs, folding }, "{lines:?}");
        }
    }
}
