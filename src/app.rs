//! The box: everything that its parts share, and how it starts and stops.

use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::auth::{Auth, Hasher, Secrets};
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::import::{self, Content, Found, Import};
use crate::jobs::keep_going;
use crate::live::Hub;
use crate::menu;
use crate::net::{Addresses, Listening, OwnNames};
use crate::observe::{Figures, Health};
use crate::restaurant::{self, CreateSite, CurrentSite, NewSite, Site};
use crate::security::events::{self, SecurityEvents};
use crate::security::{self, Blocks, Door, Limits, Webhook};
use crate::server::Listeners;
use crate::setup::Setup;
use crate::store::{DataFolder, OpenError, Store, newest_moment};
use crate::tls::Tls;
use crate::uploads::Uploads;
use crate::{backup, cloud, jobs, net, observe, router, server};

/// How often the box looks at its own names and addresses.
const LOOK: Duration = Duration::from_secs(5);

/// The running box. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What the parts of a box share.
pub struct Parts {
    /// How it is set up.
    pub settings: Settings,
    /// Whose it is, see [`App::site`].
    site: Arc<CurrentSite>,
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
    /// The code that lets the first admin in.
    pub setup: Setup,
    /// Where it is found.
    pub addresses: Arc<Addresses>,
    /// Who may come in, and how.
    pub door: Door,
    /// What was counted of all requests.
    pub figures: Figures,
    /// Whether all of it goes on.
    pub health: Health,
    /// How often they may come, and who may not.
    pub limits: Arc<Limits>,
    /// What happened at the door.
    pub security_events: SecurityEvents,
    /// Where the owner hears of it; none where the settings name no address.
    pub webhook: Option<Webhook>,
    /// What it shows to those who come by HTTPS; none where it serves none.
    pub tls: Option<Arc<Tls>>,
    /// The backup or restore that an admin asked for.
    pub jobs: backup::Jobs,
    /// Downloads that an admin asked for.
    pub tickets: backup::Tickets,
    /// Cancelled when the box is to stop and start anew.
    pub restart: CancellationToken,
    /// One file moves in at a time: each holds a copy of the menu in memory while it is looked at.
    pub imports: Semaphore,
    /// The link to the cloud, for those who look.
    pub cloud: Arc<cloud::Link>,
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
        let secrets = Secrets::load(folder.path(), &settings)?;
        let auth = Arc::new(Auth::new(&settings, &secrets)?);
        let menu = Arc::new(menu::Cache::default());
        let hub = Arc::new(Hub::default());
        let (auth_hears, menu_hears) = (Arc::clone(&auth), Arc::clone(&menu));
        let hub_hears = Arc::clone(&hub);
        let store = Store::open(
            folder.path(),
            vec![
                Box::new(move |commit| auth_hears.observe(commit)),
                Box::new(move |commit| menu_hears.observe(commit.events)),
                Box::new(move |commit| hub_hears.observe(commit.events)),
            ],
        )?;
        backup::settle(folder.path(), &store).await;
        backup::Shelf::of(&backup::Place::of(&settings)).sweep();
        let current = Arc::new(open_site(&store, &auth.hasher, &settings, demo).await?);
        let site = current.get();
        let own = OwnNames::now(&site.uuid);
        import::note_broken_off(&store).await?;
        let past = store.read(newest_moment).await?;
        let tls = match settings.tls_listen {
            Some(_) => Some(Arc::new(Tls::open(&settings, &own, past)?)),
            None => None,
        };
        let addresses = Arc::new(Addresses::new(&settings, own, site.is_demo));
        let door = Door::new(&settings, Arc::clone(&addresses));
        let blocks = Blocks::load(&settings.rate_limit_whitelist, &store).await?;
        let limits = Arc::new(Limits::new(&settings, blocks));
        let (site_hears, limits_hear) = (Arc::clone(&current), Arc::clone(&limits));
        store.observe(Box::new(move |commit| site_hears.observe(commit)));
        store.observe(Box::new(move |commit| limits_hear.observe(commit)));
        let started = Instant::now();
        Ok(Self(Arc::new(Parts {
            uploads: Uploads::new(settings.uploads()),
            webhook: Webhook::new(&settings),
            settings,
            site: current,
            setup: Setup::default(),
            store,
            auth,
            menu,
            hub,
            addresses,
            door,
            figures: Figures::default(),
            health: Health::default(),
            limits,
            security_events: SecurityEvents::default(),
            tls,
            jobs: backup::Jobs::default(),
            tickets: backup::Tickets::default(),
            imports: Semaphore::new(1),
            restart: CancellationToken::new(),
            cloud: Arc::default(),
            started,
            _folder: folder,
        })))
    }

    /// Whose the box is.
    pub fn site(&self) -> Arc<Site> {
        self.site.get()
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
        self.spawn(jobs::run);
        self.spawn(observe::watch);
        let recorded = self.spawn(events::keep);
        self.spawn(security::deliver);
        if let Ok(Some(enrolment)) = self.settings.cloud.check() {
            cloud::start(self.clone(), enrolment);
        }
        self.spawn(Self::know_itself);
        self.spawn(Self::keep_certificate);
        let announced = self.announce(listening);
        let (app, stopped) = (self.clone(), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stopped.cancelled() => {}
                () = app.restart.cancelled() => stopped.cancel(),
            }
            app.hub.stopping.cancel();
        });
        let service = router::service(self.clone());
        server::serve(service, Listeners { plain, tls }, stop).await;
        self.hub.stopping.cancel();
        let _ = recorded.await;
        self.store.close().await;
        // It says goodbye since `stopping`, and is bounded in time.
        if let Some(announced) = announced {
            let _ = announced.await;
        }
        Ok(())
    }

    /// Begins a part of the box that ends only with it.
    fn spawn<F>(&self, part: impl Fn(Self) -> F + Send + 'static) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let app = self.clone();
        tokio::spawn(keep_going(self.hub.stopping.clone(), move || part(app.clone())))
    }

    /// Keeps the certificate good for the names and addresses of this machine.
    async fn keep_certificate(self) {
        let Some(tls) = self.tls.clone() else { return };
        let past = self.store.read(newest_moment).await.unwrap_or_default();
        let (app, stopping) = (self.clone(), self.hub.stopping.clone());
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

async fn open_site(
    store: &Store,
    hasher: &Hasher,
    settings: &Settings,
    demo: Option<Content>,
) -> Result<CurrentSite> {
    if let Some(row) = store.read(restaurant::load).await? {
        return CurrentSite::new(row, settings);
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
    CurrentSite::new(row, settings)
}
