//! What a room's page, and the lists of rooms in the lobby, say on both sides: the server draws with it, and
//! sends it along as data for the browser to go on with. So a language costs the browser's program nothing.

use protocol::{Hours, Lifetime, Refusal};

use super::template::{Put, Rule, fill, given, nth, words};
use crate::{LocalTime, Status};

words! {
    /// The words of a living room, in the reader's language.
    Words {
        rule: Rule,
    }
    texts {
        /// Categories of numbers, in the order in which a sentence that counts has its forms.
        forms,
        /// From Sunday on.
        weekdays,
        /// From January on.
        months,
        today,
        yesterday,
        lobby,
        leave,
        code,
        new,
        new_messages,
        copy_link,
        copied,
        host,
        you,
        sending,
        waiting,
        kept_while_here,
        kept_a_day,
        kept_a_month,
        kept_for_ever,
        not_sent,
        retry,
        discard,
        connecting,
        live,
        reconnecting,
        offline,
        live_means,
        reconnecting_means,
        offline_means,
        keep_writing,
        complete,
        not_yet,
        none,
        several_type,
        outdated,
        /// Who is in a room that is empty.
        nobody,
        /// A moment ago.
        now,
        no_such_room,
        not_a_member,
        name_empty,
        name_taken,
        name_reserved,
        room_name_reserved,
        body_empty,
        id_conflict,
        room_full,
        busy,
        admit,
        /// What can be done about a message.
        more,
        /// In the place of what a message said.
        removed,
        draft_kept,
        hosts_only,
        muted,
        barred,
        locked,
        knock_first,
        password_needed,
        password_wrong,
        link_void,
        not_a_host,
        last_host,
        no_such_member,
        no_such_message,
    }
    sentences {
        /// A day of this year.
        day_of_year(weekday: Word, day: Number, month: Word),
        day_of_any_year(weekday: Word, day: Number, month: Word, year: Word),
        date_and_time(date: Word, time: Word),
        before_noon(time: Word),
        after_noon(time: Word),
        room(code: Word),
        /// Messages that came meanwhile.
        new_count(count: Count),
        messages(count: Count),
        /// Messages in a room, after its name.
        unread(count: Count),
        /// Messages that are not read aloud each.
        news(count: Count),
        says(author: Name, text: Name),
        here(count: Number),
        minutes_old(minutes: Number),
        hours_old(hours: Number),
        days_old(days: Number),
        here_now(count: Number),
        away_now(count: Number),
        and_more(count: Count),
        one_types(name: Name),
        two_type(name: Name, other: Name),
        one_joined(name: Name),
        two_joined(name: Name, other: Name),
        /// So many others.
        more_joined(name: Name, count: Count),
        one_left(name: Name),
        two_left(name: Name, other: Name),
        more_left(name: Name, count: Count),
        writes_as(name: Name),
        /// Characters that still fit.
        characters_left(count: Count),
        too_many(count: Count),
        /// Seconds until a message goes at once again.
        wait(seconds: Number),
        complete_up_to(seq: Number),
        seconds_ago(seconds: Number),
        minutes_ago(time: Word, minutes: Number),
        hours_ago(time: Word, hours: Number),
        /// Messages that wait until there is a line again.
        go_later(count: Count),
        name_too_long(max: Count),
        name_taken_but(free: Name),
        room_name_too_long(max: Count),
        body_too_long(max: Count),
        too_many_streams(max: Count),
        too_many_knock(seconds: Number),
        too_fast(seconds: Number),
        internal(id: Word),
        /// Of today.
        at_time(time: Word),
        on_day(moment: Word),
        seconds_old(seconds: Number),
        knocks(name: Name),
        admit_one(name: Name),
        write_again(when: Word),
        slow_mode(every: Word),
        password_length(min: Number, max: Count),
        line_too_long(max: Count),
    }
}

