//! The command line.

mod serve;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::app::StartError;
use crate::config::{Settings, SettingsError};
use crate::{auth, router};

/// Restaurant software that runs a whole restaurant from one small box.
#[derive(Parser)]
#[command(name = "qres", version = crate::long_version(), arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the box.
    Serve(Where),
    /// Make keys.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Write the OpenAPI document to stdout.
    Openapi,
}

#[derive(Subcommand)]
enum SecretCommand {
    /// Write a strong key to stdout.
    Generate,
}

/// Which data, and where to listen.
#[derive(Args)]
struct Where {
    /// The settings file; `qres.toml` of this folder if it is there.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder that holds everything of the restaurant.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Where plain HTTP is served.
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
}

impl Where {
    fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Settings::load(self.config.as_deref())?;
        if let Some(folder) = &self.data_dir {
            settings.data_dir.clone_from(folder);
        }
        if let Some(listen) = self.listen {
            settings.listen = listen;
        }
        Ok(settings)
    }
}

/// Why a command ends without success: what is said, and the exit code.
struct Failure {
    message: String,
    code: u8,
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self { message: error.to_string(), code: 2 }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let code = if matches!(error, StartError::Data(_)) { 3 } else { 1 };
        Self { message: error.to_string(), code }
    }
}

impl From<crate::error::Error> for Failure {
    fn from(error: crate::error::Error) -> Self {
        Self { message: error.to_string(), code: 1 }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self { message: error.to_string(), code: 1 }
    }
}

/// Runs the program. Exit codes: 0 done, 1 failed, 2 bad arguments or settings, 3 the data
/// folder cannot be used.
pub fn run() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(place) => serve::serve(place.settings()?),
        Command::Secret(SecretCommand::Generate) => {
            println!("{}", auth::random_key()?);
            Ok(())
        }
        Command::Openapi => {
            println!("{}", router::openapi().to_pretty_json().unwrap_or_default());
            Ok(())
        }
    }
}
