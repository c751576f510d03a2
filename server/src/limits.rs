//! What costs others something, and who has how much of it: posts, rooms, joins and sessions, so that nobody
//! floods a server or a room; and codes of no room, so that nobody finds rooms by trying.

use protocol::{Rate, Refusal, RoomId};

use crate::{Config, address::Network, rate::Limiter, store::PersonId};

pub(crate) struct Limits {
    /// Names too: everyone in the room is told of either.
    pub(crate) posts: PerHead,
    pub(crate) rooms: PerHead,
    pub(crate) joins: PerHead,
    /// What of joins is a flood in a room.
    floods: Option<Limiter<RoomId>>,
    /// Tries to come in by a password.
    pub(crate) passwords: PerHead,
    /// What hosts do, and what is reported to them.
    pub(crate) acts: PerHead,
    /// Saying that one types. However often it is said, a room hears of it once a second.
    pub(crate) typing: PerHead,
    sessions: Limiter<Network>,
    misses: Limiter<Network>,
    misses_in_all: Limiter<()>,
}

impl Limits {
    pub(crate) fn new(config: &Config) -> Self {
        let limits = &config.limits;
        Self {
            posts: PerHead::new(config.post_rate, limits.posts_per_address),
            rooms: PerHead::new(limits.rooms_per_person, limits.rooms_per_address),
            joins: PerHead::new(limits.joins_per_person, limits.joins_per_address),
            floods: limits.join_flood.0.map(Limiter::new),
            passwords: PerHead::new(limits.passwords_per_person, limits.passwords_per_address),
            acts: PerHead::new(limits.acts_per_person, limits.acts_per_address),
            typing: PerHead::new(limits.typing_per_person, limits.typing_per_address),
            sessions: Limiter::new(limits.sessions_per_address),
            misses: Limiter::new(limits.misses_per_address),
            misses_in_all: Limiter::new(limits.misses_in_all),
        }
    }

    /// # Errors
    /// Too many people came from there.
    pub(crate) fn begin(&self, from: Option<Network>) -> Result<(), Refusal> {
        from.map_or(Ok(()), |network| self.sessions.take(network))
    }

    /// Whether somebody who joined the room is one too many. Then it begins anew: who opens the room again has as
    /// many joins as before.
    pub(crate) fn is_flooded(&self, room: RoomId) -> bool {
        self.floods.as_ref().is_some_and(|floods| floods.overflows(room))
    }

    /// Whatever is done with it, it has to be asked for before anything is looked up: of many guesses at a
    /// time no more are answered than of as many in a row.
    pub(crate) fn guess(&self, from: Option<Network>) -> Guess<'_> {
        let here = from.map_or(Ok(()), |network| self.misses.take(network));
        let in_all = here.clone().and_then(|()| self.misses_in_all.take(()));
        Guess { limits: self, from, here, in_all, missed: false }
    }
}

/// Of a person, and of all behind their address. Who is refused has not used up what the others have.
pub(crate) struct PerHead {
    people: Limiter<PersonId>,
    addresses: Limiter<Network>,
}

impl PerHead {
    fn new(person: Rate, address: Rate) -> Self {
        Self { people: Limiter::new(person), addresses: Limiter::new(address) }
    }

    /// A person's, for they keep to it by themselves.
    pub(crate) fn rate(&self) -> Rate {
        self.people.rate()
    }

    /// # Errors
    /// Too fast, and when to try again.
    pub(crate) fn take(
        &self,
        person: PersonId,
        from: Option<Network>,
    ) -> Result<Taken<'_>, Refusal> {
        self.people.take(person)?;
        let taken = from.map_or(Ok(()), |network| self.addresses.take(network));
        taken.inspect_err(|_| self.people.give_back(person))?;
        Ok(Taken { addresses: &self.addresses, from })
    }
}

