//! `qres measure-suggestions`: how good the guesses are on somebody's orders.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::failure::Failure;
use crate::core::kernel::Day;
use crate::features::suggestions::{Hits, PastOrder, measure};

#[derive(Args)]
pub(super) struct Options {
    /// A CSV file with the heads order_id, dish, time: a line for each dish of an order; the time as
    /// 2026-05-01T19:30:00, or empty. Orders without times stand in the order in which they came.
    file: PathBuf,
    /// From 0, what guests know, to 100, what surprises them.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    surprise: u8,
}

/// Prints how often a hidden dish was guessed, beside a list of best sellers.
pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let orders = read(options)?;
    let all = orders.len();
    let begin = Instant::now();
    let measured = measure(orders, f64::from(options.surprise) / 100.0);
    let each = begin.elapsed().as_secs_f64() * 1e6 / measured.questions.max(1) as f64;
    println!(
        "{all} orders, {} of them learnt; {} dishes; {} times a dish was hidden",
        measured.learnt, measured.dishes, measured.questions
    );
    println!("| hit@1 | hit@3 | hit@5 | coverage@3 | five best sellers | |");
    println!("|---|---|---|---|---|---|");
    tell("best sellers", &measured.popularity);
    tell("suggestions", &measured.suggested);
    println!("{each:.0} µs a question, with both guesses and all learning");
    Ok(())
}

fn tell(name: &str, hits: &Hits) {
    let [one, three, five] = hits.at;
    let (coverage, best) = (hits.coverage, hits.best_sellers);
    println!("| {one:.1} | {three:.1} | {five:.1} | {coverage} | {best:.0} % | {name} |");
}

fn read(options: &Options) -> Result<Vec<PastOrder>, Failure> {
    let shown = options.file.display();
    let wrong = |line: usize, why: &str| Failure::failed(format!("{shown}, line {line}: {why}"));
    let mut file = csv::Reader::from_path(&options.file)
        .map_err(|error| Failure::failed(format!("{shown} cannot be read: {error}")))?;
    let mut dishes = HashMap::<String, i64>::new();
    let mut places = HashMap::<String, usize>::new();
    let mut orders: Vec<(String, PastOrder)> = Vec::new();
    for (at, row) in file.records().enumerate() {
        let row = row.map_err(|error| wrong(at + 2, &error.to_string()))?;
        let [order, dish, time] = [0, 1, 2].map(|column| row.get(column).unwrap_or("").trim());
        if order.is_empty() || dish.is_empty() {
            return Err(wrong(at + 2, "an order and a dish must be named"));
        }
        let new = dishes.len() as i64 + 1;
        let dish = *dishes.entry(dish.to_owned()).or_insert(new);
        let place = *places.entry(order.to_owned()).or_insert(orders.len());
        if place == orders.len() {
            let at = match time {
                "" => None,
                time => Some(moment(time).ok_or_else(|| wrong(at + 2, "the time is none"))?),
            };
            orders.push((time.to_owned(), PastOrder { at, dishes: Vec::new() }));
        }
        orders[place].1.dishes.push(dish);
    }
    // Those of one moment stay as they stand in the file.
    orders.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(orders.into_iter().map(|(_, order)| order).collect())
}

/// The day and the hour of `2026-05-01T19:30:00`.
fn moment(time: &str) -> Option<(Day, usize)> {
    let (date, clock) = time.split_once('T')?;
    let digits: String = date.split('-').collect();
    let day = Day::of_number(digits.parse().ok()?)?;
    let hour = clock.get(..2)?.parse().ok().filter(|hour| *hour < 24)?;
    Some((day, hour))
}
