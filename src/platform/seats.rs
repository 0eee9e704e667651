//! The seats of the live feed. There are so many; when they are taken, whoever holds many gives one
//! up for whoever holds few, and the last ones are for staff.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How many screens may be connected at once: bounds the memory.
const SCREENS: usize = 512;
/// How many of them may be guests' phones: staff's screens find a seat whatever guests do.
const PHONES: usize = 384;

/// Who holds a seat.
#[derive(Debug, Clone, Copy)]
pub enum Holder {
    /// A member of staff, counted by the sign-in.
    Staff(Uuid),
    /// A guest, counted by the address (one that is never limited has none), and then by the phone.
    Guest(Option<IpAddr>, [u8; 32]),
}

/// Those who are connected.
#[derive(Default)]
pub struct Seats(Mutex<Taken>);

#[derive(Default)]
struct Taken {
    /// By number: the lowest came first.
    seats: BTreeMap<u64, Place>,
    next: u64,
}

struct Place {
    holder: Holder,
    role: &'static str,
    leave: CancellationToken,
}

/// A connected screen; counts while it lives.
pub struct Seat {
    seats: Arc<Seats>,
    id: u64,
    /// Cancelled when the seat is needed for somebody who has fewer.
    pub leave: CancellationToken,
}

impl Seats {
    /// A seat for a screen; none when all are taken and nobody holds more than they do.
    pub fn take(self: &Arc<Self>, holder: Holder, role: &'static str) -> Option<Seat> {
        let mut taken = self.taken();
        if taken.is_full(holder) {
            let id = taken.surplus(holder)?;
            taken.seats.remove(&id)?.leave.cancel();
        }
        let (id, leave) = (taken.next, CancellationToken::new());
        taken.next += 1;
        taken.seats.insert(id, Place { holder, role, leave: leave.clone() });
        drop(taken);
        Some(Seat { seats: Arc::clone(self), id, leave })
    }

    /// How many screens are connected.
    pub fn count(&self) -> usize {
        self.taken().seats.len()
    }

    /// How many screens are connected, by role.
    pub fn by_role(&self) -> BTreeMap<&'static str, usize> {
        let mut roles = BTreeMap::new();
        for place in self.taken().seats.values() {
            *roles.entry(place.role).or_default() += 1;
        }
        roles
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn is_full(&self, holder: Holder) -> bool {
        let is_guest = |place: &&Place| matches!(place.holder, Holder::Guest(..));
        self.seats.len() >= SCREENS
            || (matches!(holder, Holder::Guest(..))
                && self.seats.values().filter(is_guest).count() >= PHONES)
    }

    /// The seat that goes to `holder`: of the sign-in or the address that holds most, or of the
    /// phone that holds most at the same address.
    fn surplus(&self, holder: Holder) -> Option<u64> {
        let held = || self.seats.iter().map(|(id, place)| (*id, place.holder));
        match holder {
            Holder::Staff(session) => {
                let staff = held().filter_map(|(id, holder)| match holder {
                    Holder::Staff(session) => Some((id, session)),
                    Holder::Guest(..) => None,
                });
                oldest_of_the_busiest(staff, session)
            }
            Holder::Guest(net, phone) => {
                let guests = || {
                    held().filter_map(|(id, holder)| match holder {
                        Holder::Guest(net, phone) => Some((id, net, phone)),
                        Holder::Staff(_) => None,
                    })
                };
                let counted = guests().filter_map(|(id, of, _)| Some((id, Some(of?))));
                oldest_of_the_busiest(counted, net).or_else(|| {
                    let beside = guests().filter(|(_, of, _)| *of == net);
                    oldest_of_the_busiest(beside.map(|(id, _, phone)| (id, phone)), phone)
                })
            }
        }
    }
}

/// The first seat of whoever holds most, if that is still no less than what `newcomer` then holds.
fn oldest_of_the_busiest<K: Eq + Hash + Copy>(
    held: impl Iterator<Item = (u64, K)>,
    newcomer: K,
) -> Option<u64> {
    let mut counts = HashMap::<K, (usize, u64)>::new();
    for (id, key) in held {
        counts.entry(key).or_insert((0, id)).0 += 1;
    }
    let own = counts.get(&newcomer).map_or(0, |(count, _)| *count);
    let (count, id) = counts.into_values().max_by_key(|(count, id)| (*count, u64::MAX - id))?;
    (count > own + 1).then_some(id)
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.taken().seats.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest(address: u8, phone: u8) -> Holder {
        Holder::Guest(Some(IpAddr::from([10, 0, 0, address])), [phone; 32])
    }

    fn fill(seats: &Arc<Seats>, holder: Holder) -> Vec<Seat> {
        std::iter::from_fn(|| seats.take(holder, "guest")).take(2 * SCREENS).collect()
    }

    #[test]
    fn one_address_takes_no_seat_of_staff() {
        let seats = Arc::new(Seats::default());
        let all = fill(&seats, guest(1, 1));
        assert_eq!(all.len(), PHONES);
        let walls: Vec<_> = (PHONES..SCREENS)
            .map(|_| seats.take(Holder::Staff(Uuid::new_v4()), "waiter"))
            .collect();
        assert!(walls.iter().all(Option::is_some));
        assert_eq!(seats.by_role(), BTreeMap::from([("guest", PHONES), ("waiter", 128)]));
        drop(all);
        assert_eq!(seats.count(), 128);
    }

    #[test]
    fn who_holds_many_gives_way_to_who_holds_few() {
        let seats = Arc::new(Seats::default());
        let all = fill(&seats, guest(1, 1));
        let honest = seats.take(guest(2, 1), "guest").expect("another address has a seat");
        assert!(all[0].leave.is_cancelled() && !all[1].leave.is_cancelled(), "the oldest goes");
        let beside = seats.take(guest(1, 2), "guest").expect("another phone of the same address");
        assert!(all[1].leave.is_cancelled());
        assert!(seats.take(guest(1, 1), "guest").is_none(), "nobody puts out their own");
        assert!(!honest.leave.is_cancelled() && !beside.leave.is_cancelled());
        // A hundred addresses share what one had.
        let many: Vec<_> = (10..110).map(|n| seats.take(guest(n, 1), "guest").unwrap()).collect();
        assert_eq!(seats.count(), PHONES);
        assert!(many.iter().all(|seat| !seat.leave.is_cancelled()));
    }

    #[test]
    fn an_address_that_is_never_limited_gives_nothing_up_to_others() {
        let seats = Arc::new(Seats::default());
        let all = fill(&seats, Holder::Guest(None, [1; 32]));
        assert!(seats.take(guest(1, 1), "guest").is_none());
        assert!(seats.take(Holder::Guest(None, [2; 32]), "guest").is_some(), "but among its own");
        assert_eq!(all.len(), PHONES);
    }

    #[test]
    fn a_sign_in_with_many_screens_gives_way_to_one_with_none() {
        let seats = Arc::new(Seats::default());
        let (first, second) = (Uuid::new_v4(), Uuid::new_v4());
        let all = fill(&seats, Holder::Staff(first));
        assert_eq!(all.len(), SCREENS);
        assert!(seats.take(Holder::Staff(second), "kitchen").is_some());
        assert!(all[0].leave.is_cancelled());
    }
}
