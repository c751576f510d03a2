//! The index of what messages say, asked in SQL, beside what the contract asks of it.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::{
    super::schema::{STEPS, Step},
    *,
};
use crate::store::{contract::Inside, decide::Batch};

pub(super) struct Database {
    address: Address,
    client: Client,
}

impl Database {
    pub(super) async fn at(url: &str) -> Self {
        let client = connect(url).await;
        // By the index, even where there is little.
        client.batch_execute("SET enable_seqscan = off").await.unwrap();
        Self { address: url.parse().unwrap(), client }
    }
}

const FIND: &str = "SELECT room_id, seq FROM search
    WHERE words @@ $1::text::tsquery AND room_id = coalesce($2, room_id) ORDER BY room_id, seq";

impl Inside for Database {
    async fn execute(&self, sql: &str) {
        self.client.batch_execute(sql).await.unwrap();
    }

    async fn found(&self, word: &str, room: Option<RoomId>) -> Vec<(RoomId, u32)> {
        let room = room.map(|room| i64::from(room.0));
        let found = self.client.query(FIND, &[&format!("'{word}'"), &room]).await.unwrap();
        let key = |row: &tokio_postgres::Row| {
            (RoomId(rows::number(row, 0).unwrap()), rows::number(row, 1).unwrap())
        };
        found.iter().map(key).collect()
    }

    async fn save(&self, batch: &Batch) {
        let line = Line::connect(&self.address.to_write()).await.unwrap();
        let session = Session::prepare(line).await.unwrap();
        session.client.batch_execute("BEGIN").await.unwrap();
        session.save.commit(&session.client, batch, None).await.unwrap();
    }

    async fn flaws(&self) -> Vec<String> {
        check(&self.address).await.unwrap().findings
    }
}

#[tokio::test]
async fn the_index_is_asked_and_never_has_much_to_tidy_up() {
    let url = Cluster::shared().unwrap().database().unwrap();
    drop(start(&url).await);
    let client = Database::at(&url).await.client;
    let options = "SELECT reloptions FROM pg_class WHERE relname = 'search_words'";
    let options: Vec<String> = client.query_one(options, &[]).await.unwrap().get(0);
    assert_eq!(options, ["fastupdate=on", "gin_pending_list_limit=128"]);
    let find = FIND.replace("$1", "'hi'").replace("$2", "NULL");
    let plan = client.query(&format!("EXPLAIN {find}"), &[]).await.unwrap();
    let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
    assert!(plan.join("\n").contains("Bitmap Index Scan on search_words"), "{plan:?}");
}

/// As the first released program left it: more messages than are looked at together, and one that cannot be
/// read.
const OLD: &str = "
    CREATE TABLE parley_schema(version integer NOT NULL); INSERT INTO parley_schema VALUES (1);
    UPDATE meta SET last_room = 1, last_person = 1;
    INSERT INTO persons VALUES (1, 1, 1, 'Ann');
    INSERT INTO rooms VALUES (1, 1, 1203, 1, 1201, 1, 1, 5, 1, NULL, 'KMRT', NULL);
    INSERT INTO members VALUES (1, 1, 1, 2, 0, 1, 1, true, true, 'Ann', 'ann');
    INSERT INTO messages SELECT 1, n, n + 2, 1, 1, 5, 7, 1,
        ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
        CASE n WHEN 700 THEN 'no JSON' ELSE '{\"text\":\"Héllo ' || n || '\"}' END
        FROM generate_series(1, 1201) AS n";

#[tokio::test]
async fn a_database_of_the_first_version_learns_to_be_searched() {
    let url = Cluster::shared().unwrap().database().unwrap();
    let Step::Sql(first) = &STEPS[0] else { panic!() };
    connect(&url).await.batch_execute(&format!("{first} {OLD}")).await.unwrap();
    let (store, _published, _folder) = start(&url).await;
    let inside = Database::at(&url).await;
    let room = RoomId(1);
    assert_eq!(inside.found("hello", None).await.len(), 1200);
    for n in [1, 500, 501, 1000, 1001, 1201] {
        assert_eq!(inside.found(&n.to_string(), Some(room)).await, [(room, n)]);
    }
    // And it goes on from there.
    say(&store, room, PersonId(1), "afterwards").await;
    assert_eq!(inside.found("afterwards", None).await, [(room, 1202)]);
    assert_eq!(inside.flaws().await, ["room 1: message 700 cannot be read"]);
}
