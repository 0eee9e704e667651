//! Notes of an order that come together from several hands. No SQL, no clock.

use std::collections::HashSet;

/// The most characters that the notes of an order have, as [`crate::core::kernel::fields::Notes`] says.
pub const MAX_NOTES: usize = 1000;

/// Two notes as one: what is new stands below, and no line says the same twice.
pub fn joined(old: Option<&String>, new: Option<&String>) -> Option<String> {
    let (Some(old), Some(new)) = (old, new) else { return old.or(new).cloned() };
    let mut said: HashSet<&str> = old.lines().collect();
    let more = new.lines().filter(|line| said.insert(*line));
    Some(std::iter::once(old.as_str()).chain(more).collect::<Vec<_>>().join("\n"))
}

/// The same for orders that become one: guests at two tables cannot be sent away for long notes,
/// so the end is left out. The order that ended keeps its own whole.
pub fn joined_within_limit(old: Option<&String>, new: Option<&String>) -> Option<String> {
    let notes = joined(old, new)?;
    if notes.chars().count() <= MAX_NOTES {
        return Some(notes);
    }
    Some(notes.chars().take(MAX_NOTES - 1).chain(['…']).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn join(old: &str, new: &str) -> String {
        joined(Some(&old.to_owned()), Some(&new.to_owned())).unwrap_or_default()
    }

    #[test]
    fn what_is_said_already_is_not_said_again() {
        assert_eq!(join("birthday", "birthday"), "birthday");
        assert_eq!(
            join("birthday\nno nuts", "no nuts\nby the window"),
            "birthday\nno nuts\nby the window"
        );
        assert_eq!(joined(None, Some(&"quick".to_owned())), Some("quick".into()));
        assert_eq!(joined(None, None), None);
    }

    proptest! {
        #[test]
        fn notes_have_an_end(mut notes in "[aж\n]{0,900}", more in prop::collection::vec("[bю\n]{0,900}", 1..5)) {
            for new in more {
                notes = joined_within_limit(Some(&notes), Some(&new)).unwrap_or_default();
                prop_assert!(notes.chars().count() <= MAX_NOTES);
            }
        }
    }
}
