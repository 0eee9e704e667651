//! `qres fiscal-simulator`: a fiscal register that is not there.

use std::io::Read;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};

use super::failure::Failure;
use super::output::tell;
use super::serve;
use crate::simulators::fiscal::{Account, Fault, Ffd, PORT, Setup, Simulator, StartError};

/// No password is longer.
const MOST_BYTES: u64 = 1024;

#[derive(Args)]
pub(super) struct Options {
    /// Where it is served, as ATOL's web server would be.
    #[arg(long, value_name = "ADDR:PORT", default_value_t = SocketAddr::from(([127, 0, 0, 1], PORT)))]
    listen: SocketAddr,
    /// Let other machines reach it: whoever does may print and break what he likes.
    #[arg(long)]
    lan: bool,
    /// The folder that keeps its documents; without one they end with it.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The format of its documents.
    #[arg(long, value_enum, default_value_t = Format::V12)]
    ffd: Format,
    /// The number of its storage, 16 digits: with another one it is another register.
    #[arg(long, value_name = "NUMBER", value_parser = storage_number)]
    storage: Option<String>,
    /// Ask for a name and a password (HTTP Basic).
    #[arg(long, value_name = "NAME", requires = "password_stdin")]
    user: Option<String>,
    /// Read the password from stdin: an argument would be seen by everybody on this machine.
    #[arg(long, requires = "user")]
    password_stdin: bool,
    /// Say what is to go wrong, and how often: `paper-out-mid`, `slow=3`, `reply-lost-after=10%`.
    #[arg(long, value_name = "FAULT")]
    fault: Vec<Fault>,
    /// What chance begins with: the same seed, the same faults.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Write the address as one line of JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    #[value(name = "1.05")]
    V105,
    #[value(name = "1.2")]
    V12,
}

#[derive(Serialize)]
struct Welcome {
    url: String,
}

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    if !options.lan && !options.listen.ip().is_loopback() {
        return Err(Failure::usage(format!(
            "{} can be reached by other machines. Say --lan when that is meant, or listen on \
             127.0.0.1.",
            options.listen
        )));
    }
    let setup = setup(options)?;
    serve::runtime()?.block_on(async {
        let folder = options.data_dir.as_deref();
        let simulator = Simulator::open(setup, folder, options.listen).await?;
        for fault in &options.fault {
            simulator.arm(Fault { seed: options.seed, ..fault.clone() });
        }
        let url = format!("http://{}", simulator.address());
        tell(options.json, &Welcome { url: url.clone() }, || {
            format!("A fiscal register that is not there: {url}\nWhat it printed: {url}/simulator/documents")
        })?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::select! {
            served = simulator.serve() => Ok(served?),
            _ = terminate.recv() => Ok(()),
            _ = interrupt.recv() => Ok(()),
        }
    })
}

fn storage_number(text: &str) -> Result<String, String> {
    let is_number = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.to_owned()).ok_or_else(|| "must be 16 digits".into())
}

fn setup(options: &Options) -> Result<Setup, Failure> {
    let ffd = match options.ffd {
        Format::V105 => Ffd::V105,
        Format::V12 => Ffd::V12,
    };
    let mut setup = Setup { ffd, ..Setup::default() };
    if let Some(storage) = &options.storage {
        setup.storage.clone_from(storage);
    }
    if let Some(name) = &options.user {
        let mut password = String::new();
        std::io::stdin().take(MOST_BYTES).read_to_string(&mut password)?;
        let password = password.trim_end_matches(['\r', '\n']).to_owned();
        setup.account = Some(Account { name: name.clone(), password });
    }
    Ok(setup)
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Folder(why) => Self {
                message: format!(
                    "The simulator's folder cannot be used: {why}. Does another simulator have it?"
                ),
                code: 3,
            },
            StartError::Address(why) => Self::failed(format!(
                "Nothing can be served there: {why}. Choose another address with --listen."
            )),
        }
    }
}
