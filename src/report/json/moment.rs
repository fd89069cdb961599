//! The periodic JSON object.

use serde::Serialize;

use super::shapes::seconds;
use crate::report::WorkerId;
use crate::report::progress::{FileState, FileView, Listing, View};

/// The periodic object.
#[derive(Debug, Serialize)]
pub(super) struct Moment {
    elapsed_seconds: f64,
    found: u64,
    listing_done: bool,
    done: u64,
    bytes: u64,
    /// Of the items that had their turn or are in flight, and of all, where these are known beforehand.
    bytes_done: Option<u64>,
    bytes_total: Option<u64>,
    /// Of archives, while they are looked through.
    bytes_indexed: Option<u64>,
    bytes_to_index: Option<u64>,
    bytes_per_second: Option<u64>,
    eta_seconds: Option<u64>,
    eta_at_least: bool,
    workers: Option<usize>,
    paused_seconds: Option<f64>,
    still_seconds: u64,
    files: Vec<File>,
}

impl Moment {
    pub(super) fn of(view: View) -> Self {
        Self {
            elapsed_seconds: seconds(view.elapsed),
            found: view.found,
            listing_done: view.listing == Listing::Done,
            done: view.done,
            bytes: view.bytes,
            bytes_done: view.sized.map(|(done, _)| done),
            bytes_total: view.sized.map(|(_, all)| all),
            bytes_indexed: view.indexing.map(|(read, _)| read),
            bytes_to_index: view.indexing.map(|(_, all)| all),
            bytes_per_second: view.rate,
            eta_seconds: view.eta.map(|eta| eta.left.as_secs()),
            eta_at_least: view.eta.is_some_and(|eta| eta.at_least),
            workers: view.workers,
            paused_seconds: view.pause.map(|pause| seconds(pause.left)),
            still_seconds: view.still.as_secs(),
            files: view.files.into_iter().filter_map(File::of).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct File {
    worker: WorkerId,
    name: String,
    bytes: u64,
    length: Option<u64>,
    waiting: bool,
}

impl File {
    fn of(file: FileView) -> Option<Self> {
        let waiting = match file.state {
            FileState::Open => false,
            FileState::Retrying(_) => true,
            FileState::Finished(_) => return None,
        };
        let FileView {
            worker,
            name,
            got,
            length,
            ..
        } = file;
        Some(Self {
            worker,
            name,
            bytes: got,
            length,
            waiting,
        })
    }
}
