//! The options that several commands share.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use crate::platform::config::{Settings, tls_address};

/// Which data.
#[derive(Args)]
pub(super) struct DataOptions {
    /// The settings file; `qres.toml` of this folder if it is there.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder that holds everything of the restaurant.
    #[arg(long, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
}

impl DataOptions {
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Settings::load(self.config.as_deref())?;
        if let Some(folder) = &self.data_dir {
            settings.data_dir.clone_from(folder);
        }
        Ok(settings)
    }
}

/// Which data, and where to listen.
#[derive(Args)]
pub(super) struct ServeOptions {
    #[command(flatten)]
    pub(super) data: DataOptions,
    /// Where plain HTTP is served.
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// Where HTTPS is served; `off` where something in front of the box does it.
    #[arg(long, value_name = "ADDR:PORT", value_parser = TlsListen::parse)]
    tls_listen: Option<TlsListen>,
}

/// Where HTTPS is served, or that it is not.
#[derive(Clone, Copy)]
pub(super) struct TlsListen(Option<SocketAddr>);

impl TlsListen {
    fn parse(text: &str) -> Result<Self, String> {
        tls_address(text).map(Self)
    }
}

impl ServeOptions {
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = self.data.settings()?;
        if let Some(TlsListen(tls_listen)) = self.tls_listen {
            settings.tls_listen = tls_listen;
            settings.tls_is_named = true;
        }
        Ok(match self.listen {
            Some(listen) => settings.listening_on(listen),
            None => settings,
        })
    }
}
