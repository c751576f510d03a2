//! The program as people start and stop it: its settings, its sentences, its end.

use std::{
    collections::BTreeSet,
    error::Error,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

type Try<T = ()> = Result<T, Box<dyn Error>>;

/// In an empty folder, with nothing in the environment that would be a setting.
fn parley(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parley"));
    command.current_dir(folder).args(arguments).env_clear();
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Try<Output> {
    Ok(parley(folder, arguments).output()?)
}

/// Started, and where it says that it is.
fn start(folder: &Path, arguments: &[&str]) -> Try<(Child, String)> {
    let mut child =
        parley(folder, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    for line in lines {
        if let Some((_, link)) = line?.split_once("http://localhost:") {
            return Ok((child, format!("127.0.0.1:{link}")));
        }
    }
    let mut said = String::new();
    child.stderr.take().ok_or("no errors")?.read_to_string(&mut said)?;
    Err(said.into())
}

fn signal(child: &Child, name: &str) -> Try {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status()?;
    assert!(sent.success());
    Ok(())
}

#[tokio::test]
async fn it_starts_from_an_empty_folder_and_ends_cleanly_when_told() -> Try {
    for name in ["TERM", "INT"] {
        let folder = tempfile::tempdir()?;
        let (mut child, address) = start(folder.path(), &["--listen", "127.0.0.1:0"])?;
        let body = reqwest::get(format!("http://{address}/")).await?.text().await?;
        assert!(body.contains("Parley"));
        let key = fs::read_to_string(folder.path().join("data/key"))?;
        assert_eq!(key.len(), 64);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            for secret in ["key", "parley.db", "parley.db-wal"] {
                let file = folder.path().join("data").join(secret);
                assert_eq!(fs::metadata(file)?.permissions().mode() & 0o777, 0o600, "{secret}");
            }
        }
        signal(&child, name)?;
        assert_eq!(child.wait()?.code(), Some(0), "{name}");
        let (mut child, _) = start(folder.path(), &["--listen", "127.0.0.1:0"])?;
        assert_eq!(
            fs::read_to_string(folder.path().join("data/key"))?,
            key,
            "the same key at the next start"
        );
        signal(&child, name)?;
        child.wait()?;
    }
    Ok(())
}

#[test]
fn it_says_in_a_sentence_what_keeps_it_from_starting() -> Try {
    let folder = tempfile::tempdir()?;
    let path = folder.path();
    let held = TcpListener::bind("127.0.0.1:0")?;
    let taken = held.local_addr()?.to_string();
    fs::write(path.join("file"), "")?;
    fs::create_dir(path.join("newer"))?;
    rusqlite::Connection::open(path.join("newer/parley.db"))?.pragma_update(
        None,
        "user_version",
        9999,
    )?;
    fs::create_dir(path.join("half"))?;
    fs::write(path.join("half/key"), "short")?;
    fs::create_dir(path.join("noise"))?;
    fs::write(path.join("noise/parley.db"), "x".repeat(5000))?;
    fs::create_dir(path.join("foreign"))?;
    rusqlite::Connection::open(path.join("foreign/parley.db"))?
        .execute_batch("CREATE TABLE bookmarks(url)")?;
    for (arguments, sentence) in [
        (vec!["--data", "file/data"], "cannot make the data folder file/data"),
        (vec!["--data", "file"], "cannot make the data folder file"),
        (vec!["--data", "newer"], "newer/parley.db was written by a newer version of this program"),
        (vec!["--data", "half"], "half/key is not a key"),
        (vec!["--data", "noise"], "noise/parley.db is not a database of this program"),
        (vec!["--data", "foreign"], "foreign/parley.db is a database of another program"),
        (vec!["--database-url", "sqlite:file/x.db"], "cannot write the database file/x.db"),
        (
            vec!["--database-url", "postgres://u:p@127.0.0.1:1/parley"],
            "the database parley at 127.0.0.1:1 cannot be reached",
        ),
    ] {
        let output = run(path, &[&["--listen", "127.0.0.1:0"], &arguments[..]].concat())?;
        let said = String::from_utf8(output.stderr)?;
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(1), 0),
            "{arguments:?} {said}"
        );
        assert!(said.starts_with("parley: ") && said.contains(sentence), "{arguments:?} {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let output = run(path, &["--listen", &taken])?;
    let said = String::from_utf8(output.stderr)?;
    assert!(said.starts_with(&format!("parley: {taken} is in use already")), "{said}");
    assert_eq!(output.status.code(), Some(1));
    drop(held);
    Ok(())
}

/// As somebody who may do less, if this is somebody who may do all.
#[cfg(unix)]
#[test]
fn a_database_that_may_not_be_written_is_said_and_stays_as_it_is() -> Try {
    use std::os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    };
    let folder = tempfile::tempdir()?;
    let path = folder.path();
    let allow = |name: &str, mode: u32| {
        fs::set_permissions(path.join(name), fs::Permissions::from_mode(mode))
    };
    let (mut child, _) = start(path, &["--listen", "127.0.0.1:0"])?;
    signal(&child, "TERM")?;
    child.wait()?;
    fs::create_dir(path.join("own"))?;
    allow("own", 0o777)?;
    allow("", 0o777)?;
    let database = fs::read(path.join("data/parley.db"))?;
    for (data, marker, sentence) in
        [(0o777, 0o666, "readonly database"), (0o555, 0o444, "Permission denied")]
    {
        allow("data/parley.db", 0o444)?;
        allow("data/parley.db.run", marker)?;
        allow("data", data)?;
        let mut program = parley(path, &["--data", "own", "--listen", "127.0.0.1:0"]);
        program.args(["--database-url", "sqlite:data/parley.db"]);
        if fs::metadata(path)?.uid() == 0 {
            program.uid(65534).gid(65534);
        }
        let output = match program.output() {
            // Nor may they start what stands in a folder of somebody else's.
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => return Ok(()),
            output => output?,
        };
        let said = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with("parley: cannot write the database data/parley.db ("), "{said}");
        assert!(said.contains(sentence) && said.contains("this user may write both"), "{said}");
        assert_eq!(fs::read(path.join("data/parley.db"))?, database);
        allow("data", 0o755)?;
    }
    Ok(())
}

