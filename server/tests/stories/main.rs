//! Stories on sockets and on pages: each starts the real server, with a real database. One program, for
//! every further one is linked anew.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod client;
mod site;

mod activity;
#[cfg(unix)]
mod admin;
mod bad_input;
mod barred;
mod beat;
mod classroom;
mod codes;
mod desk;
mod devices;
mod doors;
mod emoji;
mod export;
mod flood;
mod forwarded;
mod hosts;
mod http_forms;
mod http_history;
mod http_pages;
mod keeping;
mod knocks;
mod languages;
mod life;
mod limits;
mod lobby;
mod moving;
mod names;
mod news;
mod origins;
mod people;
mod person;
mod powers;
mod presence;
mod process;
mod rate;
mod resume;
mod sessions;
mod talk;
mod transport;
mod typing;
mod undo;
