//! What the program does besides serving: backup, restore, check, asking a server how it is, and seeing to it. Owns
//! what they say; what they do with data is the store's.

use anyhow::bail;

use crate::{
    Config, admin,
    config::{Command, Database},
    health, secret,
    store::{
        Report, postgres,
        sqlite::{self, Restored},
    },
};

/// Returns what to say when all is well.
///
/// # Errors
/// A sentence, or one for each thing that is wrong.
pub async fn keep(command: &Command, config: &Config) -> anyhow::Result<String> {
    match (command, &config.database) {
        (Command::Backup { file, replace }, Database::File(database)) => {
            let bytes = sqlite::backup(database, file, *replace)?;
            Ok(format!("{} is in {} ({bytes} bytes)", database.display(), file.display()))
        }
        (Command::Restore { file }, Database::File(database)) => {
            secret::folder(&config.data)?;
            let Restored { report, kept } = sqlite::restore(database, file)?;
            let mut said = format!("{} is back: {}", file.display(), contents(&report));
            if let Some(kept) = kept {
                said += &format!("\nThe database before it is {}", kept.display());
            }
            Ok(said)
        }
        (Command::Backup { .. } | Command::Restore { .. }, Database::Server(_)) => {
            bail!("PostgreSQL has programs of its own for that: use pg_dump and pg_restore")
        }
        (Command::Check, Database::File(database)) => {
            judged(&database.display().to_string(), &sqlite::check(database)?)
        }
        (Command::Check, Database::Server(database)) => {
            judged(&database.to_string(), &postgres::check(database).await?)
        }
        (Command::Health, _) => health::ask(config.listen).await,
        (Command::Admin { command, json }, _) => admin::ask(command, *json, config).await,
    }
}

fn judged(database: &str, report: &Report) -> anyhow::Result<String> {
    if !report.findings.is_empty() {
        bail!("{database} does not hold together:\n{}", report.findings.join("\n"))
    }
    Ok(format!("{database} is sound: {}", contents(report)))
}

fn contents(Report { rooms, messages, people, .. }: &Report) -> String {
    format!("{rooms} rooms, {messages} messages, {people} people")
}
