//! The box's own authority, and the certificates that it gives to the box.
//!
//! A staff tablet trusts the authority once. So that this trust reaches no further than the
//! restaurant, the authority may speak for private names and addresses only (name constraints):
//! whoever steals its key still cannot play a bank to a waiter's phone.

use std::fs;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ipnet::IpNet;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
    date_time_ymd,
};
use rustls::RootCertStore;
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use time::OffsetDateTime;

use super::private_file;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::platform::net::OwnNames;

/// For which names the authority may speak: each with all below it. Nobody can own one of them in
/// the internet.
const DOMAINS: [&str; 7] =
    ["local", "lan", "home", "home.arpa", "internal", "localdomain", "localhost"];
/// For which addresses: loopback, the private networks, link-local, shared (RFC 6598), and the
/// same in IPv6.
const NETS: [&str; 9] = [
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];

const DAY: i64 = 24 * 3_600_000;
/// A certificate begins so far in the past: a tablet's clock may be behind.
const BACK: i64 = 30 * DAY;
/// And ends so far in the future. Apple takes 825 days in all from an authority of one's own.
const AHEAD: i64 = 790 * DAY;
/// It is renewed when it is so old. Far before its end: a box without a clock battery and
/// without internet falls behind by every night that it is off.
const RENEWED_AFTER: i64 = 30 * DAY;
/// One that comes from further in the future was made by a wrong clock.
const FROM_THE_FUTURE: i64 = DAY;

/// The box's own authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    /// As it stands in a list of authorities.
    name: String,
}

/// A certificate with its key, in PEM.
pub struct Issued(pub String);

impl Authority {
    /// Reads the authority of a folder, or founds it where there is none. One that cannot be used
    /// is set aside: the box goes on with a new one, and says so.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn load(folder: &Path) -> Result<Self> {
        let path = folder.join("authority.pem");
        let io_error =
            |error: std::io::Error| Error::internal(format!("{}: {error}", path.display()));
        match fs::read(&path) {
            Ok(bytes) => {
                if let Some(authority) = Self::read(&bytes) {
                    return Ok(authority);
                }
                tracing::error!(
                    file = %path.display(),
                    "the authority of the box cannot be read: it is set aside, a new one is made, \
                     and every tablet must be made to trust it (page /trust)"
                );
                fs::rename(&path, path.with_extension("damaged")).map_err(io_error)?;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(io_error(error)),
        }
        let (key, certificate) = found()?;
        let text = format!("{}{}", key.serialize_pem(), pem(&certificate));
        private_file::write(&path, &text).map_err(io_error)?;
        let name = name_of(&key);
        tracing::info!(%name, "the box has an authority of its own now; tablets trust it by /trust");
        Self::read(text.as_bytes()).ok_or_else(|| Error::internal("a new authority cannot be used"))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let key = PrivateKeyDer::from_pem_slice(bytes).ok()?;
        let key = KeyPair::try_from(&key).ok()?;
        let certificate = CertificateDer::from_pem_slice(bytes).ok()?;
        let name = name_of(&key);
        let issuer = Issuer::new(params(&key), key);
        let authority = Self { issuer, certificate, name };
        // The certificate must be the key's own.
        let some = OwnNames {
            hosts: ["qres.local".to_owned()].into(),
            addresses: [IpAddr::from([127, 0, 0, 1])].into(),
            primary: None,
        };
        let now = Timestamp(crate::core::clock::EARLIEST.0);
        let trial = authority.issue(&some, now).ok()?;
        authority.is_fresh(trial.0.as_bytes(), &some, now).then_some(authority)
    }

