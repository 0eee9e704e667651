//! `qres cloud`: the owner's side of the copy, and what a box knows of it.

use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::Failure;
use super::options::DataOptions;
use super::output::tell;
use super::serve;
use crate::appliance::{Appliance, StartError, tables};
use crate::core::store;
use crate::core::store::OpenError;
use crate::features::cloud::{self, CloudAdmin, CloudError, CloudStatus, Scope};
use crate::platform::config::Enrolment;
use crate::platform::config::Settings;

/// No enrolment string is longer, in bytes: it may hold an authority's certificates.
const LONGEST: u64 = 64 * 1024;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make the cloud's schema, or bring it to this version.
    Init(Cloud),
    /// Add a restaurant; prints the enrolment string for its box.
    AddSite(AddSite),
    /// Cut a restaurant's box off. Its data stay.
    Revoke(Revoke),
    /// Publish a menu for restaurants to take.
    Publish(Publish),
    /// Say how this box's copy is.
    Status(Status),
    /// Say that this box is the right one after an old copy of its card ran: all is copied anew.
    TakeOver(Status),
}

/// Which cloud, as its owner.
#[derive(Args)]
pub(super) struct Cloud {
    /// The owner's URL, such as `postgres://owner:word@db.example/qres`.
    #[arg(long, env = "QRES_CLOUD_ADMIN_URL", hide_env_values = true)]
    url: String,
    /// The authority of the cloud's certificate (PEM), when it is not a public one.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct AddSite {
    /// What the restaurant is called.
    name: String,
    /// A group of restaurants that get menus together.
    #[arg(long)]
    group: Option<String>,
    #[command(flatten)]
    cloud: Cloud,
}

#[derive(Args)]
pub(super) struct Revoke {
    /// What the restaurant is called.
    name: String,
    #[command(flatten)]
    cloud: Cloud,
}

#[derive(Args)]
pub(super) struct Publish {
    /// A .json file as `qres export` writes it; its menu counts.
    file: PathBuf,
    /// For this restaurant only.
    #[arg(long, value_name = "NAME", conflicts_with = "group")]
    site: Option<String>,
    /// For the restaurants of this group.
    #[arg(long)]
    group: Option<String>,
    /// Apply it when nobody is being served, not at once.
    #[arg(long)]
    after_closing: bool,
    #[command(flatten)]
    cloud: Cloud,
}

#[derive(Args)]
pub(super) struct Status {
    #[command(flatten)]
    data: DataOptions,
    /// Write it as one line of JSON.
    #[arg(long)]
    json: bool,
}

impl From<CloudError> for Failure {
    fn from(error: CloudError) -> Self {
        Self::failed(error.words)
    }
}

impl Cloud {
    async fn admin(&self) -> Result<CloudAdmin, Failure> {
        let ca = self.ca.as_ref().map(std::fs::read_to_string).transpose()?;
        Ok(CloudAdmin::connect(&self.url, ca.as_deref()).await?)
    }
}

pub(super) fn run(command: &Command) -> Result<(), Failure> {
    serve::runtime()?.block_on(async {
        match command {
            Command::Init(cloud) => {
                cloud.admin().await?.init(tables()).await?;
                println!("The cloud is ready. `qres cloud add-site NAME` adds a restaurant.");
                Ok(())
            }
            Command::AddSite(options) => add_site(options).await,
            Command::Revoke(options) => {
                options.cloud.admin().await?.revoke(&options.name).await?;
                println!("The box of “{}” is cut off. Its data stay in the cloud.", options.name);
                Ok(())
            }
            Command::Publish(options) => publish(options).await,
            Command::Status(options) => status(options).await,
            Command::TakeOver(options) => take_over(options).await,
        }
    })
}

async fn add_site(options: &AddSite) -> Result<(), Failure> {
    let mut admin = options.cloud.admin().await?;
    let enrolment = admin.add_site(&options.name, options.group.as_deref()).await?;
    // Alone on stdout, for a pipe; it is a secret.
    println!("{}", enrolment.to_text());
    eprintln!("Give this string to the box, as QRES_CLOUD or as cloud.enrolment in qres.toml.");
    Ok(())
}

async fn publish(options: &Publish) -> Result<(), Failure> {
    let bytes = std::fs::read(&options.file)?;
    // Read as a box will read it, so that what is wrong is told here.
    crate::features::import::read_json(&bytes)?;
    let content = serde_json::from_slice(&bytes)
        .map_err(|error| Failure::usage(format!("{}: {error}.", options.file.display())))?;
    let scope = match (&options.site, &options.group) {
        (Some(site), _) => Scope::Site(site.clone()),
        (None, Some(group)) => Scope::Group(group.clone()),
        (None, None) => Scope::All,
    };
    let admin = options.cloud.admin().await?;
    let version = admin.publish(&content, &scope, options.after_closing).await?;
    println!("Menu {version} is published.");
    Ok(())
}

