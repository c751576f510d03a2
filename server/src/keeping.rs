//! What keeps the data of a server without being one: backup, restore, check. Owns what they say; what
//! they do is the store's.

use anyhow::bail;

use crate::{
    Config,
    config::{Command, Database},
    secret,
    store::sqlite::{self, Report, Restored},
};

/// Returns what to say when all is well.
///
/// # Errors
/// A sentence, or one for each thing that is wrong.
pub fn keep(command: &Command, config: &Config) -> anyhow::Result<String> {
    let Database::File(database) = &config.database else {
        bail!("only a database of SQLite's is kept so")
    };
    match command {
        Command::Backup { file, replace } => {
            let bytes = sqlite::backup(database, file, *replace)?;
            Ok(format!("{} is in {} ({bytes} bytes)", database.display(), file.display()))
        }
        Command::Restore { file } => {
            secret::folder(&config.data)?;
            let Restored { report, kept } = sqlite::restore(database, file)?;
            let mut said = format!("{} is back: {}", file.display(), contents(&report));
            if let Some(kept) = kept {
                said += &format!("\nThe database before it is {}", kept.display());
            }
            Ok(said)
        }
        Command::Check => {
            let report = sqlite::check(database)?;
            if report.findings.is_empty() {
                Ok(format!("{} is sound: {}", database.display(), contents(&report)))
            } else {
                let findings = report.findings.join("\n");
                bail!("{} does not hold together:\n{findings}", database.display())
            }
        }
    }
}

fn contents(Report { rooms, messages, people, .. }: &Report) -> String {
    format!("{rooms} rooms, {messages} messages, {people} people")
}
