//! The menu in memory, as the very bytes that travel: made once after each change and each edge of a
//! period, for each place where it is another.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

use super::encoded::Encoded;
use super::page::{self, Frame};
use super::store;
use super::types::{MenuDiffers, MenuResponse, OnSale};
use super::words::Lang;
use crate::core::background::in_background;
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::event::{Event, Kind};
use crate::core::kernel::Timestamp;
use crate::core::store::{Connection, Store};
use crate::features::prices::{self, Channel, Place, PriceBook};
use crate::features::restaurant::Facts;

/// The menu at one moment, and the bytes made of it.
pub(super) struct Made {
    menu: MenuResponse,
    /// As guests read it.
    pub(super) json: Encoded,
    /// With what is the staff's alone.
    pub(super) for_staff: Encoded,
    /// The guests' page in each form that somebody asked for.
    pages: Mutex<HashMap<Form, Arc<Page>>>,
}

/// A form in which the guests' page is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Form {
    pub(super) lang: Lang,
    /// With every dish, for a phone without a script; else with those that fit a first reply.
    pub(super) is_whole: bool,
}

/// A first reply is this large at most (bytes, compressed): with the app it stays within the
/// 60 KB of `make budget`, however long the menu is.
const FIRST_REPLY: usize = 17_300;

/// A page of more text than this (bytes) does not become such a reply, and is not packed to see that.
const FIRST_TEXT: usize = FIRST_REPLY * 20;

/// The guests' page in one form.
pub(super) struct Page {
    /// What it says of the restaurant, as JSON: when that changes it is made anew.
    house: String,
    pub(super) bytes: Encoded,
}

impl Made {
    fn new(mut menu: MenuResponse) -> Result<Self> {
        let text = |menu: &MenuResponse| serde_json::to_vec(menu).map_err(Error::internal);
        let all = text(&menu)?;
        menu.leave_to_staff();
        let json = Encoded::new(text(&menu)?)?;
        // Most menus have nothing that is the staff's alone: those are packed and kept once.
        let for_staff = if json.plain.body == all { json.clone() } else { Encoded::new(all)? };
        Ok(Self { menu, json, for_staff, pages: Mutex::default() })
    }

    /// What it holds in memory once all of it was asked for, about, in bytes: what travels, the data of
    /// which it is made, and the pages, of which those with every dish have all of it again.
    fn weight(&self) -> usize {
        let held = |bytes: &Encoded| bytes.plain.body.len() + bytes.gzip.body.len();
        held(&self.json) + held(&self.for_staff) + 4 * self.json.plain.body.len()
    }

    /// The guests' page, made at the first asking.
    pub(super) async fn page(
        self: &Arc<Self>,
        frame: &'static Frame,
        house: Facts,
        form: Form,
    ) -> Result<Arc<Page>> {
        let facts = serde_json::to_string(&house).map_err(Error::internal)?;
        let mut pages = self.pages.lock().await;
        if let Some(page) = pages.get(&form).filter(|page| page.house == facts) {
            return Ok(Arc::clone(page));
        }
        let made = Arc::clone(self);
        let page = in_background(move || {
            let bytes = made.written(frame, &house, form)?;
            Ok::<_, Error>(Page { house: facts, bytes })
        });
        let page = Arc::new(page.await??);
        pages.insert(form, Arc::clone(&page));
        Ok(page)
    }

    /// The page with as many dishes as may be in it.
    fn written(&self, frame: &Frame, house: &Facts, form: Form) -> Result<Encoded> {
        let mut most = self.menu.dishes().count();
        loop {
            let text = page::html(frame, &self.menu, house, form.lang, most)?;
            if !form.is_whole && text.len() > FIRST_TEXT && most > 0 {
                most = most * FIRST_TEXT / text.len();
                continue;
            }
            let bytes = Encoded::new(text.into_bytes())?;
            let size = bytes.gzip.body.len();
            if form.is_whole || size <= FIRST_REPLY || most == 0 {
                return Ok(bytes);
            }
            // In proportion, and a little less: two or three rounds.
            most = most * FIRST_REPLY * 19 / (size * 20);
        }
    }
}

