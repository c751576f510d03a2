//! Names for guests.
