//! The file that a backup is: a tar, compressed by zstd, in an age envelope when there is a
//! passphrase. Everyday tools open it too: `age -d FILE | zstd -d | tar x`.
//!
//! First comes `manifest.json`, so that a look is quick; last comes `SHA256SUMS`, so that a file
//! that was cut off anywhere is known to be.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use age::secrecy::SecretString;
use age::{Decryptor, Encryptor, scrypt};
use aws_lc_rs::digest::{Context, SHA256};

use super::errors::{damaged, not_written};
use super::members::{MANIFEST, Members, SUMS};
use super::{Manifest, Passphrase};
use crate::core::error::{Error, Result};
use crate::core::kernel::hex;
use crate::core::store;

/// Version of this layout. A program refuses files of a later one.
pub const FORMAT: u32 = 1;
/// zstd's default: as small as gzip at its best, ten times as fast.
const LEVEL: i32 = 3;
/// scrypt's cost, as a power of two: 32 MiB and a second on a small box, which has no more.
const WORK: u8 = 15;
/// The highest cost that is accepted when reading: 64 MiB. A file cannot eat the memory.
const MOST_WORK: u8 = 16;
/// Only one file is unsealed at a time, for the same reason.
static UNSEALING: Mutex<()> = Mutex::new(());
const AGE_MAGIC: &[u8] = b"age-encryption.org/v1";
const ZSTD_MAGIC: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
/// No envelope's header is longer, in bytes; it is held in memory whole.
const LONGEST_HEADER: u64 = 8 * 1024;
/// The largest window that is unpacked with, as a power of two: 8 MiB. Level 3 takes 2.
const WINDOW: u32 = 23;
/// No manifest is longer, in bytes.
const LONGEST_MANIFEST: u64 = 256 * 1024;
/// No list of sums is longer, in bytes.
const LONGEST_SUMS: u64 = 32 * 1024 * 1024;
/// How many members there may be beside the uploads: the database, the texts, and keys.
const MOST_OTHERS: u64 = 64;

enum Envelope {
    Open(BufWriter<File>),
    Sealed(age::stream::StreamWriter<BufWriter<File>>),
}

impl Write for Envelope {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Open(file) => file.write(bytes),
            Self::Sealed(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Open(file) => file.flush(),
            Self::Sealed(file) => file.flush(),
        }
    }
}

/// Writes a backup, member by member.
pub struct Writer {
    tar: tar::Builder<zstd::Encoder<'static, Envelope>>,
    sums: String,
    mtime: u64,
}

impl Writer {
    /// Begins a file with its manifest.
    pub fn new(file: File, passphrase: Option<&Passphrase>, manifest: &Manifest) -> Result<Self> {
        let file = BufWriter::with_capacity(256 * 1024, file);
        let envelope = match passphrase {
            None => Envelope::Open(file),
            Some(passphrase) => {
                let mut recipient = scrypt::Recipient::new(secret(passphrase));
                recipient.set_work_factor(WORK);
                let recipients = std::iter::once(&recipient as &dyn age::Recipient);
                let sealed = Encryptor::with_recipients(recipients).map_err(Error::internal)?;
                Envelope::Sealed(sealed.wrap_output(file).map_err(not_written)?)
            }
        };
        let mut zstd = zstd::Encoder::new(envelope, LEVEL).map_err(not_written)?;
        zstd.include_checksum(true).map_err(not_written)?;
        let mtime = u64::try_from(manifest.created_at.0 / 1000).unwrap_or(0);
        let mut writer = Self { tar: tar::Builder::new(zstd), sums: String::new(), mtime };
        let text = serde_json::to_vec_pretty(manifest).map_err(Error::internal)?;
        writer.add(MANIFEST, text.len() as u64, &mut &text[..], &mut |_| Ok(()))?;
        Ok(writer)
    }

    /// Adds a member of just so many bytes. `watch` hears of every piece that is written.
    pub fn add(
        &mut self,
        name: &str,
        bytes: u64,
        from: &mut dyn Read,
        watch: &mut dyn FnMut(u64) -> Result<()>,
    ) -> Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes);
        header.set_mode(0o600);
        header.set_mtime(self.mtime);
        let mut member = Member::new(from.take(bytes), watch);
        let written = self.tar.append_data(&mut header, name, &mut member);
        let (hash, refusal) = member.end();
        refusal.map_or(Ok(()), Err)?;
        written.map_err(not_written)?;
        let _ = writeln!(self.sums, "{hash}  {name}");
        Ok(())
    }

    /// Ends the file and makes it durable.
    pub fn finish(mut self) -> Result<()> {
        let sums = std::mem::take(&mut self.sums);
        self.add(SUMS, sums.len() as u64, &mut sums.as_bytes(), &mut |_| Ok(()))?;
        let envelope = self.tar.into_inner().and_then(zstd::Encoder::finish);
        let file = match envelope.map_err(not_written)? {
            Envelope::Open(file) => file,
            Envelope::Sealed(sealed) => sealed.finish().map_err(not_written)?,
        };
        let file = file.into_inner().map_err(|error| not_written(error.into_error()))?;
        file.sync_all().map_err(not_written)
    }
}

