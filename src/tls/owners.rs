//! A certificate that the owner brings: `tls_cert` and `tls_key`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use crate::error::{Error, Result};

/// The owner's files.
pub struct Files {
    /// The certificate, and those that lead to its authority; PEM.
    pub certificate: PathBuf,
    /// Its key; PEM.
    pub key: PathBuf,
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