    /// A new certificate for these names, with a new key.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn issue(&self, names: &OwnNames, now: Timestamp) -> Result<Issued> {
        let key = KeyPair::generate().map_err(Error::internal)?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "QRes box");
        params.not_before = moment(now.0 - BACK)?;
        params.not_after = moment(now.0 + AHEAD)?;
        params.use_authority_key_identifier_extension = true;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let wanted = spoken_for(names);
        for host in &wanted.hosts {
            let host = host.as_str().try_into().map_err(Error::internal)?;
            params.subject_alt_names.push(SanType::DnsName(host));
        }
        for address in &wanted.addresses {
            params.subject_alt_names.push(SanType::IpAddress(*address));
        }
        let certificate = params.signed_by(&key, &self.issuer).map_err(Error::internal)?;
        Ok(Issued(format!("{}{}", key.serialize_pem(), pem(certificate.der()))))
    }

    /// Whether a certificate is ours, young, and speaks for all of these names that it may.
    pub fn is_fresh(&self, issued: &[u8], names: &OwnNames, now: Timestamp) -> bool {
        let Ok(certificate) = CertificateDer::from_pem_slice(issued) else { return false };
        let Ok(parsed) = ParsedCertificate::try_from(&certificate) else { return false };
        let mut roots = RootCertStore::empty();
        if roots.add(self.certificate.clone()).is_err() {
            return false;
        }
        let algorithms = default_provider().signature_verification_algorithms.all;
        let is_valid_at = |at: i64| {
            let at = Duration::from_millis(at.max(0).unsigned_abs());
            let at = UnixTime::since_unix_epoch(at);
            verify_server_cert_signed_by_trust_anchor(&parsed, &roots, &[], at, algorithms).is_ok()
        };
        let speaks_for = |name: &ServerName<'_>| verify_server_name(&parsed, name).is_ok();
        let wanted = spoken_for(names);
        is_valid_at(now.0 - BACK + FROM_THE_FUTURE)
            && is_valid_at(now.0 + AHEAD - RENEWED_AFTER)
            && wanted
                .hosts
                .iter()
                .all(|host| ServerName::try_from(host.as_str()).is_ok_and(|name| speaks_for(&name)))
            && wanted.addresses.iter().all(|ip| speaks_for(&ServerName::from(*ip)))
    }

    /// The certificate that a tablet is made to trust, in PEM. The key is not in it.
    pub fn pem(&self) -> String {
        pem(&self.certificate)
    }

    /// SHA-256 of the certificate, as phones show it: pairs of capitals with colons between.
    pub fn fingerprint(&self) -> String {
        let hash = digest(&SHA256, &self.certificate);
        hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }

    /// How it is called in a list of authorities.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Those of the names for which the authority may speak.
fn spoken_for(names: &OwnNames) -> OwnNames {
    let is_private = |ip: &&IpAddr| nets().any(|net| net.contains(*ip));
    let is_ours = |host: &&String| {
        DOMAINS.iter().any(|domain| {
            let rest = host.strip_suffix(domain);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    };
    OwnNames {
        hosts: names.hosts.iter().filter(is_ours).cloned().collect(),
        addresses: names.addresses.iter().filter(is_private).copied().collect(),
        primary: None,
    }
}

/// A new authority: its key, and what it says of itself.
fn found() -> Result<(KeyPair, CertificateDer<'static>)> {
    let key = KeyPair::generate().map_err(Error::internal)?;
    let certificate = params(&key).self_signed(&key).map_err(Error::internal)?;
    Ok((key, certificate.der().clone()))
}

/// What an authority with this key says of itself. Its validity does not hang on the clock, which
/// may be wrong at the very first start.
fn params(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name_of(key));
    params.distinguished_name.push(DnType::OrganizationName, "QRes");
    params.not_before = date_time_ymd(2024, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let domains = DOMAINS.iter().map(|domain| GeneralSubtree::DnsName((*domain).into()));
    let nets = nets().map(|net| {
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(net.addr(), net.prefix_len()))
    });
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: domains.chain(nets).collect(),
        excluded_subtrees: Vec::new(),
    });
    params
}

/// Tells the boxes of two restaurants apart, and does not change with the restaurant's name.
fn name_of(key: &KeyPair) -> String {
    let hash = digest(&SHA256, key.public_key_raw());
    let mark = hash.as_ref().iter().take(4).fold(0, |mark, byte| mark << 8 | u32::from(*byte));
    format!("QRes box {mark:08x}")
}

fn nets() -> impl Iterator<Item = IpNet> {
    NETS.iter().filter_map(|net| net.parse().ok())
}

fn moment(milliseconds: i64) -> Result<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(milliseconds.div_euclid(1000)).map_err(Error::internal)
}

