//! A person's devices: what a session may do to the person's others, and how another one comes to be.

use super::{Batch, Result, Row, SessionState, StoreError, WayState};
use crate::store::{
    DeviceDone, DeviceOp, MAX_DEVICES, PersonId, SEEN, SessionHash, WayHash, Which,
};

impl Batch {
    pub(super) fn device(&mut self, op: &DeviceOp) -> Result<DeviceDone> {
        match op {
            DeviceOp::See { session, at } => Ok(self.see(*session, *at)),
            DeviceOp::SignOut { by, which, at } => self.sign_out(*by, *which, *at),
            DeviceOp::Open { by, way } => self.open_way(*by, *way),
            DeviceOp::Arrive { way, session, device, was, at } => {
                let Some(person) = self.leads_to(*way, *session, *at) else {
                    return Ok(DeviceDone::Nowhere);
                };
                if self.owner(*session).is_none() {
                    let (hash, at) = (*session, *at);
                    self.end_session(*was, at);
                    let (device, seen_at, ended_at) = (*device, at, None);
                    self.new_session(SessionState { hash, person, device, at, seen_at, ended_at });
                }
                Ok(DeviceDone::Arrived(person))
            }
        }
    }

    pub(super) fn new_session(&mut self, state: SessionState) {
        self.sessions.insert(state.hash, Some(Row::new(state)));
    }

    fn see(&mut self, session: SessionHash, at: i64) -> DeviceDone {
        if let Some(Some(row)) = self.sessions.get_mut(&session)
            && row.value.seen_at.saturating_add(SEEN) <= at
        {
            row.change().seen_at = at;
        }
        DeviceDone::Seen
    }

    fn sign_out(&mut self, by: SessionHash, which: Which, at: i64) -> Result<DeviceDone> {
        let person = self.owner(by).ok_or(StoreError::NotAMember)?;
        let of_theirs =
            |session: &SessionState| session.person == person && session.ended_at.is_none();
        let meant = |session: &SessionState| match which {
            Which::One(id) => session.hash.id() == id,
            Which::Others => session.hash != by,
        };
        let theirs = self.sessions.values().flatten().map(|row| row.value);
        let out: Vec<_> = theirs.filter(|session| of_theirs(session) && meant(session)).collect();
        out.iter().for_each(|session| self.end_session(Some(session.hash), at));
        self.close_way(person);
        Ok(DeviceDone::SignedOut(out.iter().map(|session| session.hash.id()).collect()))
    }

    fn open_way(&mut self, by: SessionHash, way: Option<(WayHash, i64)>) -> Result<DeviceDone> {
        let person = self.owner(by).ok_or(StoreError::NotAMember)?;
        let Some((hash, until)) = way else {
            self.close_way(person);
            return Ok(DeviceDone::Opened(true));
        };
        let sessions = self.sessions.values().flatten().map(|row| row.value);
        let theirs = sessions.filter(|one| one.person == person && one.ended_at.is_none());
        if theirs.count() >= MAX_DEVICES {
            return Ok(DeviceDone::Opened(false));
        }
        self.put_way(Row::new(WayState { person, hash, until, session: None }));
        Ok(DeviceDone::Opened(true))
    }

    fn close_way(&mut self, person: PersonId) {
        let way = self.ways.iter_mut().find(|row| row.value.person == person);
        way.into_iter().for_each(|row| row.change().until = 0);
    }

    /// Whoever comes again with the session that it led to, in time and while that has not ended, finds it
    /// open, for they lost the answer. Nobody else does.
    fn leads_to(&mut self, way: WayHash, session: SessionHash, at: i64) -> Option<PersonId> {
        let row = self.ways.iter_mut().find(|row| row.value.hash == way)?;
        let (person, until, led_to) = (row.value.person, row.value.until, row.value.session);
        if at >= until {
            return None;
        }
        match led_to {
            // A session that is there already would be somebody's, or was.
            None => matches!(self.sessions.get(&session), Some(None)).then(|| {
                row.change().session = Some(session);
                person
            }),
            Some(first) => {
                (first == session && self.owner(session) == Some(person)).then_some(person)
            }
        }
    }

    /// Whose it is, while it lasts.
    fn owner(&self, session: SessionHash) -> Option<PersonId> {
        let session = self.sessions.get(&session)?.as_ref()?.value;
        session.ended_at.is_none().then_some(session.person)
    }

    fn end_session(&mut self, session: Option<SessionHash>, at: i64) {
        let row = session.and_then(|session| self.sessions.get_mut(&session)?.as_mut());
        if let Some(row) = row.filter(|row| row.value.ended_at.is_none()) {
            row.change().ended_at = Some(at);
        }
    }
}
