//! The log: structured lines on stderr. What they never hold: a message's text, a name, a token, a
//! password, an address, a query. What people did is in `activity`.

use std::{
    any::Any,
    io::{self, IsTerminal},
    panic,
};

use tracing_subscriber::{fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::Config;

/// Once a process; a second time changes nothing.
pub fn init(config: &Config) {
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let registry = tracing_subscriber::registry().with(config.log.clone()).with(lines);
    // Fails only when there is one already.
    let _ = registry.try_init();
    panic::set_hook(Box::new(|panicked| {
        let at = panicked.location().map(tracing::field::display);
        tracing::error!(at, "panicked: {}", literal(panicked.payload()));
    }));
}

/// What stands in the program, and nothing that was put into it: a slice of a text that is none tells of the
/// text.
fn literal(payload: &dyn Any) -> &'static str {
    payload.downcast_ref().copied().unwrap_or("a panic")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_tells_nothing_of_what_somebody_wrote() {
        let text = "Zwetschgenknödel";
        let known = panic::catch_unwind(|| panic!("no such thing")).err();
        assert_eq!(known.map(|payload| literal(&*payload)), Some("no such thing"));
        // In the middle of a letter.
        let sliced = panic::catch_unwind(|| text[..13].len()).err();
        assert_eq!(sliced.map(|payload| literal(&*payload)), Some("a panic"));
    }
}
