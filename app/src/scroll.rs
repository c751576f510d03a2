//! Where the reader stands in the log. Whatever changes its size or its rows (a message, a page, a
//! picture, a keyboard, a window), who is at the end stays there, and for everybody else what they
//! read stays where it is. Nothing here animates.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{Element, ResizeObserver},
};
use protocol::Place;

use crate::{Aim, LOG_ID, Live, ROWS_ID, RoomState};

/// CSS pixels from the end at which a reader still counts as being there.
const NEAR: i32 = 100;
/// Heights of the log from either end of what is here at which more is asked for.
const AHEAD: i32 = 2;
/// CSS pixels. No message is lower, but in a page with small letters.
const LOWEST: i32 = 36;
/// Messages that are kept at the end in any case: a page of the log.
const LEAST: usize = 50;

pub(crate) struct Scroll {
    log: Element,
    inner: Element,
    rows: Element,
    room: RoomState,
    live: Live,
    /// What is read, and where on the screen it was when it was last looked at: a banner over the log
    /// moves the log and not what is read.
    anchor: RefCell<Option<(Element, f64)>>,
    /// Heights of all that there is and of what is seen, when it was last put right, and
    /// how far it was scrolled.
    measures: Cell<(i32, i32, i32)>,
}

/// From now on, if the page has a log.
pub(crate) fn keep_place(room: RoomState, live: Live) -> Option<Rc<Scroll>> {
    let (log, rows) =
        (document().get_element_by_id(LOG_ID)?, document().get_element_by_id(ROWS_ID)?);
    let inner = rows.parent_element()?;
    let (anchor, measures) = (RefCell::default(), Cell::default());
    let scroll = Rc::new(Scroll { log, inner, rows, room, live, anchor, measures });
    scroll.take_over();
    scroll.listen();
    Some(scroll)
}

impl Scroll {
    /// The server's page opens at its end without a script, or where its address says; from here on the
    /// script sees to it. Who has scrolled by then stays where they are.
    fn take_over(&self) {
        self.remember();
        // So drawn, the end is 0, and what is above it negative.
        let moved = self.log.scroll_top() < -NEAR;
        let _ = self.log.remove_attribute("data-static");
        if moved && matches!(self.room.aim(), Aim::End | Aim::New) {
            self.room.arrived();
            self.room.follow(false);
        }
        self.settle();
    }

    /// As long as the log is in the page. Who listens keeps nothing of it alive that is gone.
    fn listen(self: &Rc<Self>) {
        let hear = |act: fn(&Self)| {
            let scroll = Rc::downgrade(self);
            let hear = move || scroll.upgrade().iter().for_each(|scroll| act(scroll));
            Closure::<dyn Fn()>::new(hear).into_js_value()
        };
        let scrolled = hear(Self::scrolled);
        let _ = self.log.add_event_listener_with_callback("scroll", scrolled.unchecked_ref());
        let changed = hear(|scroll| {
            // It also tells of what `settle` knows already.
            if scroll.measure() != scroll.measures.get() {
                scroll.settle();
            }
        });
        if let Ok(observer) = ResizeObserver::new(changed.unchecked_ref()) {
            observer.observe(&self.log);
            observer.observe(&self.inner);
        }
    }

    /// By the reader, or by `settle` a moment ago. What changed its size since then is not their doing:
    /// whether they are near the end is measured as it was before.
    fn scrolled(&self) {
        let (all, seen, top) = self.measures.get();
        let now = self.log.scroll_top();
        if now == top {
            return;
        }
        self.measures.set((all, seen, now));
        self.room.follow(all - now - seen <= NEAR);
        self.look();
    }

    /// Before rows change: a browser tells a moment later that the reader has scrolled, and by then nobody
    /// could say how far from the end that was.
    pub(crate) fn heed(&self) {
        // Who is on the way elsewhere gets there.
        if self.room.aim() == Aim::Keep {
            self.scrolled();
        }
    }

