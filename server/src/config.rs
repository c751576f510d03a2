//! Every setting, its default and its meaning. Each is parsed once, here, and valid from then on.

use std::{
    ffi::OsString,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use clap::{CommandFactory, Parser, Subcommand, error::ErrorKind, value_parser};
use ipnet::IpNet;
use protocol::{Lifetime, Rate};
use tracing_subscriber::filter::Targets;

use crate::{admin::AdminCommand, store::postgres::Address};

mod key;
mod limits;
mod origin;
mod proxies;
mod rooms;

pub(crate) use key::SecretKey;
pub(crate) use limits::Limits;
pub(crate) use origin::Origin;
pub use rooms::Provided;
use rooms::apart;

const PORT: u16 = 3000;

/// Chat rooms that people open with a code. Starts without any setting.
#[derive(Parser)]
#[command(name = "parley", version, disable_help_subcommand = true)]
struct Settings {
    #[command(subcommand)]
    command: Option<Command>,

    /// Address and port to listen on, such as 127.0.0.1:3000 [default: 0.0.0.0:3000]
    #[arg(long, global = true, env = "PARLEY_LISTEN", value_name = "ADDRESS", value_parser = listen)]
    listen: Option<SocketAddr>,

    /// Folder for everything that lasts; made if it is missing
    #[arg(
        long,
        global = true,
        env = "PARLEY_DATA",
        value_name = "FOLDER",
        default_value = "./data"
    )]
    data: PathBuf,

    /// Where `parley admin` asks the server that runs [default: admin.sock in the data folder]
    #[arg(long, global = true, env = "PARLEY_ADMIN_SOCKET", value_name = "FILE")]
    admin_socket: Option<PathBuf>,

    /// Address at which people reach the server, such as https://chat.example.org. Links, cookies
    /// and the check of origins follow it [default: whatever address a request came to]
    #[arg(long, env = "PARLEY_PUBLIC_URL", value_name = "URL", value_parser = Origin::from_str)]
    public_url: Option<Origin>,

    /// Where the database is, such as sqlite:/var/lib/parley/parley.db or
    /// postgres://USER:PASSWORD@HOST/DATABASE [default: parley.db in the data folder]
    #[arg(
        long,
        global = true,
        env = "PARLEY_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    database_url: Option<String>,

    /// Secret that protects sessions, at least 32 characters; changing it signs everyone out
    /// [default: made at the first start and kept in the data folder]
    #[arg(long, env = "PARLEY_SECRET_KEY", value_name = "SECRET", hide_env_values = true)]
    secret_key: Option<String>,

    /// Further origins whose pages may use this server, separated by commas, such as
    /// https://app.example.org
    #[arg(long, env = "PARLEY_ORIGINS", value_name = "URLS", value_delimiter = ',', value_parser = Origin::from_str)]
    origins: Vec<Origin>,

    /// Proxies whose X-Forwarded-For or Forwarded header says where a request comes from, as addresses or
    /// networks separated by commas, such as 127.0.0.1,10.0.0.0/8. Others' headers are passed over
    #[arg(long, env = "PARLEY_TRUSTED_PROXIES", value_name = "ADDRESSES", value_delimiter = ',', value_parser = proxies::network)]
    trusted_proxies: Vec<IpNet>,

    /// Do not guess by which address of this machine others reach it: in a container it is the
    /// container's. Links and the QR code then have the address that a page was opened by
    #[arg(long, env = "PARLEY_NO_LAN_ADDRESS")]
    no_lan_address: bool,

    /// Messages that a person may send at once, over all rooms
    #[arg(long, env = "PARLEY_POST_BURST", value_name = "COUNT", default_value_t = 10, value_parser = value_parser!(u32).range(1..))]
    post_burst: u32,

    /// Messages a minute that a person may send after those
    #[arg(long, env = "PARLEY_POSTS_PER_MINUTE", value_name = "COUNT", default_value_t = 60, value_parser = value_parser!(u32).range(1..=60_000))]
    posts_per_minute: u32,

    /// People who can be members of one room
    #[arg(long, env = "PARLEY_CAPACITY", value_name = "COUNT", default_value_t = 1000, value_parser = value_parser!(u32).range(1..=100_000))]
    capacity: u32,

    #[command(flatten)]
    limits: Limits,

    /// How long a new room outlives its last use, unless its creator chooses: while-here, day, month or
    /// for-ever
    #[arg(long, env = "PARLEY_LIFETIME", value_name = "LIFETIME", default_value = "month", value_parser = lifetime)]
    lifetime: Lifetime,

    /// The longest that may be chosen
    #[arg(long, env = "PARLEY_LONGEST_LIFETIME", value_name = "LIFETIME", default_value = "for-ever", value_parser = lifetime)]
    longest_lifetime: Lifetime,

    /// Seconds for which a room that lasts while someone is there outlives them; and for which no room
    /// ends after a start, so that people can come back
    #[arg(long, env = "PARLEY_GRACE", value_name = "SECONDS", default_value_t = 600, value_parser = value_parser!(u32).range(1..=86_400))]
    grace: u32,

    /// Rooms that are always there and stand in the lobby, separated by commas, such as
    /// General,Random. Each has an address like its name; another can be said before it, as in
    /// physics=物理
    #[arg(long, env = "PARLEY_ROOMS", value_name = "NAMES", value_delimiter = ',', value_parser = Provided::from_str)]
    rooms: Vec<Provided>,

    /// What is written to the log: error, warn, info, debug or trace, for all or for a module, such
    /// as info,server=debug
    #[arg(long, global = true, env = "PARLEY_LOG", value_name = "LEVELS", default_value = "info", value_parser = Targets::from_str)]
    log: Targets,

    /// Address to listen on as hosting platforms set it; only looked at without --listen
    #[arg(long, global = true, env = "HOST", value_name = "ADDRESS")]
    host: Option<String>,

    /// Port to listen on as hosting platforms set it; only looked at without --listen
    #[arg(long, global = true, env = "PORT", value_name = "PORT")]
    port: Option<u16>,
}