fn secret(passphrase: &Passphrase) -> SecretString {
    SecretString::from(passphrase.0.clone())
}

/// A member while it is read: hashed, and told of.
struct Member<'a, R> {
    from: R,
    hash: Context,
    watch: &'a mut dyn FnMut(u64) -> Result<()>,
    refusal: Option<Error>,
}

impl<'a, R: Read> Member<'a, R> {
    fn new(from: R, watch: &'a mut dyn FnMut(u64) -> Result<()>) -> Self {
        Self { from, hash: Context::new(&SHA256), watch, refusal: None }
    }

    fn end(self) -> (String, Option<Error>) {
        (hex(self.hash.finish().as_ref()), self.refusal)
    }
}

impl<R: Read> Read for Member<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(bytes)?;
        self.hash.update(&bytes[..count]);
        if let Err(refusal) = (self.watch)(count as u64) {
            self.refusal = Some(refusal);
            return Err(io::Error::other("stopped"));
        }
        Ok(count)
    }
}

/// Whether a file that begins like this may be a backup.
pub fn may_begin_with(start: &[u8]) -> bool {
    [AGE_MAGIC, ZSTD_MAGIC].iter().any(|magic| {
        let length = start.len().min(magic.len());
        start[..length] == magic[..length]
    })
}

/// Whether a file can be read only with a passphrase.
pub fn is_sealed(path: &Path) -> Result<bool> {
    let mut start = [0; AGE_MAGIC.len()];
    let mut file = open(path)?;
    Ok(file.read_exact(&mut start).is_ok() && start == AGE_MAGIC)
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| {
        let detail = format!("{} cannot be read: {error}.", path.display());
        Error::rule("backup_unreadable", detail)
    })
}

type Stream<'a> = zstd::Decoder<'static, BufReader<Box<dyn Read + 'a>>>;

/// Counts what is read of a file, so that it can be said how far it is.
struct Counted<'a> {
    file: File,
    count: &'a std::cell::Cell<u64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(bytes)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

fn unsealed<'a>(
    path: &Path,
    passphrase: Option<&Passphrase>,
    count: &'a std::cell::Cell<u64>,
) -> Result<tar::Archive<Stream<'a>>> {
    let is_sealed = is_sealed(path)?;
    let file = BufReader::with_capacity(256 * 1024, Counted { file: open(path)?, count });
    let plain: Box<dyn Read + 'a> = if is_sealed {
        let Some(passphrase) = passphrase else {
            let detail = "This backup is encrypted. Give the passphrase it was made with.";
            return Err(Error::rule("passphrase_needed", detail));
        };
        let mut identity = scrypt::Identity::new(secret(passphrase));
        identity.set_max_work_factor(MOST_WORK);
        let decryptor = envelope(path, file)?;
        let _alone = UNSEALING.lock().unwrap_or_else(PoisonError::into_inner);
        let identities = std::iter::once(&identity as &dyn age::Identity);
        Box::new(decryptor.decrypt(identities).map_err(|error| match error {
            age::DecryptError::DecryptionFailed
            | age::DecryptError::NoMatchingKeys
            | age::DecryptError::KeyDecryptionFailed => {
                let detail = "This passphrase does not open the backup. Nothing was changed.";
                Error::rule("wrong_passphrase", detail)
            }
            _ => damaged(),
        })?)
    } else {
        Box::new(file)
    };
    let mut zstd = zstd::Decoder::new(plain).map_err(|_| damaged())?;
    zstd.window_log_max(WINDOW).map_err(|_| damaged())?;
    Ok(tar::Archive::new(zstd))
}

/// Reads the header of an envelope, once it is known to have an end.
fn envelope<R: BufRead>(path: &Path, file: R) -> Result<Decryptor<R>> {
    let mut start = Vec::new();
    open(path)?.take(LONGEST_HEADER).read_to_end(&mut start).map_err(|_| damaged())?;
    let end = b"\n--- ";
    let end = start.windows(end.len()).position(|window| window == end).ok_or_else(damaged)?;
    if !is_openable(&start[..end]) {
        return Err(damaged());
    }
    Decryptor::new_buffered(file).map_err(|_| damaged())
}

/// Whether a header is of the one kind that is opened here: for a passphrase alone, at a cost that
/// the box has.
fn is_openable(header: &[u8]) -> bool {
    let header = String::from_utf8_lossy(header);
    let mut keys = header.lines().filter_map(|line| line.strip_prefix("-> "));
    let (Some(key), None) = (keys.next(), keys.next()) else { return false };
    let [kind, _, work] = key.split(' ').collect::<Vec<_>>()[..] else { return false };
    kind == "scrypt" && work.parse::<u8>().is_ok_and(|work| work <= MOST_WORK)
}

