//! A port for a process that tells nobody where it listens.

use std::hash::{BuildHasher, RandomState};
use std::net::TcpListener;

/// The system lends none of these to a connection or to who asks for any port, so one that is free
/// now still is when a box has been killed and starts again.
const NEVER_LENT: std::ops::Range<u16> = 12_000..32_000;

/// One on which nothing listens, at random: other tests look for theirs at the same time.
pub fn free_port() -> u16 {
    let (first, count) = (NEVER_LENT.start, u64::from(NEVER_LENT.end - NEVER_LENT.start));
    let random = RandomState::new();
    (0..count)
        .map(|at| first + u16::try_from(random.hash_one(at) % count).unwrap())
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}
