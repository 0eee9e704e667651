//! What becomes of a job.

use std::time::Duration;

use super::{JobKind, Outcome, Resolution, State, WhenUnknown};
use crate::core::kernel::Timestamp;

/// How a job stands from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The state.
    pub state: State,
    /// After what time the box goes on with it by itself, if it does.
    pub pause: Option<Duration>,
}

impl Next {
    /// It stands so, and the box does nothing more by itself.
    pub const fn stays(state: State) -> Self {
        Self { state, pause: None }
    }
}

/// What follows from the outcome of a job's `attempt`, counted from 1 on.
pub fn after(kind: &JobKind, attempt: u32, outcome: &Outcome) -> Next {
    let pause = pause(kind, attempt);
    let state = match (outcome, pause) {
        (Outcome::Done, _) => return Next::stays(State::Done),
        (Outcome::Failed(_), _) | (Outcome::NotYet(_), None) => return Next::stays(State::Failed),
        (Outcome::NotYet(_), Some(_)) => State::Waiting,
        (Outcome::Unknown(_), None) if kind.when_unknown == WhenUnknown::Repeat => {
            return Next::stays(State::Failed);
        }
        (Outcome::Unknown(_), _) if kind.when_unknown == WhenUnknown::Person => {
            return Next::stays(State::Unknown);
        }
        (Outcome::Unknown(_), _) => State::Unknown,
    };
    Next { state, pause }
}

/// The pause after an attempt; none when there is to be no further one.
fn pause(kind: &JobKind, attempt: u32) -> Option<Duration> {
    let place = usize::try_from(attempt.checked_sub(1)?).ok()?;
    kind.pauses.get(place).copied()
}

/// Whether the box may begin a job that stands so.
pub fn may_begin(kind: &JobKind, state: State) -> bool {
    match state {
        State::Waiting => true,
        State::Unknown => kind.when_unknown != WhenUnknown::Person,
        State::Running | State::Done | State::Failed => false,
    }
}

/// How long to wait for `next_at`. Never longer than the pause after the last attempt: the clock may
/// have been set back since.
pub fn wait(kind: &JobKind, attempts: u32, next_at: Timestamp, now: Timestamp) -> Duration {
    let left = u64::try_from(next_at.0.saturating_sub(now.0)).unwrap_or(0);
    Duration::from_millis(left).min(pause(kind, attempts).unwrap_or_default())
}

/// How a job stands after what a person said of it; none where there is nothing to say.
pub fn resolved(state: State, is: Resolution) -> Option<State> {
    match (state, is) {
        // Whoever takes a waiting job for done means another one.
        (State::Running | State::Done, _)
        | (State::Failed, Resolution::Failed)
        | (State::Waiting, Resolution::Done | Resolution::Again) => None,
        (_, Resolution::Done) => Some(State::Done),
        (_, Resolution::Again) => Some(State::Waiting),
        (_, Resolution::Failed) => Some(State::Failed),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use State::{Done, Failed, Running, Unknown, Waiting};

    const SECOND: Duration = Duration::from_secs(1);
    const MINUTE: Duration = Duration::from_mins(1);

    fn kind(when_unknown: WhenUnknown) -> JobKind {
        JobKind {
            name: "test",
            pauses: &[SECOND, MINUTE],
            limit: SECOND,
            when_unknown,
            most_waiting: 10,
        }
    }

    #[test]
    fn what_follows_from_each_outcome() {
        use WhenUnknown::{Ask, Person, Repeat};
        let why = String::new;
        let table = [
            // Outcome, then after the first attempt and after the last for each kind.
            (Outcome::Done, [Repeat, Ask, Person], (Done, false), (Done, false)),
            (Outcome::Failed(why()), [Repeat, Ask, Person], (Failed, false), (Failed, false)),
            (Outcome::NotYet(why()), [Repeat, Ask, Person], (Waiting, true), (Failed, false)),
            (Outcome::Unknown(why()), [Repeat; 3], (Unknown, true), (Failed, false)),
            // Never guessed: when nobody could tell often enough, a person must.
            (Outcome::Unknown(why()), [Ask; 3], (Unknown, true), (Unknown, false)),
            (Outcome::Unknown(why()), [Person; 3], (Unknown, false), (Unknown, false)),
        ];
        for (outcome, policies, first, last) in table {
            for policy in policies {
                let follows = |attempt| {
                    let next = after(&kind(policy), attempt, &outcome);
                    (next.state, next.pause.is_some())
                };
                let (begun, ended) = (follows(1), follows(3));
                assert_eq!((begun, ended), (first, last), "{outcome:?} {policy:?}");
            }
        }
    }

    #[test]
    fn pauses_go_by_their_table() {
        let pauses = [1, 2, 3, 4].map(|attempt| {
            after(&kind(WhenUnknown::Repeat), attempt, &Outcome::NotYet(String::new())).pause
        });
        assert_eq!(pauses, [Some(SECOND), Some(MINUTE), None, None]);
    }

    #[test]
    fn only_a_person_says_how_it_ended_where_it_must_not_be_done_twice() {
        for state in State::ALL {
            let begins = [WhenUnknown::Repeat, WhenUnknown::Ask, WhenUnknown::Person]
                .map(|policy| may_begin(&kind(policy), state));
            let expected = match state {
                Waiting => [true; 3],
                Unknown => [true, true, false],
                Running | Done | Failed => [false; 3],
            };
            assert_eq!(begins, expected, "{state:?}");
        }
    }

    #[test]
    fn what_a_person_may_say() {
        use Resolution::{Again, Done as WasDone, Failed as GivenUp};
        for (state, done, again, given_up) in [
            (Waiting, None, None, Some(Failed)),
            (Running, None, None, None),
            (Unknown, Some(Done), Some(Waiting), Some(Failed)),
            (Done, None, None, None),
            (Failed, Some(Done), Some(Waiting), None),
        ] {
            let said = [WasDone, Again, GivenUp].map(|is| resolved(state, is));
            assert_eq!(said, [done, again, given_up], "{state:?}");
        }
    }

    proptest! {
        /// A clock that leaps, either way, neither puts a job off for years nor makes it come in
        /// a tight loop that its table does not say.
        #[test]
        fn no_clock_makes_a_job_wait_longer_than_its_pause(
            attempts in 0..5_u32,
            next_at in any::<i64>(),
            now in any::<i64>(),
        ) {
            let kind = kind(WhenUnknown::Repeat);
            let waits = wait(&kind, attempts, Timestamp(next_at), Timestamp(now));
            prop_assert!(waits <= pause(&kind, attempts).unwrap_or_default());
        }

        /// However it goes, a job comes to an end, or to a person, after as many attempts as its
        /// table allows.
        #[test]
        fn every_job_comes_to_an_end(unknown in prop::collection::vec(any::<bool>(), 3), who in 0..3) {
            let policy = [WhenUnknown::Repeat, WhenUnknown::Ask, WhenUnknown::Person];
            let kind = kind(policy[usize::try_from(who).unwrap()]);
            let mut last = Next::stays(Waiting);
            for (attempt, is_unknown) in (1..).zip(unknown) {
                let why = String::new();
                let outcome = if is_unknown { Outcome::Unknown(why) } else { Outcome::NotYet(why) };
                last = after(&kind, attempt, &outcome);
                prop_assert!(last.state != Waiting || last.pause.is_some());
                if last.pause.is_none() {
                    break;
                }
            }
            prop_assert!(last.pause.is_none() && matches!(last.state, Failed | Unknown));
        }
    }
}
