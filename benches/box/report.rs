//! The table at the end: each figure, its ceiling, and whether it is good enough.

/// What a figure must be.
pub enum Wanted {
    /// At least so much of the ceiling; and what we aim at.
    Ratio { least: f64, aim: f64 },
    /// At most so many times the ceiling; and what we aim at.
    RatioAtMost { most: f64, aim: f64 },
    /// At most so much; and what we aim at.
    AtMost { most: f64, aim: f64 },
    /// Nothing: it is told for the reader.
    Nothing,
}

struct Line {
    what: String,
    figure: String,
    ceiling: String,
    ratio: String,
    wanted: String,
    verdict: &'static str,
}

/// The lines so far; each is printed as soon as it is known, all as a table at the end.
#[derive(Default)]
pub struct Report(Vec<Line>);

impl Report {
    /// A figure in `unit` beside its ceiling, taken in turns: the medians, and the median of the
    /// ratios of each turn, since what else the machine does changes from minute to minute.
    pub fn add(
        &mut self,
        what: &str,
        figures: &[f64],
        ceilings: &[f64],
        unit: &str,
        wanted: &Wanted,
    ) {
        let ratios: Vec<_> = figures.iter().zip(ceilings).map(|(f, c)| f / c).collect();
        let ratio = median(&ratios);
        let figure = median(figures).unwrap_or_default();
        let (demand, verdict) = match *wanted {
            Wanted::Ratio { least, aim } => {
                let ratio = ratio.unwrap_or_default();
                (format!("≥ {least:.2} (aim {aim:.2})"), verdict(ratio >= least, ratio >= aim))
            }
            Wanted::RatioAtMost { most, aim } => {
                let ratio = ratio.unwrap_or(f64::INFINITY);
                (format!("≤ {most:.2} (aim {aim:.2})"), verdict(ratio <= most, ratio <= aim))
            }
            Wanted::AtMost { most, aim } => (
                format!("≤ {} (aim {})", number(most), number(aim)),
                verdict(figure <= most, figure <= aim),
            ),
            Wanted::Nothing => (String::new(), ""),
        };
        let line = Line {
            what: what.into(),
            figure: format!("{} {unit}", number(figure)),
            ceiling: median(ceilings)
                .map_or_else(|| "–".into(), |c| format!("{} {unit}", number(c))),
            ratio: ratio.map_or_else(|| "–".into(), |ratio| format!("{ratio:.2}")),
            wanted: demand,
            verdict,
        };
        println!(
            "{}: {} / {} = {} {}",
            line.what, line.figure, line.ceiling, line.ratio, line.verdict
        );
        self.0.push(line);
    }

    /// The table, as docs/BENCHMARKS.md holds it.
    pub fn print(&self) {
        println!(
            "\n| benchmark | figure | ceiling | ratio | wanted | |\n|---|---|---|---|---|---|"
        );
        for line in &self.0 {
            let Line { what, figure, ceiling, ratio, wanted, verdict } = line;
            println!("| {what} | {figure} | {ceiling} | {ratio} | {wanted} | {verdict} |");
        }
    }
}

fn verdict(enough: bool, aimed: bool) -> &'static str {
    match (enough, aimed) {
        (_, true) => "aim",
        (true, false) => "pass",
        (false, false) => "MISS",
    }
}

/// The one in the middle; none of none.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// With three digits that count.
fn number(value: f64) -> String {
    match value.abs() {
        0.0..1.0 => format!("{value:.3}"),
        1.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
