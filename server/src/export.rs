//! A room as a file that one can keep. It is read and written page by page: a room of a million messages
//! needs no more memory than a small one, and holds up nobody. What is said after it has begun is not in it.

mod html;
mod json;
mod text;

use axum::body::Bytes;
use futures::{Stream, stream};
use protocol::{Look, RoomPage};

use crate::{
    Shared, clock,
    store::{self, Slice},
};

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
trait Write: Send {
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
}

struct Export {
    server: Shared,
    about: About,
    write: Box<dyn Write>,
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
pub(crate) fn export(
    server: Shared,
    mut first: RoomPage,
    look: Look,
    format: Format,
) -> impl Stream<Item = store::Result<Bytes>> {
    first.messages.clear();
    let write: Box<dyn Write> = match format {
        Format::Json => Box::<json::Json>::default(),
        Format::Text => Box::<text::Text>::default(),
        Format::Html => Box::<html::Html>::default(),
    };
    let about = About { first, at: clock::now(), look };
    let export = Export { server, about, write, after: 0, stage: Stage::Begin };
    stream::try_unfold(export, Export::next)
}

impl Export {
    /// The next part of the file. An error leaves it without its end.
    async fn next(mut self) -> store::Result<Option<(Bytes, Self)>> {
        let mut out = String::new();
        match self.stage {
            Stage::Begin => {
                self.write.begin(&self.about, &mut out);
                self.stage = Stage::Pages;
            }
            Stage::Pages => {
                let RoomPage { ref room, head, .. } = self.about.first;
                let mut page = self.server.store.page(room.id, Slice::After(self.after)).await?;
                page.messages.retain(|message| message.seq <= head);
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
        Ok(Some((out.into(), self)))
    }
}
