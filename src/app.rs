//! The box: everything that its parts share, and how it starts and stops.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::auth::{Auth, Hasher, Secrets};
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::import::{Content, Found, Import};
use crate::kernel::{Zone, money};
use crate::live::Hub;
use crate::menu;
use crate::restaurant::{self, CreateSite, NewSite, Site, SiteRow};
use crate::store::{DataFolder, OpenError, Store};
use crate::uploads::Uploads;
use crate::{backup, jobs, net, router};

/// How long open requests may take to end when the box stops.
const GRACE: Duration = Duration::from_secs(3);

/// The running box. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What the parts of a box share.
pub struct Parts {
    /// How it is set up.
    pub settings: Settings,
    /// Whose it is.
    pub site: Site,
    /// The database.
    pub store: Store,
    /// Who is who.
    pub auth: Arc<Auth>,
    /// The menu as guests read it.
    pub menu: Arc<menu::Cache>,
    /// Photos.
    pub uploads: Uploads,
    /// The live feed.
    pub hub: Arc<Hub>,
    /// The backup or restore that an admin asked for.
    pub jobs: backup::Jobs,
    /// Downloads that an admin asked for.
    pub tickets: backup::Tickets,
    /// Cancelled when the box is to stop and start anew.
    pub restart: CancellationToken,
    /// When it started.
    pub started: Instant,
    _folder: DataFolder,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
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

impl App {
    /// Opens the data folder and everything in it.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub async fn open(settings: Settings) -> Result<Self, StartError> {
        Self::open_with(settings, None).await
    }

    /// As [`App::open`]; a folder without a restaurant becomes the demo restaurant that `content`
    /// holds.
    ///
    /// # Errors
    /// When the folder cannot be used, or the content.
    pub async fn open_demo(settings: Settings, content: Content) -> Result<Self, StartError> {
        Self::open_with(settings, Some(content)).await
    }

    async fn open_with(settings: Settings, demo: Option<Content>) -> Result<Self, StartError> {
        let folder = DataFolder::lock(&settings.data_dir)?;
        let secrets = Secrets::load(folder.path(), settings.secret_key.as_deref())?;
        let auth = Arc::new(Auth::new(&settings, &secrets)?);
        let menu = Arc::new(menu::Cache::default());
        let hub = Arc::new(Hub::default());
        let (auth_hears, menu_hears) = (Arc::clone(&auth), Arc::clone(&menu));
        let hub_hears = Arc::clone(&hub);
        let store = Store::open(
            folder.path(),
            vec![
                Box::new(move |events| auth_hears.observe(events)),
                Box::new(move |events| menu_hears.observe(events)),
                Box::new(move |events| hub_hears.observe(events)),
            ],
        )?;
        let site = open_site(&store, &auth.hasher, &settings, demo).await?;
        money::set_minor_digits(money::digits_of(&site.currency));
        let started = Instant::now();
        Ok(Self(Arc::new(Parts {
            uploads: Uploads::new(settings.uploads()),
            settings,
            site,
            store,
            auth,
            menu,
            hub,
            jobs: backup::Jobs::default(),
            tickets: backup::Tickets::default(),
            restart: CancellationToken::new(),
            started,
            _folder: folder,
        })))
    }

    /// Serves until `stop`, then answers what it has, tells the screens to come back, and closes
    /// the database.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: CancellationToken,
    ) -> std::io::Result<()> {
        let service = router::service(self.clone());
        tokio::spawn(jobs::run(self.clone()));
        let announced = self.announce(listener.local_addr()?);
        let listener = listener.tap_io(|connection| {
            // A small reply must not wait for the next one.
            let _ = connection.set_nodelay(true);
        });
        let stopping = {
            let (app, stop) = (self.clone(), stop.clone());
            async move {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = app.restart.cancelled() => stop.cancel(),
                }
                app.hub.stopping.cancel();
            }
        };
        let server = axum::serve(
            listener,
            axum::ServiceExt::<axum::extract::Request>::into_make_service_with_connect_info::<
                SocketAddr,
            >(service),
        )
        .with_graceful_shutdown(stopping);
        let outcome = tokio::select! {
            outcome = server => outcome,
            () = async { stop.cancelled().await; tokio::time::sleep(GRACE).await } => Ok(()),
        };
        self.hub.stopping.cancel();
        self.store.close().await;
        // It says goodbye since `stopping`, and is bounded in time.
        if let Some(announced) = announced {
            let _ = announced.await;
        }
        outcome
    }

    fn announce(&self, listen: SocketAddr) -> Option<JoinHandle<()>> {
        let (restaurant, site) = (self.site.name.clone(), self.site.uuid.clone());
        let card = net::Card { restaurant, site, listen };
        let stop = self.hub.stopping.clone();
        self.settings.mdns.then(|| tokio::spawn(net::announce(card, stop)))
    }
}

async fn open_site(
    store: &Store,
    hasher: &Hasher,
    settings: &Settings,
    demo: Option<Content>,
) -> Result<Site> {
    if let Some(row) = store.read(restaurant::load).await? {
        return site_of(row, settings);
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
            let import = Import::prepare(content, store, hasher, false).await?;
            store.run(Found { site, import }).await?
        }
    };
    site_of(row, settings)
}

fn site_of(row: SiteRow, settings: &Settings) -> Result<Site> {
    let timezone = settings.restaurant_timezone.clone().unwrap_or(row.timezone);
    Ok(Site {
        uuid: row.uuid,
        name: settings.restaurant_name.clone().unwrap_or(row.name),
        currency: row.currency,
        zone: Zone::named(&timezone).map_err(|reason| Error::rule("bad_timezone", reason))?,
        timezone,
        languages: row.languages,
        is_demo: row.is_demo,
    })
}
