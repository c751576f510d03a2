//! What hosts read on their pages, and who does something about a message. Only the server draws with it.

use protocol::{Act, Admission, Role, Voices};

use super::{
    Catalogue,
    template::{Put, Rule, fill, given, words},
};

words! {
    /// The words of a room's hosts, in the reader's language.
    Hosting {
        rule: Rule,
        /// As a page's `Words` have it.
        forms: &'static str,
    }
    texts {
        desk,
        room_settings,
        knocks,
        no_knocks,
        refuse,
        reports,
        no_reports,
        was_removed,
        dismiss,
        remove_message,
        held,
        no_held,
        undo_ban,
        undo_mute,
        links,
        no_links,
        new_link,
        host_link,
        invitation,
        shown_once,
        revoke,
        valid_for,
        an_hour,
        a_week,
        uses,
        unlimited,
        make_invitation,
        invitation_help,
        make_host_link,
        host_link_help,
        log,
        log_help,
        no_log,
        older_log,
        newest_log,
        undo,
        burn,
        burn_help,
        burn_sure,
        who_comes_in,
        by_link,
        by_knocking,
        nobody,
        not_while_locked,
        who_writes,
        everyone,
        hosts,
        topic,
        topic_help,
        slow,
        slow_help,
        off,
        most,
        password_help,
        password_is_set,
        set_password,
        remove_password,
        mute,
        mute_help,
        mute_for,
        ten_minutes,
        remove,
        remove_help,
        ban,
        ban_help,
        ban_for,
        make_host,
        make_host_help,
        no_host,
        no_host_help,
        not_here,
        about,
        report,
        report_help,
        reported,
        undo_help,
        the_server,
        the_operator,
        somebody,
        for_good,
    }
    sentences {
        /// What is done, and to what.
        to(does: Word, what: Name),
        refuse_one(name: Name),
        act_on(name: Name),
        knocked(when: Word),
        reported_by(name: Name, when: Word),
        reported_by_two(name: Name, other: Name, when: Word),
        /// So many others.
        reported_by_more(name: Name, count: Count, when: Word),
        until(moment: Word),
        muted(until: Word),
        banned(until: Word),
        muted_by(name: Name, until: Word),
        banned_by(name: Name, until: Word),
        made_by(name: Name, until: Word),
        uses_left(count: Count),
        /// Members at most, on this server.
        most_help(count: Count),
        renamed(by: Name, name: Name),
        unnamed(by: Name),
        set_topic(by: Name, topic: Name),
        no_topic(by: Name),
        set_lifetime(by: Name, lifetime: Word),
        listed(by: Name),
        unlisted(by: Name),
        limited(by: Name, count: Count),
        unlimited_by(by: Name),
        password_by(by: Name),
        no_password_by(by: Name),
        restored_password(by: Name),
        opened(by: Name),
        has_them_knock(by: Name),
        locked(by: Name),
        slowed(by: Name, every: Word),
        not_slow(by: Name),
        everyone_writes(by: Name),
        hosts_write(by: Name),
        removed(by: Name),
        put_back(by: Name),
        did_mute(by: Name, member: Name, until: Word),
        did_unmute(by: Name, member: Name),
        did_ban(by: Name, member: Name, until: Word),
        did_lift(by: Name, member: Name),
        made_host(by: Name, member: Name),
        made_member(by: Name, member: Name),
        admitted(by: Name, member: Name),
        refused(by: Name, member: Name),
        settled(by: Name),
        made_host_link(by: Name),
        made_invitation(by: Name),
        revoked(by: Name),
        burned(by: Name),
    }
}

impl Hosting {
    pub(super) fn fill(&self, template: &str, puts: &[(&str, Put<'_>)]) -> String {
        fill(template, self.forms, self.rule, puts)
    }

    /// Who reported a message, of at least one.
    pub fn reported_by_all(&self, names: &[&str], when: &str) -> String {
        match names {
            [] => self.reported_by(self.somebody, when),
            [name] => self.reported_by(name, when),
            [name, other] => self.reported_by_two(name, other, when),
            [name, others @ ..] => {
                let count = u32::try_from(others.len()).unwrap_or(u32::MAX);
                self.reported_by_more(name, count, when)
            }
        }
    }
}

impl Catalogue {
    /// What was done, as a sentence: by whom, and to whom, if it was done to somebody. `until` says when it
    /// ends.
    pub fn did(&self, act: &Act, by: &str, whom: &str, until: &dyn Fn(i64) -> String) -> String {
        let words = self.hosting;
        match act {
            Act::Rename { name: Some(name) } => words.renamed(by, name.as_str()),
            Act::Rename { name: None } => words.unnamed(by),
            Act::Topic { topic: Some(topic) } => words.set_topic(by, topic.as_str()),
            Act::Topic { topic: None } => words.no_topic(by),
            Act::Lifetime { lifetime } => words.set_lifetime(by, self.lasts(*lifetime)),
            Act::List { listed: true } => words.listed(by),
            Act::List { listed: false } => words.unlisted(by),
            Act::Capacity { most: Some(most) } => words.limited(by, *most),
            Act::Capacity { most: None } => words.unlimited_by(by),
            Act::Password { password: Some(_) } => words.password_by(by),
            Act::Password { password: None } => words.no_password_by(by),
            Act::RestorePassword { .. } => words.restored_password(by),
            Act::Admission { admission: Admission::Open } => words.opened(by),
            Act::Admission { admission: Admission::Knock } => words.has_them_knock(by),
            Act::Admission { admission: Admission::Locked } => words.locked(by),
            Act::Slow { seconds: 0 } => words.not_slow(by),
            Act::Slow { seconds } => words.slowed(by, &self.live.span(*seconds)),
            Act::Voices { voices: Voices::Everyone } => words.everyone_writes(by),
            Act::Voices { voices: Voices::Hosts } => words.hosts_write(by),
            Act::Remove { removed: true, .. } => words.removed(by),
            Act::Remove { removed: false, .. } => words.put_back(by),
            Act::Mute { until: Some(end), .. } => words.did_mute(by, whom, &until(*end)),
            Act::Mute { until: None, .. } => words.did_unmute(by, whom),
            Act::Bar { until: Some(end), .. } => words.did_ban(by, whom, &until(*end)),
            Act::Bar { until: None, .. } => words.did_lift(by, whom),
            Act::Appoint { role: Role::Host, .. } => words.made_host(by, whom),
            Act::Appoint { role: Role::Member, .. } => words.made_member(by, whom),
            Act::Answer { admit: true, .. } => words.admitted(by, whom),
            Act::Answer { admit: false, .. } => words.refused(by, whom),
            Act::Settle { .. } => words.settled(by),
            Act::Link { host: true, .. } => words.made_host_link(by),
            Act::Link { host: false, .. } => words.made_invitation(by),
            Act::Revoke { .. } => words.revoked(by),
            Act::Burn => words.burned(by),
        }
    }
}
