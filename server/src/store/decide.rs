//! What an operation means.
