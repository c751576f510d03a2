//! The log: structured lines on stderr. What they never hold: a message's text, a token, a
//! password, a full address, a query.

use std::io::{self, IsTerminal};

use tracing_subscriber::{fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::Config;

/// Once a process; a second time changes nothing.
pub fn init(config: &Config) {
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let registry = tracing_subscriber::registry().with(config.log.clone()).with(lines);
    // Fails only when there is one already.
    let _ = registry.try_init();
}
