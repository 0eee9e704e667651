//! The whole order that a command answered, kept for who sends the same request again. It was half
//! of what an order wrote: most of it is the names of fields and words that every order has. Those
//! stand in a dictionary, and only the rest in the row.

use std::cell::RefCell;
use std::io::Read;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};
use zstd::bulk::Compressor;
use zstd::stream::read::Decoder;
use zstd::zstd_safe::CParameter;

use crate::core::error::{Error, Result};

/// An order as it is answered. Replies of three days are read with it, so an update never changes
/// it: one that fits newer orders better comes beside it, with an id by which zstd tells them apart.
/// Fields that are not in it cost their length, no more.
const DICTIONARY: &[u8] = include_bytes!("kept_reply.json");
/// A level below 1 leaves out the code by frequency, which costs more than it saves where nearly all is
/// found in the dictionary.
const LEVEL: i32 = -3;

thread_local! {
    /// The writer's own: the dictionary is prepared once.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

/// A whole order, as small as it is kept.
pub(super) fn pack(order: &str) -> Result<Vec<u8>> {
    PACKER.with_borrow_mut(|packer| {
        let packer = match packer {
            Some(packer) => packer,
            None => packer.insert(new_packer().map_err(Error::internal)?),
        };
        packer.compress(order.as_bytes()).map_err(Error::internal)
    })
}

fn new_packer() -> std::io::Result<Compressor<'static>> {
    let mut packer = Compressor::with_dictionary(LEVEL, DICTIONARY)?;
    // Read with another dictionary, it is an error and not another order.
    packer.set_parameter(CParameter::ChecksumFlag(true))?;
    Ok(packer)
}

fn unpack(packed: &[u8]) -> std::io::Result<String> {
    let mut text = String::new();
    Decoder::with_dictionary(packed, DICTIONARY)?.read_to_string(&mut text)?;
    Ok(text)
}

/// The whole order that was kept with an event. Earlier versions kept short ones as text.
pub(super) fn of_event(connection: &Connection, seq: i64) -> Result<Option<Arc<str>>> {
    type Kept = (Option<Arc<str>>, Option<Vec<u8>>);
    let kept: Option<Kept> = connection
        .prepare_cached("SELECT order_json, order_packed FROM events WHERE seq = ?1")?
        .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((None, Some(packed))) = kept else { return Ok(kept.and_then(|(text, _)| text)) };
    Ok(Some(unpack(&packed).map_err(Error::internal)?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_comes_again_as_it_was() {
        let sample = String::from_utf8(DICTIONARY.to_vec()).unwrap();
        for text in ["", "{}", "{\"id\":7,\"notes\":\"Ёлки, 火\"}", &sample, &sample.repeat(100)]
        {
            assert_eq!(unpack(&pack(text).unwrap()).unwrap(), text);
        }
    }

    /// As the versions before wrote them: without a dictionary.
    #[test]
    fn replies_of_the_version_before_are_read() {
        let packed = zstd::encode_all(DICTIONARY, 1).unwrap();
        assert_eq!(unpack(&packed).unwrap().as_bytes(), DICTIONARY);
    }

    #[test]
    fn a_reply_that_is_broken_is_no_other_reply() {
        let mut packed = pack("a reply that is long enough to have a checksum").unwrap();
        *packed.last_mut().unwrap() ^= 1;
        assert!(unpack(&packed).is_err());
    }
}