/// What to do instead of serving.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Copy the database into FILE, also while the server runs
    Backup {
        file: PathBuf,
        /// Replace FILE if it is there
        #[arg(long)]
        replace: bool,
    },
    /// Put a backup in the place of the database, while the server is stopped. The database before it
    /// is kept beside it
    Restore { file: PathBuf },
    /// See whether everything in the database holds together, also while the server runs
    Check,
    /// Ask the server of this machine, which has the same settings, whether it is ready
    Health,
    /// See to the server that runs on this machine with the same settings
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
        /// Print the answer as JSON
        #[arg(long, global = true)]
        json: bool,
    },
}

#[derive(Clone, Debug)]
pub struct Config {
    /// `None`: serve.
    pub command: Option<Command>,
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub admin_socket: PathBuf,
    pub public_url: Option<Origin>,
    pub database: Database,
    pub secret_key: Option<SecretKey>,
    pub origins: Vec<Origin>,
    pub trusted_proxies: Vec<IpNet>,
    /// By which address others reach this machine may be guessed.
    pub lan_address: bool,
    pub post_rate: Rate,
    /// Members of one room who have not left.
    pub capacity: u32,
    pub limits: Limits,
    pub lifetimes: Lifetimes,
    /// Rooms that are always there.
    pub rooms: Vec<Provided>,
    pub log: Targets,
}

/// How long rooms stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Of a room whose creator does not choose.
    pub usual: Lifetime,
    /// No creator may choose a longer one.
    pub longest: Lifetime,
    /// In milliseconds; see `Lifetime::rest`.
    pub grace: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// Of SQLite's.
    File(PathBuf),
    Server(Address),
}

impl Config {
    /// From the command line, then the environment, then the defaults. The first argument is the
    /// program's name.
    ///
    /// # Errors
    /// A setting that is wrong, or a wish for help or the version; `exit` says it and leaves.
    pub fn try_parse_from<T>(arguments: impl IntoIterator<Item = T>) -> Result<Self, clap::Error>
    where
        T: Into<OsString> + Clone,
    {
        let settings = Settings::try_parse_from(arguments)?;
        if settings.data.as_os_str().is_empty() {
            return Err(wrong("--data", "it takes the path of a folder"));
        }
        // Read here and not by clap, whose sentence would show the secret in them.
        let secret_key = settings.secret_key.map(|text| text.parse()).transpose();
        let database = match settings.database_url {
            Some(url) => database(&url).map_err(|why| wrong("--database-url", why))?,
            None => Database::File(settings.data.join("parley.db")),
        };
        Ok(Self {
            command: settings.command,
            listen: settings
                .listen
                .unwrap_or_else(|| platform(settings.host.as_deref(), settings.port)),
            admin_socket: settings.admin_socket.unwrap_or_else(|| settings.data.join("admin.sock")),
            data: settings.data,
            public_url: settings.public_url,
            database,
            secret_key: secret_key.map_err(|why| wrong("--secret-key", why))?,
            origins: settings.origins,
            trusted_proxies: settings.trusted_proxies,
            lan_address: !settings.no_lan_address,
            post_rate: Rate {
                burst: settings.post_burst,
                every_ms: 60_000 / settings.posts_per_minute,
            },
            capacity: settings.capacity,
            limits: settings.limits,
            lifetimes: Lifetimes {
                // The usual one is no longer than the longest, whichever of them was said.
                usual: settings.lifetime.min(settings.longest_lifetime),
                longest: settings.longest_lifetime,
                grace: i64::from(settings.grace) * 1000,
            },
            rooms: apart(settings.rooms).map_err(|why| wrong("--rooms", &why))?,
            log: settings.log,
        })
    }
}

fn wrong(setting: &str, why: &str) -> clap::Error {
    Settings::command()
        .error(ErrorKind::ValueValidation, format!("invalid value for {setting}: {why}"))
}

