//! JSON Web Tokens (RFC 7519), HS256. A token only names a session: it is good while that
//! session is in the database.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Keys;
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;

const ISSUER: &str = "qres";
const AUDIENCE: &str = "qres-staff";

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    jti: Uuid,
    iat: i64,
    exp: i64,
}

/// Signs and reads tokens.
pub struct Tokens {
    ring: RwLock<Ring>,
    /// Held while the key is changed.
    rotating: Mutex<Keys>,
    validation: Validation,
    minutes: u32,
    /// What good tokens say: a tablet shows the same one with every request.
    read: RwLock<HashMap<Box<str>, Said>>,
}

/// What a token says.
#[derive(Clone, Copy)]
struct Said {
    session: Uuid,
    begun: Timestamp,
    expires: Timestamp,
}

/// More tokens than a restaurant has devices; above it all are read anew.
const REMEMBERED: usize = 1024;

/// The key that signs, and the one before it.
struct Ring {
    current: Signer,
    previous: Option<(Signer, i64)>,
}

/// A key as the signatures use it.
struct Signer {
    /// Stands in the head of a token (`kid`), and tells nothing of the key.
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Signer {
    fn of(key: &[u8]) -> Self {
        let hash = digest(&SHA256, key);
        let id = URL_SAFE_NO_PAD.encode(&hash.as_ref()[..6]);
        let (encoding, decoding) = (EncodingKey::from_secret(key), DecodingKey::from_secret(key));
        Self { id, encoding, decoding }
    }
}

impl Ring {
    fn of(keys: &Keys) -> Self {
        let previous = keys.previous.as_ref().map(|(key, until)| (Signer::of(key), *until));
        Self { current: Signer::of(&keys.current), previous }
    }

    /// The keys that may have signed a token with this `kid`. Tokens from before there were any
    /// bear none.
    fn of_token(&self, kid: Option<&str>, now: i64) -> impl Iterator<Item = &Signer> {
        let previous = self.previous.as_ref().filter(|(_, until)| now < *until);
        [Some(&self.current), previous.map(|(signer, _)| signer)]
            .into_iter()
            .flatten()
            .filter(move |signer| kid.is_none_or(|kid| kid == signer.id))
    }
}

impl Tokens {
    /// With the keys that sign, and how long a token lasts.
    pub fn new(keys: Keys, minutes: u32) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // By the box's own time, see `read`.
        validation.validate_exp = false;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let ring = RwLock::new(Ring::of(&keys));
        Self { ring, rotating: Mutex::new(keys), validation, minutes, read: RwLock::default() }
    }

    /// Signs with a new key from now on. What the old one signed stays good: a token's own end
    /// comes before the key's.
    ///
    /// # Errors
    /// When the settings hold the key, or the new one cannot be kept.
    pub fn rotate(&self) -> Result<()> {
        let mut keys = self.rotating.lock().unwrap_or_else(PoisonError::into_inner);
        let until = clock::now().0 / 1000 + self.lifetime_seconds();
        *keys = keys.rotated(until)?;
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        *ring = Ring::of(&keys);
        self.read.write().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }

    /// How many seconds a new token lasts.
    pub fn lifetime_seconds(&self) -> i64 {
        i64::from(self.minutes) * 60
    }

    /// A signed token for a session.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn issue(&self, user_id: i64, session: Uuid, now: Timestamp) -> Result<String> {
        let iat = now.0 / 1000;
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user_id.to_string(),
            jti: session,
            iat,
            exp: iat + self.lifetime_seconds(),
        };
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let head = Header { kid: Some(ring.current.id.clone()), ..Header::default() };
        encode(&head, &claims, &ring.current.encoding).map_err(Error::internal)
    }

    fn remember(&self, token: &str, said: Said) {
        let mut read = self.read.write().unwrap_or_else(PoisonError::into_inner);
        if read.len() >= REMEMBERED {
            read.clear();
        }
        read.insert(token.into(), said);
    }

    /// The session that a token names, and until when it is good.
    ///
    /// # Errors
    /// 401 when the token is forged, expired or no token at all.
    pub fn read(&self, token: &str) -> Result<(Uuid, Timestamp)> {
        let now = clock::now();
        let known = self.read.read().unwrap_or_else(PoisonError::into_inner).get(token).copied();
        if let Some(said) = known.filter(|said| said.is_good(now)) {
            return Ok((said.session, said.expires));
        }
        let head = decode_header(token).map_err(|_| foreign())?;
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let mut refusal = foreign();
        for signer in ring.of_token(head.kid.as_deref(), now.0 / 1000) {
            let Ok(read) = decode::<Claims>(token, &signer.decoding, &self.validation) else {
                continue;
            };
            let Claims { jti: session, iat, exp, .. } = read.claims;
            let (begun, expires) = (Timestamp(iat * 1000), Timestamp(exp * 1000));
            let said = Said { session, begun, expires };
            if said.is_good(now) {
                // The ring is held meanwhile: what an old key signed is not remembered for longer.
                self.remember(token, said);
                return Ok((session, expires));
            }
            refusal = expired();
        }
        Err(refusal)
    }
}

impl Said {
    fn is_good(&self, now: Timestamp) -> bool {
        self.expires > now && self.begun <= clock::newest(now)
    }
}

fn foreign() -> Error {
    Error::unauthorized("bad_token", "This token is not one of ours. Sign in again.")
}

/// What a person hears whose sign-in has ended.
pub fn expired() -> Error {
    Error::unauthorized("token_expired", "Your sign-in has ended. Sign in again.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{SystemTime, UNIX_EPOCH};

    fn now() -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Timestamp(i64::try_from(since.as_millis()).unwrap())
    }

    #[test]
    fn only_our_own_fresh_tokens_are_read() {
        let tokens = Tokens::new(Keys::of_bytes(b"a key of the box"), 1);
        let session = Uuid::now_v7();
        let good = tokens.issue(1, session, now()).unwrap();
        assert_eq!(tokens.read(&good).unwrap().0, session);

        let code = |token: &str| tokens.read(token).unwrap_err().problem().code;
        assert_eq!(
            code(&tokens.issue(1, session, Timestamp(now().0 - 61_000)).unwrap()),
            "token_expired"
        );
        assert_eq!(
            code(&Tokens::new(Keys::of_bytes(b"another"), 1).issue(1, session, now()).unwrap()),
            "bad_token"
        );
        assert_eq!(code("nonsense"), "bad_token");
        // "alg": "none" with the same claims.
        let claims = good.split('.').nth(1).unwrap();
        assert_eq!(code(&format!("eyJhbGciOiJub25lIn0.{claims}.")), "bad_token");
    }
}
