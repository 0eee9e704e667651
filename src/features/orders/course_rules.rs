//! In which order the courses of a table go to the kitchen: what goes with sending, what is held, and
//! what the house fires by itself. No SQL, no clock.

use super::states::ItemStatus;
use super::types::OrderItem;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::kernel::fields::Course;

/// A line as its course sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paced {
    /// With which course it is served; none: as it is ready.
    pub course: Option<Course>,
    /// Where it stands.
    pub status: ItemStatus,
    /// Whether the kitchen was told to make it.
    pub is_fired: bool,
    /// When it was served.
    pub served_at: Option<Timestamp>,
    /// Whether a person took it back from the kitchen. Only what the house fires by itself asks.
    pub is_held_by_hand: bool,
}

impl Paced {
    /// A line that is about to be sent.
    pub fn new(course: Option<Course>) -> Self {
        let status = ItemStatus::New;
        Self { course, status, is_fired: false, served_at: None, is_held_by_hand: false }
    }

    fn is_held(&self) -> bool {
        self.status == ItemStatus::Held
    }

    /// Whether it is still to come to the table.
    fn is_open(&self) -> bool {
        !matches!(self.status, ItemStatus::Served | ItemStatus::Cancelled)
    }

    fn is_before(&self, course: Course) -> bool {
        self.course.is_some_and(|own| own < course)
    }
}

impl From<&OrderItem> for Paced {
    fn from(item: &OrderItem) -> Self {
        Self {
            course: item.course,
            status: item.status,
            is_fired: item.sent_to_kitchen_at.is_some(),
            served_at: item.served_at,
            is_held_by_hand: false,
        }
    }
}

/// The lines of an order as their courses see them.
pub fn paced(items: &[OrderItem]) -> Vec<Paced> {
    items.iter().map(Paced::from).collect()
}

/// Whether a line of this course goes to the kitchen when it is sent. `lines`: all of its order, with
/// those that are sent with it. What has no course goes; so does the first course that there is, and
/// one to which the table has come already. All else waits for what is before it.
pub fn goes_at_once(course: Option<Course>, lines: &[Paced]) -> bool {
    let Some(course) = course else { return true };
    if is_held(course, lines) {
        return false;
    }
    let is_next = !lines.iter().any(|line| line.is_before(course) && line.is_open());
    is_next || is_reached(course, lines)
}

/// Whether a line that is held goes to the kitchen when it is put into this course. `others`: all of
/// its order but itself.
pub fn goes_where_put(course: Option<Course>, others: &[Paced]) -> bool {
    course.is_none_or(|course| !is_held(course, others) && is_reached(course, others))
}

fn is_held(course: Course, lines: &[Paced]) -> bool {
    lines.iter().any(|line| line.course == Some(course) && line.is_held())
}

/// Whether something of a course, or of a later one, was fired.
fn is_reached(course: Course, lines: &[Paced]) -> bool {
    lines.iter().any(|line| line.is_fired && line.course >= Some(course))
}

/// The course that the house fires now by itself: the first that is held, so many minutes after the
/// last of what comes before it was served. None where a person holds it, or nothing was served yet.
pub fn due(lines: &[Paced], minutes: i64, now: Timestamp) -> Option<Course> {
    let held = || lines.iter().filter(|line| line.is_held());
    let next = held().filter_map(|line| line.course).min()?;
    let before = || lines.iter().filter(|line| line.is_before(next));
    let is_by_hand = held().any(|line| line.course == Some(next) && line.is_held_by_hand);
    if is_by_hand || before().any(Paced::is_open) {
        return None;
    }
    let last = before().filter_map(|line| line.served_at).max()?;
    (last.plus_minutes(minutes) <= now).then_some(next)
}

/// Whether a line can be put into another course.
///
/// # Errors
/// 409 once the kitchen was told to make it, or it is off the bill.
pub fn check_put(item: &OrderItem) -> Result<()> {
    if matches!(item.status, ItemStatus::New | ItemStatus::Held) {
        return Ok(());
    }
    let dish = item.dish_name.as_str();
    let detail = format!(
        "“{dish}” has gone to the kitchen, so its course is not changed any more. Hold its course first."
    );
    Err(Error::conflict("course_fired", detail).with("dish", dish))
}

