//! The file that an update is: `bundle.json`, its ed25519 signature `bundle.sig`, and the program
//! `qres`, in a tar.gz in this order, and behind that a signature of the packed bytes. That one is
//! looked at before anything is unpacked. The inner one covers the words, and the words name the
//! program's hash: it stays with what was unpacked. `image-build/bundle.sh` makes it.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::core::error::{Error, Result};
use crate::core::kernel::hex;
use crate::platform::config::Settings;

/// The key of whoever releases this build; none in one that nobody released.
const BUILT_IN: Option<&str> = option_env!("QRES_UPDATE_KEY");
/// No description is longer, in bytes.
const LONGEST_WORDS: u64 = 16 * 1024;
/// No program is larger, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;
const WORDS: &str = "bundle.json";
const SIGNATURE: &str = "bundle.sig";
pub(super) const PROGRAM: &str = "qres";
/// Where a bundle is unpacked before it takes its version's name.
pub(super) const DRAFT: &str = ".unpacking";
/// What stands between the packed bytes and their signature.
const MARK: &[u8; 8] = b"QRESSIG1";
/// How long both are.
const TAIL: usize = MARK.len() + 64;

/// A version: three numbers that are compared one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Version(u32, u32, u32);

impl Version {
    /// A version as it is written, e.g. `1.2.3`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|number| {
            let is_plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            if is_plain { number.parse().ok() } else { None }
        });
        let version = Self(numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(version)
    }

    /// The version of this program.
    pub fn installed() -> Self {
        Self::parse(crate::VERSION).unwrap_or_default()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("must be such as 1.2.3"))
    }
}

/// What is in a bundle.
#[derive(Debug, Deserialize)]
pub struct Bundle {
    format: u32,
    /// The version of the program.
    pub version: Version,
    /// For which processors, as Rust names them.
    architecture: String,
    /// The program's SHA-256, in hex.
    sha256: String,
}

/// The public key that bundles are held against.
pub struct Key(UnparsedPublicKey<Vec<u8>>);

/// The key that is set, or the one that is built in.
pub fn key(settings: &Settings) -> Result<Key> {
    let text = settings.update_key.as_deref().or(BUILT_IN).map(str::trim);
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        let detail = "This build knows no key of a publisher, so it takes no updates. Install a \
                      package instead.";
        return Err(Error::rule("update_no_key", detail));
    };
    let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == 32);
    let Some(bytes) = bytes else {
        let detail = "The update key must be 32 bytes in base64.";
        return Err(Error::rule("update_bad_key", detail));
    };
    Ok(Key(UnparsedPublicKey::new(&ED25519, bytes)))
}

/// Reads what a bundle says, once its signatures were found good.
pub fn read(path: &Path, key: &Key) -> Result<Bundle> {
    let mut archive = open(path, key)?;
    let (bundle, _) = signed_words(&mut members(&mut archive)?, key)?;
    Ok(bundle)
}

/// Unpacks a bundle into a folder of its own beside the others, whole or not at all. `room` hears of
/// how many bytes it takes, and may refuse.
pub fn unpack(
    path: &Path,
    key: &Key,
    folder: &Path,
    room: &dyn Fn(u64) -> Result<()>,
) -> Result<Bundle> {
    let draft = folder.join(DRAFT);
    let _ = fs::remove_dir_all(&draft);
    let mut archive = open(path, key)?;
    let mut members = members(&mut archive)?;
    let (bundle, words) = signed_words(&mut members, key)?;
    let unpacked = write_program(&mut members, &bundle, &draft, room).and_then(|()| {
        fs::write(draft.join(WORDS), &words.0).map_err(not_written)?;
        fs::write(draft.join(SIGNATURE), &words.1).map_err(not_written)?;
        let place = folder.join(bundle.version.to_string());
        let _ = fs::remove_dir_all(&place);
        fs::rename(&draft, place).map_err(not_written)
    });
    if unpacked.is_err() {
        let _ = fs::remove_dir_all(&draft);
    }
    unpacked.map(|()| bundle)
}

/// Whether an unpacked version is still what was signed: the folder belongs to the box's user, and
/// what is run from it must not be what somebody put there.
pub fn is_genuine(place: &Path, key: &Key) -> bool {
    let (Ok(words), Ok(signature)) = (fs::read(place.join(WORDS)), fs::read(place.join(SIGNATURE)))
    else {
        return false;
    };
    let Ok(bundle) = understood(&words, &signature, key) else { return false };
    let Ok(mut program) = File::open(place.join(PROGRAM)) else { return false };
    hash_while(&mut program, &mut io::sink()).is_ok_and(|hash| hash == bundle.sha256)
}

type Packed = GzDecoder<io::Take<File>>;