/// Some shells set HOST to the machine's name, which is not what to listen on: only an address
/// counts.
fn platform(host: Option<&str>, port: Option<u16>) -> SocketAddr {
    let ip = host.and_then(|host| host.parse().ok()).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    SocketAddr::new(ip, port.unwrap_or(PORT))
}

fn listen(text: &str) -> Result<SocketAddr, &'static str> {
    let text = text.trim().replacen("localhost:", "127.0.0.1:", 1);
    text.parse().map_err(|_| "it takes an address and a port, such as 0.0.0.0:3000 or [::]:3000")
}

fn lifetime(text: &str) -> Result<Lifetime, &'static str> {
    Lifetime::parse(text).ok_or("it is one of while-here, day, month and for-ever")
}

fn database(text: &str) -> Result<Database, &'static str> {
    if ["postgres:", "postgresql:"].iter().any(|scheme| text.starts_with(scheme)) {
        return text.parse().map(Database::Server);
    }
    let path = text.strip_prefix("sqlite:");
    let path = path.ok_or("it begins with sqlite: or postgres:, and nothing else is understood")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.starts_with(':') {
        return Err("it takes the path of a file, as sqlite:PATH");
    }
    Ok(Database::File(path.into()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn parsed(settings: &str) -> Config {
        let settings = ["parley"].into_iter().chain(settings.split_whitespace());
        Config::try_parse_from(settings).unwrap()
    }

    #[test]
    fn where_to_listen_is_ours_to_say_then_the_platforms_then_everywhere() {
        for (settings, listen) in [
            ("--port 3000", "0.0.0.0:3000"),
            ("--port 8080", "0.0.0.0:8080"),
            ("--host 127.0.0.1 --port 8080", "127.0.0.1:8080"),
            ("--host :: --port 8080", "[::]:8080"),
            ("--host my-laptop --port 8080", "0.0.0.0:8080"),
            ("--host 127.0.0.1 --port 8080 --listen 0.0.0.0:80", "0.0.0.0:80"),
            ("--listen localhost:80", "127.0.0.1:80"),
            ("--listen [::1]:0", "[::1]:0"),
        ] {
            assert_eq!(parsed(settings).listen, listen.parse().unwrap(), "{settings}");
        }
    }

    #[test]
    fn a_flood_of_newcomers_is_one_before_it_fills_a_room() {
        let Config { limits, capacity, .. } = parsed("");
        assert!(limits.join_flood.0.unwrap().burst < capacity);
    }

    #[test]
    fn the_database_is_in_the_data_folder_unless_it_is_said_where() {
        for (settings, path) in [
            ("--data d", "d/parley.db"),
            ("--data d --database-url sqlite:x.db", "x.db"),
            ("--data d --database-url sqlite://x.db", "x.db"),
            ("--data d --database-url sqlite:///var/x.db", "/var/x.db"),
            ("--data d --database-url sqlite:/var/x.db", "/var/x.db"),
        ] {
            assert_eq!(parsed(settings).database, Database::File(path.into()), "{settings}");
        }
    }

    #[test]
    fn a_database_on_a_server_is_shown_without_its_user() {
        for (url, shown) in [
            ("postgres://u:hunter2@db.example.org/parley", "parley at db.example.org"),
            ("postgresql://u:hunter2@db:5433/parley?sslmode=disable", "parley at db:5433"),
            ("postgres://parley:hunter2@%2Frun%2Fpostgresql", "parley at /run/postgresql"),
        ] {
            let database = parsed(&format!("--database-url {url}")).database;
            assert_eq!(format!("{database:?}"), format!("Server({shown})"));
        }
    }

    #[test]
    fn how_fast_one_may_post_is_a_burst_and_a_pace() {
        for (settings, burst, every_ms) in [
            ("", 10, 1000),
            ("--post-burst 1 --posts-per-minute 7", 1, 8571),
            ("--post-burst 100000 --posts-per-minute 60000", 100_000, 1),
        ] {
            assert_eq!(parsed(settings).post_rate, Rate { burst, every_ms }, "{settings}");
        }
    }

    #[test]
    fn a_room_lasts_no_longer_than_the_longest() {
        for (settings, usual, longest) in [
            ("", Lifetime::Month, Lifetime::ForEver),
            ("--longest-lifetime day", Lifetime::Day, Lifetime::Day),
            ("--lifetime while-here", Lifetime::WhileHere, Lifetime::ForEver),
        ] {
            let lifetimes = Lifetimes { usual, longest, grace: 600_000 };
            assert_eq!(parsed(settings).lifetimes, lifetimes, "{settings}");
        }
    }

    #[test]
    fn a_secret_is_long_and_never_shown() {
        let secret = "s3cret-".repeat(5);
        let config = parsed(&format!("--secret-key {secret}"));
        assert_eq!(config.secret_key.as_ref().unwrap().as_bytes(), secret.as_bytes());
        assert!(!format!("{config:?}").contains("s3cret"));
    }
}
