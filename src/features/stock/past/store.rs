//! The demo's cellar is filled, a day a step, through the commands that people use too.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use rusqlite::{Connection, params};

use super::{Bought, Cellar, Made};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Id, Label, Text};
use crate::core::kernel::{Money, Timestamp, Zone};
use crate::core::store::{Command, Steps, Tx};
use crate::features::stock::amount::Amount;
use crate::features::stock::documents::{
    CreateDocument, DocumentCreate, DocumentKind, DocumentState, LineBody,
};
use crate::features::stock::goods::CreateGood;
use crate::features::stock::ledger::{Average, standing};
use crate::features::stock::recipes::{CreateRecipe, RecipeCreate, RecipeLineBody};
use crate::features::stock::sales::post_day;
use crate::features::stock::suppliers::{CreateSupplier, SetPrices, SupplierPriceBody};

/// So many days before today the cellar is filled for the first time.
const DAYS: i64 = 21;
/// Invoices come each third day.
const EVERY: i64 = 3;
/// So many days before today the first of two counts was.
const COUNTED: i64 = 7;
/// On these days before today something was thrown away.
const SPOILT: [i64; 2] = [12, 4];
const HOUR: i64 = 3_600_000;

/// Fills a cellar of which there is nothing yet.
pub struct FillCellar {
    cellar: Cellar,
    zone: Zone,
    /// Who writes it all down.
    by: i64,
    /// Days before today of the next step; none: nothing is written yet.
    back: Option<i64>,
    /// By the names of goods.
    goods: HashMap<String, i64>,
    /// By the names of suppliers.
    suppliers: BTreeMap<String, i64>,
}

impl FillCellar {
    /// `zone` decides where a day begins.
    pub fn new(cellar: Cellar, zone: Zone) -> Self {
        let (goods, suppliers) = (HashMap::new(), BTreeMap::new());
        Self { cellar, zone, by: 0, back: None, goods, suppliers }
    }
}

impl Steps for FillCellar {
    type Output = ();

    fn step(&mut self, tx: &mut Tx<'_>) -> Result<ControlFlow<()>> {
        let Some(back) = self.back else {
            let is_known: bool =
                tx.query_row("SELECT EXISTS (SELECT * FROM stock_goods)", [], |row| row.get(0))?;
            if is_known {
                return Ok(ControlFlow::Break(()));
            }
            self.begin(tx)?;
            self.back = Some(DAYS);
            return Ok(ControlFlow::Continue(()));
        };
        let day = self.zone.day_of(tx.now()).plus_days(-back);
        let start = self.zone.start(day);
        if back == COUNTED || back == 0 {
            self.count(tx, start, back == 0)?;
        }
        if back == 0 {
            return Ok(ControlFlow::Break(()));
        }
        if back % EVERY == 0 {
            self.buy(tx, Timestamp(start.0 + 2 * HOUR), back)?;
        }
        if SPOILT.contains(&back) {
            self.spoil(tx, Timestamp(start.0 + 3 * HOUR))?;
        }
        post_day(tx, day)?;
        self.back = Some(back - 1);
        Ok(ControlFlow::Continue(()))
    }
}

impl FillCellar {
    /// Suppliers, goods with prices, and recipes that hold from before the first sale.
    fn begin(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let sql = "SELECT min(id) FROM users WHERE role = 'admin'";
        self.by = tx.query_row(sql, [], |row| row.get(0))?;
        let by = self.by;
        for supplier in std::mem::take(&mut self.cellar.suppliers) {
            let supplier = CreateSupplier { supplier, by }.apply(tx)?;
            self.suppliers.insert(supplier.name, supplier.id);
        }
        for bought in &self.cellar.goods {
            let good = CreateGood { good: bought.good.clone(), by }.apply(tx)?;
            self.goods.insert(good.name, good.id);
        }
        for supplier in self.suppliers.values().copied() {
            let prices = self.brought_by(supplier).filter_map(|(id, bought)| {
                Some(SupplierPriceBody {
                    good_id: Id::new(id).ok()?,
                    quantity: bought.per?,
                    price: bought.price?,
                })
            });
            let prices = prices.collect();
            SetPrices { supplier_id: supplier, prices, by }.apply(tx)?;
        }
        let first = self.zone.day_of(tx.now()).plus_days(-DAYS);
        let valid_from = self.zone.start(first);
        for made in &self.cellar.recipes {
            let recipe = self.recipe(tx, made, valid_from)?;
            CreateRecipe { recipe, by }.apply(tx)?;
        }
        Ok(())
    }

    fn good(&self, name: &str) -> Result<Id> {
        let id = self.goods.get(name).copied();
        id.and_then(|id| Id::new(id).ok())
            .ok_or_else(|| Error::internal(format!("no good “{name}”")))
    }

