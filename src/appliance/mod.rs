//! The box: which features it is made of, and how it starts and stops. Knows everybody; only the
//! command line knows it.

mod features;
#[cfg(debug_assertions)]
mod openapi;
mod pages;
mod router;

use std::ops::Deref;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::core::error::{Error, Result};
use crate::core::store::{DataFolder, OpenError, Store, Tables, newest_moment};
use crate::features::import::{Content, Found, Import};
use crate::features::restaurant::{CreateSite, NewSite, UpdateSite};
use crate::platform::app::{App, Opened};
use crate::platform::auth::{Auth, Hasher, Secrets};
use crate::platform::config::Settings;
use crate::platform::feature::{Checks, Chore, Metrics, Part, States, Trimmer};
use crate::platform::jobs::Runner;
use crate::platform::net::{Listening, OwnNames};
use crate::platform::security::events;
use crate::platform::server::Listeners;
use crate::platform::site::{self, CurrentSite, SiteRow};
use crate::platform::{net, observe, server, upkeep};

#[cfg(debug_assertions)]
pub use openapi::openapi;

/// How often the box looks at its own names and addresses.
const LOOK: Duration = Duration::from_secs(5);
/// How often what is past its time is forgotten.
const TIDY: Duration = Duration::from_hours(1);

/// A box that is open. Cheap to clone.
#[derive(Clone)]
pub struct Appliance {
    app: App,
    routes: axum::Router<App>,
    parts: Arc<Vec<Part<App>>>,
    chores: Arc<Vec<Chore<App>>>,
    trimmers: Arc<Vec<Trimmer>>,
    jobs: Arc<Runner>,
}

impl Deref for Appliance {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

/// Why a box does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used (exit code 3).
    #[error(transparent)]
    Data(#[from] OpenError),
    /// Anything else (exit code 1).
    #[error("{0}")]
    Other(#[from] Error),
}

/// The tables of all that a box is made of.
pub fn tables() -> &'static Tables {
    static TABLES: LazyLock<Tables> = LazyLock::new(|| {
        let all = features::all(&Settings::default());
        let local = all.iter().flat_map(|feature| feature.local.clone()).collect::<Vec<_>>();
        Tables::new(all.into_iter().flat_map(|feature| feature.copied), local)
    });
    &TABLES
}

/// What the doctor looks at of each feature.
pub fn checks(settings: &Settings) -> impl Iterator<Item = Checks> {
    features::all(settings).into_iter().flat_map(|feature| feature.checks)
}

impl Appliance {
    /// Opens the data folder and everything in it.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub async fn open(settings: Settings) -> Result<Self, StartError> {
        Self::open_with(settings, None).await
    }

    /// As [`Appliance::open`]; a folder without a restaurant becomes the demo restaurant that
    /// `content` holds.
    ///
    /// # Errors
    /// When the folder cannot be used, or the content.
    pub async fn open_demo(settings: Settings, content: Content) -> Result<Self, StartError> {
        Self::open_with(settings, Some(content)).await
    }

    async fn open_with(settings: Settings, demo: Option<Content>) -> Result<Self, StartError> {
        let folder = DataFolder::lock(&settings.data_dir)?;
        let secrets = Secrets::load(folder.path(), &settings)?;
        let auth = Auth::new(&settings, &secrets)?;
        let store = Store::open(folder.path(), tables(), Vec::new())?;
        let (mut states, mut metrics): (States, Vec<Metrics>) = Default::default();
        let (mut parts, mut chores, mut trimmers) = (Vec::new(), Vec::new(), Vec::new());
        let mut workers = Vec::new();
        let (mut routes, mut hears) = (axum::Router::new(), Vec::new());
        for feature in features::all(&settings) {
            for start in feature.starts {
                start(settings.clone(), store.clone()).await?;
            }
            routes = routes.merge((feature.routes)().split_for_parts().0);
            states.extend(feature.states);
            hears.extend(feature.hears);
            parts.extend(feature.parts);
            chores.extend(feature.chores);
            trimmers.extend(feature.trimmers);
            workers.extend(feature.workers);
            metrics.extend(feature.metrics);
        }
        let site = open_site(&store, &auth.hasher, &settings, demo).await?;
        let app = App::new(Opened { settings, folder, store, auth, site, states, metrics }).await?;
        for observer in hears {
            app.store.observe(observer);
        }
        let jobs = Arc::new(Runner::new(workers));
        app.store.observe(jobs.observer());
        // The last one: when a screen is told, no cache holds the old news any more.
        let hub = Arc::clone(&app.hub);
        app.store.observe(Box::new(move |commit| hub.observe(commit.events)));
        let (parts, chores) = (Arc::new(parts), Arc::new(chores));
        Ok(Self { app, routes, parts, chores, trimmers: Arc::new(trimmers), jobs })
    }