/// For so many places menus are kept, each as data and as four pages at most: more are made anew.
const MOST_PLACES: usize = 12;
/// And so much of them, in bytes: a menu of 50,000 options is some 30 MB by itself.
const MOST_KEPT: usize = 64 << 20;

/// Keeps the menu until it changes, or the time comes at which it is another.
#[derive(Default)]
pub struct Cache {
    kept: RwLock<Kept>,
    /// Held while the menu is made, so that a hundred guests make it once.
    making: Mutex<()>,
}

#[derive(Default)]
struct Kept {
    /// Tells places apart; none while no menu is kept.
    book: Option<Arc<PriceBook>>,
    menus: HashMap<Place, Timed>,
    /// Counts the changes, so that a slow reader does not bring an old menu back.
    changes: u64,
}

/// A menu, and the moment from which it is another; none where no time changes it.
struct Timed {
    made: Arc<Made>,
    until: Option<Timestamp>,
}

/// A menu that was just made, and of what.
struct New {
    book: PriceBook,
    place: Place,
    menu: Made,
    until: Option<Timestamp>,
}

impl New {
    /// Reads the menu of a place at a moment. To make it is left to the caller: of a long menu that
    /// takes many times as long.
    fn read(
        db: &Connection,
        place: Place,
        now: Timestamp,
    ) -> Result<impl FnOnce() -> Result<Self> + Send + use<>> {
        let book = prices::load(db)?;
        let place = book.told_apart(place);
        let mut menu = store::load(db, &book.at(now, place))?;
        menu.differs = differs(&book);
        let until = book.good_until(now);
        Ok(move || Ok(Self { place, menu: Made::new(menu)?, until, book }))
    }
}

/// For what there is another menu.
fn differs(book: &PriceBook) -> Option<MenuDiffers> {
    let channels: BTreeSet<Channel> = book.channels().collect();
    let rooms: BTreeSet<i64> = book.rooms().collect();
    let is_any = !channels.is_empty() || !rooms.is_empty();
    is_any.then(|| MenuDiffers {
        channels: channels.into_iter().collect(),
        location_ids: rooms.into_iter().collect(),
    })
}

impl Cache {
    pub(super) async fn menu(&self, store: &Store, place: Place) -> Result<Arc<Made>> {
        let make = async || {
            let make = store.read(move |db| New::read(db, place, clock::now())).await?;
            in_background(make).await?
        };
        self.kept_or(place, make).await
    }

    /// The dishes that can be had now in a place, in the order of the menu.
    ///
    /// # Errors
    /// When the menu cannot be read.
    pub async fn on_sale(&self, store: &Store, place: Place) -> Result<Vec<OnSale>> {
        let made = self.menu(store, place).await?;
        Ok(made.menu.dishes().map(OnSale::of).collect())
    }