/// Whether what was fired can be held again: nobody has begun any of it.
///
/// # Errors
/// 409 that names what was begun.
pub fn check_hold<'a>(items: impl IntoIterator<Item = &'a OrderItem>) -> Result<()> {
    let is_begun = |item: &OrderItem| {
        item.preparation_started_at.is_some() && item.status != ItemStatus::Cancelled
            || matches!(item.status, ItemStatus::Ready | ItemStatus::Served)
    };
    let Some(begun) = items.into_iter().find(|item| is_begun(item)) else { return Ok(()) };
    let dish = begun.dish_name.as_str();
    let detail = format!("The kitchen has begun “{dish}”: this course is not held any more.");
    Err(Error::conflict("course_begun", detail).with("dish", dish))
}

/// Whether an order may be completed: what is held was ordered, and nobody was told to make it.
///
/// # Errors
/// 400 that names the course.
pub fn check_complete(number: i64, items: &[OrderItem]) -> Result<()> {
    let mut held = items.iter().filter(|item| item.status == ItemStatus::Held);
    let Some(item) = held.next() else { return Ok(()) };
    let (course, dish) = (item.course.map_or(0, Course::get), item.dish_name.as_str());
    let detail = format!(
        "Course {course} of order {number} is still held (“{dish}”). Fire it, or take it off first."
    );
    Err(Error::rule("course_held", detail)
        .with("number", number)
        .with("course", course)
        .with("dish", dish))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::Index;

    use ItemStatus::{Cancelled, Held, InPreparation, New, Ready, Served};

    fn course(number: i64) -> Option<Course> {
        Course::new(number).ok()
    }

    /// A line of a course (0: none).
    fn line(number: i64, status: ItemStatus) -> Paced {
        let is_fired = matches!(status, InPreparation | Ready | Served);
        Paced { status, is_fired, ..Paced::new(course(number)) }
    }

    fn served(number: i64, minute: i64) -> Paced {
        let served_at = Some(Timestamp::default().plus_minutes(minute));
        Paced { served_at, ..line(number, Served) }
    }

    #[test]
    fn the_first_course_that_there_is_goes_with_sending() {
        let voided = Paced { is_fired: true, ..line(2, Cancelled) };
        for (lines, sent, expected) in [
            (vec![], 0, true),
            (vec![line(2, New)], 2, true),
            (vec![line(1, New), line(3, New)], 3, false),
            (vec![line(1, New), line(2, New), line(3, New)], 2, false),
            // What has no course goes, whatever else is there.
            (vec![line(1, New), line(0, New)], 0, true),
            // A course to which the table has come is joined.
            (vec![line(1, Ready), line(2, InPreparation), line(3, Held)], 2, true),
            (vec![line(1, Ready), line(2, InPreparation), line(3, Held)], 1, true),
            (vec![line(1, Ready), line(2, InPreparation), line(3, Held)], 3, false),
            (vec![line(1, Ready), voided], 2, true),
            // Nothing is left to wait for.
            (vec![line(1, Served), line(2, Served)], 3, true),
            (vec![line(1, Served), line(2, Cancelled)], 3, true),
            (vec![line(1, Served), line(2, Ready)], 3, false),
            // It waits with its own course, and does not overtake it.
            (vec![line(1, Served), line(2, Held)], 2, false),
            (vec![line(1, Served), line(2, Held)], 3, false),
            (vec![line(2, Held)], 1, true),
            // Somebody has fired the third before the second.
            (vec![line(2, Held), line(3, InPreparation)], 2, false),
            (vec![line(2, Held), line(3, InPreparation)], 3, true),
        ] {
            assert_eq!(goes_at_once(course(sent), &lines), expected, "{sent} to {lines:?}");
        }
    }

    #[test]
    fn a_held_line_goes_when_it_is_put_where_the_table_is() {
        for (others, to, expected) in [
            (vec![line(1, Ready)], 0, true),
            (vec![line(1, Ready)], 1, true),
            (vec![line(1, Served)], 1, true),
            // Put later it stays, also where it is the only one.
            (vec![line(1, Served)], 3, false),
            (vec![], 2, false),
            (vec![line(1, Held)], 1, false),
            (vec![line(1, InPreparation), line(1, Held)], 1, false),
        ] {
            assert_eq!(goes_where_put(course(to), &others), expected, "{to} beside {others:?}");
        }
    }

    #[test]
    fn the_house_fires_some_minutes_after_the_one_before_was_served() {
        let by_hand = Paced { is_held_by_hand: true, ..line(2, Held) };
        for (lines, minute, expected) in [
            (vec![served(1, 10), line(2, Held)], 14, None),
            (vec![served(1, 10), line(2, Held)], 15, course(2)),
            (vec![served(1, 10), served(1, 12), line(2, Held)], 16, None),
            (vec![served(1, 10), line(1, Ready), line(2, Held)], 60, None),
            (vec![served(1, 10), line(1, New), line(2, Held)], 60, None),
            (vec![served(1, 10), line(1, Cancelled), line(2, Held)], 15, course(2)),
            (vec![served(1, 10), line(0, Ready), line(3, Held), line(2, Held)], 15, course(2)),
            // Nothing was served before it, or a person holds it.
            (vec![line(1, Held)], 60, None),
            (vec![served(0, 10), line(2, Held)], 60, None),
            (vec![served(1, 10), line(2, Held), by_hand], 60, None),
            (vec![served(1, 10), served(2, 11)], 60, None),
        ] {
            let now = Timestamp::default().plus_minutes(minute);
            assert_eq!(due(&lines, 5, now), expected, "minute {minute}: {lines:?}");
        }
    }

    /// What happens to two tables.
    #[derive(Debug, Clone)]
    enum Deed {
        Send(bool, Vec<i64>),
        Fire(bool, i64),
        Hold(bool, i64),
        ServeAll(bool),
        TakeOff(bool, Index),
        Put(bool, Index, i64),
        Move(bool, Index),
        Join(bool),
        Wait(bool),
    }

    fn deed() -> impl Strategy<Value = Deed> {
        let at = any::<bool>;
        let number = || 0..4_i64;
        prop_oneof![
            4 => (at(), prop::collection::vec(number(), 1..4)).prop_map(|(t, c)| Deed::Send(t, c)),
            2 => (at(), number()).prop_map(|(t, c)| Deed::Fire(t, c)),
            1 => (at(), number()).prop_map(|(t, c)| Deed::Hold(t, c)),
            2 => at().prop_map(Deed::ServeAll),
            1 => (at(), any::<Index>()).prop_map(|(t, i)| Deed::TakeOff(t, i)),
            1 => (at(), any::<Index>(), number()).prop_map(|(t, i, c)| Deed::Put(t, i, c)),
            1 => (at(), any::<Index>()).prop_map(|(t, i)| Deed::Move(t, i)),
            1 => at().prop_map(Deed::Join),
            2 => at().prop_map(Deed::Wait),
        ]
    }

    /// A line, and how often it was fired and held again.
    #[derive(Debug, Clone)]
    struct Told {
        line: Paced,
        fired: usize,
        held: usize,
    }

    #[derive(Debug, Default)]
    struct House {
        tables: [Vec<Told>; 2],
    }

    impl House {
        fn lines(&self, table: usize) -> Vec<Paced> {
            self.tables[table].iter().map(|told| told.line).collect()
        }

        /// Fires a line. Where no person said so, nothing before it may wait, unless the table had
        /// come as far before.
        fn fire(&mut self, table: usize, at: usize, before: &[Paced], is_said: bool) {
            let told = &mut self.tables[table][at];
            assert!(!told.line.is_fired, "fired twice: {told:?}");
            let own = told.line.course;
            let overtakes = own.is_some_and(|own| {
                before
                    .iter()
                    .any(|other| other.is_before(own) && !other.is_fired && other.is_open())
            });
            let came = before.iter().any(|other| other.is_fired && other.course >= own);
            assert!(is_said || !overtakes || came, "{told:?} overtakes {before:?}");
            (told.line.status, told.line.is_fired, told.fired) =
                (InPreparation, true, told.fired + 1);
            told.line.is_held_by_hand = false;
        }

        fn fire_course(&mut self, table: usize, fired: Option<Course>, is_said: bool) {
            let before = self.lines(table);
            for at in 0..before.len() {
                if before[at].is_held() && before[at].course == fired {
                    self.fire(table, at, &before, is_said);
                }
            }
        }

        fn send(&mut self, table: usize, courses: &[i64]) {
            let new = courses.iter().map(|number| Paced::new(course(*number)));
            let first = self.tables[table].len();
            self.tables[table].extend(new.map(|line| Told { line, fired: 0, held: 0 }));
            let all = self.lines(table);
            for at in first..all.len() {
                if goes_at_once(all[at].course, &all) {
                    self.fire(table, at, &all, false);
                } else {
                    self.tables[table][at].line.status = Held;
                }
            }
        }

        fn do_it(&mut self, deed: &Deed, minute: i64) {
            match deed {
                Deed::Send(table, courses) => self.send(usize::from(*table), courses),
                Deed::Fire(table, number) => {
                    self.fire_course(usize::from(*table), course(*number), true);
                }
                Deed::Hold(table, number) => {
                    let lines = &mut self.tables[usize::from(*table)];
                    let own = |told: &&mut Told| told.line.course == course(*number);
                    for told in
                        lines.iter_mut().filter(|told| told.line.course.is_some()).filter(own)
                    {
                        if told.line.status == InPreparation {
                            (told.line.status, told.line.is_fired) = (Held, false);
                            (told.line.is_held_by_hand, told.held) = (true, told.held + 1);
                        }
                    }
                }
                Deed::ServeAll(table) => {
                    for told in &mut self.tables[usize::from(*table)] {
                        if told.line.status == InPreparation {
                            told.line.status = Served;
                            told.line.served_at = Some(Timestamp::default().plus_minutes(minute));
                        }
                    }
                }
                Deed::Wait(table) => {
                    let table = usize::from(*table);
                    let now = Timestamp::default().plus_minutes(minute);
                    if let Some(next) = due(&self.lines(table), 1, now) {
                        self.fire_course(table, Some(next), false);
                    }
                }
                Deed::TakeOff(table, index) => {
                    let lines = &mut self.tables[usize::from(*table)];
                    if !lines.is_empty() {
                        let at = index.index(lines.len());
                        let line = &mut lines[at].line;
                        line.status = if line.is_open() { Cancelled } else { line.status };
                    }
                }
                Deed::Put(table, index, number) => self.put(usize::from(*table), *index, *number),
                Deed::Move(from, index) => {
                    let lines = &mut self.tables[usize::from(*from)];
                    if !lines.is_empty() {
                        let gone = lines.remove(index.index(lines.len()));
                        self.tables[usize::from(!*from)].push(gone);
                    }
                }
                Deed::Join(from) => {
                    let gone = std::mem::take(&mut self.tables[usize::from(*from)]);
                    self.tables[usize::from(!*from)].extend(gone);
                }
            }
        }

        fn put(&mut self, table: usize, index: Index, number: i64) {
            let count = self.tables[table].len();
            if count == 0 || !self.tables[table][index.index(count)].line.is_held() {
                return;
            }
            let at = index.index(count);
            self.tables[table][at].line.course = course(number);
            let mut others = self.lines(table);
            others.remove(at);
            if goes_where_put(course(number), &others) {
                self.fire(table, at, &others, false);
            }
        }
    }

    proptest! {
        #[test]
        fn a_line_is_fired_once_and_overtakes_nothing_unless_a_person_says_so(
            deeds in prop::collection::vec(deed(), 1..40),
        ) {
            let mut house = House::default();
            for (minute, deed) in (0..).zip(&deeds) {
                house.do_it(deed, minute);
            }
            // In the end everything is fired by hand: each line as often as it was held, and once.
            for table in 0..2 {
                (1..4).for_each(|number| house.fire_course(table, course(number), true));
                for told in &house.tables[table] {
                    let is_off = told.line.status == Cancelled;
                    prop_assert!(is_off || told.fired == told.held + 1, "{:?}", told);
                    prop_assert!(told.fired <= told.held + 1, "{:?}", told);
                }
            }
        }
    }
}
