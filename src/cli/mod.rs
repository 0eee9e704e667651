//! The command line: what a person with a terminal, or a script, can do with a box.

mod admin;
mod allocator;
mod audit;
mod backup;
mod cloud;
mod demo;
mod discover;
mod doctor;
mod door_checks;
mod serve;
mod tidy;
mod transfer;
mod update;

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use serde::Serialize;

use crate::appliance::StartError;
use crate::core::clock;
use crate::core::error::Error;
use crate::core::store::{DataFolder, OpenError};
use crate::platform::auth;
use crate::platform::config::{Settings, SettingsError, tls_address};
use crate::platform::qr::Picture;

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
    Serve(ServeOptions),
    /// Run a box with a demo restaurant in it.
    Demo(demo::Options),
    /// Manage who may do everything.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// The trail of what people changed.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Make keys.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Take in a menu, rooms or staff from a JSON or CSV file: all of it, or nothing.
    Import(transfer::ImportOptions),
    /// Write the restaurant to a JSON file, or its menu to a CSV file.
    Export(transfer::ExportOptions),
    /// Make one file that holds the whole restaurant, also while the box runs.
    Backup(backup::BackupOptions),
    /// Put a backup in the place of the data; what was there is kept.
    Restore(backup::RestoreOptions),
    /// Make the database, or bring it to this version.
    Migrate(doctor::Options),
    /// Take in a new version from a signed bundle; it is taken back when it is not well.
    Update(update::Options),
    /// Write the database's log back into it, and forget what is old; what the timer does.
    Tidy(tidy::Options),
    /// Check that the box is well: its database, its disk, its clock.
    Doctor(doctor::Options),
    /// The copy in the cloud.
    #[command(subcommand)]
    Cloud(cloud::Command),
    /// Find the boxes in this network.
    Discover(discover::Options),
    /// Write the OpenAPI document to stdout.
    Openapi,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Add an admin.
    Create(admin::Options),
    /// Take the second factor away from somebody who lost his phone; the box must be stopped.
    RemoveSecondFactor(admin::FactorOptions),
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Check that no entry was changed, removed or slipped in.
    Verify(audit::Options),
}

#[derive(Subcommand)]
enum SecretCommand {
    /// Write a strong key to stdout.
    Generate,
    /// Sign tokens with a new key, without signing anybody out; the box must be stopped (one that
    /// runs does it in the owner's app).
    Rotate(Place),
}

/// Which data.
#[derive(Args)]
struct Place {
    /// The settings file; `qres.toml` of this folder if it is there.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder that holds everything of the restaurant.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl Place {
    fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Settings::load(self.config.as_deref())?;
        if let Some(folder) = &self.data_dir {
            settings.data_dir.clone_from(folder);
        }
        Ok(settings)
    }
}

/// Which data, and where to listen.
#[derive(Args)]
struct ServeOptions {
    #[command(flatten)]
    place: Place,
    /// Where plain HTTP is served.
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// Where HTTPS is served; `off` where something in front of the box does it.
    #[arg(long, value_name = "ADDR:PORT", value_parser = TlsListen::parse)]
    tls_listen: Option<TlsListen>,
}

/// Where HTTPS is served, or that it is not.
#[derive(Clone, Copy)]
struct TlsListen(Option<SocketAddr>);

impl TlsListen {
    fn parse(text: &str) -> Result<Self, String> {
        tls_address(text).map(Self)
    }
}

impl ServeOptions {
    fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = self.place.settings()?;
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

/// Why a command ends without success: what is said, and the exit code.
struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// It was tried, and failed.
    fn failed(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// It was not tried: the arguments are wrong.
    fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        // What may be better in a second (a lock that is held, a full disk) is tried again by the
        // service manager; the rest needs a person.
        let code = if matches!(error, OpenError::Unusable(_)) { 1 } else { 3 };
        Self { message: error.to_string(), code }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Data(error) => error.into(),
            StartError::Other(error) => error.into(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let problem = error.problem();
        let mut message = problem.detail.clone();
        if problem.errors.len() > 1 {
            let lines = problem.errors.iter().map(|e| format!("\n  {}: {}", e.field, e.message));
            message.extend(lines);
        }
        Self::failed(message)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error.to_string())
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
    if matches!(command, Command::Serve(_) | Command::Demo(_)) {
        allocator::set_up();
    }
    match command {
        Command::Serve(options) => serve::serve(&options),
        Command::Demo(options) => demo::demo(&options),
        Command::Admin(AdminCommand::Create(options)) => admin::create(&options),
        Command::Admin(AdminCommand::RemoveSecondFactor(options)) => {
            admin::remove_second_factor(&options)
        }
        Command::Audit(AuditCommand::Verify(options)) => audit::verify(&options),
        Command::Secret(SecretCommand::Generate) => {
            println!("{}", auth::random_key()?);
            Ok(())
        }
        Command::Secret(SecretCommand::Rotate(place)) => {
            let settings = place.settings()?;
            let folder = DataFolder::lock(&settings.data_dir)?;
            auth::rotate_keys(folder.path(), &settings, clock::now())?;
            println!("Tokens are signed with a new key from now on; nobody was signed out.");
            Ok(())
        }
        Command::Import(options) => transfer::import(&options),
        Command::Export(options) => transfer::export(&options),
        Command::Backup(options) => backup::backup(&options),
        Command::Restore(options) => backup::restore(&options),
        Command::Migrate(options) => doctor::migrate(&options),
        Command::Update(options) => update::update(&options),
        Command::Tidy(options) => tidy::tidy(&options),
        Command::Doctor(options) => doctor::doctor(&options),
        Command::Cloud(command) => cloud::run(&command),
        Command::Discover(options) => discover::discover(&options),
        Command::Openapi => {
            println!("{}", api_document());
            Ok(())
        }
    }
}

/// The document of the API: in a debug build as the routes are, otherwise as it was stored.
fn api_document() -> String {
    #[cfg(debug_assertions)]
    let document = crate::appliance::openapi().to_pretty_json().unwrap_or_default();
    #[cfg(not(debug_assertions))]
    let document = crate::platform::web::text("openapi.json").unwrap_or_default();
    document
}

/// Writes what a command found out: one line of JSON for programs, or a text for people.
fn tell(json: bool, found: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
    if json {
        println!("{}", serde_json::to_string(found).map_err(Error::internal)?);
    } else {
        println!("{}", text());
    }
    Ok(())
}

/// The code in white on black, whatever the colors of the terminal are.
fn qr_code(url: &str) -> String {
    let Ok(picture) = Picture::of(url) else { return String::new() };
    let lines = picture.terminal();
    if !std::io::stdout().is_terminal() {
        return lines;
    }
    let colored = lines.lines().map(|line| format!("\x1b[97;40m{line}\x1b[0m\n"));
    colored.collect::<Vec<_>>().concat()
}
