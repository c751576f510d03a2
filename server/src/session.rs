//! Cookie → person. The token is only in the browser; the store has its keyed hash.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};
use hmac::{Hmac, Mac, digest::InvalidLength};
use protocol::{LinkKey, PersonName, Refusal, RoomId};
use sha2::Sha256;

use crate::{
    Server, Shared,
    activity::Pseudonym,
    address::Network,
    clock,
    config::SecretKey,
    device, handlers,
    store::{
        Applied, DeviceOp, Op, Person, PersonId, SEEN, Secret, Session, SessionHash, StoreError,
        WayHash,
    },
};

/// 400 days: browsers keep no cookie longer (RFC 6265bis, 5.5).
const MAX_AGE: u32 = 400 * 24 * 60 * 60;
const TOKEN_BYTES: usize = 32;

/// Without it a stolen database opens no session and fits no guessed token.
pub(crate) struct Key(Hmac<Sha256>);

impl Key {
    pub(crate) fn new(secret: &SecretKey) -> Result<Self, InvalidLength> {
        Hmac::new_from_slice(secret.as_bytes()).map(Self)
    }

    fn hash(&self, token: &str) -> SessionHash {
        SessionHash(self.of(&[token.as_bytes()]))
    }

    /// Of the token in a link to another device.
    pub(crate) fn way(&self, token: &str) -> WayHash {
        WayHash(self.of(&[b"way", token.as_bytes()]))
    }

    fn arrival(&self, way: &str, brought: &str) -> [u8; 32] {
        self.of(&[b"arrival", way.as_bytes(), b" ", brought.as_bytes()])
    }

    fn of(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }

    /// What is kept of a link.
    pub(crate) fn link(&self, key: &LinkKey) -> Secret {
        self.secret(&[b"link", key.as_str().as_bytes()])
    }

    /// What a room keeps of an address: another one in each room.
    pub(crate) fn address(&self, room: RoomId, from: Network) -> Secret {
        self.secret(&[b"address", &room.0.to_be_bytes(), &from.bytes()])
    }

    /// A token, of figures and a few letters alone, hashes to something else.
    fn secret(&self, parts: &[&[u8]]) -> Secret {
        let mut mac = self.0.clone();
        parts.iter().for_each(|part| mac.update(part));
        Secret(mac.finalize().into_bytes().into())
    }

    /// What a person is called in the log. A token, of figures alone, hashes to something else.
    pub(crate) fn pseudonym(&self, person: PersonId) -> Pseudonym {
        let [a, b, c, d, e, f, ..] = self.of(&[b"person", &person.0.to_be_bytes()]);
        Pseudonym([a, b, c, d, e, f])
    }
}

/// Who a request comes from.
#[derive(Clone)]
pub(crate) enum Who {
    Nobody,
    /// Whose session somebody has ended: they are nobody, and their token is good for nothing.
    SignedOut,
    Somebody(Known),
}

#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) person: Person,
    pub(crate) session: SessionHash,
    seen_at: i64,
}

impl Who {
    pub(crate) fn known(self) -> Option<Known> {
        match self {
            Self::Somebody(known) => Some(known),
            Self::Nobody | Self::SignedOut => None,
        }
    }
}

/// # Errors
/// The store does not answer.
pub(crate) async fn who(server: &Server, headers: &HeaderMap) -> Result<Who, Refusal> {
    let Some(token) = token(server, headers) else {
        return Ok(Who::Nobody);
    };
    let session = server.sessions.hash(token);
    Ok(match server.store.session(session).await? {
        None => Who::Nobody,
        Some(Session { ended: true, .. }) => Who::SignedOut,
        Some(Session { person, seen_at, .. }) => Who::Somebody(Known { person, session, seen_at }),
    })
}

/// Whose request this is.
///
/// # Errors
/// The store does not answer.
pub(crate) async fn person(
    server: &Server,
    headers: &HeaderMap,
) -> Result<Option<Person>, Refusal> {
    Ok(who(server, headers).await?.known().map(|known| known.person))
}

impl Known {
    /// Their device is here now, which is written down once an hour: nobody waits for it, and it may fail.
    pub(crate) fn is_here(&mut self, server: &Shared) {
        let (session, at) = (self.session, clock::now());
        if at < self.seen_at.saturating_add(SEEN) || *server.stopping.borrow() {
            return;
        }
        self.seen_at = at;
        let server = server.clone();
        tokio::spawn(async move {
            let _ = server.store.apply(Op::Device(DeviceOp::See { session, at })).await;
        });
    }
}

