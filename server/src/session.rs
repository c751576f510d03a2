//! Cookie → person. The token is only in the browser; the store has its keyed hash.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};
use hmac::{Hmac, Mac, digest::InvalidLength};
use protocol::{PersonName, Refusal};
use sha2::Sha256;

use crate::{
    Server,
    activity::Pseudonym,
    address::Network,
    clock,
    config::SecretKey,
    handlers,
    store::{Applied, Op, Person, PersonId, SessionHash},
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
        let mut mac = self.0.clone();
        mac.update(token.as_bytes());
        SessionHash(mac.finalize().into_bytes().into())
    }

    /// What a person is called in the log. A token, of figures alone, hashes to something else.
    pub(crate) fn pseudonym(&self, person: PersonId) -> Pseudonym {
        let mut mac = self.0.clone();
        mac.update(b"person");
        mac.update(&person.0.to_be_bytes());
        let [a, b, c, d, e, f, ..] = <[u8; 32]>::from(mac.finalize().into_bytes());
        Pseudonym([a, b, c, d, e, f])
    }
}

/// Whose request this is.
///
/// # Errors
/// The store does not answer.
pub(crate) async fn person(
    server: &Server,
    headers: &HeaderMap,
) -> Result<Option<Person>, Refusal> {
    let Some(token) = token(server, headers) else {
        return Ok(None);
    };
    let found = server.store.person(server.sessions.hash(token)).await;
    found.map_err(Refusal::from)
}

/// A token for whoever has none, with a page: a mere random number that stands for nobody until a
/// form begins a session with it. So a form that is sent again, because its answer was lost or by a
/// double click, is the same person's.
pub(crate) fn offer(server: &Server, headers: &HeaderMap) -> Option<HeaderValue> {
    if token(server, headers).is_some() {
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
    let token = match token(server, headers) {
        Some(offered) => offered.to_owned(),
        None => random_hex().map_err(handlers::internal)?,
    };
    let op =
        Op::Begin { session: server.sessions.hash(&token), name: called.clone(), at: clock::now() };
    let Applied::Begun(id) = server.store.apply(op).await.map_err(Refusal::from)? else {
        return Err(handlers::internal("the store answered something else"));
    };
    let cookie = set_cookie(server, &token).ok_or_else(|| handlers::internal("no cookie"))?;
    Ok((Person { id, name: called.clone() }, cookie))
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
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
