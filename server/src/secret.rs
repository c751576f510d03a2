//! The data folder, closed to others, and the server's key: given, or made at the first start and
//! kept there.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::{ErrorKind, Write},
    path::Path,
};

use anyhow::Context;

use crate::{Config, config::SecretKey, session};

/// # Errors
/// It is not there and cannot be made.
pub(crate) fn folder(path: &Path) -> anyhow::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| format!("cannot make the data folder {}", path.display()))
}

/// # Errors
/// The key can be neither read nor made, or the file holds something else.
pub(crate) fn load(config: &Config) -> anyhow::Result<session::Key> {
    let secret = match &config.secret_key {
        Some(secret) => secret.clone(),
        None => kept(&config.data.join("key"))?,
    };
    Ok(session::Key::new(&secret)?)
}

fn kept(path: &Path) -> anyhow::Result<SecretKey> {
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return make(path),
        text => text.with_context(|| format!("cannot read the server's key {}", path.display()))?,
    };
    let key = text.parse().map_err(|_| {
        anyhow::anyhow!(
            "{} is not a key: delete it, and a new one is made; everyone is signed out then",
            path.display()
        )
    })?;
    Ok(key)
}

/// Written under another name first: a start that was cut off must not leave half a key.
fn make(path: &Path) -> anyhow::Result<SecretKey> {
    let cannot = || format!("cannot write the server's key {}", path.display());
    let text = session::random_hex().context("the system has no random numbers")?;
    let unfinished = path.with_extension("new");
    // What stands there is from a start that was cut off.
    let _ = std::fs::remove_file(&unfinished);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished).with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)?;
    file.sync_all().with_context(cannot)?;
    std::fs::rename(&unfinished, path).with_context(cannot)?;
    text.parse().map_err(anyhow::Error::msg)
}