    fn recipe(&self, db: &Connection, made: &Made, valid_from: Timestamp) -> Result<RecipeCreate> {
        let lines = made.lines.iter().map(|line| {
            Ok(RecipeLineBody {
                good_id: self.good(&line.good)?,
                gross: line.gross,
                cold_percent: line.cold_percent,
                hot_percent: line.hot_percent,
            })
        });
        Ok(RecipeCreate {
            variation_id: made.dish.as_ref().map(|dish| size(db, dish, made)).transpose()?,
            option_id: None,
            good_id: made.good.as_ref().map(|good| self.good(good)).transpose()?,
            valid_from: Some(valid_from),
            batch_out: made.batch_out,
            note: None,
            lines: lines.collect::<Result<_>>()?,
        })
    }

    fn brought_by(&self, supplier: i64) -> impl Iterator<Item = (i64, &Bought)> {
        self.cellar.goods.iter().filter_map(move |bought| {
            let name = bought.supplier.as_ref()?;
            let id = self.goods.get(&*bought.good.name)?;
            (self.suppliers.get(name) == Some(&supplier)).then_some((*id, bought))
        })
    }

    fn post(&self, tx: &mut Tx<'_>, kind: DocumentKind, at: Timestamp, said: Said) -> Result<()> {
        if said.lines.is_empty() {
            return Ok(());
        }
        let document = DocumentCreate {
            kind,
            place_id: known(1)?,
            to_place_id: None,
            supplier_id: said.supplier,
            number: said.number.and_then(|number| Label::new(&number).ok()),
            reason: said.reason.and_then(|reason| Text::new(reason).ok()),
            photo_url: None,
            at: Some(at),
            state: Some(DocumentState::Posted),
            lines: said.lines,
        };
        CreateDocument { document, by: self.by, is_cook: false }.apply(tx).map(drop)
    }

    /// An invoice of each supplier, of what is missing.
    fn buy(&self, tx: &mut Tx<'_>, at: Timestamp, back: i64) -> Result<()> {
        for supplier in self.suppliers.values().copied() {
            let mut lines = Vec::new();
            for (id, bought) in self.brought_by(supplier) {
                let wanted = bought.par.0 - standing(tx, id)?.amount;
                let (Some(price), Some(per)) = (bought.price, bought.per) else { continue };
                if wanted > bought.par.0 / 4 {
                    let cost = Average { money: price.0.0, amount: per.get().0 };
                    lines.push(line(id, wanted, Some(Money(cost.of(wanted))))?);
                }
            }
            let number = Some(format!("{supplier}-{:03}", 100 - back));
            let supplier = Some(known(supplier)?);
            let said = Said { supplier, number, reason: None, lines };
            self.post(tx, DocumentKind::Purchase, at, said)?;
        }
        Ok(())
    }

    fn spoil(&self, tx: &mut Tx<'_>, at: Timestamp) -> Result<()> {
        let Some(first) = self.cellar.goods.first() else { return Ok(()) };
        let lines = vec![line(self.good(&first.good.name)?.get(), 2_000_000, None)?];
        let reason = Some("Отсырело");
        self.post(tx, DocumentKind::WriteOff, at, Said { reason, lines, ..Said::default() })
    }

    /// What is there by the books, to the nearest ten grams below; the last time without the leak.
    fn count(&self, tx: &mut Tx<'_>, at: Timestamp, is_last: bool) -> Result<()> {
        let mut lines = Vec::new();
        for bought in self.cellar.goods.iter().filter(|bought| bought.supplier.is_some()) {
            let id = self.good(&bought.good.name)?.get();
            let gone = if is_last { bought.leak.0 } else { 0 };
            let found = (standing(tx, id)?.amount - gone).max(0);
            lines.push(line(id, found - found % 10_000, None)?);
        }
        self.post(tx, DocumentKind::Count, at, Said { lines, ..Said::default() })
    }
}

/// What a document says beside its kind and its moment.
#[derive(Default)]
struct Said {
    supplier: Option<Id>,
    number: Option<String>,
    reason: Option<&'static str>,
    lines: Vec<LineBody>,
}

fn line(good: i64, quantity: i64, sum: Option<Money>) -> Result<LineBody> {
    let good_id = known(good)?;
    Ok(LineBody { good_id, pack_id: None, quantity: Amount(quantity), price: None, sum, at: None })
}

fn size(db: &Connection, dish: &str, made: &Made) -> Result<Id> {
    let sql = "SELECT v.id FROM dishes d JOIN dish_variations v ON v.dish_id = d.id
               WHERE d.name = ?1 AND v.name = ?2 AND d.deleted_at IS NULL
                 AND v.deleted_at IS NULL";
    let id: i64 = db.query_row(sql, params![dish, made.variation], |row| row.get(0))?;
    known(id)
}

fn known(id: i64) -> Result<Id> {
    Id::new(id).map_err(Error::internal)
}
