//! Who follows which stream.

#[derive(Default)]
pub(crate) struct Hub;
