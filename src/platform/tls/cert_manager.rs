//! Keeps the box's certificate good while the box runs: renews it, follows its addresses, and
//! reads the owner's files again when they change.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, version};
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::authority::Authority;
use super::owners::{Files, Written, certified};
use super::private_file;
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::platform::config::Settings;
use crate::platform::net::OwnNames;

/// How often is looked whether something changed.
const LOOK: Duration = Duration::from_secs(5);

/// What the box shows to those who come by HTTPS.
pub struct Tls {
    source: Source,
    shown: Arc<Shown>,
    reload: Notify,
}

enum Source {
    Own(Box<Authority>, PathBuf),
    Owners(Files),
}

/// The certificate of now, for every handshake.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Tls {
    /// Reads or makes what is needed. `past` is the moment of the newest thing that the box
    /// remembers; it counts where the clock was never set.
    ///
    /// # Errors
    /// When the files cannot be read or written.
    pub fn open(settings: &Settings, names: &OwnNames, past: Timestamp) -> Result<Self> {
        let (source, shown) = if let Some(files) = Files::of(settings) {
            let shown = files.read()?;
            (Source::Owners(files), shown)
        } else {
            let folder = settings.data_dir.join("tls");
            let (authority, file) = (Authority::load(&folder)?, folder.join("box.pem"));
            let shown = kept_or_new(&authority, &file, names, likely_now(past))?;
            (Source::Own(Box::new(authority), file), shown)
        };
        Ok(Self { source, shown: Arc::new(Shown(RwLock::new(shown))), reload: Notify::new() })
    }

    /// The box's own authority; none where the owner brought a certificate.
    pub fn authority(&self) -> Option<&Authority> {
        match &self.source {
            Source::Own(authority, _) => Some(authority),
            Source::Owners(_) => None,
        }
    }

    /// How the box speaks TLS: 1.2 and 1.3, HTTP/1.1 inside.
    ///
    /// # Errors
    /// When the crypto provider knows no such version.
    pub fn config(&self) -> Result<Arc<ServerConfig>> {
        let shown: Arc<Shown> = Arc::clone(&self.shown);
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .map_err(Error::internal)?
            .with_no_client_auth()
            .with_cert_resolver(shown);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// The owner's files are read again now, whether they look changed or not.
    pub fn reload(&self) {
        self.reload.notify_one();
    }

    /// Looks after the certificate until `stop`. `names` gives the box's names as they stand.
    pub async fn keep(
        self: Arc<Self>,
        names: impl Fn() -> Arc<OwnNames>,
        past: Timestamp,
        stop: CancellationToken,
    ) {
        let mut seen = None;
        loop {
            let is_asked = tokio::select! {
                () = stop.cancelled() => return,
                () = self.reload.notified() => true,
                () = sleep(LOOK) => false,
            };
            let (tls, names) = (Arc::clone(&self), names());
            // Writing the file may take long on a slow card.
            let looked = tokio::task::spawn_blocking(move || {
                tls.look_after(&names, past, if is_asked { None } else { seen })
            });
            match looked.await {
                Ok(written) => seen = written,
                Err(error) => tracing::error!(%error, "looking after the certificate failed"),
            }
        }
    }

    /// Returns when the owner's files were written that are now in use, or were tried.
    fn look_after(
        &self,
        names: &OwnNames,
        past: Timestamp,
        seen: Option<Written>,
    ) -> Option<Written> {
        match &self.source {
            Source::Own(authority, file) => {
                match kept_or_new(authority, file, names, likely_now(past)) {
                    Ok(key) => self.show(key),
                    Err(error) => tracing::error!(%error, "the certificate was not renewed"),
                }
                None
            }
            Source::Owners(files) => {
                let written = files.written();
                if seen != Some(written) {
                    match files.read() {
                        Ok(key) => self.show(key),
                        Err(error) => tracing::error!(%error, "the certificate in use stays"),
                    }
                }
                Some(written)
            }
        }
    }

    fn show(&self, key: Arc<CertifiedKey>) {
        let mut shown = self.shown.0.write().unwrap_or_else(PoisonError::into_inner);
        if shown.cert != key.cert {
            tracing::info!("another certificate is shown from now on");
            *shown = key;
        }
    }
}