    /// After a change: back to where the reader was, or on to where they want to be.
    pub(crate) fn settle(&self) {
        // Where nothing overflows there is no end to stand at: it hugs the composer.
        let short = self.inner.client_height() <= self.log.client_height();
        let _ = self.log.toggle_attribute_with_force("data-short", short);
        let found = match self.room.aim() {
            Aim::Keep => false,
            Aim::End => self.to_end(),
            Aim::New => self.to("[data-kind=new]", 0.25),
            Aim::Found => self.to("[data-found]", 0.33),
        };
        if found {
            self.room.arrived();
        } else if self.room.follows() {
            self.to_end();
        } else if let Some((element, before)) = &*self.anchor.borrow()
            && element.is_connected()
        {
            let moved = top(element) - before;
            if moved != 0.0 {
                self.log.scroll_by_with_x_and_y(0.0, moved);
            }
        }
        self.measures.set(self.measure());
        let (_, seen, _) = self.measures.get();
        // Those that are seen, and those before which more would be asked for.
        let near = seen * (AHEAD + 1) / LOWEST + 1;
        self.room.keep_near(usize::try_from(near).unwrap_or_default().max(LEAST));
        self.look();
    }

    fn measure(&self) -> (i32, i32, i32) {
        (self.log.scroll_height(), self.log.client_height(), self.log.scroll_top())
    }

    fn to_end(&self) -> bool {
        self.log.set_scroll_top(self.log.scroll_height());
        self.room.follow(true);
        true
    }

    /// So that it stands at this part of the log's height.
    fn to(&self, selector: &str, part: f64) -> bool {
        let Ok(Some(element)) = self.log.query_selector(selector) else { return false };
        let aside = f64::from(self.log.client_height()) * part;
        self.log.scroll_by_with_x_and_y(0.0, self.top(&element) - aside);
        self.room.follow(self.below() <= NEAR);
        true
    }

    /// Remembers what is read, and asks for more where it comes to an end.
    fn look(&self) {
        self.remember();
        // Less in a window so high that what may be kept does not fill it so often.
        let (all, seen, _) = self.measures.get();
        let near = (seen * AHEAD).min((all - seen) / 3);
        let part = self.room.scene.with_untracked(|scene| scene.part);
        if let Some(first) = part.older.filter(|_| self.log.scroll_top() < near) {
            (self.live.load)(Place::Before(first), Aim::Keep);
        }
        if let Some(last) = part.newer.filter(|_| self.below() < near) {
            (self.live.load)(Place::After(last), Aim::Keep);
        }
    }

    fn remember(&self) {
        let anchor = self.first_seen().map(|element| {
            let top = top(&element);
            (element, top)
        });
        let seq = anchor.as_ref().and_then(|(element, _)| element.get_attribute("data-seq"));
        self.room.reads(seq.and_then(|seq| seq.parse().ok()));
        self.anchor.replace(anchor);
    }

    /// The first message that is seen whole, if any is. A row that is cut by the edge may grow above it.
    fn first_seen(&self) -> Option<Element> {
        let rows = self.rows.children();
        let (mut low, mut high) = (0, rows.length());
        while low < high {
            let middle = low.midpoint(high);
            if self.top(&rows.item(middle)?) < 0.0 { low = middle + 1 } else { high = middle }
        }
        // What parts messages goes, and comes again elsewhere.
        let message = |at| rows.item(at).filter(|one| one.has_attribute("data-message"));
        (low..rows.length()).chain((0..low).rev()).find_map(message)
    }

    /// CSS pixels below the log's upper edge.
    fn top(&self, element: &Element) -> f64 {
        top(element) - top(&self.log)
    }

    /// CSS pixels of the log below what is seen.
    fn below(&self) -> i32 {
        self.log.scroll_height() - self.log.scroll_top() - self.log.client_height()
    }
}

/// CSS pixels below the window's upper edge.
fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}
