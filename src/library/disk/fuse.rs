//! Crashes at any instant, for tests: from some change of the disk or the index on, every further one is refused, as
//! if the program had ended there.

use std::cell::Cell;
use std::io;

thread_local! {
    /// Changes that are still let through on this thread; `None` for all.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Lets `changes` more changes through on this thread, and then none; `None` for all.
pub(in crate::library) fn light(changes: Option<u32>) {
    LEFT.set(changes);
}

/// Called before each change.
pub(in crate::library) fn burn() -> io::Result<()> {
    match LEFT.get() {
        Some(0) => Err(io::Error::other("the fuse has blown")),
        Some(left) => {
            LEFT.set(Some(left - 1));
            Ok(())
        }
        None => Ok(()),
    }
}
