//! Bytes that are made once and served many times: plain, compressed, each with its tag.

use std::io::Write;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::core::error::{Error, Result};

/// The same text twice. Each has its own tag, as they are not the same bytes.
#[derive(Clone)]
pub struct Encoded {
    pub plain: Tagged,
    pub gzip: Tagged,
}

#[derive(Clone)]
pub struct Tagged {
    pub body: Bytes,
    /// A strong ETag with its quotes.
    pub etag: Bytes,
}

impl Encoded {
    pub fn new(text: Vec<u8>) -> Result<Self> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let gzip =
            encoder.write_all(&text).and_then(|()| encoder.finish()).map_err(Error::internal)?;
        let hash = URL_SAFE_NO_PAD.encode(&digest(&SHA256, &text).as_ref()[..16]);
        Ok(Self {
            plain: Tagged { body: text.into(), etag: format!("\"{hash}\"").into() },
            gzip: Tagged { body: gzip.into(), etag: format!("\"{hash}-gzip\"").into() },
        })
    }
}
