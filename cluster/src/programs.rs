//! PostgreSQL's programs: where they are, and as whom they run.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use anyhow::{Context, Result, ensure};

/// Why there cannot be a cluster here, if so.
pub fn missing() -> Option<String> {
    ["initdb", "pg_ctl", "psql"].iter().find_map(|name| path(name).err()).map(|why| why.to_string())
}

/// Where Debian keeps it, or on the path.
pub(crate) fn path(name: &str) -> Result<PathBuf> {
    let searched = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|one| one.path().join("bin")).collect();
    versions.sort();
    let folders = versions.into_iter().rev().chain(env::split_paths(&searched));
    let found = folders.map(|folder| folder.join(name)).find(|path| path.exists());
    found.with_context(|| {
        format!("PostgreSQL's own {name} is missing: install PostgreSQL (on Debian, `apt-get install postgresql`) and put its programs on the PATH")
    })
}

/// PostgreSQL refuses to run as root.
pub(crate) fn program(name: &str) -> Result<Command> {
    let path = if name == "sh" { name.into() } else { path(name)? };
    if !is_root() {
        return Ok(Command::new(path));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
    command.current_dir("/");
    Ok(command)
}

/// To whom the programs run as.
pub(crate) fn give_away(folder: &Path) -> Result<()> {
    if is_root() { done(Command::new("chown").arg("postgres").arg(folder)) } else { Ok(()) }
}

fn is_root() -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    *ROOT.get_or_init(|| said(Command::new("id").arg("-u")).is_ok_and(|id| id == "0\n"))
}

pub(crate) fn done(command: &mut Command) -> Result<()> {
    said(command).map(drop)
}

pub(crate) fn said(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{command:?}"))?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {error}");
    Ok(String::from_utf8(output.stdout)?)
}
