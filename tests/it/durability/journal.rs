//! What the shim wrote down, entry by entry; the form is that of `shim.c`.

use std::collections::BTreeSet;

/// Bytes before an entry's own: what, descriptor, place, length.
const HEAD_LEN: usize = 24;

/// Bytes of the write-ahead log's own header; what is written beyond it are frames.
const LOG_HEADER_LEN: u64 = 32;

/// One change, or what is needed to understand the next.
#[derive(Debug)]
pub(crate) enum Entry<'a> {
    /// A process began: no descriptor is open.
    Start,
    Open {
        fd: i32,
        is_new: bool,
        name: &'a str,
    },
    Close {
        fd: i32,
    },
    Write {
        fd: i32,
        at: u64,
        bytes: &'a [u8],
    },
    Truncate {
        fd: i32,
        len: u64,
    },
    Sync {
        fd: i32,
    },
    SyncFolder,
    Unlink {
        name: &'a str,
    },
    Rename {
        from: &'a str,
        to: &'a str,
    },
    /// An fsync failed, and what it was to write is given up.
    Forget {
        fd: i32,
    },
}

/// Every whole entry, in order; a last one that was cut short never happened.
pub(crate) fn entries(journal: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    let mut rest = journal;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_at_checked(HEAD_LEN)?;
        let len = usize::try_from(u64::from_ne_bytes(head[16..24].try_into().unwrap())).unwrap();
        let (bytes, after) = after.split_at_checked(len)?;
        rest = after;
        Some(entry(head, bytes))
    })
}

fn entry<'a>(head: &[u8], bytes: &'a [u8]) -> Entry<'a> {
    let what = u32::from_ne_bytes(head[0..4].try_into().unwrap());
    let fd = i32::from_ne_bytes(head[4..8].try_into().unwrap());
    let at = u64::from_ne_bytes(head[8..16].try_into().unwrap());
    let name = || std::str::from_utf8(bytes).unwrap();
    match what {
        1 => Entry::Start,
        2 => Entry::Open { fd, is_new: at == 1, name: name() },
        3 => Entry::Close { fd },
        4 => Entry::Write { fd, at, bytes },
        5 => Entry::Truncate { fd, len: at },
        6 => Entry::Sync { fd },
        7 => Entry::SyncFolder,
        8 => Entry::Unlink { name: name() },
        9 => {
            let (from, to) = name().split_once('/').unwrap();
            Entry::Rename { from, to }
        }
        10 => Entry::Forget { fd },
        unknown => panic!("the shim wrote {unknown}"),
    }
}

/// Leaves out every fsync of the log that ends a commit: what `synchronous=NORMAL` leaves out, and nothing else.
///
/// Before a checkpoint, and after the log's header, SQLite calls fsync in either mode: those stay.
pub(crate) fn weakened<'a>(entries: impl Iterator<Item = Entry<'a>>) -> impl Iterator<Item = Entry<'a>> {
    let (mut logs, mut end_in_frame) = (BTreeSet::new(), BTreeSet::new());
    entries.filter(move |entry| {
        match *entry {
            Entry::Open { fd, name, .. } if name.ends_with("-wal") => drop(logs.insert(fd)),
            Entry::Close { fd } => drop(logs.remove(&fd)),
            Entry::Write { fd, at, .. } if logs.contains(&fd) && at >= LOG_HEADER_LEN => {
                end_in_frame.insert(fd);
            }
            Entry::Write { fd, .. } => drop(end_in_frame.remove(&fd)),
            Entry::Sync { fd } => return !end_in_frame.remove(&fd),
            _ => {}
        }
        true
    })
}
