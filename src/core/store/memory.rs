//! What the writer remembers of the database from one command to the next: what is asked for again
//! and again and seldom changes. It is forgotten as soon as a row changes of which it was read.

use std::any::Any;
use std::cell::{RefCell, RefMut};

use super::changes::{ChangeTracker, Touched};

/// The writer's memory. By type: each is one feature's own.
#[derive(Default)]
pub(super) struct Memory(RefCell<Vec<Remembered>>);

struct Remembered {
    what: Box<dyn Any + Send>,
    /// The tables of which it was read.
    of: Touched,
}

impl Memory {
    /// What is remembered of type `T`, which is read of `tables` and of nothing else. None while the
    /// batch has touched them: what is read then may still be taken back.
    pub(super) fn of<T: Default + Send + 'static>(
        &self,
        tables: &[&str],
        tracker: &ChangeTracker,
    ) -> Option<RefMut<'_, T>> {
        let mut all = self.0.borrow_mut();
        let at = if let Some(at) = all.iter().position(|one| one.what.is::<T>()) {
            at
        } else {
            let of = tracker.bits(tables)?;
            all.push(Remembered { what: Box::new(T::default()), of });
            all.len() - 1
        };
        if tracker.touched().meets(all[at].of) {
            return None;
        }
        RefMut::filter_map(all, |all| all[at].what.downcast_mut()).ok()
    }

    /// Forgets what was read of tables that a batch has touched, however it ended.
    pub(super) fn forget(&self, touched: Touched) {
        self.0.borrow_mut().retain(|one| !touched.meets(one.of));
    }
}

/// Of which tables statements read: what is remembered of them is forgotten with those, so no other may
/// be among them.
///
/// # Panics
/// When one of them is none.
#[cfg(test)]
pub fn tables_read(statements: &[&str]) -> std::collections::BTreeSet<String> {
    use std::sync::{Arc, Mutex};

    use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

    use super::with_newest_schema;

    let read = Arc::new(Mutex::new(std::collections::BTreeSet::new()));
    let noted = Arc::clone(&read);
    with_newest_schema(|db| {
        db.authorizer(Some(move |context: AuthContext<'_>| {
            if let AuthAction::Read { table_name, .. } = context.action {
                noted.lock().unwrap().insert(table_name.to_owned());
            }
            Authorization::Allow
        }))?;
        statements.iter().try_for_each(|sql| Ok(db.prepare(sql).map(drop)?))
    })
    .unwrap();
    let read = read.lock().unwrap();
    read.clone()
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::super::tables::{CopiedTable, NO_TABLES, Tables};
    use super::*;

    fn dishes() -> &'static Tables {
        let copied = CopiedTable { code: 1, name: "dishes", secret: &[] };
        Box::leak(Box::new(Tables::new([copied], ["others"])))
    }

    fn database() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE TABLE dishes (id INTEGER PRIMARY KEY, n INTEGER) STRICT;
             CREATE TABLE others (id INTEGER PRIMARY KEY) STRICT;
             CREATE TABLE changes (seq INTEGER PRIMARY KEY);
             CREATE TABLE cloud_state (pushed_seq INTEGER);",
        )
        .unwrap();
        db
    }

    #[test]
    fn what_was_read_is_forgotten_when_its_table_changes() {
        let db = database();
        let tracker = ChangeTracker::attach(&db, dishes()).unwrap();
        let memory = Memory::default();
        let of = || memory.of::<Vec<i64>>(&["dishes"], &tracker);
        let next_batch = || {
            memory.forget(tracker.touched());
            tracker.begin();
        };
        of().unwrap().push(7);
        db.execute("INSERT INTO others VALUES (1)", []).unwrap();
        next_batch();
        assert_eq!(*of().unwrap(), [7], "another table's rows are not its business");
        for sql in [
            "INSERT INTO dishes VALUES (1, 1)",
            "UPDATE dishes SET n = 2",
            "DELETE FROM dishes WHERE n",
        ] {
            of().unwrap().push(7);
            db.execute_batch(&format!("SAVEPOINT s; {sql}; ROLLBACK TO s; RELEASE s")).unwrap();
            assert!(of().is_none(), "{sql}: what is read now may not stay");
            next_batch();
            assert!(of().unwrap().is_empty(), "{sql}");
            db.execute(sql, []).unwrap();
            next_batch();
        }
    }

    #[test]
    fn nothing_is_remembered_of_tables_that_nobody_hears_of() {
        let (memory, tracker) = (Memory::default(), ChangeTracker::deaf(&NO_TABLES));
        assert!(memory.of::<Vec<i64>>(&["dishes"], &tracker).is_none());
    }
}
