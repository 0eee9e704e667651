//! The table at the end: each figure, its ceiling, and whether it is good enough.

/// What a figure must be.
pub enum Wanted {
    /// At least so much of the ceiling; and what we aim at.
    Ratio { least: f64, aim: f64 },
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
    /// A figure in `unit`, beside its ceiling.
    pub fn add(
        &mut self,
        what: &str,
        figure: f64,
        ceiling: Option<f64>,
        unit: &str,
        wanted: &Wanted,
    ) {
        let ratio = ceiling.map(|ceiling| figure / ceiling);
        let (demand, verdict) = match *wanted {
            Wanted::Ratio { least, aim } => {
                let ratio = ratio.unwrap_or_default();
                (format!("≥ {least:.2} (aim {aim:.2})"), verdict(ratio >= least, ratio >= aim))
            }
            Wanted::AtMost { most, aim } => {
                (format!("≤ {most} (aim {aim})"), verdict(figure <= most, figure <= aim))
            }
            Wanted::Nothing => (String::new(), ""),
        };
        let line = Line {
            what: what.into(),
            figure: format!("{} {unit}", number(figure)),
            ceiling: ceiling
                .map_or_else(|| "–".into(), |ceiling| format!("{} {unit}", number(ceiling))),
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

/// With three digits that count.
fn number(value: f64) -> String {
    match value.abs() {
        0.0..1.0 => format!("{value:.3}"),
        1.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
