//! Google Takeout: a whole library in original quality, read straight from the parts as Google delivers them.
//!
//! [`reading::read`] looks through all parts and understands them; what comes out is an [`Import`], which knows every
//! item, and [`Takeout`], the source that brings their bytes.

pub(crate) mod archive;
mod bytes_of;
mod enlisting;
mod glances;
mod import;
mod listed;
pub(crate) mod meaning;
mod passes;
pub(crate) mod reading;
mod remarks;
mod skimming;
mod spool;
mod tally;
pub(crate) mod telling;
mod wishes;
mod witness;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};

use self::bytes_of::Opener;
pub(crate) use self::import::Import;
pub(crate) use self::remarks::shortened;
pub(crate) use self::tally::{EntryBuckets, EntryFate, Fates};
pub(crate) use self::wishes::{Kept, Wishes};
pub(crate) use self::witness::Witness;
use super::{Batch, Content, Resume, Source, SourceError, SourceErrorKind};
use crate::media::{MediaItem, Role};

/// The name of this source, and of the items in the index that came from it.
pub(crate) const NAME: &str = "takeout";

/// Items are shown to the library in batches of this size: enough that a transaction for each costs little, few enough
/// that the first bytes flow at once.
const BATCH: usize = 200;

/// The items of the parts that were read.
#[derive(Clone)]
pub(crate) struct Takeout {
    import: Arc<Import>,
    opener: Arc<Opener>,
}

impl fmt::Debug for Takeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Takeout").finish_non_exhaustive()
    }
}

impl Takeout {
    /// The source of what was read. `witness` is who hears what becomes of items; files of tgz parts whose turn comes
    /// later are kept below `spool` meanwhile.
    pub(crate) fn new(import: Arc<Import>, witness: &Arc<Witness>, spool: &std::path::Path) -> Self {
        let opener = Arc::new(Opener::new(Arc::clone(&import), spool));
        witness.tell(&opener);
        Self { import, opener }
    }
}

#[async_trait]
impl Source for Takeout {
    fn name(&self) -> &'static str {
        NAME
    }

    fn list(&self) -> BoxStream<'static, Result<Batch, SourceError>> {
        let import = Arc::clone(&self.import);
        stream::iter((0..self.import.len()).step_by(BATCH))
            .map(move |from| {
                let to = (from + BATCH).min(import.len());
                Ok(Batch::Items((from..to).map(|at| import.media_item(at)).collect()))
            })
            .boxed()
    }

    async fn open(&self, item: &MediaItem, role: Role, _: &Resume) -> Result<Content, SourceError> {
        let at = self.import.find(&item.id).ok_or_else(unknown)?;
        let file = self.import.file(at, role).ok_or_else(unknown)?;
        if file.size == 0 {
            return Err(SourceError::new(
                SourceErrorKind::Gone,
                "it is empty in the export, as Google delivered it",
            ));
        }
        Ok(Content {
            start: 0,
            length: Some(file.size),
            content_type: None,
            etag: None,
            chunks: self.opener.open(file),
        })
    }
}

fn unknown() -> SourceError {
    SourceError::new(SourceErrorKind::Unexpected, "it is not in the parts")
}
