//! How long it takes to come into a room: everything that a page asks for, one after the other, as a
//! client on this machine sees it, from the first byte sent to the last one read.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use protocol::Place;
use reqwest::{
    Response, Url,
    header::{ACCEPT_ENCODING, COOKIE, LOCATION},
};
use serde::Serialize;

use swarm::person::{Door, Person};

/// In milliseconds.
#[derive(Default, Serialize)]
struct Took {
    page: Vec<f64>,
    watch: Vec<f64>,
    before: Vec<f64>,
    on: Vec<f64>,
}

/// `deep` is a message that is far from the newest.
pub(crate) async fn open(door: &Door, times: usize, deep: u32) -> Result<()> {
    let reader = door.join("Reader".to_owned()).await?;
    let before = format!("{}/history{}", door.room.path(), Place::Before(deep));
    let before = door.room.join(&before)?;
    let mut day = door.room.clone();
    // A day before everything, so it is the first message that has to be found.
    day.set_query(Some("on=2000-01-01"));
    let mut took = Took::default();
    for _ in 0..times {
        took.page.push(timed(get(door, &reader, &door.room)).await?);
        took.watch.push(timed(reader.follow()).await?);
        took.before.push(timed(get(door, &reader, &before)).await?);
        took.on.push(timed(go_to(door, &reader, &day)).await?);
    }
    println!("{}", serde_json::to_string(&took)?);
    Ok(())
}

async fn timed<T>(what: impl Future<Output = Result<T>>) -> Result<f64> {
    let began = Instant::now();
    what.await?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

/// A page that sends on to another, and that one.
async fn go_to(door: &Door, reader: &Person, url: &Url) -> Result<()> {
    let answer = get(door, reader, url).await?;
    let place = answer.context("a day is no page of its own")?;
    ensure!(get(door, reader, &url.join(&place)?).await?.is_none(), "sent on twice");
    Ok(())
}

/// As a browser asks. Returns where it is sent on to, if it is.
async fn get(door: &Door, reader: &Person, url: &Url) -> Result<Option<String>> {
    let request = door.http.get(url.clone()).header(COOKIE, &reader.cookie);
    let answer = request.header(ACCEPT_ENCODING, "gzip").send().await?.error_for_status()?;
    let place = location(&answer);
    answer.bytes().await?;
    Ok(place)
}

fn location(answer: &Response) -> Option<String> {
    Some(answer.headers().get(LOCATION)?.to_str().ok()?.to_owned())
}
