//! Devices that are not there: programs of their own, to try things out on, to show and to test.
//!
//! Nothing of the box stands in them and nothing of them in the box, or a mistake made once would be
//! made on both ends of the wire and no test would see it.

pub mod fiscal;
