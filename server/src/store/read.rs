//! What is read, decided once for every database: which part of a log is a page, who catches up and
//! who starts anew, how much a page takes. Each function is one consistent look; a database only
//! answers the questions in `Look`.

pub(super) mod desk;
mod log;
mod mine;

pub(super) use mine::at_the_end_of;

use std::{collections::BTreeMap, ops::RangeInclusive};

use protocol::{
    Audience, Changes, Ended, Item, Kind, Lifetime, Link, Matter, Member, MemberId, Membership,
    Message, OpenRoom, PersonName, Point, Reset, RoomCode, RoomId, RoomLink, RoomPage, Skeletons,
    Value,
};

use super::{
    CATCH_UP_BYTES, CATCH_UP_VALUES, Door, Entry, Past, Person, PersonId, Result, Secret, Session,
    SessionHash, SignedIn, Since, Slice, StoreError, Stream, TOO_FAR, WayHash,
    decide::{self, RoomState},
};

/// What a frame needs besides its values.
const ENVELOPE: usize = 256;

/// One moment of a database. Every answer about one stream is of the same moment.
pub(super) trait Look {
    fn session(&self, session: SessionHash)
    -> impl Future<Output = Result<Option<Session>>> + Send;
    /// Those that have not ended, the one that was seen last first.
    fn devices(&self, person: PersonId) -> impl Future<Output = Result<Vec<SignedIn>>> + Send;
    /// Who opened it, until when, and whether somebody went it.
    fn way(&self, way: WayHash)
    -> impl Future<Output = Result<Option<(Person, i64, bool)>>> + Send;
    /// The one with the newest message first.
    fn rooms(
        &self,
        person: PersonId,
        most: u32,
    ) -> impl Future<Output = Result<Vec<RoomLink>>> + Send;
    fn room(&self, door: &Door) -> impl Future<Output = Result<Option<RoomState>>> + Send;
    /// Who the person is in the room, or was.
    fn place(
        &self,
        room: RoomId,
        person: PersonId,
    ) -> impl Future<Output = Result<Option<Place>>> + Send;
    /// Whose this member is.
    fn who(
        &self,
        room: RoomId,
        member: MemberId,
    ) -> impl Future<Output = Result<Option<PersonId>>> + Send;
    fn places(
        &self,
        room: RoomId,
        ids: &[MemberId],
    ) -> impl Future<Output = Result<Vec<Place>>> + Send;
    /// Until when this address is barred from the room, if it ever was.
    fn barred(
        &self,
        room: RoomId,
        from: Secret,
    ) -> impl Future<Output = Result<Option<i64>>> + Send;
    /// What the room's password is kept as.
    fn password(&self, room: RoomId) -> impl Future<Output = Result<Option<String>>> + Send;
    /// The link with this key, and its room.
    fn link(&self, key: Secret) -> impl Future<Output = Result<Option<(RoomId, Item)>>> + Send;
    fn item(
        &self,
        room: RoomId,
        kind: Kind,
        n: u64,
    ) -> impl Future<Output = Result<Option<Item>>> + Send;
    /// Those that changed last first, of those that did before this rev.
    fn newest_items(
        &self,
        room: RoomId,
        kind: Kind,
        before: u64,
        most: u32,
    ) -> impl Future<Output = Result<Vec<Item>>> + Send;
    /// Knocks or reports that wait for a host, those that wait longest first.
    fn waiting_items(
        &self,
        room: RoomId,
        kind: Kind,
        most: u32,
    ) -> impl Future<Output = Result<Vec<Item>>> + Send;
    /// In the order of their revs.
    fn changed_items(
        &self,
        room: RoomId,
        after: u64,
        most: usize,
    ) -> impl Future<Output = Result<Vec<Item>>> + Send;
    /// Those that are listed and not locked, the one with the newest message first.
    fn open(&self, most: u32) -> impl Future<Output = Result<Vec<(RoomId, OpenRoom)>>> + Send;
    /// The last that went by this code and has ended, if the person was in it.
    fn ended(
        &self,
        code: &RoomCode,
        person: PersonId,
    ) -> impl Future<Output = Result<Option<Ended>>> + Send;
    /// Those whose lifetime is over, if nobody is there.
    fn over(&self, before: Before, most: u32) -> impl Future<Output = Result<Vec<RoomId>>> + Send;
    /// Those that have ended and have messages yet, or ended before this moment.
    fn to_clear(&self, rested: i64, most: u32) -> impl Future<Output = Result<Vec<RoomId>>> + Send;
    /// Who is or was in the room by a name that is taken for one with these, and its own.
    fn holders(
        &self,
        room: RoomId,
        wanted: &[Skeletons],
    ) -> impl Future<Output = Result<Vec<(Skeletons, PersonId)>>> + Send;
    fn members(
        &self,
        room: RoomId,
        ids: &[MemberId],
    ) -> impl Future<Output = Result<Vec<Member>>> + Send;
    /// From the beginning of the range, or from its end.
    fn messages(
        &self,
        room: RoomId,
        seqs: RangeInclusive<u32>,
        from: End,
        most: u32,
    ) -> impl Future<Output = Result<Vec<Message>>> + Send;
    fn created_at(
        &self,
        room: RoomId,
        seq: u32,
    ) -> impl Future<Output = Result<Option<i64>>> + Send;
    /// All kinds of values in one order, that of their revs.
    fn changed(
        &self,
        room: RoomId,
        after: u64,
        most: usize,
    ) -> impl Future<Output = Result<Vec<Changed>>> + Send;
    /// Of the person's own stream.
    fn head(&self, person: PersonId) -> impl Future<Output = Result<Point>> + Send;
    /// In the order of their revs.
    fn changed_memberships(
        &self,
        person: PersonId,
        after: u64,
        most: usize,
    ) -> impl Future<Output = Result<Vec<Membership>>> + Send;
    /// Of the rooms that they are in, the one that changed last first.
    fn newest_memberships(
        &self,
        person: PersonId,
        most: u32,
    ) -> impl Future<Output = Result<Vec<Membership>>> + Send;
}

