//! A person's devices: signing them out, and the way to another one.

use protocol::Refusal;

use super::{internal, to_its_end};
use crate::{
    Server, Shared,
    address::Network,
    clock,
    session::{self, Known, Who},
    store::{
        Applied, DeviceDone, DeviceOp, Op, Person, PersonId, SessionHash, SessionId, StoreError,
        Which,
    },
};

/// For how long a way is open, in milliseconds.
const OPEN: i64 = 10 * 60 * 1000;
const TOKEN_BYTES: usize = 16;

/// What is open of them is closed at once, also when it is not known whether they were: then whoever is
/// still signed in comes back by themselves.
///
/// # Errors
/// Who asks was signed out themselves; the store does not answer.
pub(crate) async fn sign_out(server: &Shared, by: &Known, which: Which) -> Result<(), Refusal> {
    let (server, by, person) = (server.clone(), by.session, by.person.id);
    to_its_end(async move {
        let theirs = server.store.devices(person).await?;
        let meant = |id: &SessionId| match which {
            Which::One(one) => *id == one,
            Which::Others => *id != by.id(),
        };
        let meant: Vec<_> = theirs.iter().map(|one| one.id).filter(meant).collect();
        let done = apply(&server, DeviceOp::SignOut { by, which, at: clock::now() }).await;
        if let Ok(DeviceDone::SignedOut(out)) = &done {
            server.hub.sign_out(out);
        } else if let Err(StoreError::Unavailable(_)) = done {
            server.hub.sign_out(&meant);
        }
        Ok(done.map(|_| ())?)
    })
    .await
}

/// Opens a way to another device in the place of the one that there was. `None`: there are too many devices.
///
/// # Errors
/// Too many from there; the store does not answer.
pub(crate) async fn open_way(
    server: &Server,
    by: &Known,
    from: Option<Network>,
) -> Result<Option<(String, i64)>, Refusal> {
    // Each may become a session.
    server.limits.begin(from)?;
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(internal)?;
    let (token, until) = (session::hex(&bytes), clock::now() + OPEN);
    let way = Some((server.sessions.way(&token), until));
    let opened = apply(server, DeviceOp::Open { by: by.session, way }).await?;
    Ok((opened == DeviceDone::Opened(true)).then_some((token, until)))
}

/// # Errors
/// The store does not answer.
pub(crate) async fn close_way(server: &Server, by: &Known) -> Result<(), Refusal> {
    apply(server, DeviceOp::Open { by: by.session, way: None }).await?;
    Ok(())
}

/// Whose device one becomes by this token. To try one costs what to try a room's code does.
///
/// # Errors
/// `NoSuchRoom` for whatever opens nothing, for whichever reason; too many guesses; the store does not answer.
pub(crate) async fn at_the_end_of(
    server: &Server,
    from: Option<Network>,
    token: &str,
) -> Result<Person, Refusal> {
    if !is_token(token) {
        return Err(Refusal::NoSuchRoom);
    }
    let guess = server.limits.guess(from);
    let found = server.store.at_the_end_of(server.sessions.way(token), clock::now()).await?;
    // Of too many guesses by all together nobody here need be afraid: there are 2 to the power of 128 tokens.
    guess.here.clone()?;
    found.ok_or_else(|| {
        guess.missed();
        Refusal::NoSuchRoom
    })
}

/// A session of theirs on the device that comes with this token. What the device was before, it is no more.
///
/// # Errors
/// As of `at_the_end_of`.
pub(crate) async fn arrive(
    server: &Shared,
    from: Option<Network>,
    token: &str,
    who: Who,
    session: SessionHash,
    device: protocol::Device,
) -> Result<PersonId, Refusal> {
    if !is_token(token) {
        return Err(Refusal::NoSuchRoom);
    }
    let (server, way) = (server.clone(), server.sessions.way(token));
    to_its_end(async move {
        let guess = server.limits.guess(from);
        guess.here.clone()?;
        let was = who.known().map(|known| known.session);
        let arrive = DeviceOp::Arrive { way, session, device, was, at: clock::now() };
        let done = apply(&server, arrive).await;
        if let Some(was) = was.filter(|_| !matches!(done, Ok(DeviceDone::Nowhere))) {
            server.hub.sign_out(&[was.id()]);
        }
        if let DeviceDone::Arrived(person) = done? {
            return Ok(person);
        }
        guess.missed();
        Err(Refusal::NoSuchRoom)
    })
    .await
}

/// Spares the store whatever else stands in an address.
fn is_token(token: &str) -> bool {
    token.len() == 2 * TOKEN_BYTES && token.bytes().all(|b| b.is_ascii_hexdigit())
}

async fn apply(server: &Server, op: DeviceOp) -> Result<DeviceDone, StoreError> {
    let Applied::Device(done) = server.store.apply(Op::Device(op)).await? else {
        return Err(StoreError::Unavailable("it answered something else".into()));
    };
    Ok(done)
}
