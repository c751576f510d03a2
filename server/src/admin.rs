//! What whoever runs the server does with it while it runs, as `parley admin`: over a socket of this machine that
//! only they can open, and by no other way. A request is one line of JSON, and so is its answer.

mod act;
mod answer;
#[cfg(unix)]
mod ask;
mod command;
#[cfg(unix)]
mod listen;
#[cfg(unix)]
mod place;

pub use command::AdminCommand;
use command::{Reach, Where, Whom};

use crate::Config;
#[cfg(unix)]
pub(crate) use listen::{Listening, listen, serve};

/// Returns what to print.
///
/// # Errors
/// A sentence: no server is there, or it did not do it.
#[cfg(unix)]
pub(crate) async fn ask(
    command: &AdminCommand,
    json: bool,
    config: &Config,
) -> anyhow::Result<String> {
    let request = command::Request { command: command.clone(), json };
    ask::ask(&config.admin_socket, &request).await
}

/// # Errors
/// Always.
#[cfg(not(unix))]
pub(crate) async fn ask(_: &AdminCommand, _: bool, _: &Config) -> anyhow::Result<String> {
    anyhow::bail!("parley admin needs a Unix domain socket, which this system has not")
}