/// Somebody's place in a room: that they have, had, or asked for.
pub(super) struct Place {
    pub(super) member: Member,
    pub(super) read: u32,
    pub(super) joined: bool,
    pub(super) was_in: bool,
    pub(super) muted: Option<i64>,
    pub(super) barred: Option<i64>,
}

/// Before which moment a room was last used whose lifetime is over.
#[derive(Clone, Copy)]
pub(super) struct Before {
    pub(super) while_here: Option<i64>,
    pub(super) day: Option<i64>,
    pub(super) month: Option<i64>,
}

impl Before {
    pub(super) fn of(at: i64, grace: i64, all: bool) -> Self {
        let before = |lifetime: Lifetime| lifetime.rest(grace).map(|rest| at.saturating_sub(rest));
        Self {
            while_here: before(Lifetime::WhileHere),
            day: before(Lifetime::Day).filter(|_| all),
            month: before(Lifetime::Month).filter(|_| all),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum End {
    Oldest,
    Newest,
}

pub(super) enum Changed {
    Message(Message),
    Member(Member),
    /// At this rev; its values are those of the room's state.
    Room(u64),
}

impl Changed {
    pub(super) fn rev(&self) -> u64 {
        match self {
            Self::Message(message) => message.rev,
            Self::Member(member) => member.rev,
            Self::Room(rev) => *rev,
        }
    }

    fn author(&self) -> Option<MemberId> {
        match self {
            Self::Message(message) => Some(message.author),
            Self::Member(_) | Self::Room(_) => None,
        }
    }
}

/// One's own name is free to oneself, whoever looks like it.
pub(super) async fn free_name(
    look: &impl Look,
    room: RoomId,
    person: Option<PersonId>,
    names: Vec<PersonName>,
) -> Result<Option<PersonName>> {
    let wanted: Vec<_> = names.iter().map(PersonName::skeletons).collect();
    let holders = look.holders(room, &wanted).await?;
    let (mine, others): (Vec<_>, Vec<_>) =
        holders.into_iter().partition(|(_, by)| Some(*by) == person);
    let is_free = |wanted: &Skeletons| {
        mine.iter().any(|(held, _)| held == wanted)
            || !others.iter().any(|(held, _)| held.are_alike(wanted))
    };
    let mut free = names.into_iter().zip(&wanted).filter(|(_, wanted)| is_free(wanted));
    Ok(free.next().map(|(name, _)| name))
}

pub(super) async fn entry(
    look: &impl Look,
    door: &Door,
    person: Option<PersonId>,
) -> Result<Option<Entry>> {
    let found = look.room(door).await?;
    // Whether there is one or not, it takes as long to say so.
    let id = found.as_ref().map_or(RoomId(0), |state| state.room.id);
    let place = match person {
        Some(person) => look.place(id, person).await?,
        None => None,
    };
    let Some(RoomState { room, epoch, rev, joined: all, barred_until, .. }) = found else {
        return Ok(None);
    };
    let (head, member, past) = (Point { epoch, rev }, None, None);
    let nobody =
        Entry { room, head, joined: all, member, read: None, muted: None, past, barred_until };
    let Some(Place { member, read, joined, was_in, muted, barred }) = place else {
        return Ok(Some(nobody));
    };
    Ok(Some(if joined {
        Entry { member: Some(member), read: Some(read), muted, ..nobody }
    } else {
        Entry { past: Some(Past { member, was_in, barred }), ..nobody }
    }))
}

/// The link with this key, and its room, if it still opens that.
pub(super) async fn link(look: &impl Look, key: Secret, at: i64) -> Result<Option<(RoomId, Link)>> {
    let Some((room, Item { matter: Matter::Link(link), .. })) = look.link(key).await? else {
        return Ok(None);
    };
    let made_by = look.members(room, link.by.as_slice()).await?.pop();
    let is_good = decide::opens(&link, made_by.map(|maker| maker.role), at);
    Ok(is_good.then_some((room, link)))
}

/// Who is or was called so in the room, or in a way that looks like it, or knocks there by that name. Of several the
/// one whose name is the most like it.
pub(super) async fn called(
    look: &impl Look,
    room: RoomId,
    name: &PersonName,
) -> Result<Option<MemberId>> {
    let wanted = [name.skeletons()];
    let holders = look.holders(room, &wanted).await?.into_iter();
    let most = holders.max_by_key(|(held, _)| wanted[0].shared(held));
    let Some((_, person)) = most else { return Ok(None) };
    Ok(look.place(room, person).await?.map(|place| place.member.id))
}

/// Each, and whether they are in the room.
pub(super) async fn members(
    look: &impl Look,
    room: RoomId,
    ids: Vec<MemberId>,
) -> Result<Vec<(Member, bool)>> {
    let places = look.places(room, &ids).await?;
    Ok(places.into_iter().map(|place| (place.member, place.joined)).collect())
}

pub(super) async fn page(look: &impl Look, room: RoomId, slice: Slice) -> Result<RoomPage> {
    let state = look.room(&Door::Id(room)).await?.ok_or(StoreError::NoSuchRoom)?;
    log::page(look, state, slice).await
}

pub(super) async fn since(look: &impl Look, stream: Stream, point: Option<Point>) -> Result<Since> {
    match stream {
        Stream::Room(room) => of_room(look, room, point).await,
        Stream::Person(person) => mine::since(look, person, point).await,
        Stream::Desk(room) => desk::since(look, room, point).await,
        Stream::Lobby => Err(StoreError::NoSuchRoom),
    }
}

async fn of_room(look: &impl Look, room: RoomId, point: Option<Point>) -> Result<Since> {
    let state = look.room(&Door::Id(room)).await?.ok_or(StoreError::NoSuchRoom)?;
    let head = Point { epoch: state.epoch, rev: state.rev };
    match point.and_then(|point| reachable(point, head)) {
        Some(after) => changes(look, &state, after).await.map(Since::Changes),
        None => {
            let page = log::page(look, state, Slice::Newest).await?;
            Ok(Since::Reset(Reset::Room(page)))
        }
    }
}

/// The rev to catch up from, if there is a way from it to the stream's head.
fn reachable(point: Point, head: Point) -> Option<u64> {
    let behind = head.rev.checked_sub(point.rev).filter(|_| head.epoch == point.epoch);
    behind.filter(|behind| *behind <= TOO_FAR).map(|_| point.rev)
}

async fn changes(look: &impl Look, state: &RoomState, after: u64) -> Result<Changes> {
    let room = state.room.id;
    let found = look.changed(room, after, CATCH_UP_VALUES + 1).await?;
    let authors = authors(found.iter().filter_map(Changed::author));
    let mut authors: BTreeMap<MemberId, Member> =
        look.members(room, &authors).await?.into_iter().map(|member| (member.id, member)).collect();
    let mut page = CatchUp::default();
    let (mut seen, mut upto, mut more) = (0, after, false);
    for changed in found {
        let rev = changed.rev();
        let values = match changed {
            Changed::Message(message) => {
                let author = authors.remove(&message.author).filter(|one| !page.names(one.id));
                author.map(Value::Member).into_iter().chain([Value::Message(message)]).collect()
            }
            Changed::Member(member) if page.names(member.id) => vec![],
            Changed::Member(member) => vec![Value::Member(member)],
            Changed::Room(_) => vec![Value::Room(state.room.clone())],
        };
        seen += 1;
        more = seen > CATCH_UP_VALUES || !page.take(values);
        if more {
            break;
        }
        upto = rev;
    }
    if !more {
        upto = state.rev;
    }
    page.values.sort_by_key(Value::rev);
    let stream = Audience::Room(room);
    Ok(Changes { stream, epoch: state.epoch, after, upto, values: page.values, more })
}

/// Each once.
fn authors(of: impl Iterator<Item = MemberId>) -> Vec<MemberId> {
    let mut authors: Vec<MemberId> = of.collect();
    authors.sort_unstable();
    authors.dedup();
    authors
}

#[derive(Default)]
struct CatchUp {
    values: Vec<Value>,
    bytes: usize,
}

impl CatchUp {
    fn names(&self, author: MemberId) -> bool {
        self.values.iter().any(|value| match value {
            Value::Member(member) => member.id == author,
            Value::Message(_) | Value::Room(_) | Value::Membership(_) | Value::Item(_) => false,
        })
    }

    /// False when the page has no room for all of it. The first always finds room.
    fn take(&mut self, change: Vec<Value>) -> bool {
        let bytes: usize = change.iter().map(|value| protocol::encode(value).len() + 1).sum();
        let fits = self.values.len() + change.len() <= CATCH_UP_VALUES
            && ENVELOPE + self.bytes + bytes <= CATCH_UP_BYTES;
        if !fits && !self.values.is_empty() {
            return false;
        }
        self.bytes += bytes;
        self.values.extend(change);
        true
    }
}
