//! The outbox's copy in IndexedDB, and which tab each of its messages belongs to.
//!
//! A tab says that it lives by a time in localStorage; a tab that has not for a while, or said that
//! it goes, is gone, and its messages are another's. Should two tabs ever send the same message, its
//! id makes it one. Without IndexedDB (some private windows) messages live as long as the tab.

use futures::channel::oneshot;
use js_sys::Date;
use protocol::{MessageId, encode};
use serde::{Deserialize, Serialize};
use sync::Entry;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{
    Event, IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode, Storage as Local, window,
};

use crate::json::decode;

const DATABASE: &str = "parley";
const STORE: &str = "outbox";
const TAB: &str = "parley.tab.";
/// Milliseconds after which a tab that said nothing is gone. A browser may hold back a hidden tab's
/// timers for a minute: then both tabs send, and nothing is said twice.
const GONE: u64 = 10_000;

#[derive(Serialize, Deserialize)]
struct Record {
    tab: String,
    entry: Entry,
    /// Whoever wrote it was a member of its room.
    #[serde(default)]
    member: bool,
}

pub(crate) struct Storage {
    tab: String,
    database: Option<IdbDatabase>,
}

impl Storage {
    pub(crate) async fn open() -> Self {
        let storage = Self { tab: MessageId::now().to_string(), database: open().await };
        storage.alive();
        forget_the_gone();
        storage
    }

    /// To be called again and again.
    pub(crate) fn alive(&self) {
        if let Some(local) = local() {
            // Full: then nobody can tell that this tab lives, and ids keep the harm away.
            let _ = local.set_item(&self.key(), &now().to_string());
        }
    }

    /// The page goes: others need not wait.
    pub(crate) fn leave(&self) {
        if let Some(local) = local() {
            let _ = local.remove_item(&self.key());
        }
    }

    pub(crate) fn put(&self, entry: &Entry, member: bool) {
        let record = encode(&Record { tab: self.tab.clone(), entry: entry.clone(), member });
        if let Some(store) = self.store() {
            // Refused only by a full disk; the message is still in the tab.
            let _ = store.put_with_key(&record.into(), &entry.id.to_string().into());
        }
    }

    pub(crate) fn delete(&self, id: MessageId) {
        if let Some(store) = self.store() {
            let _ = store.delete(&id.to_string().into());
        }
    }

    /// Of all tabs.
    pub(crate) fn forget_all(&self) {
        if let Some(store) = self.store() {
            let _ = store.clear();
        }
    }

    /// Takes over the messages of tabs that are gone, all in one transaction, so that of several
    /// tabs one gets them; and of each, whether a member wrote it.
    pub(crate) async fn adopt(&self) -> Vec<(Entry, bool)> {
        let Some(store) = self.store() else { return Vec::new() };
        let Some(all) = answer(store.get_all()).await else { return Vec::new() };
        let all = js_sys::Array::from(&all);
        let records = all.iter().filter_map(|text| decode::<Record>(&text.as_string()?));
        let mut adopted = Vec::new();
        for Record { entry, member, .. } in
            records.filter(|record| record.tab != self.tab && is_gone(&record.tab))
        {
            let record = encode(&Record { tab: self.tab.clone(), entry: entry.clone(), member });
            if store.put_with_key(&record.into(), &entry.id.to_string().into()).is_ok() {
                adopted.push((entry, member));
            }
        }
        adopted
    }

    fn key(&self) -> String {
        format!("{TAB}{}", self.tab)
    }

    fn store(&self) -> Option<IdbObjectStore> {
        let transaction = self
            .database
            .as_ref()?
            .transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite);
        transaction.ok()?.object_store(STORE).ok()
    }
}

fn is_gone(tab: &str) -> bool {
    let said = local().and_then(|local| local.get_item(&format!("{TAB}{tab}")).ok().flatten());
    let said = said.and_then(|text| text.parse::<u64>().ok());
    said.is_none_or(|said| now().abs_diff(said) > GONE)
}

/// Whole milliseconds: text made of fractions would cost the bundle some kilobytes.
pub(crate) fn now() -> u64 {
    Date::now() as u64
}

/// Of a tab that crashed, its last word stays.
fn forget_the_gone() {
    forget_keys(|key| key.strip_prefix(TAB).is_some_and(is_gone));
}

pub(crate) fn forget_keys(which: fn(&str) -> bool) {
    let Some(local) = local() else { return };
    let keys = (0..local.length().unwrap_or(0)).filter_map(|i| local.key(i).ok().flatten());
    let gone: Vec<_> = keys.filter(|key| which(key)).collect();
    for key in gone {
        let _ = local.remove_item(&key);
    }
}

pub(crate) fn local() -> Option<Local> {
    window()?.local_storage().ok().flatten()
}

async fn open() -> Option<IdbDatabase> {
    let request = window()?.indexed_db().ok()??.open_with_u32(DATABASE, 1).ok()?;
    let opening = request.clone();
    let upgrade = Closure::once(move || {
        if let Ok(database) = opening.result().map(JsCast::unchecked_into::<IdbDatabase>) {
            let _ = database.create_object_store(STORE);
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let database = answer(Ok(request.into())).await?;
    Some(database.unchecked_into())
}

/// The result of a request, or `None` if it failed.
async fn answer(request: Result<IdbRequest, JsValue>) -> Option<JsValue> {
    let request = request.ok()?;
    let (sender, receiver) = oneshot::channel();
    let asked = request.clone();
    // One of the two is called, once.
    let sender = std::cell::Cell::new(Some(sender));
    let done = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if let Some(sender) = sender.take() {
            let _ =
                sender.send(if event.type_() == "success" { asked.result().ok() } else { None });
        }
    });
    request.set_onsuccess(Some(done.as_ref().unchecked_ref()));
    request.set_onerror(Some(done.as_ref().unchecked_ref()));
    receiver.await.ok().flatten()
}
