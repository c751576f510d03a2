//! What is read of a room's desk.

use std::collections::BTreeSet;

use protocol::{Audience, Changes, DeskPage, Item, Kind, MemberId, Point, Reset, RoomId, Value};

use super::{Look, reachable};
use crate::store::{
    CATCH_UP_VALUES, Door, MAX_ITEMS, MAX_LOGGED, Result, Since, StoreError, decide::RoomState,
};

pub(super) async fn since(look: &impl Look, room: RoomId, point: Option<Point>) -> Result<Since> {
    let state = look.room(&Door::Id(room)).await?.ok_or(StoreError::NoSuchRoom)?;
    let head = Point { epoch: state.epoch, rev: state.desk };
    match point.and_then(|point| reachable(point, head)) {
        Some(after) => changes(look, &state, after).await.map(Since::Changes),
        None => Ok(Since::Reset(Reset::Desk(page(look, &state).await?))),
    }
}

async fn page(look: &impl Look, state: &RoomState) -> Result<DeskPage> {
    let room = state.room.id;
    let mut items = Vec::new();
    for kind in [Kind::Knock, Kind::Report] {
        // However much comes after it, what waits is not lost from sight.
        let mut found = look.waiting_items(room, kind, MAX_ITEMS).await?;
        let newest = look.newest_items(room, kind, u64::MAX, MAX_ITEMS).await?;
        found.extend(newest.into_iter().filter(|item| !item.matter.waits()));
        found.truncate(MAX_ITEMS as usize);
        items.extend(found);
    }
    for (kind, most) in
        [(Kind::Curb, MAX_ITEMS), (Kind::Link, MAX_ITEMS), (Kind::Logged, MAX_LOGGED)]
    {
        items.extend(look.newest_items(room, kind, u64::MAX, most).await?);
    }
    with_names(look, state, items).await
}

/// What was done before this entry of the log.
pub(in crate::store) async fn logged(
    look: &impl Look,
    room: RoomId,
    before: u64,
) -> Result<DeskPage> {
    let state = look.room(&Door::Id(room)).await?.ok_or(StoreError::NoSuchRoom)?;
    let items = look.newest_items(room, Kind::Logged, before, MAX_LOGGED).await?;
    with_names(look, &state, items).await
}

async fn with_names(look: &impl Look, state: &RoomState, mut items: Vec<Item>) -> Result<DeskPage> {
    items.sort_by_key(|item| item.rev);
    let members = look.members(state.room.id, &named(&items)).await?;
    Ok(DeskPage { items, members, at: Point { epoch: state.epoch, rev: state.desk } })
}

/// Few bytes a value, so that their number alone limits a page.
async fn changes(look: &impl Look, state: &RoomState, after: u64) -> Result<Changes> {
    let room = state.room.id;
    let mut found = look.changed_items(room, after, CATCH_UP_VALUES + 1).await?;
    let more = found.len() > CATCH_UP_VALUES;
    found.truncate(CATCH_UP_VALUES);
    let upto = found.last().filter(|_| more).map_or(state.desk, |last| last.rev);
    let members = look.members(room, &named(&found)).await?;
    let members = members.into_iter().map(Value::Member);
    let values = members.chain(found.into_iter().map(|item| Value::Item(Box::new(item)))).collect();
    Ok(Changes { stream: Audience::Desk(room), epoch: state.epoch, after, upto, values, more })
}

/// Each once.
fn named(items: &[Item]) -> Vec<MemberId> {
    let named: BTreeSet<MemberId> = items.iter().flat_map(|item| item.matter.members()).collect();
    named.into_iter().collect()
}
