//! A whole language: what only the server draws, and what both sides do.

use protocol::{Browser, Device, Hours, Language, Lifetime, System, Theme};

use super::{
    Hosting, Words,
    template::{Put, given, nth, words},
};
use crate::LocalTime;

words! {
    /// All visible text in one language.
    Catalogue {
        language: Language,
        /// For `<html dir>`: where lines begin.
        dir: &'static str,
        live: Words,
        hosting: &'static Hosting,
    }
    texts {
        /// What the language is called by those who speak it.
        name,
        slogan,
        promise,
        your_name,
        your_name_help,
        create_room,
        room_options,
        new_room,
        room_name,
        room_name_help,
        list_it,
        list_it_help,
        lifetime,
        lifetime_help,
        lasts_while_here,
        lasts_a_day,
        lasts_a_month,
        lasts_for_ever,
        ended_while_here,
        ended_a_day,
        ended_a_month,
        ended_for_ever,
        open_rooms,
        open_to_all,
        room_code,
        code_example,
        join,
        your_rooms,
        no_rooms,
        back_to_lobby,
        theme,
        theme_system,
        theme_light,
        theme_dark,
        settings,
        how_it_looks,
        language_label,
        language_of_browser,
        time,
        hours_automatic,
        hours_of_12,
        hours_of_24,
        notifications,
        notify,
        notify_help,
        notify_blocked,
        sound,
        sound_help,
        show_typing,
        show_typing_help,
        save,
        local,
        skip,
        message,
        send,
        message_log,
        older,
        newer,
        jump,
        jump_to_date,
        date,
        show,
        copy_this,
        room_menu,
        change_name,
        cancel,
        show_qr,
        share_room,
        share,
        export,
        export_html,
        export_text,
        export_json,
        people,
        close_people,
        who_is_here,
        show_more,
        refresh,
        plain,
        reads_along,
        reads_only,
        emoji,
        emoji_search,
        emoji_kinds,
        emoji_last,
        emoji_smileys,
        emoji_people,
        emoji_nature,
        emoji_food,
        emoji_activities,
        emoji_travel,
        emoji_objects,
        emoji_symbols,
        emoji_flags,
        emoji_none,
        emoji_wait,
        emoji_failed,
        emoji_matches,
        key_enter,
        empty_title,
        empty_text,
        door_title,
        door_text,
        last_heard,
        not_yet_sent,
        try_now,
        you_are_offline,
        try_again,
        full_title,
        full_text,
        password,
        password_title,
        password_text,
        knock,
        knock_title,
        knock_text,
        note,
        note_help,
        knocked_title,
        see_whether,
        stop_waiting,
        locked_text,
        banned_for_good,
        barred_title,
        invited_title,
        invited_text,
        invited_host,
        devices,
        devices_link,
        devices_link_help,
        devices_about,
        devices_none,
        device_unknown,
        this_one,
        here_now,
        sign_out,
        sign_out_others,
        announcement,
        understood,
        banned_from_here,
        move_title,
        move_about,
        move_open,
        move_scan,
        move_help,
        move_full,
        continue_here,
        arrival_text,
        arrival_theirs,
        nowhere_title,
        nowhere_text,
    }
    sentences {
        message_to(room: Name),
        copy_code(code: Word),
        /// Of an address.
        qr_of(link: Name),
        /// A room, by its name.
        ended(room: Name),
        knocked(when: Word),
        locked(room: Name),
        put_out(room: Name),
        come_back(when: Word),
        banned(room: Name),
        banned_until(moment: Word),
        barred_because(moment: Word),
        burned(room: Name),
        burned_text(when: Word),
        /// A device, by its browser and its system.
        browser_on(browser: Word, system: Word),
        sign_out_of(device: Word),
        /// A day without its weekday.
        day_and_month(day: Number, month: Word),
        day_month_and_year(day: Number, month: Word, year: Word),
        since(date: Word),
        move_until(time: Word),
        continue_as(name: Name),
        /// Whose this device is until now.
        arrival_other(name: Name),
    }
}

impl Catalogue {
    pub(super) fn fill(&self, template: &str, puts: &[(&str, Put<'_>)]) -> String {
        self.live.fill(template, puts)
    }

    pub fn theme_name(&self, theme: Option<Theme>) -> &'static str {
        match theme {
            None => self.theme_system,
            Some(Theme::Light) => self.theme_light,
            Some(Theme::Dark) => self.theme_dark,
        }
    }

    pub fn lasts(&self, lifetime: Lifetime) -> &'static str {
        match lifetime {
            Lifetime::WhileHere => self.lasts_while_here,
            Lifetime::Day => self.lasts_a_day,
            Lifetime::Month => self.lasts_a_month,
            Lifetime::ForEver => self.lasts_for_ever,
        }
    }

    /// Why a room with this lifetime is over.
    pub fn ended_because(&self, lifetime: Lifetime) -> &'static str {
        match lifetime {
            Lifetime::WhileHere => self.ended_while_here,
            Lifetime::Day => self.ended_a_day,
            Lifetime::Month => self.ended_a_month,
            Lifetime::ForEver => self.ended_for_ever,
        }
    }

    pub fn hours_name(&self, hours: Option<Hours>) -> &'static str {
        match hours {
            None => self.hours_automatic,
            Some(Hours::Twelve) => self.hours_of_12,
            Some(Hours::TwentyFour) => self.hours_of_24,
        }
    }

    /// As its owner would call it.
    pub fn device(&self, device: Device) -> String {
        match (device.browser.map(Browser::as_str), device.system.map(System::as_str)) {
            (Some(browser), Some(system)) => self.browser_on(browser, system),
            (Some(known), None) | (None, Some(known)) => known.to_owned(),
            (None, None) => self.device_unknown.to_owned(),
        }
    }

    /// Its time only while that is what tells one from another.
    pub fn last_seen(&self, seen: LocalTime, today: LocalTime) -> String {
        let live = &self.live;
        if today.days() - seen.days() > 1 {
            self.short_day(seen, today)
        } else {
            live.date_and_time(&live.day(seen, today), &live.hours(seen))
        }
    }

    /// As seen from the other.
    pub fn short_day(&self, day: LocalTime, today: LocalTime) -> String {
        let month = nth(self.live.months, usize::from(day.month.clamp(1, 12)) - 1);
        if day.year == today.year {
            self.day_and_month(day.day.into(), month)
        } else {
            self.day_month_and_year(day.day.into(), month, &day.year.to_string())
        }
    }

    /// Of a kind's name in `emoji.txt`, and of what was used last.
    pub fn emoji_kind(&self, kind: &str) -> &'static str {
        match kind {
            "smileys" => self.emoji_smileys,
            "people" => self.emoji_people,
            "nature" => self.emoji_nature,
            "food" => self.emoji_food,
            "activities" => self.emoji_activities,
            "travel" => self.emoji_travel,
            "objects" => self.emoji_objects,
            "symbols" => self.emoji_symbols,
            "flags" => self.emoji_flags,
            _ => self.emoji_last,
        }
    }
}
