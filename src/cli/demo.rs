//! `qres demo`: a whole restaurant to try, on a folder that is thrown away unless it is named.

use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::failure::Failure;
use super::options::ServeOptions;
use super::output::{qr_code, tell};
use super::serve;
use crate::appliance::Appliance;
use crate::core::error::{Error, Result};
use crate::features::fiscal;
use crate::features::floor;
use crate::features::import;
use crate::features::orders::WritePast;
use crate::features::stock::FillCellar;
use crate::platform::auth;
use crate::platform::config::Settings;
use crate::platform::net::Found;
use crate::platform::observe;
use crate::simulators::fiscal::{Setup, Simulator};

const RESTAURANT: &str = include_str!("../../demo/restaurant.json");
/// What lies in its cellar.
const CELLAR: &str = include_str!("../../demo/cellar.json");

/// Who can sign in: the name is the password too.
const SIGN_INS: [SignIn; 4] = [
    SignIn { username: "admin", password: "admin", pin: "1001" },
    SignIn { username: "manager", password: "manager", pin: "1002" },
    SignIn { username: "waiter", password: "waiter", pin: "1003" },
    SignIn { username: "kitchen", password: "kitchen", pin: "1004" },
];

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    serve: ServeOptions,
    /// Write the addresses and sign-ins as one line of JSON.
    #[arg(long)]
    json: bool,
    /// Write closed orders of so many days before today, for lists and reports, and fill the cellar that
    /// they took from.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=400))]
    past: Option<i64>,
    /// Play a fiscal register too: guests get their receipt before they pay.
    #[arg(long)]
    fiscal_register: bool,
}

#[derive(Serialize)]
struct SignIn {
    username: &'static str,
    password: &'static str,
    pin: &'static str,
}

/// What somebody needs to look around.
#[derive(Serialize)]
struct Welcome {
    restaurant: String,
    data_dir: PathBuf,
    is_kept: bool,
    /// What of the settings does not count here.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    url: String,
    lan_url: Option<String>,
    guest_url: Option<String>,
    /// What the fiscal register that is played has printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    register_url: Option<String>,
    sign_ins: [SignIn; 4],
}

pub(super) fn demo(options: &Options) -> Result<(), Failure> {
    let mut settings = options.serve.settings()?;
    let kept = options.serve.data.data_dir.as_deref();
    let throw_away = match kept {
        Some(_) => None,
        None => Some(ThrowAway::new()?),
    };
    if let Some(folder) = &throw_away {
        settings.data_dir.clone_from(&folder.0);
    }
    observe::start_log(&settings);
    serve::runtime()?.block_on(async {
        let app = open(settings).await?;
        if let Some(days) = options.past {
            app.store.run(WritePast { days, zone: app.site().zone.clone() }).await?;
            let cellar = serde_json::from_str(CELLAR).map_err(Error::internal)?;
            let fill = FillCellar::new(cellar, app.site().zone.clone());
            app.store.run_in_steps(fill).await?;
        }
        let played = if options.fiscal_register { Some(play_register(&app).await?) } else { None };
        let sockets = serve::Sockets::bind(&app.settings).await?;
        app.addresses.set_listening(sockets.listening()?);
        let port = sockets.plain.local_addr()?.port();
        let register_url = played.map(|address| format!("{address}/simulator/documents"));
        let welcome = Welcome { register_url, ..welcome(&app, port, kept).await? };
        tell(options.json, &welcome, || welcome.text())?;
        serve::run(app, sockets).await
    })
}

/// Plays a fiscal register beside the box, which keeps its documents with the demo's data. Returns where
/// it is.
async fn play_register(app: &Appliance) -> Result<String, Failure> {
    let folder = app.settings.data_dir.join("register");
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let simulator = Simulator::open(Setup::default(), Some(&folder), anywhere).await?;
    let address = format!("http://{}", simulator.address());
    app.store.run(fiscal::PlayRegister { address: address.clone() }).await?;
    tokio::spawn(async move {
        if let Err(error) = simulator.serve().await {
            tracing::warn!(%error, "the demo's fiscal register ended");
        }
    });
    Ok(address)
}

