//! The model itself: what it must keep, and what it must be able to lose.

use std::collections::BTreeSet;

use super::*;

/// Every state that a cut can leave of these changes, as `name: bytes`.
fn states(changes: &[Entry<'_>], left: Left) -> BTreeSet<String> {
    let mut dice = Dice::new(5);
    let draws = (0..300).map(|_| {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("data");
        fs::create_dir(&folder).unwrap();
        let mut disk = Disk::new(Promise::Kept);
        for change in changes {
            disk.apply(change);
        }
        disk.cut_to(left, &folder, &mut dice);
        disk.assert_is(&folder);
        let files = disk.seen.iter().map(|(name, file)| {
            let bytes = &disk.contents[*file].seen;
            format!("{name}: {}", bytes.chunks(512).map(|sector| char::from(sector[0])).collect::<String>())
        });
        files.collect::<Vec<_>>().join(", ")
    });
    draws.collect()
}

fn set(states: &[&str]) -> BTreeSet<String> {
    states.iter().map(|state| (*state).to_owned()).collect()
}

#[test]
fn only_what_was_fsynced_is_sure() {
    let (old, new) = ([b'a'; 1024], [b'b'; 1024]);
    let mut changes = vec![
        Entry::Open { fd: 3, is_new: true, name: "f" },
        Entry::Write { fd: 3, at: 0, bytes: &old },
        Entry::Sync { fd: 3 },
    ];
    assert_eq!(states(&changes, Left::Nothing), set(&[""]), "the bytes are safe, the name is not");
    changes.push(Entry::SyncFolder);
    for left in [Left::Nothing, Left::All, Left::Torn, Left::Scattered] {
        assert_eq!(states(&changes, left), set(&["f: aa"]), "{left:?}");
    }
    changes.push(Entry::Write { fd: 3, at: 0, bytes: &new });
    assert_eq!(states(&changes, Left::Nothing), set(&["f: aa"]));
    assert_eq!(states(&changes, Left::All), set(&["f: bb"]));
    assert_eq!(states(&changes, Left::Scattered), set(&["f: aa", "f: ab", "f: ba", "f: bb"]));
    assert_eq!(states(&changes, Left::Torn), set(&["f: aa", "f: ab", "f: ba", "f: bb"]));
    changes.push(Entry::Forget { fd: 3 });
    changes.push(Entry::Sync { fd: 3 });
    assert_eq!(
        states(&changes, Left::All),
        set(&["f: aa"]),
        "an fsync that failed gives up what it was to write"
    );
}

#[test]
fn names_may_come_back_until_their_folder_is_fsynced() {
    let mut changes = vec![
        Entry::Open { fd: 3, is_new: true, name: "old" },
        Entry::Write { fd: 3, at: 0, bytes: b"o" },
        Entry::Sync { fd: 3 },
        Entry::SyncFolder,
        Entry::Rename { from: "old", to: "new" },
        Entry::Unlink { name: "new" },
    ];
    assert_eq!(states(&changes, Left::Nothing), set(&["old: o"]));
    assert_eq!(states(&changes, Left::Torn), set(&["", "new: o", "old: o"]));
    changes.push(Entry::SyncFolder);
    assert_eq!(states(&changes, Left::Torn), set(&[""]));
}

#[test]
fn a_file_that_shrank_and_grew_may_have_any_of_its_lengths() {
    let changes = [
        Entry::Open { fd: 3, is_new: true, name: "f" },
        Entry::Write { fd: 3, at: 0, bytes: &[b'a'; 1024] },
        Entry::Sync { fd: 3 },
        Entry::SyncFolder,
        Entry::Truncate { fd: 3, len: 0 },
        Entry::Write { fd: 3, at: 0, bytes: &[b'b'; 512] },
    ];
    let found = states(&changes, Left::Scattered);
    for state in ["f: ", "f: b", "f: aa", "f: ba"] {
        assert!(found.contains(state), "{state:?} is missing in {found:?}");
    }
}