async fn status(options: &Status) -> Result<(), Failure> {
    let settings = options.data.settings()?;
    let enrolment = settings.cloud.check().map_err(Failure::usage)?;
    let read = || Ok(CloudStatus::read(&store::open_read_only(&settings.data_dir)?, tables())?);
    let status = cloud::status::<Failure>(read, enrolment.as_ref()).await?;
    tell(options.json, &status, || in_words(&status))
}

fn in_words(status: &CloudStatus) -> String {
    if !status.enrolled {
        return "This box belongs to no cloud.".to_owned();
    }
    let version = |version: Option<i64>| version.map_or("none".into(), |v: i64| v.to_string());
    let mut lines = vec![
        format!(
            "Cloud:              {}{}",
            status.host.as_deref().unwrap_or("not in the settings"),
            if status.connected { ", it answers" } else { ", it does not answer" }
        ),
        format!(
            "Complete up to:     {}",
            status.synced_at.map_or("never yet".into(), |moment| moment.to_string())
        ),
        format!("Rows that wait:     {}", status.waiting_rows),
        format!("Rows refused:       {}", status.refused_count),
        format!(
            "Menu and settings:  version {} published, {} running",
            version(status.published_menu),
            version(status.running_menu)
        ),
    ];
    if status.waiting_rows > 0 {
        lines.push(match status.seconds_to_catch_up {
            Some(seconds) => format!(
                "Rate:               {:.0} rows a second, done in {:.0} s",
                status.rows_per_second,
                seconds.ceil()
            ),
            None => "Rate:               nothing moves now".into(),
        });
    }
    lines.extend(
        status.refused.iter().map(|row| format!("  {} {}: {}", row.table, row.row, row.reason)),
    );
    lines.extend(status.trouble_text.clone());
    lines.join("\n")
}

async fn take_over(options: &Status) -> Result<(), Failure> {
    let settings = options.data.settings()?;
    let enrolment = settings.cloud.check().map_err(Failure::usage)?;
    let enrolment = enrolment.ok_or_else(|| Failure::usage("This box belongs to no cloud."))?;
    let app = Appliance::open(settings).await.map_err(|error| match error {
        StartError::Data(OpenError::Locked(_)) => {
            Failure::failed(format!("{error} Stop the box before this."))
        }
        error => error.into(),
    })?;
    let epoch = cloud::take_over_by_hand(&app, &enrolment).await;
    app.store.close().await;
    let epoch = epoch?;
    tell(options.json, &json!({ "epoch": epoch }), || {
        "This box is the restaurant's now. Everything is copied anew when it runs.".to_owned()
    })
}

/// `qres restore --from-cloud`.
pub(super) fn restore(settings: &Settings, given: &str, json: bool) -> Result<(), Failure> {
    let text = match given {
        "" => settings.cloud.enrolment.clone().ok_or_else(|| {
            Failure::usage("Which cloud? Give the enrolment string, or set QRES_CLOUD.")
        })?,
        "-" => std::io::read_to_string(std::io::stdin().take(LONGEST))?,
        text => text.to_owned(),
    };
    let enrolment = Enrolment::parse(&text).map_err(Failure::usage)?;
    let bar = std::io::stderr().is_terminal();
    let restored =
        serve::runtime()?.block_on(cloud::restore(settings, &enrolment, tables(), |progress| {
            if bar {
                let percent = progress.rows * 100 / progress.total.max(1);
                let done = "█".repeat(usize::try_from(percent / 5).unwrap_or(0));
                eprint!("\r▕{done:<20}▏{percent:3} %  {:<20}", progress.table);
            }
        }))?;
    if bar {
        eprintln!();
    }
    let until = restored.complete_until.map(|moment| moment.to_string());
    tell(json, &json!({"rows": restored.rows, "complete_until": until}), || {
        let reach = match &until {
            Some(moment) => format!("The data reach up to {moment}"),
            None => {
                "The copy was never complete: something of the first days may be missing".into()
            }
        };
        format!(
            "{} rows came back. {reach}.\nPasswords and PINs never leave a box: start it now, and open \
             /setup with the code that it shows; the admin who comes in there sets those of the \
             others. Photos are in backups, not in the cloud.",
            restored.rows
        )
    })
}
