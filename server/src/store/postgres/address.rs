//! Where a database is and who asks for it, as a URL. Its password is never shown.

use std::{fmt, str::FromStr, time::Duration};

use tokio_postgres::config::{Config, Host};
use url::Url;

/// PostgreSQL's own.
const PORT: u16 = 5432;

#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    config: Box<Config>,
}

impl FromStr for Address {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let example = "it takes an address such as postgres://USER:PASSWORD@HOST/DATABASE";
        let url = Url::parse(text).map_err(|_| example)?;
        let encrypted = |(key, value): (_, std::borrow::Cow<'_, str>)| {
            key == "sslmode" && value != "disable" && value != "prefer"
        };
        if url.query_pairs().any(encrypted) {
            return Err("Parley does not encrypt its line to PostgreSQL: leave sslmode out, and \
                reach the database over a socket, a private network or a tunnel");
        }
        let config: Config = text.parse().map_err(|_| example)?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(example);
        }
        Ok(Self { config: config.into() })
    }
}

impl Address {
    pub(super) fn database(&self) -> &str {
        self.config.get_dbname().or(self.config.get_user()).unwrap_or_default()
    }

    /// As the writer connects, whatever the database's own defaults are.
    pub(super) fn to_write(&self) -> Config {
        self.with(
            "-c synchronous_commit=on -c default_transaction_read_only=off \
             -c default_transaction_isolation=read\\ committed",
        )
    }

    /// As those connect who read: all of a transaction is of one moment.
    pub(super) fn to_read(&self) -> Config {
        self.with(
            "-c default_transaction_read_only=on \
             -c default_transaction_isolation=repeatable\\ read",
        )
    }

    /// With bounds, so that a server that hangs is noticed within the promise. What it plans while
    /// the tables are empty would scan them for ever.
    fn with(&self, options: &str) -> Config {
        let mut config = Config::clone(&self.config);
        let theirs = config.get_options().unwrap_or_default().to_owned();
        config
            .application_name("parley")
            .connect_timeout(Duration::from_secs(1))
            .keepalives_idle(Duration::from_secs(10))
            .tcp_user_timeout(Duration::from_secs(3))
            .options(format!(
                "{theirs} -c lock_timeout=1000 -c statement_timeout=1500 \
                 -c idle_in_transaction_session_timeout=3000 -c jit=off -c enable_seqscan=off \
                 -c plan_cache_mode=force_generic_plan {options}"
            ));
        config
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at ", self.database())?;
        match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => f.write_str(host)?,
            #[cfg(unix)]
            Some(Host::Unix(folder)) => write!(f, "{}", folder.display())?,
            None => self.config.get_hostaddrs().iter().take(1).try_for_each(|ip| ip.fmt(f))?,
        }
        let mut unusual = self.config.get_ports().iter().take(1).filter(|port| **port != PORT);
        unusual.try_for_each(|port| write!(f, ":{port}"))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