    /// Whether some room has prices of its own; none while nobody has asked for a menu.
    pub(super) fn has_rooms(&self) -> Option<bool> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.book.as_ref().map(|book| book.rooms().next().is_some())
    }

    async fn kept_or<M: Future<Output = Result<New>>>(
        &self,
        place: Place,
        make: impl FnOnce() -> M,
    ) -> Result<Arc<Made>> {
        if let (Some(menu), _) = self.look(place) {
            return Ok(menu);
        }
        let _making = self.making.lock().await;
        let before = match self.look(place) {
            (Some(menu), _) => return Ok(menu),
            (None, changes) => changes,
        };
        let New { book, place, menu, until } = make().await?;
        let menu = Arc::new(menu);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.changes == before {
            kept.book = Some(Arc::new(book));
            let held: usize = kept.menus.values().map(|one| one.made.weight()).sum();
            if kept.menus.len() >= MOST_PLACES || held + menu.weight() > MOST_KEPT {
                kept.menus.clear();
            }
            kept.menus.insert(place, Timed { made: Arc::clone(&menu), until });
        }
        Ok(menu)
    }

    fn look(&self, place: Place) -> (Option<Arc<Made>>, u64) {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let menu = kept.book.as_ref().and_then(|book| kept.menus.get(&book.told_apart(place)));
        let menu = menu.filter(|menu| menu.until.is_none_or(|until| clock::now() < until));
        (menu.map(|menu| Arc::clone(&menu.made)), kept.changes)
    }

    /// Hears of committed events: forgets the menu when it changed.
    pub fn observe(&self, events: &[Arc<Event>]) {
        if events.iter().any(|event| event.kind == Kind::MenuChanged) {
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            kept.changes += 1;
            kept.book = None;
            kept.menus.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::event::{Audience, Messages, Thing, ToldOrder};
    use crate::core::kernel::Zone;
    use crate::features::prices::List;

    fn event(kind: Kind) -> Arc<Event> {
        Arc::new(Event {
            seq: 1,
            at: Timestamp(0),
            kind,
            audience: Audience::STAFF,
            subject: Thing::Dish.any(),
            table_id: None,
            waiter_id: None,
            status: None,
            data: "{}".into(),
            order: ToldOrder::default(),
            messages: Messages::default(),
        })
    }

    fn plain() -> PriceBook {
        PriceBook::plain(Zone::named("UTC").unwrap())
    }

    fn menu(words: &'static str) -> New {
        let json = Encoded::new(words.into()).unwrap();
        let menu = MenuResponse { categories: vec![], modifier_groups: vec![], differs: None };
        let for_staff = json.clone();
        let menu = Made { menu, json, for_staff, pages: Mutex::default() };
        New { book: plain(), place: Place::TABLE, menu, until: None }
    }

    async fn read(cache: &Cache, words: &'static str) -> bytes::Bytes {
        cache.kept_or(Place::TABLE, async || Ok(menu(words))).await.unwrap().json.plain.body.clone()
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
        let slow = cache.kept_or(Place::TABLE, async || {
            cache.observe(&[event(Kind::MenuChanged)]);
            Ok(menu("old"))
        });
        assert_eq!(slow.await.unwrap().json.plain.body, "old");
        assert_eq!(read(&cache, "new").await, "new");
        assert_eq!(read(&cache, "newer").await, "new");
    }

    #[tokio::test]
    async fn a_menu_is_another_when_its_time_is_over() {
        let cache = Cache::default();
        let over = async || Ok(New { until: Some(Timestamp(1)), ..menu("lunch") });
        let made = cache.kept_or(Place::TABLE, over).await.unwrap();
        assert_eq!(made.json.plain.body, "lunch");
        assert_eq!(read(&cache, "dinner").await, "dinner");
        assert_eq!(read(&cache, "later").await, "dinner");
    }

    #[tokio::test]
    async fn of_many_places_few_are_kept() {
        let cache = Cache::default();
        let list = |id| List { location_id: Some(id), ..List::of_all(id) };
        for id in 0..100 {
            let place = Place { location_id: Some(id), ..Place::TABLE };
            let book = PriceBook { lists: (0..100).map(list).collect(), ..plain() };
            cache.kept_or(place, async || Ok(New { book, place, ..menu("room") })).await.unwrap();
            assert!(cache.kept.read().unwrap().menus.len() <= MOST_PLACES);
        }
    }

    #[tokio::test]
    async fn of_large_menus_fewer_are_kept() {
        let cache = Cache::default();
        let large: &'static str = "x".repeat(3 << 20).leak();
        let one = menu(large).menu.weight();
        assert!(one > 18 << 20 && 2 * one < MOST_KEPT, "{one}");
        let list = |id| List { location_id: Some(id), ..List::of_all(id) };
        for id in 0..5 {
            let place = Place { location_id: Some(id), ..Place::TABLE };
            let book = PriceBook { lists: (0..5).map(list).collect(), ..plain() };
            cache.kept_or(place, async || Ok(New { book, place, ..menu(large) })).await.unwrap();
            let kept = cache.kept.read().unwrap();
            assert!(kept.menus.contains_key(&place), "what was just made is kept");
            assert!(kept.menus.values().map(|one| one.made.weight()).sum::<usize>() <= MOST_KEPT);
        }
    }

    #[tokio::test]
    async fn guests_who_come_together_make_it_once() {
        let cache = Cache::default();
        let made = std::sync::atomic::AtomicUsize::new(0);
        let ask = || {
            cache.kept_or(Place::TABLE, async || {
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
