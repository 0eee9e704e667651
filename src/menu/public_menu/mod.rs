//! The menu that guests read: made once after each change, as the very bytes that travel.

mod api;
mod store;

use std::io::Write;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::ingredients::Allergen;
use super::{Department, Translations};
use crate::app::App;
use crate::error::{Error, Result};
use crate::event::{Event, Kind};
use crate::kernel::Money;
use crate::store::Store;

pub(super) fn router() -> OpenApiRouter<App> {
    api::router()
}

/// What is sold now, in the order of the menu.
#[derive(Serialize, ToSchema)]
struct MenuResponse {
    categories: Vec<MenuCategory>,
}

/// An active category with the dishes that can be had.
#[derive(Serialize, ToSchema)]
struct MenuCategory {
    id: i64,
    name: String,
    description: Option<String>,
    image_url: Option<String>,
    color: Option<String>,
    featured: bool,
    sort_order: i64,
    translations: Translations,
    dishes: Vec<MenuDish>,
}

/// An available dish.
#[derive(Serialize, ToSchema)]
struct MenuDish {
    id: i64,
    name: String,
    description: String,
    category_id: i64,
    code: Option<String>,
    main_image_url: Option<String>,
    /// Minutes.
    cooking_time: Option<i64>,
    /// Grams or millilitres.
    weight: Option<f64>,
    /// Kilocalories.
    calories: Option<i64>,
    ingredients: Option<String>,
    sort_order: i64,
    is_popular: bool,
    /// Always true here.
    is_available: bool,
    department: Department,
    translations: Translations,
    allergens: Vec<Allergen>,
    /// At least one.
    variations: Vec<MenuVariation>,
}

/// An available variation.
#[derive(Serialize, ToSchema)]
struct MenuVariation {
    id: i64,
    name: String,
    description: Option<String>,
    price: Money,
    image_url: Option<String>,
    /// Grams or millilitres.
    weight: Option<f64>,
    /// Kilocalories.
    calories: Option<i64>,
    is_default: bool,
    /// Always true here.
    is_available: bool,
    sort_order: i64,
    sku: Option<String>,
    translations: Translations,
}

/// The menu as bytes, plain and compressed. Each has its own tag, as they are not the same bytes.
struct Encoded {
    plain: Tagged,
    gzip: Tagged,
}

struct Tagged {
    body: Bytes,
    /// A strong ETag with its quotes.
    etag: Bytes,
}

impl Encoded {
    fn new(menu: &MenuResponse) -> Result<Self> {
        let json = serde_json::to_vec(menu).map_err(Error::internal)?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let gzip =
            encoder.write_all(&json).and_then(|()| encoder.finish()).map_err(Error::internal)?;
        let hash = URL_SAFE_NO_PAD.encode(&digest(&SHA256, &json).as_ref()[..16]);
        Ok(Self {
            plain: Tagged { body: json.into(), etag: format!("\"{hash}\"").into() },
            gzip: Tagged { body: gzip.into(), etag: format!("\"{hash}-gzip\"").into() },
        })
    }
}

/// Keeps the menu until it changes.
#[derive(Default)]
pub struct Cache {
    kept: RwLock<Kept>,
    /// Held while the menu is made, so that a hundred guests make it once.
    making: Mutex<()>,
}

#[derive(Default)]
struct Kept {
    menu: Option<Arc<Encoded>>,
    /// Counts the changes, so that a slow reader does not bring an old menu back.
    changes: u64,
}

impl Cache {
    async fn menu(&self, store: &Store) -> Result<Arc<Encoded>> {
        self.kept_or(|| store.read(|db| Encoded::new(&store::load(db)?))).await
    }

    async fn kept_or<M: Future<Output = Result<Encoded>>>(
        &self,
        make: impl FnOnce() -> M,
    ) -> Result<Arc<Encoded>> {
        if let (Some(menu), _) = self.look() {
            return Ok(menu);
        }
        let _making = self.making.lock().await;
        let before = match self.look() {
            (Some(menu), _) => return Ok(menu),
            (None, changes) => changes,
        };
        let menu = Arc::new(make().await?);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.changes == before {
            kept.menu = Some(Arc::clone(&menu));
        }
        Ok(menu)
    }

    fn look(&self) -> (Option<Arc<Encoded>>, u64) {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        (kept.menu.clone(), kept.changes)
    }

    /// Hears of committed events: forgets the menu when it changed.
    pub fn observe(&self, events: &[Arc<Event>]) {
        if events.iter().any(|event| event.kind == Kind::MenuChanged) {
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            kept.changes += 1;
            kept.menu = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Audience;
    use crate::kernel::Timestamp;

    fn event(kind: Kind) -> Arc<Event> {
        Arc::new(Event {
            seq: 1,
            at: Timestamp(0),
            kind,
            audience: Audience::STAFF,
            order_id: None,
            table_id: None,
            waiter_id: None,
            status: None,
            data: "{}".into(),
            order: None,
            message: std::sync::OnceLock::new(),
        })
    }

    fn menu(words: &'static str) -> Encoded {
        let tagged = |body| Tagged { body: Bytes::from_static(body), etag: Bytes::new() };
        Encoded { plain: tagged(words.as_bytes()), gzip: tagged(b"") }
    }

    async fn read(cache: &Cache, words: &'static str) -> Bytes {
        cache.kept_or(async || Ok(menu(words))).await.unwrap().plain.body.clone()
    }

    #[tokio::test]
    async fn a_menu_is_made_once_until_it_changes() {
        let cache = Cache::default();
        assert_eq!(read(&cache, "first").await, "first");
        assert_eq!(read(&cache, "second").await, "first");
        cache.observe(&[event(Kind::OrderCreated)]);
        assert_eq!(read(&cache, "third").await, "first");
        cache.observe(&[event(Kind::OrderCreated), event(Kind::MenuChanged)]);
        assert_eq!(read(&cache, "fourth").await, "fourth");
    }

    #[tokio::test]
    async fn a_menu_that_was_read_before_a_change_is_not_kept() {
        let cache = Cache::default();
        let slow = cache.kept_or(async || {
            cache.observe(&[event(Kind::MenuChanged)]);
            Ok(menu("old"))
        });
        assert_eq!(slow.await.unwrap().plain.body, "old");
        assert_eq!(read(&cache, "new").await, "new");
        assert_eq!(read(&cache, "newer").await, "new");
    }

    #[tokio::test]
    async fn guests_who_come_together_make_it_once() {
        let cache = Cache::default();
        let made = std::sync::atomic::AtomicUsize::new(0);
        let ask = || {
            cache.kept_or(async || {
                made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                tokio::task::yield_now().await;
                Ok(menu("one"))
            })
        };
        let (a, b, c) = tokio::join!(ask(), ask(), ask());
        assert!(a.is_ok() && b.is_ok() && c.is_ok());
        assert_eq!(made.into_inner(), 1);
    }
}