fn pem(certificate: &CertificateDer<'_>) -> String {
    let text = STANDARD.encode(certificate);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn names(hosts: &[&str], addresses: &[&str]) -> OwnNames {
        OwnNames {
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            addresses: addresses.iter().map(|ip| ip.parse().unwrap()).collect(),
            primary: None,
        }
    }

    fn authority() -> (tempfile::TempDir, Authority) {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::load(folder.path()).unwrap();
        (folder, authority)
    }

    #[test]
    fn it_is_kept_and_nobody_else_reads_it() {
        let (folder, first) = authority();
        let file = folder.path().join("authority.pem");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Authority::load(folder.path()).unwrap().fingerprint(), first.fingerprint());
        assert!(!first.pem().contains("PRIVATE"), "the key stays here");
        assert_eq!(first.fingerprint().len(), 32 * 3 - 1);
    }

    #[test]
    fn one_that_is_broken_is_set_aside() {
        let (folder, first) = authority();
        let file = folder.path().join("authority.pem");
        for broken in ["", "rubbish", &first.pem()] {
            fs::write(&file, broken).unwrap();
            let next = Authority::load(folder.path()).unwrap();
            assert_ne!(next.fingerprint(), first.fingerprint());
            assert_eq!(fs::read_to_string(file.with_extension("damaged")).unwrap(), broken);
        }
        // The key of one and the certificate of another.
        let (_other_folder, other) = authority();
        let text = fs::read_to_string(&file).unwrap();
        let key = text.split("-----BEGIN CERTIFICATE").next().unwrap();
        fs::write(&file, format!("{key}{}", other.pem())).unwrap();
        assert_ne!(Authority::load(folder.path()).unwrap().fingerprint(), other.fingerprint());
    }

    #[test]
    fn a_certificate_is_fresh_while_it_is_young_and_speaks_for_every_name() {
        let (_folder, authority) = authority();
        let own = names(&["qres.local", "localhost"], &["192.168.1.20", "fd00::5"]);
        let issued = authority.issue(&own, NOW).unwrap().0;
        let fresh = |names: &OwnNames, days: i64| {
            authority.is_fresh(issued.as_bytes(), names, Timestamp(NOW.0 + days * DAY))
        };
        assert!(fresh(&own, 0) && fresh(&own, 29));
        assert!(!fresh(&own, 31), "old");
        assert!(!fresh(&own, -2), "made by a clock that was ahead");
        assert!(!fresh(&names(&[], &["192.168.1.21"]), 0), "a new address");
        assert!(!fresh(&names(&["till.local"], &[]), 0), "a new name");
        let (_other_folder, other) = self::authority();
        assert!(!other.is_fresh(issued.as_bytes(), &own, NOW), "another's");
        assert!(!other.is_fresh(b"rubbish", &own, NOW));
    }

    #[test]
    fn it_speaks_for_private_names_only() {
        let (_folder, authority) = authority();
        let own = names(&["qres.local", "bank.example", "evillocal"], &["10.0.0.5", "8.8.8.8"]);
        assert_eq!(spoken_for(&own), names(&["qres.local"], &["10.0.0.5"]));
        // Even a certificate that its stolen key signs is refused by those who trust it.
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["bank.example".to_owned()]).unwrap();
        params.not_before = moment(NOW.0 - BACK).unwrap();
        params.not_after = moment(NOW.0 + AHEAD).unwrap();
        let stolen = params.signed_by(&key, &authority.issuer).unwrap();
        let stolen = pem(stolen.der());
        assert!(!authority.is_fresh(stolen.as_bytes(), &names(&[], &[]), NOW));
    }

    #[test]
    fn a_clock_in_the_past_makes_nothing_that_is_not_yet_valid() {
        let (_folder, authority) = authority();
        let own = names(&["qres.local"], &[]);
        let long_ago = Timestamp(crate::core::clock::EARLIEST.0);
        let issued = authority.issue(&own, long_ago).unwrap().0;
        // Good for a tablet that knows the time, up to two years later; and renewed as soon as
        // the box knows it.
        let later = Timestamp(long_ago.0 + 700 * DAY);
        assert!(!authority.is_fresh(issued.as_bytes(), &own, later));
    }
}