/// A token for whoever has none, with a page: a mere random number that stands for nobody until a
/// form begins a session with it. So a form that is sent again, because its answer was lost or by a
/// double click, is the same person's. Who was signed out gets another one; of who is not known, nobody
/// takes away what they have.
pub(crate) fn offer(
    server: &Server,
    headers: &HeaderMap,
    who: Option<&Who>,
) -> Option<HeaderValue> {
    if token(server, headers).is_some() && !matches!(who, Some(Who::SignedOut)) {
        return None;
    }
    set_cookie(server, &random_hex().ok()?)
}

/// A new person with their first session, and the cookie that makes the browser theirs.
///
/// # Errors
/// The store does not answer, or too many people came from there.
pub(crate) async fn begin(
    server: &Server,
    headers: &HeaderMap,
    from: Option<Network>,
    called: &PersonName,
) -> Result<(Person, HeaderValue), Refusal> {
    server.limits.begin(from)?;
    let fresh = || random_hex().map_err(handlers::internal);
    let mut token = match token(server, headers) {
        Some(offered) => offered.to_owned(),
        None => fresh()?,
    };
    let begun = match begin_with(server, headers, &token, called).await {
        // Signed out a moment ago. Somebody else may have that token.
        Err(StoreError::NotAMember) => {
            token = fresh()?;
            begin_with(server, headers, &token, called).await
        }
        begun => begun,
    };
    let Applied::Begun(id) = begun? else {
        return Err(handlers::internal("the store answered something else"));
    };
    let cookie = set_cookie(server, &token).ok_or_else(|| handlers::internal("no cookie"))?;
    Ok((Person { id, name: called.clone() }, cookie))
}

async fn begin_with(
    server: &Server,
    headers: &HeaderMap,
    token: &str,
    called: &PersonName,
) -> Result<Applied, StoreError> {
    let (session, device) = (server.sessions.hash(token), device::of(headers));
    server.store.apply(Op::Begin { session, name: called.clone(), device, at: clock::now() }).await
}

/// The token of the session to which a way leads this browser, and the cookie that it goes into. It is
/// neither the way's nor the one that the browser came with, which somebody may have given it, and nobody
/// can make it of the two; yet a form that is sent again gets the same.
pub(crate) fn arriving(
    server: &Server,
    headers: &HeaderMap,
    way: &str,
) -> Result<(SessionHash, HeaderValue), Refusal> {
    let token = match token(server, headers) {
        Some(brought) => hex(&server.sessions.arrival(way, brought)),
        None => random_hex().map_err(handlers::internal)?,
    };
    let cookie = set_cookie(server, &token).ok_or_else(|| handlers::internal("no cookie"))?;
    Ok((server.sessions.hash(&token), cookie))
}

/// Another token in the place of one that is good for nothing: the cookie, and how a browser says it.
pub(crate) fn renewed(server: &Server) -> Option<(HeaderValue, String)> {
    let token = random_hex().ok()?;
    Some((set_cookie(server, &token)?, format!("{}={token}", name(server))))
}

fn token<'a>(server: &Server, headers: &'a HeaderMap) -> Option<&'a str> {
    cookie(headers, name(server)).filter(|token| is_token(token))
}

fn set_cookie(server: &Server, token: &str) -> Option<HeaderValue> {
    let secure = secure(server);
    let name = name(server);
    let text = format!("{name}={token}; HttpOnly; SameSite=Lax; Path=/; Max-Age={MAX_AGE}{secure}");
    HeaderValue::try_from(text).ok()
}

/// The prefix makes browsers refuse the cookie from anybody but this host over HTTPS
/// (RFC 6265bis, 4.1.3.2).
fn name(server: &Server) -> &'static str {
    if is_secure(server) { "__Host-parley" } else { "parley" }
}

fn is_secure(server: &Server) -> bool {
    server.config.public_url.as_ref().is_some_and(|url| url.is_https())
}

/// Spares the store whatever else a browser sends.
fn is_token(token: &str) -> bool {
    token.len() == 2 * TOKEN_BYTES && token.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The first cookie of that name.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let texts = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// What a cookie of ours ends with.
pub(crate) fn secure(server: &Server) -> &'static str {
    if is_secure(server) { "; Secure" } else { "" }
}

/// 256 random bits.
pub(crate) fn random_hex() -> Result<String, getrandom::Error> {
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