#[test]
fn a_wrong_setting_is_named_and_a_secret_is_not_shown() -> Try {
    let folder = tempfile::tempdir()?;
    for (setting, value, sentence) in [
        ("PARLEY_LISTEN", "somewhere", "an address and a port"),
        ("PARLEY_LISTEN", "1.2.3.4", "an address and a port"),
        ("PARLEY_DATA", "", "--data"),
        ("PARLEY_PUBLIC_URL", "chat.example.org", "a scheme and a host"),
        ("PARLEY_PUBLIC_URL", "ftp://example.org", "a scheme and a host"),
        ("PARLEY_PUBLIC_URL", "https://example.org/chat", "nothing behind them"),
        ("PARLEY_DATABASE_URL", "mysql://u:hunter2@db/parley", "sqlite: or postgres:"),
        ("PARLEY_DATABASE_URL", "postgres:hunter2", "postgres://USER:PASSWORD@HOST/DATABASE"),
        (
            "PARLEY_DATABASE_URL",
            "postgres://u:hunter2@db/parley?sslmode=require",
            "does not encrypt",
        ),
        (
            "PARLEY_DATABASE_URL",
            "postgres://u:hunter2@db/parley?sslmode=verify-full",
            "does not encrypt",
        ),
        ("PARLEY_DATABASE_URL", "sqlite:", "the path of a file"),
        ("PARLEY_SECRET_KEY", "hunter2", "at least 32 characters"),
        ("PARLEY_ORIGINS", "https://a.example,b", "a scheme and a host"),
        ("PARLEY_TRUSTED_PROXIES", "proxy.example", "addresses and networks"),
        ("PARLEY_TRUSTED_PROXIES", "10.0.0.1,0.0.0.0/0", "everybody"),
        ("PARLEY_JOINS_PER_PERSON", "20", "how many at once"),
        ("PARLEY_JOIN_FLOOD", "0+1", "how many at once"),
        ("PARLEY_MISSES_IN_ALL", "0+1", "how many at once"),
        ("PARLEY_ACTS_PER_ADDRESS", "0+1", "how many at once"),
        ("PARLEY_TYPING_PER_PERSON", "20", "how many at once"),
        ("PARLEY_TYPING_PER_ADDRESS", "1+60001", "how many at once"),
        ("PARLEY_CONNECTIONS_IN_ALL", "0", "--connections-in-all"),
        ("PARLEY_CONNECTIONS_PER_ADDRESS", "0", "--connections-per-address"),
        ("PARLEY_EXPORTS_IN_ALL", "0", "--exports-in-all"),
        ("PARLEY_EXPORTS_PER_ADDRESS", "0", "--exports-per-address"),
        ("PARLEY_POST_BURST", "0", "--post-burst"),
        ("PARLEY_POST_BURST", "many", "--post-burst"),
        ("PARLEY_POSTS_PER_MINUTE", "0", "--posts-per-minute"),
        ("PARLEY_POSTS_PER_MINUTE", "-1", "--posts-per-minute"),
        ("PARLEY_LOG", "info,server=loud", "--log"),
        ("PORT", "http", "--port"),
    ] {
        let output = parley(folder.path(), &[]).env(setting, value).output()?;
        let said = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(2), "{setting}={value} {said}");
        assert!(said.contains(sentence), "{setting}={value} {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    assert_eq!(fs::read_dir(folder.path())?.count(), 0, "nothing was begun");
    Ok(())
}

/// A flag, its variable, and its default if it has one.
type Setting<'a> = (&'a str, &'a str, &'a str);

