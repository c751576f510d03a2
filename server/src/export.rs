//! A room as a file that one can keep. It is read and written page by page: a room of a million messages
//! needs no more memory than a small one, and holds up nobody. What is said after it has begun is not in it.

mod html;
mod json;
mod places;
mod text;

use std::time::Duration;

use app::{Catalogue, LocalTime, Words};
use axum::body::Bytes;
use futures::{Stream, stream};
use protocol::{Look, Member, Message, Refusal, RoomId, RoomPage};
use tokio::time::{Instant, sleep};

use crate::{
    Shared, clock,
    http::Whence,
    store::{self, Door, PersonId, SessionHash, Slice, StoreError},
};

use places::Place;
pub(crate) use places::Places;

/// However slowly it is fetched.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Between two tries to read a page.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(100),
    Duration::from_millis(300),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(5),
];

/// Each file of a room. All begin with which room it is, have its messages in their order, and end with
/// how many there are: one that was cut off shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Everything, for programs: `docs/export.md`.
    Json,
    /// To be read anywhere.
    Text,
    /// One file with all that it needs.
    Html,
}

impl Format {
    pub(crate) const ALL: [Self; 3] = [Self::Html, Self::Text, Self::Json];

    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Text => "txt",
            Self::Html => "html",
        }
    }

    pub(crate) fn media(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Text => "text/plain; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

/// What a format writes of each part.
trait Layout: Send + Sync {
    fn begin(&mut self, about: &About, out: &mut String);
    fn page(&mut self, about: &About, page: &RoomPage, out: &mut String);
    fn end(&mut self, about: &About, out: &mut String);
}

struct About {
    /// The first page, without messages.
    first: RoomPage,
    /// Milliseconds since 1970.
    at: i64,
    /// How its reader wants times shown.
    look: Look,
    words: &'static Catalogue,
}

impl About {
    fn live(&self) -> &'static Words {
        &self.words.live
    }

    /// What the room is called.
    fn title(&self) -> String {
        let room = &self.first.room;
        let code = || self.live().room(room.code.as_str());
        room.name.as_ref().map_or_else(code, |name| name.as_str().to_owned())
    }

    /// The room's code, and when the file was made, by which clock.
    fn facts(&self) -> String {
        let zone = self.look.zone.as_ref().filter(|zone| clock::knows(zone));
        let zone = zone.map_or("UTC", |zone| zone.as_str());
        let at = self.live().moment(self.local(self.at));
        format!("{} · {at} ({zone})", self.first.room.code)
    }

    fn local(&self, at: i64) -> LocalTime {
        (clock::clock().local)(self.look.zone.as_ref(), at).by(self.look.hours)
    }

    /// The day of that moment, if it is another one.
    fn day(&self, at: i64, before: &mut Option<String>) -> Option<String> {
        let time = self.local(at);
        if before.as_ref() == Some(&time.date()) {
            return None;
        }
        *before = Some(time.date());
        Some(self.live().full_day(time))
    }

    fn utc(&self, at: i64) -> LocalTime {
        (clock::clock().local)(None, at)
    }
}

/// Whose it is, as a page with the message names them.
fn author<'a>(page: &'a RoomPage, message: &Message) -> &'a str {
    let author = page.members.iter().find(|member| member.id == message.author);
    author.map_or("?", |member| member.name.as_str())
}

/// Whose it is, by which of their devices and from where: all must still be so for the next page.
pub(crate) struct Reader {
    pub(crate) person: PersonId,
    pub(crate) session: SessionHash,
    pub(crate) whence: Whence,
}

struct Export {
    server: Shared,
    place: Place,
    ends: Instant,
    about: About,
    write: Box<dyn Layout>,
    reader: Reader,
    /// What is not read yet comes after this message.
    after: u32,
    stage: Stage,
}

#[derive(Clone, Copy)]
enum Stage {
    Begin,
    Pages,
    Done,
}

/// `first` is any page of the room: it says up to which message the file goes.
///
/// # Errors
/// Too many are on their way, of theirs or of all.
pub(crate) fn export(
    server: Shared,
    mut first: RoomPage,
    reader: Reader,
    look: Look,
    words: &'static Catalogue,
    format: Format,
) -> Result<impl Stream<Item = store::Result<Bytes>>, Refusal> {
    let place = server.exports.take(reader.person, reader.whence.network)?;
    first.messages.clear();
    let write: Box<dyn Layout> = match format {
        Format::Json => Box::<json::Json>::default(),
        Format::Text => Box::<text::Text>::default(),
        Format::Html => Box::<html::Html>::default(),
    };
    let about = About { first, at: clock::now(), look, words };
    let (ends, stage) = (Instant::now() + LONGEST, Stage::Begin);
    let export = Export { server, place, ends, about, write, reader, after: 0, stage };
    Ok(stream::try_unfold(export, Export::next))
}

impl Export {
    /// The next part of the file. An error leaves it without its end.
    async fn next(mut self) -> store::Result<Option<(Bytes, Self)>> {
        self.keep_place()?;
        let mut out = String::new();
        match self.stage {
            Stage::Begin => {
                self.write.begin(&self.about, &mut out);
                self.stage = Stage::Pages;
            }
            Stage::Pages => {
                let RoomPage { ref room, head, .. } = self.about.first;
                let mut page = self.read(room.id).await?;
                self.may_read(room.id).await?;
                page.messages.retain(|message| message.seq <= head);
                let said = |one: &Member| page.messages.iter().any(|said| said.author == one.id);
                page.members.retain(said);
                if let Some(last) = page.messages.last() {
                    self.after = last.seq;
                    self.write.page(&self.about, &page, &mut out);
                }
                if page.messages.is_empty() || self.after == head {
                    self.write.end(&self.about, &mut out);
                    self.stage = Stage::Done;
                }
            }
            Stage::Done => return Ok(None),
        }
        // What reading took is no fault of theirs.
        self.keep_place()?;
        Ok(Some((out.into(), self)))
    }

    /// Still, and there: asked after a page was read and before it goes out.
    async fn may_read(&self, room: RoomId) -> store::Result<()> {
        let Self { server, reader: Reader { session, whence, .. }, .. } = self;
        let person = server.store.person(*session).await?.ok_or(StoreError::NotAMember)?;
        let entry = server.store.entry(Door::Id(room), Some(person.id)).await?;
        entry.and_then(|entry| entry.member).ok_or(StoreError::NotAMember)?;
        let banned = whence.banned(server, clock::now());
        if banned.is_some() { Err(StoreError::NotAMember) } else { Ok(()) }
    }

    fn keep_place(&self) -> store::Result<()> {
        let kept = self.place.keep();
        if kept { Ok(()) } else { Err(StoreError::Unavailable("an export is not fetched".into())) }
    }

    /// Who wants a whole room can wait: when there is much to do, it is asked for again.
    async fn read(&self, room: RoomId) -> store::Result<RoomPage> {
        for pause in PAUSES {
            if Instant::now() >= self.ends {
                return Err(StoreError::Unavailable("an export has its time".into()));
            }
            let turn = self.server.exports.turn().await;
            let page = self.server.store.page(room, Slice::After(self.after)).await;
            drop(turn);
            match page {
                Err(StoreError::Overloaded) => sleep(pause).await,
                page => return page,
            }
        }
        Err(StoreError::Overloaded)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests;