async fn open(settings: Settings) -> Result<Appliance, Failure> {
    let content = import::read_json(RESTAURANT.as_bytes())?;
    let app = Appliance::open_demo(settings, content).await?;
    if app.site().is_demo {
        return Ok(app);
    }
    app.store.close().await;
    Err(Failure::usage(format!(
        "The folder {} holds a real restaurant, “{}”: the demo does not touch it. Name another \
         folder, or none.",
        app.settings.data_dir.display(),
        app.site().name
    )))
}

async fn welcome(app: &Appliance, port: u16, kept: Option<&Path>) -> Result<Welcome> {
    let table = app.store.read(floor::first_table).await?;
    let base = app.addresses.menu(&Found::default());
    Ok(Welcome {
        restaurant: app.site().name.clone(),
        is_kept: kept.is_some(),
        note: currency_note(&app.settings.currency, &app.site().currency),
        url: format!("http://localhost:{port}"),
        lan_url: app.addresses.lan(),
        guest_url: table.map(|table| format!("{base}/{}", table.qr_code)),
        register_url: None,
        sign_ins: SIGN_INS,
        data_dir: app.settings.data_dir.clone(),
    })
}

/// A word of a currency that is set and that the demo's prices are not in.
fn currency_note(set: &str, has: &str) -> Option<String> {
    (set != has).then(|| {
        format!(
            "The demo's prices are in {has}: the setting currency = \"{set}\" does not count here."
        )
    })
}

impl Welcome {
    fn text(&self) -> String {
        let mut text = format!("\n{} (demo)\n\n  {}\n", self.restaurant, self.url);
        if let Some(note) = &self.note {
            text.push_str(&format!("  {note}\n"));
        }
        if let Some(url) = &self.lan_url {
            text.push_str(&format!("  {url}  from other devices in this network\n"));
        }
        text.push_str("\n  sign in as  password  PIN\n");
        for SignIn { username, password, pin } in &self.sign_ins {
            text.push_str(&format!("  {username:<10}  {password:<8}  {pin}\n"));
        }
        if let Some(url) = &self.guest_url {
            text.push_str(&format!("\n  A guest at the first table: {url}\n\n"));
            text.push_str(&qr_code(url));
        }
        if let Some(url) = &self.register_url {
            text.push_str(&format!("\n  What the fiscal register printed: {url}\n"));
        }
        let folder = self.data_dir.display();
        let fate = if self.is_kept { "kept" } else { "thrown away at the end" };
        text.push_str(&format!("\n  Data: {folder} ({fate}). Ctrl-C ends the demo.\n"));
        text
    }
}

const FOLDER: &str = "qres-demo-";

/// A folder that goes when the demo ends.
struct ThrowAway(PathBuf);

impl ThrowAway {
    fn new() -> Result<Self> {
        let begin = std::env::temp_dir().join(FOLDER);
        let begin = begin.to_string_lossy();
        // A demo that was restored from a backup starts anew on the folder that it has.
        let own = std::env::var(serve::DEMO_FOLDER).ok();
        if let Some(path) = own.filter(|path| path.starts_with(&*begin) && !path.contains("..")) {
            return Ok(Self(path.into()));
        }
        let name = u64::from_be_bytes(auth::random_bytes()?);
        let path = PathBuf::from(format!("{begin}{name:016x}"));
        // Made here, so that nobody else's folder is taken and removed.
        std::fs::DirBuilder::new().mode(0o700).create(&path).map_err(|error| {
            let detail = format!("No folder can be made in {}: {error}.", path.display());
            Error::rule("no_folder", detail)
        })?;
        Ok(Self(path))
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), %error, "the demo's folder stays");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_that_does_not_count_is_told() {
        assert_eq!(currency_note("RUB", "RUB"), None);
        let told = currency_note("EUR", "RUB").unwrap();
        assert!(told.contains("in RUB") && told.contains("\"EUR\""), "{told}");
    }
}
