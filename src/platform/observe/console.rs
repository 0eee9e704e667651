//! The console: what one thread writes together goes out together, everything else at once.

use std::cell::RefCell;
use std::io::{self, Write};

/// What is gathered goes out at this size at the latest.
const ENOUGH: usize = 64 * 1024;

thread_local! {
    static GATHERED: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Writes all that is logged meanwhile by this thread in one piece.
pub fn together(work: impl FnOnce()) {
    GATHERED.set(Some(Vec::new()));
    work();
    let gathered = GATHERED.take().unwrap_or_default();
    let _ = io::stderr().write_all(&gathered);
}

/// Standard error, as the log writes to it.
pub struct Console;

impl Write for Console {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        GATHERED.with_borrow_mut(|gathered| {
            let Some(gathered) = gathered else { return io::stderr().write(bytes) };
            gathered.extend_from_slice(bytes);
            if gathered.len() >= ENOUGH {
                let written = io::stderr().write_all(gathered);
                gathered.clear();
                written?;
            }
            Ok(bytes.len())
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
