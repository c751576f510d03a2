//! Where the socket is: in a folder in which others cannot replace it, with a lock beside it that says whether a server
//! has it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind},
    os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use tokio::{net::UnixStream, time::sleep};

/// For the server before this one to end.
const TURN: Duration = Duration::from_secs(1);

/// Taken, and nothing stands there. Given back when it is dropped.
///
/// # Errors
/// A sentence: others could reach into the folder, another server has the place, or something else stands there.
pub(super) async fn take(path: &Path) -> anyhow::Result<File> {
    let shared = is_shared(folder(path))?;
    let cannot = || format!("cannot listen at {}", path.display());
    let lock = lock(path).await.with_context(cannot)?;
    let Some(lock) = lock else {
        bail!(
            "another Parley is asked at {}: choose another place with --admin-socket",
            path.display()
        )
    };
    let user = own().with_context(cannot)?;
    match fs::symlink_metadata(path) {
        Ok(there) if !there.file_type().is_socket() => {
            bail!("{} is there and is no socket", path.display())
        }
        Ok(there) if !is_replaced(shared, there.uid(), user) => {
            bail!("the socket {} is somebody else's", path.display())
        }
        Ok(_) => fs::remove_file(path).with_context(cannot)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(cannot),
    }
    Ok(lock)
}

pub(super) fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// The user of this process, as a socket tells of its other end.
pub(super) fn own() -> io::Result<u32> {
    let (one, _other) = UnixStream::pair()?;
    Ok(one.peer_cred()?.uid())
}

/// Whether others put files there, as in /tmp; where they could replace ours too, it is an error.
fn is_shared(folder: &Path) -> anyhow::Result<bool> {
    let mode = fs::metadata(folder)
        .with_context(|| format!("cannot look at {}", folder.display()))?
        .permissions()
        .mode();
    let shared = mode & 0o022 != 0;
    ensure!(
        !shared || mode & 0o1000 != 0,
        "others may write in {}: forbid it, or choose another place with --admin-socket",
        folder.display()
    );
    Ok(shared)
}

/// A socket that a killed server left there.
fn is_replaced(shared: bool, owner: u32, own: u32) -> bool {
    !shared || owner == own
}

/// `None`: another process has it. One that is ending gives it back in a moment. A link is not followed: where others
/// write, it could lead to any file.
async fn lock(path: &Path) -> io::Result<Option<File>> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600).custom_flags(libc::O_NOFOLLOW);
    let file = options.open(name)?;
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) if since.elapsed() < TURN => {
                sleep(Duration::from_millis(20)).await;
            }
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_folder_of_many_only_a_socket_of_ours_is_replaced() {
        for (shared, owner, own, replaced) in [
            (false, 1000, 1000, true),
            (false, 0, 1000, true),
            (true, 1000, 1000, true),
            (true, 998, 0, false),
        ] {
            assert_eq!(is_replaced(shared, owner, own), replaced, "{shared} {owner} {own}");
        }
    }
}
