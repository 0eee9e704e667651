//! Overwrites what deleted rows leave in the space that pages do not use. What is deleted is overwritten
//! (`secure_delete`), but when SQLite parts a full page in two it leaves the old copies of the rows that
//! moved: of 1500 rows, some three. They are overwritten here, page by page and between orders.
//! <https://www.sqlite.org/fileformat2.html> says where a page has what.

use std::collections::HashMap;
use std::iter::once;
use std::ops::{ControlFlow, Range};

use rusqlite::{Connection, OptionalExtension, params};

use super::{Steps, Tx};
use crate::core::error::Result;

/// The header of the file, at the beginning of its first page, in bytes.
const FILE_HEADER: usize = 100;
/// Where in it stands the first page that lists free ones, and how many there are of both.
const FIRST_FREE: usize = 32;
const FREE_COUNT: usize = 36;
/// Not 0 where the file has pages that map others (`auto_vacuum`): they look like pages of tables.
const MAPPED: usize = 52;
/// What begins a page of that list: the next one, and how many free pages it names.
const LIST_HEADER: usize = 8;

/// Overwrites what the file's unused space holds of deleted rows: between the rows of a page, and in pages
/// that are free.
#[derive(Default)]
pub struct OverwriteRemains {
    /// The last page that was looked at.
    done: u32,
}

impl Steps for OverwriteRemains {
    type Output = ();

    fn step(&mut self, tx: &mut Tx<'_>) -> Result<ControlFlow<()>> {
        if read(tx, 1)?.is_some_and(|first| is_mapped(&first)) {
            // The box makes no such file; one that was brought in is left as it is.
            return Ok(ControlFlow::Break(()));
        }
        let free = free_pages(tx)?;
        loop {
            let number = self.done + 1;
            let Some(page) = read(tx, number)? else { return Ok(ControlFlow::Break(())) };
            if let Some(clean) = without_remains(&page, number, &free) {
                let sql = "UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1";
                tx.prepare_cached(sql)?.execute(params![number, clean])?;
            }
            self.done = number;
            if !tx.has_time() {
                return Ok(ControlFlow::Continue(()));
            }
        }
    }
}

/// One page, as it stands in this transaction; none behind the last.
fn read(db: &Connection, number: u32) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT data FROM sqlite_dbpage WHERE pgno = ?1";
    Ok(db.prepare_cached(sql)?.query_row([number], |row| row.get(0)).optional()?)
}

/// The pages that nobody uses, and from where on each says nothing: those that list others do so first.
fn free_pages(db: &Connection) -> Result<HashMap<u32, usize>> {
    let mut free = HashMap::new();
    let Some(first) = read(db, 1)? else { return Ok(free) };
    let mut next = number_at(&first, FIRST_FREE);
    // No more lists than there are free pages: a broken file may lead in a circle.
    for _ in 0..number_at(&first, FREE_COUNT) {
        let Some(list) = read(db, next)? else { break };
        let named = list[LIST_HEADER..].chunks_exact(4).take(number_at(&list, 4) as usize);
        free.insert(next, LIST_HEADER + 4 * named.len());
        free.extend(named.map(|bytes| (number_at(bytes, 0), 0)));
        next = number_at(&list, 0);
    }
    Ok(free)
}

fn is_mapped(first: &[u8]) -> bool {
    number_at(first, MAPPED) != 0
}

/// The page with nothing in its unused space; none where there is nothing already.
fn without_remains(page: &[u8], number: u32, free: &HashMap<u32, usize>) -> Option<Vec<u8>> {
    let unused = match free.get(&number) {
        Some(from) => once(*from..page.len()).collect(),
        None => unused(page, if number == 1 { FILE_HEADER } else { 0 }),
    };
    let is_left = |range: &Range<usize>| page[range.clone()].iter().any(|byte| *byte != 0);
    if !unused.iter().any(is_left) {
        return None;
    }
    let mut clean = page.to_vec();
    for range in unused {
        clean[range].fill(0);
    }
    Some(clean)
}

