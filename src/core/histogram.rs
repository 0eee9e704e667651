//! Counts values in buckets, without a lock.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How many buckets a histogram has at most.
const BUCKETS: usize = 12;

/// How often values lay below each of its bounds.
pub struct Histogram {
    bounds: &'static [f64],
    buckets: [AtomicU64; BUCKETS],
    count: AtomicU64,
    /// In millionths.
    sum: AtomicU64,
}

/// Bounds for a reply or a commit, in seconds.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Bounds for how many share something.
const NUMBERS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

impl Histogram {
    /// For durations, in seconds.
    pub fn of_seconds() -> Self {
        Self::new(SECONDS)
    }

    /// For small numbers.
    pub fn of_numbers() -> Self {
        Self::new(NUMBERS)
    }

    fn new(bounds: &'static [f64]) -> Self {
        let zero = || AtomicU64::new(0);
        Self { bounds, buckets: std::array::from_fn(|_| zero()), count: zero(), sum: zero() }
    }

    /// Counts a duration.
    pub fn observe(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.add(took.as_secs_f64(), micros);
    }

    /// Counts a number.
    pub fn count(&self, number: usize) {
        self.add(number as f64, (number as u64).saturating_mul(1_000_000));
    }

    fn add(&self, value: f64, millionths: u64) {
        let fits = self.bounds.iter().position(|bound| value <= *bound);
        if let Some(bucket) = fits.and_then(|at| self.buckets.get(at)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(millionths, Ordering::Relaxed);
    }

    /// Its lines in the text format of Prometheus; `labels` are `a="b",c="d"` or nothing.
    pub fn write(&self, text: &mut String, name: &str, labels: &str) {
        let comma = if labels.is_empty() { "" } else { "," };
        let mut below = 0;
        for (bound, bucket) in self.bounds.iter().zip(&self.buckets) {
            below += bucket.load(Ordering::Relaxed);
            let _ = writeln!(text, "{name}_bucket{{{labels}{comma}le=\"{bound}\"}} {below}");
        }
        // The count may have grown since the buckets were read, never the other way round.
        let count = self.count.load(Ordering::Relaxed).max(below);
        let sum = self.sum.load(Ordering::Relaxed) as f64 / 1e6;
        let of = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let _ = writeln!(text, "{name}_bucket{{{labels}{comma}le=\"+Inf\"}} {count}");
        let _ = writeln!(text, "{name}_sum{of} {sum}\n{name}_count{of} {count}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_count_what_lies_below_them() {
        let histogram = Histogram::of_numbers();
        for number in [1, 3, 3, 500] {
            histogram.count(number);
        }
        let mut text = String::new();
        histogram.write(&mut text, "batch", "a=\"b\"");
        for line in [
            "batch_bucket{a=\"b\",le=\"1\"} 1\n",
            "batch_bucket{a=\"b\",le=\"2\"} 1\n",
            "batch_bucket{a=\"b\",le=\"4\"} 3\n",
            "batch_bucket{a=\"b\",le=\"128\"} 3\n",
            "batch_bucket{a=\"b\",le=\"+Inf\"} 4\n",
            "batch_sum{a=\"b\"} 507\n",
            "batch_count{a=\"b\"} 4\n",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