/// Opens a bundle for unpacking once it is known whose it is.
fn open(path: &Path, key: &Key) -> Result<tar::Archive<Packed>> {
    let mut file = File::open(path).map_err(|error| {
        let detail = format!("{} cannot be read: {error}.", path.display());
        Error::rule("update_unreadable", detail)
    })?;
    let length = file.metadata().map_or(0, |file| file.len());
    let packed = length.checked_sub(TAIL as u64).ok_or_else(not_ours)?;
    if length > LARGEST {
        return Err(not_ours());
    }
    let hash = hash_while(&mut (&mut file).take(packed), &mut io::sink())?;
    let mut tail = [0; TAIL];
    file.read_exact(&mut tail).map_err(|_| not_ours())?;
    let signature = tail.strip_prefix(MARK).ok_or_else(not_ours)?;
    let signed = format!("qres bundle {hash}\n");
    key.0.verify(signed.as_bytes(), signature).map_err(|_| not_ours())?;
    file.seek(SeekFrom::Start(0)).map_err(|_| not_ours())?;
    Ok(tar::Archive::new(GzDecoder::new(file.take(packed))))
}

/// The members as their headers say: names that other members hold would be read into memory.
fn members(archive: &mut tar::Archive<Packed>) -> Result<tar::Entries<'_, Packed>> {
    archive.entries().map(|entries| entries.raw(true)).map_err(|_| not_ours())
}

/// The words and their signature, as they stand in the file.
struct Words(Vec<u8>, Vec<u8>);

fn signed_words(members: &mut tar::Entries<'_, Packed>, key: &Key) -> Result<(Bundle, Words)> {
    let mut next = |name: &str| -> Result<Vec<u8>> {
        let entry = members.next().ok_or_else(not_ours)?.map_err(|_| not_ours())?;
        if entry.path().ok().as_deref() != Some(Path::new(name)) {
            return Err(not_ours());
        }
        let mut bytes = Vec::new();
        entry.take(LONGEST_WORDS).read_to_end(&mut bytes).map_err(|_| not_ours())?;
        Ok(bytes)
    };
    let words = Words(next(WORDS)?, next(SIGNATURE)?);
    let bundle = understood(&words.0, &words.1, key)?;
    Ok((bundle, words))
}

fn understood(words: &[u8], signature: &[u8], key: &Key) -> Result<Bundle> {
    key.0.verify(words, signature).map_err(|_| not_ours())?;
    let bundle: Bundle = serde_json::from_slice(words).map_err(|_| not_ours())?;
    if bundle.format != 1 {
        let detail = "This bundle is made for a later qres. Take an update in between first.";
        return Err(Error::rule("update_format", detail));
    }
    if bundle.architecture != std::env::consts::ARCH {
        let detail = format!(
            "This bundle is for {}, and this box is {}. Take the other one.",
            bundle.architecture,
            std::env::consts::ARCH
        );
        return Err(Error::rule("update_architecture", detail));
    }
    Ok(bundle)
}

/// The words were read: what comes next is the program.
fn write_program(
    members: &mut tar::Entries<'_, Packed>,
    bundle: &Bundle,
    draft: &Path,
    room: &dyn Fn(u64) -> Result<()>,
) -> Result<()> {
    let mut entry = members.next().ok_or_else(not_ours)?.map_err(|_| not_ours())?;
    if entry.path().ok().as_deref() != Some(Path::new(PROGRAM)) || entry.size() > LARGEST {
        return Err(not_ours());
    }
    room(entry.size())?;
    fs::create_dir_all(draft).map_err(not_written)?;
    let mut options = File::options();
    let file = options.create_new(true).write(true).mode(0o755).open(draft.join(PROGRAM));
    let mut file = file.map_err(not_written)?;
    let hash = hash_while(&mut entry, &mut file)?;
    file.sync_all().map_err(not_written)?;
    if hash == bundle.sha256 { Ok(()) } else { Err(not_ours()) }
}

fn hash_while(from: &mut impl Read, to: &mut impl Write) -> Result<String> {
    let mut hash = Context::new(&SHA256);
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let count = from.read(&mut buffer).map_err(|_| not_ours())?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        to.write_all(&buffer[..count]).map_err(not_written)?;
    }
    Ok(hex(hash.finish().as_ref()))
}

fn not_ours() -> Error {
    let detail = "This bundle is not signed by the publisher of this program, or it was changed or \
                  cut off since. Nothing was changed; load it again.";
    Error::rule("update_not_ours", detail)
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function for map_err")]
fn not_written(error: io::Error) -> Error {
    Error::rule("update_not_written", format!("The update cannot be written: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let version = |text| Version::parse(text).unwrap();
        assert!(version("0.10.0") > version("0.9.9"));
        assert!(version("1.0.0") > version("0.99.99"));
        assert_eq!(version("1.2.3").to_string(), "1.2.3");
        for text in ["1.2", "1.2.3.4", "v1.2.3", "1.2.x", "", "1..3", "1.2.+3"] {
            assert!(Version::parse(text).is_none(), "{text}");
        }
        assert!(Version::installed() > Version::default());
    }
}