impl Words {
    /// From what the page brought along: `all` of the server's.
    pub fn received(all: Vec<String>, rule: Rule) -> Option<&'static Self> {
        let all: Vec<&'static str> = all.into_iter().map(|text| &*text.leak()).collect();
        // As long as the page lives.
        Some(Box::leak(Box::new(Self::of(rule, all.try_into().ok()?))))
    }

    pub(super) fn fill(&self, template: &str, puts: &[(&str, Put<'_>)]) -> String {
        fill(template, self.forms, self.rule, puts)
    }

    /// A day as seen from the other.
    pub fn day(&self, day: LocalTime, today: LocalTime) -> String {
        match today.days() - day.days() {
            0 => self.today.into(),
            1 => self.yesterday.into(),
            _ if day.year == today.year => {
                let (weekday, month) = self.names(day);
                self.day_of_year(weekday, day.day.into(), month)
            }
            _ => self.full_day(day),
        }
    }

    /// A day with its year.
    pub fn full_day(&self, day: LocalTime) -> String {
        let (weekday, month) = self.names(day);
        self.day_of_any_year(weekday, day.day.into(), month, &day.year.to_string())
    }

    /// `08:05`, or as the reader chose `8:05 am`.
    pub fn hours(&self, time: LocalTime) -> String {
        match (time.hours, time.of_12()) {
            (Some(Hours::TwentyFour) | None, _) => time.of_24(),
            (Some(Hours::Twelve), (shown, true)) => self.before_noon(&shown),
            (Some(Hours::Twelve), (shown, false)) => self.after_noon(&shown),
        }
    }

    pub fn moment(&self, time: LocalTime) -> String {
        self.date_and_time(&self.full_day(time), &self.hours(time))
    }

    /// When something is, as its sentence goes on: `at 08:05`, or on which day.
    pub fn when(&self, time: LocalTime, today: LocalTime) -> String {
        let shown = self.clock(time, today);
        if time.days() == today.days() { self.at_time(&shown) } else { self.on_day(&shown) }
    }

    /// `08:05` of today, or with its day.
    pub fn clock(&self, time: LocalTime, today: LocalTime) -> String {
        let hours = self.hours(time);
        let (weekday, month) = self.names(time);
        match (time.days() == today.days(), time.year == today.year) {
            (true, _) => hours,
            (false, true) => {
                self.date_and_time(&self.day_of_year(weekday, time.day.into(), month), &hours)
            }
            (false, false) => self.moment(time),
        }
    }

    /// How long something takes.
    pub fn span(&self, seconds: u32) -> String {
        match seconds {
            0..60 => self.seconds_old(seconds),
            60..3600 => self.minutes_old(seconds / 60),
            _ => self.hours_old(seconds / 3600),
        }
    }

    fn names(&self, time: LocalTime) -> (&'static str, &'static str) {
        let month = usize::from(time.month.clamp(1, 12)) - 1;
        (nth(self.weekdays, time.weekday()), nth(self.months, month))
    }

    /// By name, everyone who is; without anyone it is no sentence.
    pub fn typing(&self, names: &[&str]) -> String {
        match names {
            [] => String::new(),
            [name] => self.one_types(name),
            [name, other] => self.two_type(name, other),
            [..] => self.several_type.into(),
        }
    }

    /// However many, in a few words.
    pub fn joined(&self, names: &[&str]) -> String {
        match names {
            [] => String::new(),
            [name] => self.one_joined(name),
            [name, other] => self.two_joined(name, other),
            [name, others @ ..] => self.more_joined(name, size(others)),
        }
    }

    pub fn left(&self, names: &[&str]) -> String {
        match names {
            [] => String::new(),
            [name] => self.one_left(name),
            [name, other] => self.two_left(name, other),
            [name, others @ ..] => self.more_left(name, size(others)),
        }
    }

    /// How long a room is kept.
    pub fn kept(&self, lifetime: Lifetime) -> &'static str {
        match lifetime {
            Lifetime::WhileHere => self.kept_while_here,
            Lifetime::Day => self.kept_a_day,
            Lifetime::Month => self.kept_a_month,
            Lifetime::ForEver => self.kept_for_ever,
        }
    }

    pub fn status(&self, status: Status) -> &'static str {
        match status {
            Status::Connecting => self.connecting,
            Status::Live => self.live,
            Status::Reconnecting => self.reconnecting,
            Status::Offline => self.offline,
        }
    }

    /// What it means for whoever reads and writes.
    pub fn status_means(&self, status: Status) -> &'static str {
        match status {
            Status::Live => self.live_means,
            Status::Connecting | Status::Reconnecting => self.reconnecting_means,
            Status::Offline => self.offline_means,
        }
    }

    /// The number of a message; 0 before the first.
    pub fn complete_to(&self, seq: u32) -> String {
        if seq == 0 { self.complete.into() } else { self.complete_up_to(seq) }
    }

    /// So many seconds, and when that was.
    pub fn ago(&self, seconds: u32, time: LocalTime) -> String {
        match seconds {
            0..60 => self.seconds_ago(seconds),
            60..3600 => self.minutes_ago(&self.hours(time), seconds / 60),
            _ => self.hours_ago(&self.hours(time), seconds / 3600),
        }
    }

    /// How long ago something was, in so many minutes.
    pub fn age(&self, minutes: u32) -> String {
        match minutes {
            0 => self.now.into(),
            1..60 => self.minutes_old(minutes),
            60..1440 => self.hours_old(minutes / 60),
            _ => self.days_old(minutes / 1440),
        }
    }

    /// Messages that wait for a line.
    pub fn unsent(&self, count: u32) -> String {
        if count == 0 { self.none.into() } else { self.messages(count) }
    }

    /// What becomes of them.
    pub fn sent_later(&self, count: u32) -> String {
        if count == 0 { self.keep_writing.into() } else { self.go_later(count) }
    }

    pub fn refusal(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Malformed | Refusal::UnknownCommand => self.outdated.into(),
            Refusal::NoSuchRoom => self.no_such_room.into(),
            Refusal::NotAMember => self.not_a_member.into(),
            Refusal::NameEmpty => self.name_empty.into(),
            Refusal::NameTooLong { max } => self.name_too_long(*max),
            Refusal::NameTaken { free: Some(free) } => self.name_taken_but(free.as_str()),
            Refusal::NameTaken { free: None } => self.name_taken.into(),
            Refusal::RoomNameTooLong { max } => self.room_name_too_long(*max),
            Refusal::NameReserved => self.name_reserved.into(),
            Refusal::RoomNameReserved => self.room_name_reserved.into(),
            Refusal::BodyEmpty => self.body_empty.into(),
            Refusal::BodyTooLong { max } => self.body_too_long(*max),
            Refusal::IdConflict => self.id_conflict.into(),
            Refusal::RoomFull => self.room_full.into(),
            Refusal::TooManyStreams { max } => self.too_many_streams(*max),
            Refusal::TooManyKnock { retry_ms } => self.too_many_knock(retry_ms.div_ceil(1000)),
            Refusal::TooFast { retry_ms } => self.too_fast(retry_ms.div_ceil(1000)),
            Refusal::Busy { .. } => self.busy.into(),
            Refusal::KnockFirst => self.knock_first.into(),
            Refusal::PasswordNeeded => self.password_needed.into(),
            Refusal::PasswordWrong => self.password_wrong.into(),
            Refusal::PasswordLength { min, max } => self.password_length(*min, *max),
            Refusal::LinkVoid => self.link_void.into(),
            Refusal::Locked => self.locked.into(),
            Refusal::Barred { .. } => self.barred.into(),
            Refusal::Muted { .. } => self.muted.into(),
            Refusal::HostsOnly => self.hosts_only.into(),
            Refusal::NotAHost => self.not_a_host.into(),
            Refusal::LastHost => self.last_host.into(),
            Refusal::NoSuchMember => self.no_such_member.into(),
            Refusal::NoSuchMessage => self.no_such_message.into(),
            Refusal::LineTooLong { max } => self.line_too_long(*max),
            Refusal::Internal { id } => self.internal(id),
        }
    }
}

fn size(names: &[&str]) -> u32 {
    u32::try_from(names.len()).unwrap_or(u32::MAX)
}
