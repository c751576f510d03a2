//! A database file that is being written: it stands under another name until it is whole.

use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{KeepError, schema};

/// The same file, with something behind its name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Gone again when it is dropped, unless it was finished.
pub(super) struct Partial {
    target: PathBuf,
    path: PathBuf,
    /// Locked, so that two processes do not write one file.
    file: Option<File>,
}

impl Partial {
    /// Empty.
    pub(super) fn of(target: &Path) -> Result<Self, KeepError> {
        let path = beside(target, ".partial");
        let failed = |error: io::Error| KeepError::io(&path, &error);
        loop {
            let file = schema::private(&path).map_err(failed)?;
            if let Err(TryLockError::WouldBlock) = file.try_lock() {
                return Err(KeepError::Busy(target.into()));
            }
            if file.metadata().map_err(failed)?.len() == 0 {
                return Ok(Self { target: target.into(), path, file: Some(file) });
            }
            // Of a process that was killed. Removed and not emptied: in this moment it may have
            // become what another has finished.
            for suffix in ["-journal", ""] {
                match fs::remove_file(beside(&path, suffix)) {
                    Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
                    Ok(()) | Err(_) => {}
                }
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// In place of what is there, if anything; on disk when it returns.
    pub(super) fn finish(mut self) -> Result<(), KeepError> {
        let failed = |error: io::Error| KeepError::io(&self.target, &error);
        if let Some(file) = &self.file {
            file.sync_all().map_err(failed)?;
        }
        fs::rename(&self.path, &self.target).map_err(failed)?;
        self.file = None;
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if self.file.is_some() {
            for suffix in ["", "-journal", "-wal", "-shm"] {
                let _ = fs::remove_file(beside(&self.path, suffix));
            }
        }
    }
}
