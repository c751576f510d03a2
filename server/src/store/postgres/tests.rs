//! PostgreSQL's own part: how it starts, what its failures cost.
#![allow(clippy::unwrap_used, reason = "tests")]

mod check;
mod faults;
mod names;
mod search;

use cluster::Cluster;
use futures::future::join_all;
use tempfile::TempDir;
use tokio::sync::mpsc::Receiver;
use tokio_postgres::{Client, NoTls};

use super::{
    session::{Line, Session},
    *,
};
use crate::store::contract::{create, person, post, run as keep_the_contract, say};

/// With a folder of its own for the marker.
async fn start(url: &str) -> (Postgres, Receiver<Commit>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let (store, published) = start_in(&folder, url).await.unwrap();
    (store, published, folder)
}

async fn start_in(
    folder: &TempDir,
    url: &str,
) -> std::result::Result<(Postgres, Receiver<Commit>), StartError> {
    let (commits, published) = mpsc::channel(100_000);
    let store = Postgres::start(&url.parse().unwrap(), folder.path(), commits).await?;
    Ok((store, published))
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn refusal(url: &str) -> String {
    let started = start_in(&tempfile::tempdir().unwrap(), url).await;
    started.err().map(|error| error.to_string()).unwrap()
}

#[tokio::test]
async fn keeps_the_contract() {
    let url = Cluster::shared().unwrap().database().unwrap();
    let (store, mut published, _folder) = start(&url).await;
    keep_the_contract(&store, &search::Database::at(&url).await, &mut published).await;
}

#[tokio::test]
async fn what_keeps_it_from_starting_is_a_sentence_that_says_what_to_do() {
    let cluster = Cluster::shared().unwrap();
    let newer = cluster.database().unwrap();
    drop(start(&newer).await);
    connect(&newer).await.batch_execute("UPDATE parley_schema SET version = 9999").await.unwrap();
    let foreign = cluster.database().unwrap();
    connect(&foreign).await.batch_execute("CREATE TABLE rooms(beds integer)").await.unwrap();
    let owned = cluster.database().unwrap();
    connect(&owned).await.batch_execute("CREATE ROLE guest LOGIN").await.unwrap();
    let guests = owned.replacen("parley@", "guest@", 1);
    let ascii = cluster.database_with("ENCODING 'SQL_ASCII'").unwrap();
    for (url, sentence) in [
        (newer, "was written by a newer version of this program (schema 9999; this version knows"),
        (foreign.clone(), "give it an empty database"),
        (guests, "make the user the owner of the database"),
        (ascii, "has the encoding SQL_ASCII"),
        (cluster.url("nowhere"), "CREATE DATABASE \"nowhere\" ENCODING 'UTF8'"),
        (cluster.url_as("nobody", "postgres"), "check user and password"),
    ] {
        let said = refusal(&url).await;
        assert!(said.contains(sentence) && said.lines().count() == 1, "{said}");
    }
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    let left: i64 = connect(&foreign).await.query_one(tables, &[]).await.unwrap().get(0);
    assert_eq!(left, 1, "nothing was begun");
}

#[tokio::test]
async fn what_postgres_has_too_little_of_is_said_at_the_start() {
    let cluster = Cluster::shared().unwrap();
    let url = cluster.database().unwrap();
    let operator = connect(&url).await;
    operator.batch_execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0").await.unwrap();
    let said = refusal(&url.replacen("parley@", "crowded@", 1)).await;
    assert!(
        said.contains("too many connections for role") && said.contains("; end some"),
        "{said}"
    );
    for (code, sentence) in [
        ("53100", "PostgreSQL has no room left for the database test"),
        ("53200", "PostgreSQL has too little memory for the database test"),
        ("53300", "PostgreSQL takes no more connections to the database test"),
        ("53400", "a limit of PostgreSQL's is reached in the database test"),
        ("53000", "a limit of PostgreSQL's is reached in the database test"),
        ("57P03", "cannot be reached"),
    ] {
        // Said to whoever makes a table.
        let lacks = format!(
            "CREATE OR REPLACE FUNCTION lacks() RETURNS event_trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE 'it has not enough' USING ERRCODE = '{code}'; END $$"
        );
        operator.batch_execute(&lacks).await.unwrap();
        let begins = "CREATE EVENT TRIGGER lacks ON ddl_command_start
            WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION lacks()";
        operator.batch_execute(begins).await.unwrap();
        let said = refusal(&url).await;
        assert!(said.contains(sentence) && said.contains(": it has not enough; "), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        operator.batch_execute("DROP EVENT TRIGGER lacks").await.unwrap();
    }
    start(&url).await;
}

#[tokio::test]
async fn one_process_at_a_time_has_the_database() {
    let url = Cluster::shared().unwrap().database().unwrap();
    let (store, _published, _folder) = start(&url).await;
    assert!(refusal(&url).await.contains("is in use by another process"));
    store.ready().await.unwrap();
    drop(store);
    start(&url).await;
}

#[tokio::test]
async fn a_database_that_is_not_as_the_last_run_left_it_begins_a_new_epoch() {
    for (what, meddling, new_epoch) in [
        ("nothing", "SELECT 1", false),
        ("another marker, as an older copy has it", "UPDATE meta SET run = '12'", true),
    ] {
        let url = Cluster::shared().unwrap().database().unwrap();
        let (store, published, folder) = start(&url).await;
        let ann = person(&store).await;
        let room = create(&store, ann, 1).await.room.id;
        drop((store, published));
        connect(&url).await.batch_execute(meddling).await.unwrap();
        let (store, _published) = start_in(&folder, &url).await.unwrap();
        let epoch = store.newest(room).await.unwrap().at.epoch;
        assert_eq!(epoch > 1, new_epoch, "{what}");
        let next = create(&store, ann, 1).await.room.id;
        assert_eq!(store.newest(next).await.unwrap().at.epoch, epoch, "{what}");
        assert_eq!(next.0 > room.0 + 1, new_epoch, "{what}: ids that clients may know");
    }
}

#[tokio::test]
async fn all_that_waits_shares_a_commit() {
    let url = Cluster::shared().unwrap().database().unwrap();
    let (store, mut published, _folder) = start(&url).await;
    let ann = person(&store).await;
    let room = create(&store, ann, 1).await.room.id;
    while published.try_recv().is_ok() {}
    let answers = join_all((0..400).map(|_| store.apply(post(room, ann, "hi")))).await;
    assert!(answers.iter().all(Result::is_ok));
    drop(store);
    let mut commits = 0;
    while published.recv().await.is_some() {
        commits += 1;
    }
    assert!(commits < 100, "{commits}");
}

#[tokio::test]
async fn what_cannot_be_executed_harms_nobody_else() {
    let url = Cluster::shared().unwrap().database().unwrap();
    let (store, _published, _folder) = start(&url).await;
    let ann = person(&store).await;
    let room = create(&store, ann, 1).await.room.id;
    let damaged = post(room, ann, "hi");
    store.apply(damaged.clone()).await.unwrap();
    let damage = "UPDATE messages SET content = 'no JSON'";
    connect(&url).await.batch_execute(damage).await.unwrap();
    let ops = [post(room, ann, "a"), damaged, post(room, ann, "b")];
    let answers = join_all(ops.map(|op| store.apply(op))).await;
    assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
}

#[tokio::test]
async fn the_connections_are_set_up_for_durability_whatever_the_defaults_are() {
    let url = Cluster::shared().unwrap().database().unwrap();
    let database = url.rsplit_once('/').unwrap().1;
    let theirs = format!("{url}?options=-c%20synchronous_commit%3Doff");
    let (address, theirs): (Address, Address) = (url.parse().unwrap(), theirs.parse().unwrap());
    let operator = connect(&url).await;
    for (config, setting, default, expected) in [
        (address.to_write(), "synchronous_commit", "off", "on"),
        (theirs.to_write(), "synchronous_commit", "off", "on"),
        (address.to_write(), "default_transaction_read_only", "on", "off"),
        (address.to_write(), "default_transaction_isolation", "serializable", "read committed"),
        (address.to_write(), "lock_timeout", "0", "1s"),
        (address.to_write(), "statement_timeout", "0", "1500ms"),
        (address.to_read(), "default_transaction_read_only", "off", "on"),
        (address.to_read(), "default_transaction_isolation", "serializable", "repeatable read"),
    ] {
        let set = format!("ALTER ROLE parley IN DATABASE {database} SET {setting} = '{default}'");
        operator.batch_execute(&set).await.unwrap();
        let (client, connection) = config.connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        let row = client.query_one(&format!("SHOW {setting}"), &[]).await.unwrap();
        assert_eq!(row.get::<_, &str>(0), expected, "{setting}");
    }
}

/// What is asked of the tables on this connection, each as it is planned for any values.
async fn plans(client: &Client) -> Vec<String> {
    let asked =
        "SELECT name, array_length(parameter_types, 1), statement FROM pg_prepared_statements
        WHERE statement ~ '(persons|sessions|ways|rooms|members|messages)' AND parameter_types <> '{}'";
    let mut plans = vec![];
    for row in client.query(asked, &[]).await.unwrap() {
        let (name, count): (String, i32) = (row.get(0), row.get(1));
        let nulls = vec!["NULL"; count as usize].join(", ");
        let explain = format!("EXPLAIN EXECUTE {name}({nulls})");
        let lines = client.query(&explain, &[]).await.unwrap();
        let lines = lines.iter().map(|line| line.get::<_, String>(0));
        plans.push([row.get(2)].into_iter().chain(lines).collect::<Vec<_>>().join("\n"));
    }
    plans
}

#[tokio::test]
async fn the_plans_are_ranges_of_indexes() {
    let url = Cluster::shared().unwrap().database().unwrap();
    drop(start(&url).await);
    let address: Address = url.parse().unwrap();
    let session =
        Session::prepare(Line::connect(&address.to_write()).await.unwrap()).await.unwrap();
    let look = Readers::new(&address).unwrap().look().await.unwrap();
    let (room, who, code) = (RoomId(1), PersonId(1), protocol::RoomCode::parse("KMRT").unwrap());
    look.session(SessionHash([0; 32])).await.unwrap();
    look.devices(who).await.unwrap();
    look.way(crate::store::WayHash([0; 32])).await.unwrap();
    look.rooms(who, 1).await.unwrap();
    look.room(&Door::Code(code)).await.unwrap();
    look.room(&Door::Id(room)).await.unwrap();
    look.place(room, who).await.unwrap();
    look.holders(room, &[]).await.unwrap();
    look.members(room, &[]).await.unwrap();
    look.messages(room, 1..=9, read::End::Newest, 1).await.unwrap();
    look.created_at(room, 1).await.unwrap();
    look.changed(room, 1, 1).await.unwrap();
    look.changed_memberships(who, 1, 1).await.unwrap();
    look.newest_memberships(who, 1).await.unwrap();
    let mut plans = [plans(&session.client).await, plans(look.client().unwrap()).await].concat();
    assert!(plans.len() >= 26, "{}", plans.len());
    // Part of an index and a filter for the rest, or no index at all.
    let scans = |line: &str| line.contains("Seq Scan") || line.contains(" Filter: ");
    let flags = ["joined", "(COALESCE(", "(stamp > $2)", "(ended_at IS "]
        .map(|flag| format!(" Filter: {flag}"));
    let is_flag = |line: &str| flags.iter().any(|flag| line.contains(flag));
    plans.retain(|plan| plan.lines().any(|line| scans(line) && !is_flag(line)));
    assert!(plans.is_empty(), "{}", plans.join("\n\n"));
}