/// A line says the flag, and the next one all else.
fn settings_of_help(help: &str) -> Vec<Setting<'_>> {
    let flags = help.lines().zip(help.lines().skip(1));
    flags
        .filter_map(|(flag, text)| Some((flag.trim_start().strip_prefix("--")?, text)))
        .map(|(flag, text)| {
            let variable = between(text, "[env: ", &['=', ']']);
            let default = between(text, "[default: ", &[']']);
            (flag.split(' ').next().unwrap_or_default(), variable, default)
        })
        .collect()
}

fn between<'a>(text: &'a str, from: &str, to: &[char]) -> &'a str {
    let (_, after) = text.split_once(from).unwrap_or_default();
    after.split(to).next().unwrap_or_default()
}

/// Of its table, in which a row may have several.
fn settings_of_the_readme() -> Vec<Setting<'static>> {
    let rows = include_str!("../../../README.md").lines().filter(|line| line.starts_with("| `--"));
    rows.flat_map(|row| {
        let mut cells = row.split('|').skip(1).map(|cell| cell.split(", ").map(bare));
        let [flags, variables, defaults] = std::array::from_fn(|_| cells.next());
        let defaults = defaults.into_iter().flatten().chain(std::iter::repeat(""));
        let pairs = flags.into_iter().flatten().zip(variables.into_iter().flatten()).zip(defaults);
        pairs
            .map(|((flag, variable), default)| (flag.trim_start_matches("--"), variable, default))
            .collect::<Vec<_>>()
    })
    .collect()
}

fn bare(word: &str) -> &str {
    word.trim().trim_matches('`')
}

fn names<'a>(settings: &[Setting<'a>]) -> BTreeSet<(&'a str, &'a str)> {
    settings.iter().map(|(flag, variable, _)| (*flag, *variable)).collect()
}

#[test]
fn help_and_the_readme_explain_every_setting_and_show_no_secret() -> Try {
    let folder = tempfile::tempdir()?;
    let output = parley(folder.path(), &["--help"]).env("PARLEY_SECRET_KEY", "hunter2").output()?;
    let help = String::from_utf8(output.stdout)?;
    assert_eq!(output.status.code(), Some(0));
    let explained = settings_of_help(&help);
    assert_eq!(names(&explained), names(&settings_of_the_readme()));
    for (flag, variable, default) in settings_of_the_readme() {
        // What it is by itself stands in the sentence that explains it, if it takes more than a word.
        let of_help = explained.iter().find(|setting| setting.0 == flag).map_or("", |it| it.2);
        assert!(of_help.is_empty() || of_help.contains(' ') || of_help == default, "{variable}");
    }
    assert!(!help.contains("hunter2"), "{help}");
    for command in ["backup", "restore", "check", "admin"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} {help}");
    }
    let of_postgres = ["backup", "x", "--database-url", "postgres://u:hunter2@db/parley"];
    let said = String::from_utf8(run(folder.path(), &of_postgres)?.stderr)?;
    assert!(said.contains("use pg_dump and pg_restore") && !said.contains("hunter2"), "{said}");
    let version = String::from_utf8(run(folder.path(), &["--version"])?.stdout)?;
    assert_eq!(version.trim(), format!("parley {}", env!("CARGO_PKG_VERSION")));
    Ok(())
}

/// Answers whoever comes first with this, and hangs up.
fn answering(with: &'static str) -> Try<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept()?;
        // All of it: what is left unread when the line is closed cuts it.
        for line in BufReader::new(stream.try_clone()?).lines() {
            if line?.is_empty() {
                break;
            }
        }
        stream.write_all(with.as_bytes())
    });
    Ok(address)
}

#[tokio::test]
async fn it_is_asked_whether_it_is_ready() -> Try {
    let folder = tempfile::tempdir()?;
    let (mut child, address) = start(folder.path(), &["--listen", "127.0.0.1:0"])?;
    let (host, port) = address.split_once(':').ok_or("no port")?;
    let ask = |settings: &[&str]| run(folder.path(), &[&["health"], settings].concat());
    for settings in [&["--listen", &*address][..], &["--host", host, "--port", port]] {
        let ready = ask(settings)?;
        assert!(ready.status.success(), "{settings:?}: {ready:?}");
        assert_eq!(String::from_utf8(ready.stdout)?, format!("{address} is ready\n"));
    }
    signal(&child, "TERM")?;
    child.wait()?;
    // Bound, so that nobody else takes it, and nobody listens.
    let nobody = tokio::net::TcpSocket::new_v4()?;
    nobody.bind("127.0.0.1:0".parse()?)?;
    for (address, said) in [
        (nobody.local_addr()?.to_string(), "nothing answers at "),
        (answering("HTTP/1.1 503 Service Unavailable\r\n\r\n")?, "is not ready"),
        (answering("SSH-2.0-OpenSSH\r\n")?, "is not ready"),
    ] {
        let silent = ask(&["--listen", &address])?;
        assert_eq!(silent.status.code(), Some(1), "{said}");
        let told = String::from_utf8(silent.stderr)?;
        assert!(told.starts_with("parley: ") && told.contains(said), "{told}");
    }
    Ok(())
}
