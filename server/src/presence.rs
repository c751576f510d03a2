//! Who is in a room right now.

#[derive(Default)]
pub(crate) struct Presence;
