//! Whatever a host does can be undone by the button that stands beside it on the desk, a page that needs no script.

use protocol::{MessageId, View};
use serde_json::{Value, json};

use crate::{
    limits::PROXY,
    site::{Browser, Site, Try, location},
};

/// At whose address somebody is who never was in the room.
const THERE: &str = "203.0.113.7";

/// A room with a host, one whom they act on, and one who never was in it.
struct Cast {
    room: String,
    ann: Browser,
    bo: Browser,
    eve: Browser,
}

impl Cast {
    async fn new(site: &Site) -> Try<Self> {
        let (ann, bo, eve) =
            (site.browser_at("203.0.113.1")?, site.browser_at(THERE)?, site.browser_at(THERE)?);
        let made = ann.send("/rooms", &[("name", "Ann"), ("room_name", "Tidepool")]).await?;
        let room = location(&made)?;
        bo.send(&format!("{room}/join"), &[("name", "Bo")]).await?;
        Ok(Self { room, ann, bo, eve })
    }

    /// All that an act may change of it, for whomever.
    async fn is(&self) -> Try<Value> {
        let Self { room, ann, bo, eve } = self;
        let mut of = json!(ann.room(room).await?.page.room);
        of["rev"].take();
        let mine = if let View::Room(mine) = bo.data(room).await?.view {
            json!({ "muted": mine.muted })
        } else {
            json!("out")
        };
        Ok(json!({
            "room": of,
            "said": ann.said(room).await?,
            "bo": mine,
            "desk": bo.get(&format!("{room}/desk")).await?.status().as_u16(),
            "eve": eve.get(room).await?.status().as_u16(),
        }))
    }

    async fn act(&self, fields: &[(&str, &str)]) -> Try {
        let act = format!("{}/act", self.room);
        assert_eq!(self.ann.send(&act, fields).await?.status(), 303, "{fields:?}");
        Ok(())
    }

    /// What the button beside the newest line of the log would send.
    async fn undo(&self) -> Try<Vec<(String, String)>> {
        let html = self.ann.get(&format!("{}/desk", self.room)).await?.text().await?;
        let (_, log) = html.split_once(r#"id="log""#).ok_or("no log")?;
        let (_, line) = log.split_once(r#"data-kind="log""#).ok_or("nothing in it")?;
        let line = line.split("</li>").next().unwrap_or_default();
        let field = |input: &str| {
            let value = |of: &str| Some(input.split_once(of)?.1.split('"').next()?.to_owned());
            Some((value("name=\"")?, value("value=\"")?))
        };
        Ok(line.split("<input").skip(1).filter_map(field).collect())
    }
}

/// Each thing that a host may do to a room or to somebody in it.
const ACTS: [&[(&str, &str)]; 15] = [
    &[("act", "rename"), ("name", "Neap")],
    &[("act", "topic"), ("topic", "Tides")],
    &[("act", "lifetime"), ("lifetime", "day")],
    &[("act", "list"), ("listed", "on")],
    &[("act", "capacity"), ("most", "2")],
    &[("act", "password"), ("password", "spring tide")],
    &[("act", "admission"), ("admission", "locked")],
    &[("act", "admission"), ("admission", "knock")],
    &[("act", "slow"), ("seconds", "30")],
    &[("act", "voices"), ("voices", "hosts")],
    &[("act", "remove"), ("removed", "on")],
    &[("act", "mute"), ("member", "2"), ("minutes", "60")],
    &[("act", "bar"), ("member", "2"), ("minutes", "5")],
    &[("act", "bar"), ("member", "2"), ("minutes", "ever")],
    &[("act", "appoint"), ("member", "2"), ("role", "host")],
];

#[tokio::test]
async fn each_act_of_a_host_is_undone_by_the_button_beside_it() -> Try {
    let site = Site::start(&PROXY).await?;
    for act in ACTS {
        let cast = Cast::new(&site).await?;
        let message = MessageId::now();
        cast.bo.say_as(&cast.room, message, "cheap lamps").await?;
        let message = message.to_string();
        let mut fields = act.to_vec();
        fields.push(("message", &message));
        let before = cast.is().await?;
        cast.act(&fields).await?;
        assert_ne!(cast.is().await?, before, "{act:?} does nothing");
        let undo = cast.undo().await?;
        let undo: Vec<_> = undo.iter().map(|(name, value)| (&**name, &**value)).collect();
        cast.act(&undo).await?;
        if act[0].1 == "bar" {
            // They come back by themselves, as who they were.
            cast.bo.send(&format!("{}/join", cast.room), &[]).await?;
        }
        assert_eq!(cast.is().await?, before, "{act:?} is undone by {undo:?}");
    }
    site.stop().await
}
