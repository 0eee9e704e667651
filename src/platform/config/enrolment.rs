//! The one string that a box needs to find its cloud: where it is, the site, and its role's password.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Begins every string, so that a person sees what it is.
const PREFIX: &str = "qres1.";

/// What the string says. It holds a password: it is never logged.
#[derive(Clone, Serialize, Deserialize)]
pub struct Enrolment {
    /// The cloud's host name or address.
    #[serde(rename = "h")]
    pub host: String,
    /// Its port.
    #[serde(rename = "p")]
    pub port: u16,
    /// The database.
    #[serde(rename = "d")]
    pub database: String,
    /// The role of this site's box.
    #[serde(rename = "u")]
    pub role: String,
    /// The role's password.
    #[serde(rename = "k")]
    pub password: String,
    /// The site in the cloud.
    #[serde(rename = "s")]
    pub site_id: Uuid,
    /// How the wire is secured.
    #[serde(rename = "t", default)]
    pub tls: WireTls,
}

/// How the wire to the cloud is secured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WireTls {
    /// Encrypted; the server's certificate must be valid for its name by a public authority.
    #[default]
    Public,
    /// Encrypted; the certificate must be valid for its name by one of these authorities (PEM).
    Own(String),
    /// In the clear: a database on the same machine.
    Off,
}

impl Enrolment {
    /// Reads a string that [`Enrolment::to_text`] made.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let packed = text.trim().strip_prefix(PREFIX).ok_or_else(|| {
            format!("an enrolment string begins with {PREFIX}; `qres cloud add-site` prints one")
        })?;
        let cut = "the enrolment string is cut short or changed; copy it whole";
        let json = URL_SAFE_NO_PAD.decode(packed).map_err(|_| cut.to_owned())?;
        serde_json::from_slice(&json).map_err(|_| cut.to_owned())
    }

    /// As one string without spaces.
    pub fn to_text(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(json))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_says_what_it_was_made_of() {
        let enrolment = Enrolment {
            host: "db.example".into(),
            port: 5432,
            database: "qres".into(),
            role: "qres_site_1".into(),
            password: "пароль".into(),
            site_id: Uuid::from_u128(7),
            tls: WireTls::Own("PEM".into()),
        };
        let text = enrolment.to_text();
        let again = Enrolment::parse(&format!(" {text}\n")).unwrap();
        assert_eq!(
            (again.host, again.password, again.site_id, again.tls),
            (enrolment.host, enrolment.password, enrolment.site_id, enrolment.tls)
        );
        assert!(Enrolment::parse("hello").err().unwrap().contains("begins with"));
        assert!(Enrolment::parse(&text[..text.len() - 5]).err().unwrap().contains("cut short"));
    }
}
