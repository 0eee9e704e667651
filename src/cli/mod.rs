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
mod failure;
mod fiscal_simulator;
mod measure_suggestions;
mod options;
mod output;
mod serve;
mod tidy;
mod transfer;
mod update;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::failure::Failure;
use self::options::{DataOptions, ServeOptions};
use crate::core::clock;
use crate::core::store::DataFolder;
use crate::platform::auth;

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
    /// Play a fiscal register, for trying out and for tests: it prints pictures, and fails on demand.
    FiscalSimulator(fiscal_simulator::Options),
    /// Say how good suggestions are on a file of orders: dishes are hidden and guessed.
    MeasureSuggestions(measure_suggestions::Options),
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
    Rotate(DataOptions),
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
        Command::Secret(SecretCommand::Rotate(data)) => {
            let settings = data.settings()?;
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
        Command::FiscalSimulator(options) => fiscal_simulator::run(&options),
        Command::MeasureSuggestions(options) => measure_suggestions::run(&options),
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
