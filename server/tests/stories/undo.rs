//! Whatever a host does can be undone by the buttons that stand beside it on the desk, a page that needs no script.

use protocol::{MessageId, View};
use serde_json::{Value, json};

use crate::{
    limits::PROXY,
    site::{Browser, Site, Try, location},
};

/// At whose address somebody is who never was in the room.
const THERE: &str = "203.0.113.7";

/// A room with a host, one whom they act on, and one who never was in it.
struct Cast<'a> {
    site: &'a Site,
    room: String,
    ann: Browser,
    bo: Browser,
    eve: Browser,
}

impl<'a> Cast<'a> {
    async fn new(site: &'a Site) -> Try<Self> {
        let (ann, bo, eve) =
            (site.browser_at("203.0.113.1")?, site.browser_at(THERE)?, site.browser_at(THERE)?);
        let made = ann.send("/rooms", &[("name", "Ann"), ("room_name", "Tidepool")]).await?;
        let room = location(&made)?;
        bo.send(&format!("{room}/join"), &[("name", "Bo")]).await?;
        Ok(Self { site, room, ann, bo, eve })
    }

    /// All that an act may change of it, for whomever.
    async fn is(&self) -> Try<Value> {
        let Self { room, ann, bo, eve, .. } = self;
        let code = room.trim_start_matches("/r/");
        let mut of = json!(ann.room(room).await?.page.room);
        of["rev"].take();
        let mine = if let View::Room(mine) = bo.data(room).await?.view {
            json!({ "muted": mine.muted.is_some() })
        } else {
            json!("out")
        };
        let View::Lobby(lobby) = eve.data("/").await?.view else { return Err("no lobby".into()) };
        Ok(json!({
            "room": of,
            "said": ann.said(room).await?,
            "bo": mine,
            "desk": bo.get(&format!("{room}/desk")).await?.status().as_u16(),
            "eve": eve.get(room).await?.status().as_u16(),
            "lobby": lobby.open.iter().any(|one| one.code.as_str() == code),
            "opens": self.opens().await?,
        }))
    }

    /// What is said to newcomers who know one of the passwords; they go again.
    async fn opens(&self) -> Try<Vec<u16>> {
        let mut said = Vec::new();
        for password in ["", "spring tide", "neap tide"] {
            let newcomer = self.site.browser_at("203.0.113.9")?;
            let join = format!("{}/join", self.room);
            said.push(newcomer.call(&join, &[("password", password)]).await?.0.as_u16());
            newcomer.call(&format!("{}/leave", self.room), &[]).await?;
        }
        Ok(said)
    }

    async fn act(&self, fields: &[(&str, &str)]) -> Try {
        let act = format!("{}/act", self.room);
        assert_eq!(self.ann.send(&act, fields).await?.status(), 303, "{fields:?}");
        Ok(())
    }

    /// What the buttons beside the lines of the log would send, the newest first.
    async fn buttons(&self) -> Try<Vec<Vec<(String, String)>>> {
        let html = self.ann.get(&format!("{}/desk", self.room)).await?.text().await?;
        let (_, log) = html.split_once(r#"id="log""#).ok_or("no log")?;
        let field = |input: &str| {
            let value = |of: &str| Some(input.split_once(of)?.1.split('"').next()?.to_owned());
            Some((value("name=\"")?, value("value=\"")?))
        };
        let line = |line: &str| {
            let line = line.split("</li>").next().unwrap_or_default();
            line.split("<input").skip(1).filter_map(field).collect()
        };
        Ok(log.split(r#"data-kind="log""#).skip(1).map(line).collect())
    }

    /// Presses the buttons beside the newest lines, as many as were not there before.
    async fn undo(&self, before: usize) -> Try {
        let buttons = self.buttons().await?;
        for button in &buttons[..buttons.len() - before] {
            let fields: Vec<_> = button.iter().map(|(name, value)| (&**name, &**value)).collect();
            assert!(!fields.is_empty(), "there is no button");
            self.act(&fields).await?;
            // Whom it lets back in comes by themselves, as who they were.
            self.bo.send(&format!("{}/join", self.room), &[]).await?;
        }
        Ok(())
    }
}

type Form = &'static [(&'static str, &'static str)];

const HOST: Form = &[("act", "appoint"), ("member", "2"), ("role", "host")];
const LISTED: Form = &[("act", "list"), ("listed", "on")];
const LOCKED: Form = &[("act", "admission"), ("admission", "locked")];
const SPRING: Form = &[("act", "password"), ("password", "spring tide")];
const NEAP: Form = &[("act", "password"), ("password", "neap tide")];
const MUTE: Form = &[("act", "mute"), ("member", "2"), ("minutes", "60")];
const BAR: Form = &[("act", "bar"), ("member", "2"), ("minutes", "5")];
const BAN: Form = &[("act", "bar"), ("member", "2"), ("minutes", "ever")];

/// Each thing that a host may do to a room or to somebody in it, and what was done before.
const ACTS: [(&[Form], Form); 23] = [
    (&[], &[("act", "rename"), ("name", "Neap")]),
    (&[], &[("act", "topic"), ("topic", "Tides")]),
    (&[], &[("act", "lifetime"), ("lifetime", "day")]),
    (&[], LISTED),
    (&[LOCKED], LISTED),
    (&[], &[("act", "capacity"), ("most", "2")]),
    (&[], SPRING),
    (&[SPRING], NEAP),
    (&[SPRING], &[("act", "password")]),
    (&[], LOCKED),
    (&[LISTED], LOCKED),
    (&[], &[("act", "admission"), ("admission", "knock")]),
    (&[], &[("act", "slow"), ("seconds", "30")]),
    (&[], &[("act", "voices"), ("voices", "hosts")]),
    (&[], &[("act", "remove"), ("removed", "on")]),
    (&[], MUTE),
    (&[HOST], MUTE),
    (&[], BAR),
    (&[HOST], BAR),
    (&[], BAN),
    (&[HOST], BAN),
    (&[], HOST),
    (&[HOST], &[("act", "appoint"), ("member", "2"), ("role", "member")]),
];

#[tokio::test]
async fn each_act_of_a_host_is_undone_by_the_buttons_beside_it_and_undoing_is_too() -> Try {
    let site = Site::start(&PROXY).await?;
    for (given, act) in ACTS {
        let cast = Cast::new(&site).await?;
        let message = MessageId::now();
        cast.bo.say_as(&cast.room, message, "cheap lamps").await?;
        for given in given {
            cast.act(given).await?;
        }
        let message = message.to_string();
        let fields = [act, &[("message", &*message)]].concat();
        let (lines, before) = (cast.buttons().await?.len(), cast.is().await?);
        cast.act(&fields).await?;
        let done = cast.is().await?;
        assert_ne!(done, before, "{given:?} {act:?} does nothing");
        let acted = cast.buttons().await?.len();
        cast.undo(lines).await?;
        assert_eq!(cast.is().await?, before, "{given:?} {act:?} is undone");
        // Only that a message is back has no Undo of its own.
        if act[0].1 != "remove" {
            cast.undo(acted).await?;
            assert_eq!(cast.is().await?, done, "{given:?} {act:?} is done again");
        }
    }
    site.stop().await
}
