//! Files as replies: read piece by piece as the reader takes them, so that neither memory nor a
//! thread is held while it sleeps.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use axum::body::{Body, Bytes};
use futures_util::stream::try_unfold;
use tokio::task::spawn_blocking;

/// How much is read at once, in bytes.
const PIECE: u64 = 64 * 1024;

/// The body that sends a file, and how long it is.
///
/// # Errors
/// When the file cannot be opened.
pub async fn file_of(path: PathBuf) -> io::Result<(u64, Body)> {
    let open = move || {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok::<_, io::Error>((file, length))
    };
    let (file, length) = spawn_blocking(open).await??;
    let pieces = try_unfold(file, |file| async move { spawn_blocking(|| piece_of(file)).await? });
    Ok((length, Body::from_stream(pieces)))
}

/// The next piece, and the file after it; nothing at its end.
fn piece_of(file: File) -> io::Result<Option<(Bytes, File)>> {
    let mut piece = Vec::new();
    (&file).take(PIECE).read_to_end(&mut piece)?;
    Ok((!piece.is_empty()).then(|| (piece.into(), file)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn a_file_is_sent_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let bytes: Vec<u8> = (0..3 * PIECE + 7).map(|n| n.to_le_bytes()[0]).collect();
        std::fs::write(&path, &bytes).unwrap();
        let (length, body) = file_of(path).await.unwrap();
        assert_eq!(length, bytes.len() as u64);
        assert_eq!(body.collect().await.unwrap().to_bytes(), bytes);
        assert!(file_of(folder.path().join("none")).await.is_err());
    }
}
