//! `cluster`: a PostgreSQL that syncs, for measuring. Says its URL, and ends when its input does.

use std::io::{Write, copy, sink, stdin, stdout};

use anyhow::Result;
use cluster::Cluster;

fn main() -> Result<()> {
    let cluster = Cluster::durable()?;
    writeln!(stdout(), "{}", cluster.database()?)?;
    copy(&mut stdin(), &mut sink())?;
    Ok(())
}
