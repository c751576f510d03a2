//! Where the rules of `check` find things on a server. Changes nothing, and sees one moment while others go
//! on writing.

use tokio_postgres::Transaction;

use super::{
    Address, StartError,
    error::Fallible,
    names,
    rows::{self, number},
    schema,
    session::Line,
};
use crate::store::check::{COUNTS, Called, FEW, Findings, Places, Report, Words, rules};

/// Rows that are fetched together.
const SOME: i32 = 1000;

/// # Errors
/// It cannot be reached or read, or is not a database of this version.
pub async fn check(address: &Address) -> Result<Report, StartError> {
    let failed = |fault| StartError::new(address, fault);
    let mut line = Line::connect(&address.to_read()).await.map_err(failed)?;
    schema::check(&line.client, address).await?;
    match schema::version(&line.client).await.map_err(failed)? {
        0 => return Err(StartError::Empty { at: address.clone() }),
        version if version < schema::STEPS.len() => {
            return Err(StartError::Older { at: address.clone() });
        }
        _ => {}
    }
    let looked = async {
        let tx = line.client.transaction().await?;
        // However long it takes.
        tx.batch_execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
        )
        .await?;
        look(&tx).await
    };
    looked.await.map_err(failed)
}

const PLACES: Places = Places {
    messages: "messages",
    in_room: "room_id = r.id",
    members: "members",
    indexed: "search",
    key: "room_id, seq",
    epoch: "(SELECT epoch FROM meta)",
    greatest: "greatest",
};

/// What other databases see to by themselves: an id never names anything else.
const OWN: [&str; 2] = [
    "SELECT format('room %s is there, but %s is noted as the last', id, last_room)
       FROM rooms, meta WHERE id > last_room",
    "SELECT format('person %s is there, but %s is noted as the last', id, last_person)
       FROM persons, meta WHERE id > last_person",
];

pub(super) async fn look(tx: &Transaction<'_>) -> Fallible<Report> {
    let counts = tx.query_one(COUNTS, &[]).await?;
    let mut findings = Findings::default();
    for question in OWN.map(str::to_owned).into_iter().chain(rules(&PLACES)) {
        let found = tx.bind(&tx.prepare(&question).await?, &[]).await?;
        let found = tx.query_portal(&found, FEW as i32).await?;
        findings.add(found.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?);
    }
    called(tx).await?.judge(&mut findings);
    words(tx).await?.judge(&mut findings);
    Ok(Report {
        rooms: number(&counts, 0)?,
        messages: number(&counts, 1)?,
        people: number(&counts, 2)?,
        findings: findings.told(),
    })
}

async fn called(tx: &Transaction<'_>) -> Fallible<Called> {
    let mut called = Called::default();
    let members =
        format!("SELECT room_id, n, name, {}, joined_at > 0 FROM members", names::SKELETONS);
    each(tx, &members, |row| {
        let kept = names::skeletons(row, 3)?;
        let who = (row.try_get(0)?, row.try_get(1)?, row.try_get(6)?);
        called.look(who, row.try_get(2)?, &kept);
        Ok(())
    })
    .await?;
    Ok(called)
}

async fn words(tx: &Transaction<'_>) -> Fallible<Words> {
    let mut words = Words::default();
    let messages = "SELECT room_id, seq, content FROM messages";
    each(tx, messages, |row| {
        words.said(row.try_get(0)?, row.try_get(1)?, rows::content(row, 2).ok().as_ref());
        Ok(())
    })
    .await?;
    let indexed = "SELECT room_id, seq, tsvector_to_array(words) FROM search";
    each(tx, indexed, |row| {
        let (room, seq) = (row.try_get(0)?, row.try_get(1)?);
        let found: Vec<&str> = row.try_get(2)?;
        found.into_iter().for_each(|word| words.indexed(room, seq, word));
        Ok(())
    })
    .await?;
    Ok(words)
}

async fn each(
    tx: &Transaction<'_>,
    sql: &str,
    mut of: impl FnMut(&tokio_postgres::Row) -> Fallible<()>,
) -> Fallible<()> {
    let all = tx.bind(&tx.prepare(sql).await?, &[]).await?;
    loop {
        let some = tx.query_portal(&all, SOME).await?;
        if some.is_empty() {
            return Ok(());
        }
        some.iter().try_for_each(&mut of)?;
    }
}