/// The box's certificate of its folder while it is fresh, else a new one.
fn kept_or_new(
    authority: &Authority,
    file: &std::path::Path,
    names: &OwnNames,
    now: Timestamp,
) -> Result<Arc<CertifiedKey>> {
    if let Ok(kept) = fs::read(file)
        && authority.is_fresh(&kept, names, now)
        && let Ok(key) = key_of(&kept)
    {
        return Ok(key);
    }
    let issued = authority.issue(names, now)?.0;
    private_file::write(file, &issued)
        .map_err(|error| Error::internal(format!("{}: {error}", file.display())))?;
    tracing::info!(names = ?names.hosts, addresses = ?names.addresses, "a new certificate");
    key_of(issued.as_bytes()).map_err(Error::internal)
}

/// Whether the box's own certificate in this data folder is good; none where there is none yet.
pub fn is_own_good(data: &std::path::Path, now: Timestamp) -> Option<bool> {
    let folder = data.join("tls");
    let kept = fs::read(folder.join("box.pem")).ok()?;
    // Nothing is made by a look.
    fs::metadata(folder.join("authority.pem")).ok()?;
    let authority = Authority::load(&folder).ok()?;
    Some(authority.is_fresh(&kept, &OwnNames::default(), now))
}

fn key_of(pem: &[u8]) -> Result<Arc<CertifiedKey>, String> {
    let certificate = CertificateDer::from_pem_slice(pem).map_err(|error| error.to_string())?;
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|error| error.to_string())?;
    certified(vec![certificate], key)
}

/// The clock, where it was ever set; else the newest moment that the box knows of. It is made
/// right within seconds of the clock being set.
fn likely_now(past: Timestamp) -> Timestamp {
    let now = clock::now();
    if now < clock::EARLIEST { past.max(clock::EARLIEST) } else { now }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(address: &str) -> OwnNames {
        OwnNames {
            hosts: ["qres.local".to_owned()].into(),
            addresses: [address.parse().unwrap()].into(),
            ..OwnNames::default()
        }
    }

    /// A data folder as the box makes it.
    fn data() -> (tempfile::TempDir, Settings) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tls")).unwrap();
        let settings = Settings { data_dir: folder.path().to_owned(), ..Settings::default() };
        (folder, settings)
    }

    fn shown(tls: &Tls) -> Vec<u8> {
        tls.shown.0.read().unwrap().cert[0].to_vec()
    }

    #[test]
    fn the_certificate_follows_the_addresses_and_is_renewed_in_time() {
        let (_folder, settings) = data();
        let (home, moved) = (names("192.168.1.20"), names("192.168.7.7"));
        let past = Timestamp(0);
        let tls = Tls::open(&settings, &home, past).unwrap();
        let first = shown(&tls);
        tls.look_after(&home, past, None);
        assert_eq!(shown(&tls), first, "what is good stays");
        tls.look_after(&moved, past, None);
        let second = shown(&tls);
        assert_ne!(second, first, "another address, another certificate");
        // One that was made three years ago and lay in the folder since.
        let Source::Own(authority, file) = &tls.source else { panic!("it has an authority") };
        let long_ago = Timestamp(clock::now().0 - 3 * 365 * 24 * 3_600_000);
        let old = authority.issue(&moved, long_ago).unwrap().0;
        private_file::write(file, &old).unwrap();
        assert!(!authority.is_fresh(old.as_bytes(), &moved, clock::now()));
        tls.look_after(&moved, past, None);
        let kept = fs::read(file).unwrap();
        assert!(authority.is_fresh(&kept, &moved, clock::now()), "it is renewed in the folder");
        assert_ne!(shown(&tls), key_of(old.as_bytes()).unwrap().cert[0].to_vec());
    }

    #[tokio::test]
    async fn while_the_box_runs_it_looks_by_itself() {
        let (_folder, settings) = data();
        let tls = Arc::new(Tls::open(&settings, &names("192.168.1.20"), Timestamp(0)).unwrap());
        let (first, stop) = (shown(&tls), CancellationToken::new());
        let moved = || Arc::new(names("10.0.0.9"));
        let keeping = tokio::spawn(Arc::clone(&tls).keep(moved, Timestamp(0), stop.clone()));
        tls.reload();
        let began = std::time::Instant::now();
        while shown(&tls) == first {
            assert!(began.elapsed() < LOOK * 4, "the certificate does not follow");
            sleep(Duration::from_millis(10)).await;
        }
        stop.cancel();
        keeping.await.unwrap();
    }
}
