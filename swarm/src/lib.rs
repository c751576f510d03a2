//! People without browsers, and what one needs to judge how a server treats them. It is a client as any
//! other: it knows the protocol and no server.

pub mod chance;
pub mod check;
pub mod frame;
pub mod log;
pub mod person;
pub mod tab;
