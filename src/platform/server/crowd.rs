//! The open connections: so many in all, so many from one address. A new one that finds no room
//! takes the place of the one that was idle longest, so a thousand sockets that ask for nothing
//! keep nobody out; whoever lost an idle connection opens another one unasked.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use crate::platform::security::client_net;

/// The most connections, in all and from one address (it may be sixty phones behind one router).
const MOST: usize = 1024;
const FROM_ONE_ADDRESS: usize = 512;

/// The open connections.
#[derive(Default)]
pub struct Crowd(Mutex<Seats>);

#[derive(Default)]
struct Seats {
    taken: HashMap<u64, Taken>,
    next: u64,
}

struct Taken {
    from: IpAddr,
    idle: Arc<Idle>,
    leave: CancellationToken,
}

/// Since when nothing is asked or answered on a connection, in nanoseconds since the box began to
/// count; 0 while something is. Noted twice a request, so without a lock.
struct Idle(AtomicU64);

impl Idle {
    fn begin(&self) {
        static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
        let now = u64::try_from(BEGAN.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.0.store(now.max(1), Ordering::Relaxed);
    }

    fn end(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    fn since(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|since| *since > 0)
    }
}

/// One connection's place; free again when it is dropped.
pub struct Seat {
    crowd: Arc<Crowd>,
    id: u64,
    idle: Arc<Idle>,
    /// Cancelled when another one needs the place.
    pub leave: CancellationToken,
}

/// A request that is answered; counts while it lives.
pub struct Busy(Arc<Seat>);

impl Crowd {
    /// A place for one more connection; none when all the others are busy.
    pub fn enter(self: &Arc<Self>, from: IpAddr) -> Option<Arc<Seat>> {
        let from = client_net(from);
        let leave = CancellationToken::new();
        let mut seats = self.seats();
        let is_full = seats.taken.len() >= MOST;
        let of_it = seats.taken.values().filter(|taken| taken.from == from);
        let is_crowd = is_full || seats.taken.len() >= FROM_ONE_ADDRESS;
        let has_its_share = is_crowd && of_it.count() >= FROM_ONE_ADDRESS;
        if is_full || has_its_share {
            seats.make_room(has_its_share.then_some(from))?;
        }
        let id = seats.next;
        seats.next += 1;
        let idle = Arc::new(Idle(AtomicU64::new(0)));
        idle.begin();
        let taken = Taken { from, idle: Arc::clone(&idle), leave: leave.clone() };
        seats.taken.insert(id, taken);
        drop(seats);
        Some(Arc::new(Seat { crowd: Arc::clone(self), id, idle, leave }))
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seats {
    /// Sends the connection away that was idle longest; `of` is the address it must be of.
    fn make_room(&mut self, of: Option<IpAddr>) -> Option<()> {
        let idle = self.taken.iter().filter(|(_, taken)| of.is_none_or(|of| of == taken.from));
        let idle = idle.filter_map(|(id, taken)| Some((taken.idle.since()?, *id)));
        let (_, id) = idle.min()?;
        self.taken.remove(&id)?.leave.cancel();
        Some(())
    }
}

impl Seat {
    /// Notes that something is asked; until the returned note is dropped.
    pub fn is_busy(self: &Arc<Self>) -> Busy {
        self.idle.end();
        Busy(Arc::clone(self))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.idle.begin();
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.crowd.seats().taken.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(n: usize) -> IpAddr {
        IpAddr::from(u32::try_from(n).unwrap().to_be_bytes())
    }

    #[test]
    fn the_idle_make_room_and_the_busy_do_not() {
        let crowd = Arc::new(Crowd::default());
        let first = crowd.enter(address(1)).unwrap();
        let busy = first.is_busy();
        let mut seats: Vec<_> =
            (1..FROM_ONE_ADDRESS).map(|_| crowd.enter(address(1)).unwrap()).collect();
        assert!(!seats[0].leave.is_cancelled());
        let one_more = crowd.enter(address(1)).unwrap();
        assert!(seats[0].leave.is_cancelled(), "the one that was idle longest");
        assert!(!first.leave.is_cancelled() && !one_more.leave.is_cancelled());
        seats.extend((seats.len()..MOST + 200).map(|n| crowd.enter(address(1000 + n)).unwrap()));
        assert_eq!(crowd.seats().taken.len(), MOST);
        assert!(!first.leave.is_cancelled(), "what is answered is answered to its end");
        drop(busy);
        drop((first, one_more, seats));
        assert!(crowd.seats().taken.is_empty());
    }

    #[test]
    fn where_all_are_busy_nobody_is_let_in() {
        let crowd = Arc::new(Crowd::default());
        let seats: Vec<_> = (0..MOST).map(|n| crowd.enter(address(n)).unwrap()).collect();
        let busy: Vec<_> = seats.iter().map(Seat::is_busy).collect();
        assert!(crowd.enter(address(5000)).is_none());
        drop(busy);
        assert!(crowd.enter(address(5000)).is_some());
    }
}
