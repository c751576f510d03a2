//! The disk: full for a while, or with syncs and writes that fail.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    Outcome,
    commands::outcome,
    refusals::{Asked, Still},
};
use crate::{
    parley::has,
    stage::Stage,
    trace::{MISSING, Trace},
};
use anyhow::{Result, bail, ensure};
use swarm::person::Person;

/// Every twentieth sync of a thread fails, from its third on; every two-hundredth write from its fiftieth, amid a
/// transaction.
const FAIL: [&[&str]; 2] = [
    &["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=3+20"],
    &["-e", "trace=pwrite64", "-e", "inject=pwrite64:error=EIO:when=50+200"],
];

const FAILED: &str = "(INJECTED)";

/// Why there cannot be a small disk.
pub(super) const NOT_ROOT: &str = "only root can mount a small disk";

/// With room for the database's log, which grows to 4 MB before it is folded into the file.
const SIZE: &str = "size=16m";

/// A small disk of its own, for as long as this lives.
pub(super) struct Disk(PathBuf);

impl Disk {
    pub(super) fn mount(folder: &Path, size: &str) -> Option<Self> {
        fs::create_dir_all(folder).ok()?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", size, "parley-chaos"]).arg(folder);
        mount.output().ok()?.status.success().then(|| Self(folder.to_owned()))
    }

    /// Takes all the room that is left.
    pub(super) fn fill(&self) -> Result<()> {
        let mut ballast = File::create(self.0.join("ballast"))?;
        for size in [65_536, 4096, 1] {
            while ballast.write_all(&vec![0; size]).is_ok() {}
        }
        Ok(())
    }

    pub(super) fn clear(&self) -> Result<()> {
        Ok(fs::remove_file(self.0.join("ballast"))?)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // The server may still have files open: it goes when they are closed.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

pub(super) async fn full(stage: &mut Stage) -> Result<Outcome> {
    let Some(disk) = Disk::mount(&stage.launch.data, SIZE) else {
        return Ok(Outcome::Skipped(NOT_ROOT.into()));
    };
    let (times, each) = if stage.plan.long { (5, 40) } else { (1, 25) };
    stage.start().await?;
    let mut asked = Asked::new(stage).await?;
    let host = stage.open_room("Hana").await?;
    stage.fill(1, 4).await?;
    for _ in 0..times {
        stage.everyone_is_in_the_middle_of(each).await?;
        disk.fill()?;
        let room = host.room.id;
        let name = |n| protocol::Command::SetName { room, name: format!("Hana {n}") };
        until_refused(&host, name).await?;
        asked.all(Still::Reading).await?;
        disk.clear()?;
        stage.until_answered().await?;
    }
    stage.all_stayed()?;
    let found = stage.settle().await?;
    Ok(Outcome::Played(format!("disk full {times} times"), found))
}

/// There may be a little room in files that have it already: until there is none.
pub(super) async fn until_refused(
    host: &Person,
    command: impl Fn(usize) -> protocol::Command,
) -> Result<()> {
    let mut line = host.connect().await?;
    for n in 0..1000 {
        if let Some(refusal) = outcome(&mut line, command(n)).await? {
            ensure!(refusal.is_retryable(), "{refusal:?}");
            return Ok(());
        }
    }
    bail!("nothing is refused")
}

pub(super) async fn failing(stage: &mut Stage) -> Result<Outcome> {
    if !has("strace") {
        return Ok(Outcome::Skipped(MISSING.into()));
    }
    let times = if stage.plan.long { 10 } else { 2 };
    stage.start().await?;
    stage.fill(1, 4).await?;
    let mut failed = 0;
    for (time, fail) in (0..times).flat_map(|time| FAIL.map(|fail| (time, fail))) {
        let output = stage.folder.path().join("trace");
        let trace = Trace::attach(&[stage.server()?.id()], &output, fail).await?;
        while !trace.so_far()?.contains(FAILED) {
            let more = stage.acknowledged() + 1;
            stage.everyone_says(2).await;
            stage.until_acknowledged(more).await?;
        }
        // What was not acknowledged may be there after all; the next start must bear it.
        let kills = time % 2 == 1;
        if kills {
            stage.kill()?;
        }
        failed += trace.detach()?.matches(FAILED).count();
        if kills {
            stage.start().await?;
        }
    }
    let found = stage.settle().await?;
    Ok(Outcome::Played(format!("{failed} syncs and writes failed"), found))
}
