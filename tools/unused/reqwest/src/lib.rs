//! Stands in for reqwest, with which cargo-leptos downloads tools and looks for newer ones: ours are
//! pinned and there before it starts. Every request fails, as without a line; the real one brings TLS
//! and its cryptography along.

use std::{error, fmt};

#[derive(Debug)]
pub struct Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this cargo-leptos downloads nothing")
    }
}

impl error::Error for Error {}

/// Nobody gets one.
pub enum Response {}

impl Response {
    pub fn status(&self) -> Status {
        match *self {}
    }

    pub async fn bytes<T>(self) -> Result<T, Error> {
        match self {}
    }

    pub async fn json<T>(self) -> Result<T, Error> {
        match self {}
    }
}

pub enum Status {}

impl Status {
    pub fn is_success(&self) -> bool {
        match *self {}
    }
}

impl fmt::Display for Status {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

pub async fn get(_: &str) -> Result<Response, Error> {
    Err(Error)
}

#[derive(Default)]
pub struct ClientBuilder;

impl ClientBuilder {
    pub fn user_agent(self, _: &str) -> Self {
        self
    }

    pub fn build(self) -> Result<Client, Error> {
        Ok(Client)
    }
}

#[derive(Default)]
pub struct Client;

impl Client {
    pub fn get(&self, _: String) -> Request {
        Request
    }
}

pub struct Request;

impl Request {
    pub async fn send(self) -> Result<Response, Error> {
        Err(Error)
    }
}