/// Where a page of a table or an index has nothing: between its list of rows and the rows, and in the gaps
/// between them but for the four bytes that say how large a gap is. Of any other page nothing: its first byte
/// is that of a page's number, which is 0 in files below 128 GiB.
fn unused(page: &[u8], head: usize) -> Vec<Range<usize>> {
    let list = match page[head] {
        2 | 5 => head + 12,
        10 | 13 => head + 8,
        _ => return Vec::new(),
    };
    let begin = list + 2 * size_at(page, head + 3);
    let end = size_at(page, head + 5);
    if begin > end || end > page.len() {
        return Vec::new();
    }
    let mut unused: Vec<_> = once(begin..end).collect();
    let mut gap = size_at(page, head + 1);
    let mut from = end;
    while gap >= from && gap + 4 <= page.len() {
        let end = gap + size_at(page, gap + 2);
        if end < gap + 4 || end > page.len() {
            break;
        }
        unused.push(gap + 4..end);
        from = end;
        gap = size_at(page, gap);
    }
    unused
}

fn size_at(page: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes([page[at], page[at + 1]]))
}

fn number_at(page: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([page[at], page[at + 1], page[at + 2], page[at + 3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A leaf of a table of 64 bytes: one row at 56, a gap of 8 bytes at 48, and whatever else.
    fn leaf() -> Vec<u8> {
        let mut page = vec![0xAA_u8; 64];
        page[0] = 13;
        page[1..3].copy_from_slice(&48_u16.to_be_bytes());
        page[3..5].copy_from_slice(&1_u16.to_be_bytes());
        page[5..7].copy_from_slice(&48_u16.to_be_bytes());
        page[7] = 0;
        page[8..10].copy_from_slice(&56_u16.to_be_bytes());
        page[48..50].copy_from_slice(&0_u16.to_be_bytes());
        page[50..52].copy_from_slice(&8_u16.to_be_bytes());
        page
    }

    #[test]
    fn what_lies_between_rows_is_overwritten_and_no_row_is() {
        let page = leaf();
        let clean = without_remains(&page, 7, &HashMap::new()).unwrap();
        for at in 0..page.len() {
            let is_unused = (10..48).contains(&at) || (52..56).contains(&at);
            assert_eq!(clean[at], if is_unused { 0 } else { page[at] }, "{at}");
        }
        assert_eq!(without_remains(&clean, 7, &HashMap::new()), None);
    }

    #[test]
    fn a_page_that_is_of_no_table_is_left_alone_unless_it_is_free() {
        let overflow = [0_u8, 0, 0, 9, 1, 2, 3, 4];
        assert_eq!(without_remains(&overflow, 7, &HashMap::new()), None);
        assert_eq!(without_remains(&overflow, 7, &HashMap::from([(7, 0)])), Some(vec![0; 8]));
        // One that lists others keeps what it lists.
        let listed = HashMap::from([(7, 6)]);
        assert_eq!(without_remains(&overflow, 7, &listed), Some(vec![0, 0, 0, 9, 1, 2, 0, 0]));
    }

    #[test]
    fn a_file_whose_pages_are_mapped_is_known() {
        for (kind, known) in [("NONE", false), ("FULL", true), ("INCREMENTAL", true)] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("file.db");
            let db = Connection::open(&path).unwrap();
            let made = format!("PRAGMA auto_vacuum = {kind}; CREATE TABLE one (id INTEGER);");
            db.execute_batch(&made).unwrap();
            assert_eq!(is_mapped(&std::fs::read(&path).unwrap()), known, "{kind}");
        }
    }

    #[test]
    fn a_page_that_makes_no_sense_is_left_alone() {
        for (at, value) in [(3, u16::MAX), (5, 3), (5, u16::MAX)] {
            let mut page = leaf();
            page[at..at + 2].copy_from_slice(&value.to_be_bytes());
            assert_eq!(without_remains(&page, 7, &HashMap::new()), None, "{at}");
        }
        // Gaps that lead backwards, or out of the page.
        for size in [3_u16, 60] {
            let mut page = leaf();
            page[50..52].copy_from_slice(&size.to_be_bytes());
            let clean = without_remains(&page, 7, &HashMap::new()).unwrap();
            assert_eq!(clean[48..], page[48..]);
        }
    }
}
