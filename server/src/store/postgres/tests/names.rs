//! What was made of the names of people, and what is made of them today.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::{
    super::{
        check,
        schema::{STEPS, Step},
    },
    *,
};
use crate::store::contract::names::who_looked_alike_before_stays_and_nobody_joins_them;

/// More people than are looked at together, of whom two look alike; and what was made of one name, other tables made.
const ALIKE: &str = "
    CREATE TABLE parley_schema(version integer NOT NULL); INSERT INTO parley_schema VALUES (1);
    UPDATE meta SET last_room = 1, last_person = 1203;
    INSERT INTO persons SELECT n, 1, 1, 'Ann' FROM generate_series(1, 1203) AS n;
    INSERT INTO rooms VALUES (1, 1, 1, 1, 0, 1203, 3, 5, 1, NULL, 'KMRT', NULL);
    INSERT INTO members SELECT 1, n, n, 0, 0, 1, 1, n <= 3, n = 1, 'Ann ' || n, 'ann' || n
        FROM generate_series(1, 1203) AS n;
    UPDATE members SET name = 'BOB', skeleton = 'bob' WHERE n = 2;
    UPDATE members SET name = 'ВОВ', skeleton = '?' WHERE n = 3";

#[tokio::test]
async fn names_of_the_first_version_are_found_by_how_they_look() {
    let url = Cluster::shared().unwrap().database().unwrap();
    let Step::Sql(first) = &STEPS[0] else { panic!() };
    connect(&url).await.batch_execute(&format!("{first} {ALIKE}")).await.unwrap();
    let (store, _published, _folder) = start(&url).await;
    assert_eq!(flaws(&url).await, [""; 0]);
    who_looked_alike_before_stays_and_nobody_joins_them(&store).await;
    assert_eq!(flaws(&url).await, [""; 0]);
}

async fn flaws(url: &str) -> Vec<String> {
    check::check(&url.parse().unwrap()).await.unwrap().findings
}
