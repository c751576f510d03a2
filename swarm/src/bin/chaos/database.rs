//! Where the tormented server keeps its data.

use std::{convert::Infallible, fmt, str::FromStr};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    /// A file in the data folder.
    Sqlite,
    /// On a server of our own.
    Postgres,
    /// Whatever this URL names, which nothing is done to.
    Url(String),
}

impl FromStr for Database {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "sqlite" => Self::Sqlite,
            "postgres" => Self::Postgres,
            url => Self::Url(url.to_owned()),
        })
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Url(url) => url,
        })
    }
}
