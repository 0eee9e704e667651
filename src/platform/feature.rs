//! What a part of the box brings to it. Each says so once, in its `feature.rs`; the list of them
//! all stands in `appliance/features.rs`, and nothing central grows with it.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;

use crate::core::error::Result;
use crate::core::jobs::{Job, JobKind, Outcome};
use crate::core::kernel::Timestamp;
use crate::core::store::{CopiedTable, Observer, Store, Tx};
use crate::platform::config::Settings;

/// Something that is done later.
pub type Later<T> = Pin<Box<dyn Future<Output = T> + Send>>;
/// What goes on for as long as the box runs; begun anew when it breaks off.
pub type Part<A> = Box<dyn Fn(A) -> Later<()> + Send + Sync>;
/// What is done now and again.
pub type Chore<A> = (Duration, Box<dyn Fn(A) -> Later<Result<()>> + Send + Sync>);
/// Deletes up to so many rows that are past their time; returns how many went.
pub type Trim = Box<dyn FnMut(&mut Tx<'_>, usize) -> Result<usize> + Send>;
/// Begins a [`Trim`]; events before the moment are past their time.
pub type Trimmer = fn(Timestamp) -> Trim;
/// Who does a kind of job, see `core/jobs`.
pub struct Worker<A> {
    /// Which kind.
    pub kind: &'static JobKind,
    /// One attempt.
    pub work: Box<dyn Fn(A, Job) -> Later<Outcome> + Send + Sync>,
}
/// Lines for `/metrics`, in the text format of Prometheus.
pub type Metrics = Box<dyn Fn(Store) -> Later<String> + Send + Sync>;
/// What `qres doctor` looks at, with the box running or not.
pub type Checks = fn(&Settings) -> Vec<Check>;

/// What is done before anybody is served.
pub type Start = Box<dyn Fn(Settings, Store) -> Later<Result<()>> + Send + Sync>;

/// What a part of the box brings. `A` is what all parts share.
pub struct Feature<A> {
    /// Its addresses, with their documents: made only where somebody is served.
    pub routes: fn() -> OpenApiRouter<A>,
    /// Its tables that the cloud copies.
    pub copied: Vec<CopiedTable>,
    /// Its tables that stay on the box.
    pub local: Vec<&'static str>,
    /// What it does before anybody is served.
    pub starts: Vec<Start>,
    /// What it alone keeps in memory, see [`States`].
    pub states: States,
    /// What it hears of every commit.
    pub hears: Vec<Observer>,
    /// What it does for as long as the box runs.
    pub parts: Vec<Part<A>>,
    /// What it does now and again.
    pub chores: Vec<Chore<A>>,
    /// Which jobs it does.
    pub workers: Vec<Worker<A>>,
    /// What it forgets, a few rows at a time.
    pub trimmers: Vec<Trimmer>,
    /// What it tells a monitoring system.
    pub metrics: Vec<Metrics>,
    /// What of it the doctor looks at.
    pub checks: Vec<Checks>,
}

impl<A: Clone + Send + Sync + 'static> Feature<A> {
    /// One that has these routes and nothing else.
    pub fn of(routes: fn() -> OpenApiRouter<A>) -> Self {
        Self {
            routes,
            copied: Vec::new(),
            local: Vec::new(),
            starts: Vec::new(),
            states: States::default(),
            hears: Vec::new(),
            parts: Vec::new(),
            chores: Vec::new(),
            workers: Vec::new(),
            trimmers: Vec::new(),
            metrics: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// The cloud copies these tables of its own. A table keeps its code for ever: batches and packed
    /// keys name it so.
    #[must_use]
    pub fn copies(self, tables: &[(u8, &'static str)]) -> Self {
        tables.iter().fold(self, |feature, table| feature.copies_without(*table, &[]))
    }

    /// The cloud copies this table of its own, but for the columns that never leave the box.
    #[must_use]
    pub fn copies_without(
        mut self,
        (code, name): (u8, &'static str),
        secret: &'static [&'static str],
    ) -> Self {
        self.copied.push(CopiedTable { code, name, secret });
        self
    }

    /// These tables of its own stay on the box.
    #[must_use]
    pub fn local(mut self, tables: &[&'static str]) -> Self {
        self.local.extend(tables);
        self
    }

    /// It does this before anybody is served, with the database open.
    #[must_use]
    pub fn starts<F>(mut self, start: impl Fn(Settings, Store) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        self.starts.push(Box::new(move |settings, store| Box::pin(start(settings, store))));
        self
    }

    /// It keeps this; others find it by its type.
    #[must_use]
    pub fn keeps<T: Any + Send + Sync>(mut self, state: Arc<T>) -> Self {
        self.states.add(state);
        self
    }

    /// It hears of every commit, on the writer's thread: it must be quick.
    #[must_use]
    pub fn hears(mut self, observer: Observer) -> Self {
        self.hears.push(observer);
        self
    }

    /// It does this for as long as the box runs.
    #[must_use]
    pub fn runs<F>(mut self, part: impl Fn(A) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.parts.push(Box::new(move |app| Box::pin(part(app))));
        self
    }

    /// It does this now and again.
    #[must_use]
    pub fn every<F>(
        mut self,
        period: Duration,
        chore: impl Fn(A) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        self.chores.push((period, Box::new(move |app| Box::pin(chore(app)))));
        self
    }

    /// It does jobs of this kind, once for each attempt.
    #[must_use]
    pub fn works<F>(
        mut self,
        kind: &'static JobKind,
        work: impl Fn(A, Job) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Outcome> + Send + 'static,
    {
        let work = Box::new(move |app, job| Box::pin(work(app, job)) as Later<Outcome>);
        self.workers.push(Worker { kind, work });
        self
    }

    /// It forgets these rows.
    #[must_use]
    pub fn forgets(mut self, trimmer: Trimmer) -> Self {
        self.trimmers.push(trimmer);
        self
    }

    /// It tells these figures.
    #[must_use]
    pub fn tells<F>(mut self, metrics: impl Fn(Store) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = String> + Send + 'static,
    {
        self.metrics.push(Box::new(move |store| Box::pin(metrics(store))));
        self
    }

    /// The doctor looks at this.
    #[must_use]
    pub fn is_checked(mut self, checks: Checks) -> Self {
        self.checks.push(checks);
        self
    }
}

/// What single features keep in memory, found by its type.
#[derive(Clone, Default)]
pub struct States(HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

impl States {
    fn add<T: Any + Send + Sync>(&mut self, state: Arc<T>) {
        self.0.insert(TypeId::of::<T>(), state);
    }

    /// All that `others` have, too.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The one of this type; none when its feature is not in the list.
    pub fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>()).and_then(|state| state.downcast_ref())
    }
}

/// One thing that `qres doctor` looked at.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What.
    pub name: &'static str,
    /// Whether it is well.
    pub ok: bool,
    /// Not wrong, but worth a thought.
    pub is_note: bool,
    /// What was seen, and what to do.
    pub detail: String,
}

impl Check {
    /// Something that is well or not.
    pub fn new(name: &'static str, ok: bool, detail: impl Into<String>) -> Self {
        Self { name, ok, is_note: false, detail: detail.into() }
    }

    /// Something worth a thought.
    pub fn note(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, ok: true, is_note: true, detail: detail.into() }
    }
}
