//! Row ids as ranges of neighbours, and how they are packed into a few bytes.

use crate::core::error::{Error, Result};

/// Neighbouring rows of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdRange {
    /// The table's code.
    pub table: u8,
    /// The first row's id.
    pub first: i64,
    /// How many rows, 1 or more.
    pub count: i64,
}

impl IdRange {
    fn end(&self) -> i64 {
        self.first.saturating_add(self.count)
    }
}

/// The same rows, each once, in order, in as few ranges as there can be.
pub fn union(ranges: impl IntoIterator<Item = IdRange>) -> Vec<IdRange> {
    let mut sorted: Vec<IdRange> = ranges.into_iter().collect();
    sorted.sort_unstable();
    let mut joined: Vec<IdRange> = Vec::with_capacity(sorted.len().min(64));
    for range in sorted {
        match joined.last_mut() {
            Some(last) if last.table == range.table && range.first <= last.end() => {
                last.count = last.end().max(range.end()) - last.first;
            }
            _ => joined.push(range),
        }
    }
    joined
}

/// Packs ranges that [`union`] has put in order: for each the table's code, the distance from the
/// end of the range before (in the same table), and the count.
pub(super) fn pack(ranges: &[IdRange]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ranges.len() * 4);
    let (mut table, mut end) = (0, 0);
    for range in ranges {
        if range.table != table {
            (table, end) = (range.table, 0);
        }
        bytes.push(range.table);
        put(&mut bytes, range.first.wrapping_sub(end).cast_unsigned());
        put(&mut bytes, range.count.cast_unsigned());
        end = range.end();
    }
    bytes
}

/// Reads what [`pack`] wrote.
///
/// # Errors
/// When the bytes are something else.
pub(super) fn unpack(mut bytes: &[u8]) -> Result<Vec<IdRange>> {
    let mut ranges = Vec::new();
    let (mut table, mut end) = (0, 0);
    while let Some((&code, rest)) = bytes.split_first() {
        bytes = rest;
        if code != table {
            (table, end) = (code, 0);
        }
        let (Some(distance), Some(count)) = (take(&mut bytes), take(&mut bytes)) else {
            return Err(Error::internal("a change in the log cannot be read"));
        };
        let first = i64::wrapping_add(end, distance.cast_signed());
        let range = IdRange { table, first, count: count.cast_signed() };
        end = range.end();
        ranges.push(range);
    }
    Ok(ranges)
}

/// Seven bits a byte, the lowest first (LEB128).
fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn rows(ranges: &[IdRange]) -> BTreeSet<(u8, i64)> {
        let each = |range: &IdRange| {
            (range.first..range.end()).map(|row| (range.table, row)).collect::<Vec<_>>()
        };
        ranges.iter().flat_map(each).collect()
    }

    proptest! {
        #[test]
        fn no_row_is_lost_or_doubled(
            given in prop::collection::vec((1u8..4, -50i64..200, 1i64..9), 0..60),
        ) {
            let given: Vec<IdRange> =
                given.into_iter().map(|(table, first, count)| IdRange { table, first, count }).collect();
            let joined = union(given.clone());
            prop_assert_eq!(rows(&joined), rows(&given));
            let counted = joined.iter().map(|range| range.count).sum::<i64>();
            prop_assert_eq!(counted, rows(&given).len() as i64);
            prop_assert_eq!(unpack(&pack(&joined)).unwrap(), joined);
        }
    }

    #[test]
    fn a_month_of_orders_is_a_few_bytes() {
        let orders = (1..=15_000).map(|id| IdRange { table: 11, first: id, count: 1 });
        let items = (1..=60_000).map(|id| IdRange { table: 12, first: id, count: 1 });
        assert!(pack(&union(orders.chain(items))).len() < 16);
    }

    #[test]
    fn rubbish_is_refused() {
        assert!(unpack(&[3, 0x80]).is_err());
        assert!(unpack(&[3, 1]).is_err());
        let extreme = [IdRange { table: 1, first: i64::MAX, count: 1 }];
        assert_eq!(unpack(&pack(&extreme)).unwrap(), extreme);
    }
}