/// Of what a person and an address have. The address gets it back unless something came of it: nobody uses up
/// what others have with what is refused.
#[must_use]
pub(crate) struct Taken<'a> {
    addresses: &'a Limiter<Network>,
    from: Option<Network>,
}

impl Taken<'_> {
    pub(crate) fn used(mut self) {
        self.from = None;
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if let Some(network) = self.from {
            self.addresses.give_back(network);
        }
    }
}

/// A code that may be nobody's. It is paid for, and given back unless it is `missed`.
pub(crate) struct Guess<'a> {
    limits: &'a Limits,
    from: Option<Network>,
    /// What the address may, and with it all together.
    pub(crate) here: Result<(), Refusal>,
    pub(crate) in_all: Result<(), Refusal>,
    missed: bool,
}

impl Guess<'_> {
    pub(crate) fn missed(mut self) {
        self.missed = true;
    }
}

impl Drop for Guess<'_> {
    fn drop(&mut self) {
        if self.missed {
            return;
        }
        if let (Ok(()), Some(network)) = (&self.here, self.from) {
            self.limits.misses.give_back(network);
        }
        if self.in_all.is_ok() {
            self.limits.misses_in_all.give_back(());
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::address::Proxies;

    const ANA: PersonId = PersonId(1);
    const BO: PersonId = PersonId(2);

    fn limits(settings: &[&str]) -> Limits {
        Limits::new(&Config::try_parse_from([&["parley"], settings].concat()).unwrap())
    }

    fn network(ip: &str) -> Option<Network> {
        Proxies::new(Vec::new(), false).of_socket(ip.parse().unwrap())
    }

    #[test]
    fn who_is_refused_uses_up_nothing_of_what_others_have() {
        let joins = limits(&["--joins-per-person", "2+1", "--joins-per-address", "3+1"]).joins;
        let (here, there) = (network("203.0.113.5"), network("203.0.113.6"));
        for (person, from, taken) in [
            (ANA, here, true),
            (ANA, here, true),
            // By her own measure: the address has one left.
            (ANA, here, false),
            (ANA, here, false),
            (BO, here, true),
            // By the address's: he himself has one left.
            (BO, here, false),
            (BO, here, false),
            (BO, there, true),
            (BO, there, false),
            (PersonId(3), None, true),
        ] {
            let ok = joins.take(person, from).map(Taken::used).is_ok();
            assert_eq!(ok, taken, "{person:?}");
        }
    }

    #[test]
    fn of_what_came_to_nothing_only_the_person_has_less() {
        let posts = limits(&["--post-burst", "2", "--posts-per-address", "1+1"]).posts;
        let here = network("203.0.113.5");
        for _ in 0..2 {
            drop(posts.take(ANA, here).unwrap());
        }
        assert!(posts.take(ANA, here).is_err());
        posts.take(BO, here).unwrap().used();
        assert!(posts.take(BO, here).is_err(), "the address has none left");
    }

    #[test]
    fn a_guess_costs_only_who_misses_and_as_many_at_once_find_no_more() {
        let limits = limits(&["--misses-per-address", "2+1", "--misses-in-all", "3+1"]);
        let (here, there) = (network("203.0.113.5"), network("2001:db8::1"));
        let guess = |from| {
            let guess = limits.guess(from);
            (guess.here.is_ok(), guess.in_all.is_ok(), guess)
        };
        for _ in 0..9 {
            assert!(limits.guess(here).here.is_ok());
        }
        let (one, other) = (guess(here), guess(here));
        assert!(one.0 && other.0);
        assert!(!guess(here).0, "while two are looked up");
        drop(one);
        other.2.missed();
        guess(here).2.missed();
        assert_eq!((guess(here).0, guess(there).0), (false, true));
        guess(there).2.missed();
        let spent = guess(there);
        assert_eq!((spent.0, spent.1), (true, false), "all together");
        assert_eq!((guess(None).0, guess(None).1), (true, false));
    }
}