    /// Serves until `stop`, then answers what it has, tells the screens to come back, and closes
    /// the database. `tls` is where HTTPS is served.
    ///
    /// # Errors
    /// When a listener fails.
    pub async fn serve(
        self,
        plain: TcpListener,
        tls: Option<TcpListener>,
        stop: CancellationToken,
    ) -> std::io::Result<()> {
        let listen = plain.local_addr()?;
        let tls_listen = tls.as_ref().map(TcpListener::local_addr).transpose()?;
        let listening = Listening { plain: listen, tls: tls_listen };
        self.addresses.set_listening(listening);
        let tls = match tls.zip(self.tls.clone()) {
            Some((listener, tls)) => Some((listener, tls.config().map_err(std::io::Error::other)?)),
            None => None,
        };
        let [recorded, worked] = self.begin();
        let announced = self.announce(listening);
        let (app, stopped) = (self.app.clone(), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stopped.cancelled() => {}
                () = app.restart.cancelled() => stopped.cancel(),
            }
            app.hub.stopping.cancel();
        });
        server::serve(self.service(), Listeners { plain, tls }, stop).await;
        self.hub.stopping.cancel();
        let _ = recorded.await;
        let _ = worked.await;
        self.store.close().await;
        // It says goodbye since `stopping`, and is bounded in time.
        if let Some(announced) = announced {
            let _ = announced.await;
        }
        Ok(())
    }

    /// Begins what goes on for as long as the box runs; returns what writes the security events
    /// down, and what does the jobs: both are waited for at the end.
    fn begin(&self) -> [JoinHandle<()>; 2] {
        let chores = Arc::clone(&self.chores);
        self.spawn(move |this| upkeep::run(this.app, Arc::clone(&chores)));
        self.spawn(|this| async move { this.tidy().await });
        self.spawn(|this| observe::watch(this.app));
        self.spawn(Self::know_itself);
        self.spawn(Self::keep_certificate);
        for place in 0..self.parts.len() {
            self.spawn(move |this| (this.parts[place])(this.app));
        }
        let recorded = self.spawn(|this| events::keep(this.app));
        let worked = self.spawn(|this| async move { this.jobs.run(this.app.clone()).await });
        [recorded, worked]
    }

    /// Begins a part of the box that ends only with it.
    fn spawn<F>(&self, part: impl Fn(Self) -> F + Send + 'static) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let this = self.clone();
        let stopping = self.hub.stopping.clone();
        tokio::spawn(upkeep::keep_going(stopping, move || part(this.clone())))
    }

    /// Forgets what is past its time, hour by hour.
    async fn tidy(self) {
        let stopping = self.hub.stopping.clone();
        upkeep::every(TIDY, &stopping, || self.forget_what_is_old()).await;
    }

    /// Deletes what is past its time.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_what_is_old(&self) -> Result<()> {
        upkeep::forget_what_is_old(&self.app, &self.trimmers).await
    }

    /// Keeps the certificate good for the names and addresses of this machine.
    async fn keep_certificate(self) {
        let Some(tls) = self.tls.clone() else { return };
        let past = self.store.read(newest_moment).await.unwrap_or_default();
        let (app, stopping) = (self.app.clone(), self.hub.stopping.clone());
        tls.keep(move || app.addresses.own(), past, stopping).await;
    }

    /// Follows the names and addresses of this machine.
    async fn know_itself(self) {
        while self.hub.stopping.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
            let site = self.site().uuid.clone();
            if let Ok(own) = tokio::task::spawn_blocking(move || OwnNames::now(&site)).await {
                self.addresses.set_own(own);
            }
        }
    }

    fn announce(&self, listening: Listening) -> Option<JoinHandle<()>> {
        let site = self.site();
        let (restaurant, site) = (site.name.clone(), site.uuid.clone());
        let card = net::Card { restaurant, site, listening };
        let (addresses, stop) = (Arc::clone(&self.addresses), self.hub.stopping.clone());
        self.settings.mdns.then(|| tokio::spawn(net::announce(card, addresses, stop)))
    }
}

/// The restaurant as it was founded. Commands read its zone from its row: what the settings say of it
/// is written there.
async fn known_site(store: &Store, row: SiteRow, settings: &Settings) -> Result<CurrentSite> {
    let written = row.timezone.clone();
    let site = CurrentSite::new(row, settings)?;
    let timezone = settings.restaurant_timezone.clone().filter(|zone| *zone != written);
    if timezone.is_some() {
        let zone = UpdateSite { timezone, ..UpdateSite::default() };
        store.run(zone).await?;
    }
    Ok(site)
}

async fn open_site(
    store: &Store,
    hasher: &Hasher,
    settings: &Settings,
    demo: Option<Content>,
) -> Result<CurrentSite> {
    if let Some(row) = store.read(site::load).await? {
        return known_site(store, row, settings).await;
    }
    let name = settings.restaurant_name.clone().unwrap_or_else(|| "QRes".into());
    let timezone = settings.restaurant_timezone.clone().unwrap_or_else(|| "Europe/Moscow".into());
    let site = NewSite {
        name,
        currency: settings.currency.clone(),
        timezone,
        languages: vec!["ru".into(), "en".into()],
        is_demo: demo.is_some(),
    };
    let row = match demo {
        None => store.run(CreateSite(site)).await?,
        Some(content) => {
            let import = Import::new(content).at_once(store, hasher).await?;
            store.run(Found { site, import }).await?
        }
    };
    known_site(store, row, settings).await
}
