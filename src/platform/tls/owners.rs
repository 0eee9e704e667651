//! A certificate that the owner brings: `tls_cert` and `tls_key`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::RootCertStore;
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;

use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::platform::config::Settings;

/// The owner's files.
pub struct Files {
    /// The certificate, and those that lead to its authority; PEM.
    pub certificate: PathBuf,
    /// Its key; PEM.
    pub key: PathBuf,
}

impl Files {
    /// Those that the settings name.
    pub fn of(settings: &Settings) -> Option<Self> {
        let (certificate, key) = (settings.tls_cert.clone()?, settings.tls_key.clone()?);
        Some(Self { certificate, key })
    }
}

/// When the files were last written: another value, and they are read again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Written([Option<SystemTime>; 2]);

impl Files {
    /// When they were last written.
    pub fn written(&self) -> Written {
        let when = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
        Written([when(&self.certificate), when(&self.key)])
    }

    /// Reads both.
    ///
    /// # Errors
    /// With a sentence that names the file and what is wrong with it.
    pub fn read(&self) -> Result<Arc<CertifiedKey>> {
        let wrong = |path: &Path, what: String| {
            let detail = format!("The certificate cannot be used: {}: {what}.", path.display());
            Error::rule("bad_certificate", detail)
        };
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| wrong(&self.certificate, error.to_string()))?;
        if chain.is_empty() {
            return Err(wrong(&self.certificate, "there is no certificate in it".into()));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|error| wrong(&self.key, error.to_string()))?;
        certified(chain, key).map_err(|error| wrong(&self.key, error))
    }
}

/// For how long a certificate is good in browsers that know the public authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Good {
    /// For two weeks and more.
    Everywhere,
    /// Not for two weeks any more.
    Ending,
    /// Not now: its authority is not public, or its time is not now.
    Nowhere,
}

/// So long before its end a certificate is called ending, ms.
const ENDING: i64 = 14 * 24 * 3_600_000;

impl Files {
    /// Reads both, and tells for how long browsers trust the certificate from `now` on.
    ///
    /// # Errors
    /// As [`Files::read`].
    pub fn look(&self, now: Timestamp) -> Result<Good> {
        let chain = &self.read()?.cert;
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let algorithms = default_provider().signature_verification_algorithms.all;
        let is_trusted_at = |at: i64| {
            let at = UnixTime::since_unix_epoch(Duration::from_millis(at.max(0).unsigned_abs()));
            ParsedCertificate::try_from(&chain[0]).is_ok_and(|first| {
                let between = &chain[1..];
                verify_server_cert_signed_by_trust_anchor(&first, &roots, between, at, algorithms)
                    .is_ok()
            })
        };
        Ok(match (is_trusted_at(now.0), is_trusted_at(now.0 + ENDING)) {
            (true, true) => Good::Everywhere,
            (true, false) => Good::Ending,
            (false, _) => Good::Nowhere,
        })
    }
}

/// A certificate with its key, checked to belong together.
///
/// # Errors
/// With the reason, as a part of a sentence.
pub fn certified(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<CertifiedKey>, String> {
    let key = CertifiedKey::from_der(chain, key, &default_provider());
    key.map(Arc::new).map_err(|error| error.to_string())
}
