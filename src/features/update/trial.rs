//! The other side of a trial, in the version that is tried: it serves nothing but its health until
//! the one who tries it has made durable that it stays. What it accepted before would be lost if it
//! were taken back.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use crate::core::error::{Error, Result};
use crate::core::store::Store;

/// Names the file by which a version on trial tells that it is well, and which is removed once that
/// is decided.
pub const WELL: &str = "QRES_UPDATE_WELL";
/// How long a commit is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked.
const LOOK: Duration = Duration::from_millis(50);

/// A trial that this process stands.
#[derive(Debug)]
pub struct Trial {
    well: PathBuf,
    launcher: Option<rustix::process::Pid>,
}

impl Trial {
    /// The one, if this process is tried.
    pub fn of_this_process() -> Option<Self> {
        let well = std::env::var_os(WELL).map(PathBuf::from)?;
        Some(Self { well, launcher: rustix::process::getppid() })
    }

    /// Tells that this version is well once it answers at this address and its store commits, and
    /// waits until it is decided that it stays.
    ///
    /// # Errors
    /// When nobody is there any more to decide.
    pub async fn pass(&self, store: &Store, address: SocketAddr) -> Result<()> {
        let local = SocketAddr::from(([127, 0, 0, 1], address.port()));
        let address = if address.ip().is_unspecified() { local } else { address };
        while !is_well(store, address).await {
            self.wait().await?;
        }
        fs::write(&self.well, "well\n").map_err(Error::internal)?;
        while self.well.exists() {
            self.wait().await?;
        }
        Ok(())
    }

    async fn wait(&self) -> Result<()> {
        if rustix::process::getppid() != self.launcher {
            return Err(Error::internal("nobody is there any more who tries this version"));
        }
        tokio::time::sleep(LOOK).await;
        Ok(())
    }
}

async fn is_well(store: &Store, address: SocketAddr) -> bool {
    let answers = tokio::task::spawn_blocking(move || answers(address)).await;
    answers.unwrap_or(false) && store.probe(PATIENCE).await.is_ok()
}

fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(
            b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )?;
        let mut reply = String::new();
        stream.take(4096).read_to_string(&mut reply)?;
        Ok(reply)
    };
    ask().is_ok_and(|reply| reply.starts_with("HTTP/1.1 200 "))
}
