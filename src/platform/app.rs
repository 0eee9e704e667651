//! What all parts of a box share. It knows no feature: what one of them alone keeps is found by its
//! type, see [`App::state`].

use std::any::{Any, type_name};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use crate::core::error::Result;
use crate::core::store::{DataFolder, Store, newest_moment};
use crate::platform::auth::Auth;
use crate::platform::config::Settings;
use crate::platform::feature::{Metrics, States};
use crate::platform::hub::Hub;
use crate::platform::net::{Addresses, OwnNames};
use crate::platform::observe::{Health, RequestMetrics};
use crate::platform::security::events::SecurityEvents;
use crate::platform::security::{Blocks, Limits, RequestGuard, Webhook};
use crate::platform::site::{CurrentSite, Site};
use crate::platform::tls::Tls;

/// What all parts of a box share. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts themselves.
pub struct Parts {
    /// How it is set up.
    pub settings: Settings,
    /// Whose it is, see [`App::site`].
    site: Arc<CurrentSite>,
    /// The database.
    pub store: Store,
    /// Who is who.
    pub auth: Arc<Auth>,
    /// The live feed.
    pub hub: Arc<Hub>,
    /// Where it is found.
    pub addresses: Arc<Addresses>,
    /// Who may come in, and how.
    pub request_guard: RequestGuard,
    /// What was counted of all requests.
    pub request_metrics: RequestMetrics,
    /// What the features tell a monitoring system.
    pub feature_metrics: Vec<Metrics>,
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
    /// Cancelled when the box is to stop and start anew.
    pub restart: CancellationToken,
    /// When it started.
    pub started: Instant,
    states: States,
    _folder: DataFolder,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What an [`App`] is made of.
pub struct Opened {
    /// How it is set up.
    pub settings: Settings,
    /// Its data folder, locked.
    pub folder: DataFolder,
    /// The database in it.
    pub store: Store,
    /// Who is who.
    pub auth: Auth,
    /// Whose it is.
    pub site: CurrentSite,
    /// What the features keep in memory.
    pub states: States,
    /// What the features tell a monitoring system.
    pub metrics: Vec<Metrics>,
}

impl App {
    /// Puts the parts together. Those that keep something of the database in memory hear of every
    /// commit from now on.
    ///
    /// # Errors
    /// When the certificate cannot be made or read, or the database.
    pub async fn new(opened: Opened) -> Result<Self> {
        let Opened { settings, folder, store, auth, site, states, metrics } = opened;
        let (auth, current) = (Arc::new(auth), Arc::new(site));
        let site = current.get();
        let own = OwnNames::now(&site.uuid);
        let past = store.read(newest_moment).await?;
        let tls = match settings.tls_listen {
            Some(_) => Some(Arc::new(Tls::open(&settings, &own, past)?)),
            None => None,
        };
        let addresses = Arc::new(Addresses::new(&settings, own, site.is_demo));
        let blocks = Blocks::load(&settings.rate_limit_whitelist, &store).await?;
        let limits = Arc::new(Limits::new(&settings, blocks));
        let (auth_hears, site_hears) = (Arc::clone(&auth), Arc::clone(&current));
        let limits_hear = Arc::clone(&limits);
        store.observe(Box::new(move |commit| auth_hears.observe(commit)));
        store.observe(Box::new(move |commit| site_hears.observe(commit)));
        store.observe(Box::new(move |commit| limits_hear.observe(commit)));
        Ok(Self(Arc::new(Parts {
            request_guard: RequestGuard::new(&settings, Arc::clone(&addresses)),
            webhook: Webhook::new(&settings)?,
            settings,
            site: current,
            store,
            auth,
            hub: Arc::default(),
            addresses,
            request_metrics: RequestMetrics::default(),
            feature_metrics: metrics,
            health: Health::default(),
            limits,
            security_events: SecurityEvents::default(),
            tls,
            restart: CancellationToken::new(),
            started: Instant::now(),
            states,
            _folder: folder,
        })))
    }

    /// Whose the box is.
    pub fn site(&self) -> Arc<Site> {
        self.site.get()
    }

    /// What a feature keeps in memory, by its type.
    ///
    /// # Panics
    /// When no feature of the box keeps such a thing: its line is missing in
    /// `appliance/features.rs`.
    #[expect(clippy::panic, reason = "a box that is put together wrongly must not start to serve")]
    pub fn state<T: Any + Send + Sync>(&self) -> &T {
        match self.states.get() {
            Some(state) => state,
            None => panic!("no feature keeps a {}", type_name::<T>()),
        }
    }
}
