//! The box's time (docs/adr/0037). The only place that reads the wall clock, beside the log.
//!
//! Many boxes have no clock battery, and whoever sets a clock may err. So the wall clock is
//! followed, but not blindly: small steps back are waited out; a start that finds it behind what is
//! stored goes on from there; and a clock that somebody sets back while the box runs is believed.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::core::kernel::Timestamp;

/// A clock that shows an earlier time was never set: 2026-01-01.
pub const EARLIEST: Timestamp = Timestamp(1_767_225_600_000);

/// A step back of so many milliseconds is waited out: the box's time holds still.
const SMALL: i64 = 60_000;
/// So far behind what is stored a clock may be that lost time while the box was off, in
/// milliseconds. When it is further behind, what is stored is of a clock that ran ahead.
const LOST: i64 = 31 * 24 * 3_600_000;

/// Both clocks of the machine at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// What the wall clock shows.
    pub wall: Timestamp,
    /// The monotonic clock, in milliseconds from wherever.
    pub monotonic: i64,
}

/// What an admin should hear of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockNews {
    /// It was far ahead, and was set back: the box's time went back with it.
    SetBack {
        /// The box's time before.
        from: Timestamp,
        /// And after.
        to: Timestamp,
    },
    /// It is behind what is stored: the box's time goes on from there.
    Behind {
        /// The box's time.
        time: Timestamp,
        /// What the clock shows.
        wall: Timestamp,
    },
}

/// The box's time, as it follows from the readings.
#[derive(Debug, Default)]
pub struct Clock {
    /// What was told last.
    told: Timestamp,
    seen: Option<Reading>,
    /// Since the wall clock is not followed: the box's time at a moment of the monotonic clock.
    own: Option<Reading>,
    news: Option<ClockNews>,
}

impl Clock {
    /// A clock that follows the wall.
    pub const fn new() -> Self {
        Self { told: Timestamp(0), seen: None, own: None, news: None }
    }

    /// Begins with the last moment that is stored: nothing is to happen before it.
    pub fn begin_after(&mut self, stored: Timestamp, reading: Reading) {
        let behind = stored.0 - reading.wall.0;
        if behind > LOST && reading.wall >= EARLIEST {
            self.news = Some(ClockNews::SetBack { from: stored, to: reading.wall });
        } else {
            self.told = self.told.max(stored);
            if behind > SMALL {
                self.go_on_from(self.told, reading);
            }
        }
        self.seen = Some(reading);
    }

    /// The box's time at a reading.
    pub fn tell(&mut self, reading: Reading) -> Timestamp {
        let Reading { wall, monotonic } = reading;
        let seen = self.seen.replace(reading).unwrap_or(reading);
        let passed = monotonic - seen.monotonic;
        if let Some(own) = self.own {
            let time = Timestamp(own.wall.0 + monotonic - own.monotonic);
            let was_set = (wall.0 - seen.wall.0 - passed).abs() > SMALL && wall >= EARLIEST;
            if wall < time && !was_set {
                self.told = time;
                return time;
            }
            self.own = None;
        }
        let behind = self.told.0 - wall.0;
        if behind <= 0 {
            self.told = wall;
        } else if behind > SMALL && wall >= EARLIEST {
            self.news = Some(ClockNews::SetBack { from: self.told, to: wall });
            self.told = wall;
        } else if behind > SMALL {
            self.told = Timestamp(self.told.0 + passed);
            self.go_on_from(self.told, reading);
        }
        self.told
    }

    fn go_on_from(&mut self, time: Timestamp, Reading { wall, monotonic }: Reading) {
        self.own = Some(Reading { wall: time, monotonic });
        self.news = Some(ClockNews::Behind { time, wall });
    }
}

static CLOCK: Mutex<Clock> = Mutex::new(Clock::new());
static START: LazyLock<Instant> = LazyLock::new(Instant::now);
/// By how many milliseconds tests have set the wall clock.
static SET: AtomicI64 = AtomicI64::new(0);

fn clock() -> MutexGuard<'static, Clock> {
    CLOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

fn reading() -> Reading {
    let millis = |duration: std::time::Duration| i64::try_from(duration.as_millis());
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let wall = millis(wall).unwrap_or(i64::MAX / 2) + SET.load(Ordering::Relaxed);
    Reading { wall: Timestamp(wall), monotonic: millis(START.elapsed()).unwrap_or(i64::MAX / 2) }
}

/// The box's time now. Durations are measured by the monotonic clock instead.
pub fn now() -> Timestamp {
    let mut clock = clock();
    clock.tell(reading())
}

/// The monotonic clock in milliseconds, counted from some moment of this run of the program.
pub fn since_start() -> i64 {
    reading().monotonic
}

/// The box's time goes on from the last moment that is stored.
pub fn begin_after(stored: Timestamp) {
    let mut clock = clock();
    clock.begin_after(stored, reading());
}

