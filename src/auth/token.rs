//! JSON Web Tokens (RFC 7519), HS256. A token only names a session: it is good while that
//! session is in the database.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::kernel::Timestamp;

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
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    minutes: u32,
}

impl Tokens {
    /// With the key that signs, and how long a token lasts.
    pub fn new(key: &[u8], minutes: u32) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Self {
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            validation,
            minutes,
        }
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
        encode(&Header::default(), &claims, &self.encoding).map_err(Error::internal)
    }

    /// The session that a token names, and until when it is good.
    ///
    /// # Errors
    /// 401 when the token is forged, expired or no token at all.
    pub fn read(&self, token: &str) -> Result<(Uuid, Timestamp)> {
        let claims = decode::<Claims>(token, &self.decoding, &self.validation).map_err(
            |error| match error.kind() {
                jsonwebtoken::errors::ErrorKind::ExpiredSignature => expired(),
                _ => Error::unauthorized(
                    "bad_token",
                    "This token is not one of ours. Sign in again.",
                ),
            },
        )?;
        Ok((claims.claims.jti, Timestamp(claims.claims.exp * 1000)))
    }
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
        let tokens = Tokens::new(b"a key of the box", 1);
        let session = Uuid::now_v7();
        let good = tokens.issue(1, session, now()).unwrap();
        assert_eq!(tokens.read(&good).unwrap().0, session);

        let code = |token: &str| tokens.read(token).unwrap_err().problem().code;
        assert_eq!(
            code(&tokens.issue(1, session, Timestamp(now().0 - 61_000)).unwrap()),
            "token_expired"
        );
        assert_eq!(
            code(&Tokens::new(b"another", 1).issue(1, session, now()).unwrap()),
            "bad_token"
        );
        assert_eq!(code("nonsense"), "bad_token");
        // "alg": "none" with the same claims.
        let claims = good.split('.').nth(1).unwrap();
        assert_eq!(code(&format!("eyJhbGciOiJub25lIn0.{claims}.")), "bad_token");
    }
}