/// Checks what was sent from elsewhere, as far as it can be without its passphrase.
///
/// # Errors
/// As [`manifest`].
pub fn check(path: &Path, passphrase: Option<&Passphrase>) -> Result<()> {
    let mut watch = |_, _| Ok(());
    if !is_sealed(path)? {
        return read(path, None, &mut Nowhere, &mut watch).map(drop);
    }
    envelope(path, BufReader::new(open(path)?))?;
    let Some(passphrase) = passphrase else { return Ok(()) };
    match read(path, Some(passphrase), &mut Nowhere, &mut watch) {
        Err(error) if error.problem().code == "wrong_passphrase" => Ok(()),
        read => read.map(drop),
    }
}

/// What a file says of itself. Only its beginning is read.
///
/// # Errors
/// 400: no backup, damaged, encrypted, or of a later version.
pub fn manifest(path: &Path, passphrase: Option<&Passphrase>) -> Result<Manifest> {
    let count = std::cell::Cell::new(0);
    let mut archive = unsealed(path, passphrase, &count)?;
    match Members::of(&mut archive)?.next()? {
        Some((name, entry)) if name == Path::new(MANIFEST) => understood(entry),
        _ => Err(damaged()),
    }
}

fn understood(from: impl Read) -> Result<Manifest> {
    /// What every version of the manifest has.
    #[derive(serde::Deserialize)]
    struct Head {
        format: u32,
        schema: i64,
        version: String,
    }
    let mut text = String::new();
    from.take(LONGEST_MANIFEST).read_to_string(&mut text).map_err(|_| damaged())?;
    let Head { format, schema, version } = serde_json::from_str(&text).map_err(|_| damaged())?;
    if format > FORMAT || schema > store::newest_schema() {
        let detail = format!(
            "This backup was made by a newer qres ({version}); this one is {}. Update the box \
             first, then restore. Nothing was changed.",
            crate::VERSION
        );
        return Err(Error::rule("backup_newer", detail).with("version", version));
    }
    serde_json::from_str(&text).map_err(|_| damaged())
}

/// Where a member goes.
pub trait Sink {
    /// Takes a member in; its bytes must be read whole.
    fn member(&mut self, name: &Path, from: &mut dyn Read) -> Result<()>;
}

/// Reads a file whole, and holds every member against its sum. `watch` hears how many of how many
/// bytes of the file were read.
///
/// # Errors
/// As [`manifest`]; and the first thing that is not as it was written.
pub fn read(
    path: &Path,
    passphrase: Option<&Passphrase>,
    sink: &mut dyn Sink,
    watch: &mut dyn FnMut(u64, u64) -> Result<()>,
) -> Result<Manifest> {
    let length = path.metadata().map_or(0, |file| file.len());
    let count = std::cell::Cell::new(0);
    let mut archive = unsealed(path, passphrase, &count)?;
    let mut members = Members::of(&mut archive)?;
    let (mut sums, mut told, mut manifest) = (Context::new(&SHA256), None, None);
    // Before the manifest says more, only the manifest is taken.
    let (mut left, mut more) = (LONGEST_MANIFEST, 1_u64);
    while let Some((name, mut entry)) = members.next()? {
        if told.is_some() {
            return Err(damaged());
        }
        left = left.checked_sub(entry.size()).ok_or_else(damaged)?;
        more = more.checked_sub(1).ok_or_else(damaged)?;
        let mut watch = |_| watch(count.get(), length);
        let mut member = Member::new(&mut entry, &mut watch);
        match name.to_str() {
            Some(MANIFEST) if manifest.is_none() => {
                let known = understood(&mut member)?;
                // Whoever made the file said how much is in it: more is not taken.
                left = known.bytes.saturating_add(LONGEST_SUMS);
                more = known.uploads.saturating_add(MOST_OTHERS);
                manifest = Some(known);
            }
            _ if manifest.is_none() => return Err(damaged()),
            Some(SUMS) => {}
            _ => sink.member(&name, &mut member)?,
        }
        io::copy(&mut member, &mut io::sink()).map_err(|_| damaged())?;
        let (hash, refusal) = member.end();
        refusal.map_or(Ok(()), Err)?;
        if name == Path::new(SUMS) {
            told = Some(hash);
        } else {
            sums.update(format!("{hash}  {}\n", name.display()).as_bytes());
        }
    }
    // What stands behind the last member is read too: the file must have its end.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(|_| damaged())?;
    // The list of sums is held against its own sum: it may be as long as there are photos.
    let found = hex(sums.finish().as_ref());
    match manifest {
        Some(manifest) if told.is_some_and(|told| told == found) => Ok(manifest),
        _ => Err(damaged()),
    }
}

/// Reads a file whole and lets everything go.
pub struct Nowhere;

impl Sink for Nowhere {
    fn member(&mut self, _: &Path, _: &mut dyn Read) -> Result<()> {
        Ok(())
    }
}