/// What is new of the clock, once.
pub fn take_news() -> Option<ClockNews> {
    clock().news.take()
}

/// What began later than this began by a clock that ran ahead: it is not good now.
pub fn newest(now: Timestamp) -> Timestamp {
    Timestamp(now.0 + SMALL)
}

/// As if somebody had set the wall clock, by so many milliseconds from what it shows. For tests
/// that have the process to themselves.
#[doc(hidden)]
pub fn set_for_tests(ahead: i64) {
    SET.store(ahead, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 24 * 3_600_000;
    const YEAR: i64 = 365 * DAY;
    const NOON: i64 = EARLIEST.0 + YEAR;

    fn at(wall: i64, monotonic: i64) -> Reading {
        Reading { wall: Timestamp(wall), monotonic }
    }

    fn begun(stored: i64, wall: i64) -> Clock {
        let mut clock = Clock::new();
        clock.begin_after(Timestamp(stored), at(wall, 0));
        clock
    }

    /// What it tells at readings, one second of the monotonic clock apart.
    fn told(clock: &mut Clock, walls: &[i64]) -> Vec<i64> {
        let readings = walls.iter().zip(1..).map(|(wall, second)| at(*wall, second * 1000));
        readings.map(|reading| clock.tell(reading).0).collect()
    }

    #[test]
    fn small_steps_back_are_waited_out() {
        let mut clock = begun(0, NOON);
        let walls = [NOON + 1000, NOON - 20_000, NOON - 500, NOON + 1500];
        assert_eq!(told(&mut clock, &walls), [NOON + 1000, NOON + 1000, NOON + 1000, NOON + 1500]);
        assert_eq!(clock.news, None);
    }

    // F10: after a jump of ten years and back everything was of 2036 until a restart.
    #[test]
    fn a_jump_ahead_ends_when_the_clock_is_set_right() {
        let mut clock = begun(NOON - 1000, NOON);
        let ahead = NOON + 10 * YEAR;
        assert_eq!(told(&mut clock, &[NOON, ahead, NOON + 2000]), [NOON, ahead, NOON + 2000]);
        let news = ClockNews::SetBack { from: Timestamp(ahead), to: Timestamp(NOON + 2000) };
        assert_eq!(clock.news, Some(news));
        // The same over a restart.
        let mut clock = begun(ahead, NOON);
        assert_eq!(told(&mut clock, &[NOON + 1000]), [NOON + 1000]);
    }

    // B9: after a restart with the clock set back an order was paid before it was placed.
    #[test]
    fn a_start_behind_what_is_stored_goes_on_from_there() {
        let (stored, wall) = (NOON, NOON - 3 * DAY);
        let mut clock = begun(stored, wall);
        assert_eq!(told(&mut clock, &[wall + 1000, wall + 2000]), [stored + 1000, stored + 2000]);
        let news = ClockNews::Behind { time: Timestamp(stored), wall: Timestamp(wall) };
        assert_eq!(clock.news, Some(news));
        // Somebody sets it: whatever it shows then is believed.
        for set in [stored + 5000, stored + DAY, wall - DAY] {
            let mut clock = begun(stored, wall);
            assert_eq!(told(&mut clock, &[wall + 1000, set]), [stored + 1000, set]);
        }
    }

    #[test]
    fn a_clock_that_was_never_set_is_not_believed() {
        let mut clock = begun(NOON, 1000);
        assert_eq!(told(&mut clock, &[2000, 3000]), [NOON + 1000, NOON + 2000]);
        let mut clock = begun(0, NOON);
        assert_eq!(told(&mut clock, &[NOON, 0, 1000]), [NOON, NOON + 1000, NOON + 2000]);
        // A new box has nothing better.
        assert_eq!(told(&mut Clock::new(), &[1000, 2000]), [1000, 2000]);
    }

    proptest! {
        /// Whatever the wall clock does, time goes back only by a large step that is told of, and
        /// it follows the wall unless that was never set.
        #[test]
        fn time_goes_back_only_when_it_was_set(
            stored in 0..20 * YEAR,
            steps in prop::collection::vec((0..100_000_i64, -2 * YEAR..2 * YEAR, 0..3), 1..50),
        ) {
            let mut clock = begun(EARLIEST.0 + stored, NOON);
            let (mut last, mut wall, mut monotonic) = (clock.told.0.min(NOON), NOON, 0);
            for (passed, set, how) in steps {
                monotonic += passed;
                wall += passed + match how { 0 => 0, 1 => set / 1_000_000, _ => set };
                clock.news = None;
                let now = clock.tell(at(wall, monotonic)).0;
                if now < last {
                    let told = matches!(clock.news, Some(ClockNews::SetBack { .. }));
                    prop_assert!(told && last - now > SMALL && now == wall);
                }
                let follows = clock.own.is_none();
                prop_assert!(now >= wall && (!follows || now - wall <= SMALL));
                last = now;
            }
        }
    }
}
