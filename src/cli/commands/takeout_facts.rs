//! After an import: what the export tells of its items and albums goes into the index, and from there beside the photos.

use std::collections::HashMap;
use std::fs::File;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::failure::Failure;
use crate::cli::settings::Settings;
use crate::cli::settings::args::{AlbumsArg, SidecarsArg};
use crate::library::ItemKey;
use crate::library::disk::DiskLibrary;
use crate::library::disk::surroundings::{AlbumForm, SidecarForm, Surroundings};
use crate::library::disk::telling::Acquaintance;
use crate::media::MediaId;
use crate::source::takeout::meaning::clues::{self, MediaClues};
use crate::source::takeout::telling::Place;
use crate::source::takeout::{Import, NAME};
use crate::told::Told;

/// Items told of in one transaction: enough that it costs little, few enough that nothing else waits for long.
const BATCH: usize = 512;

/// Takes up all that the export tells, and makes what surrounds the photos what the user wants.
pub(super) async fn take_up(
    settings: &Settings,
    root: &Path,
    library: &DiskLibrary,
    import: &Arc<Import>,
) -> Result<(), Failure> {
    library.want_surroundings(wanted(settings)).await?;
    let places: Arc<[_]> = import.places().into();
    let mut keys = HashMap::new();
    for batch in places.chunks(BATCH) {
        tell(root, library, import, batch, &mut keys).await?;
    }
    describe(library, import, &places, &keys).await?;
    let albums = {
        let import = Arc::clone(import);
        super::takeout::blocking(move || import.albums(&|id| keys.get(id).copied())).await?
    };
    for export in albums {
        library.tell_albums(NAME, export).await?;
    }
    super::sync::tend_surroundings(library).await;
    Ok(())
}

const fn wanted(settings: &Settings) -> Surroundings {
    Surroundings {
        albums: match settings.export.albums.value {
            AlbumsArg::Links => AlbumForm::Links,
            AlbumsArg::List => AlbumForm::Lists,
            AlbumsArg::None => AlbumForm::Nothing,
        },
        sidecars: match settings.export.sidecars.value {
            SidecarsArg::Xmp => SidecarForm::Xmp,
            SidecarsArg::Json | SidecarsArg::None => SidecarForm::Nothing,
        },
    }
}

/// Tells of some items, but for their descriptions. Only files of which the time was never told, or is told better
/// now, are looked into.
async fn tell(
    root: &Path,
    library: &DiskLibrary,
    import: &Arc<Import>,
    batch: &[(Place, MediaId)],
    keys: &mut HashMap<MediaId, ItemKey>,
) -> Result<(), Failure> {
    let ids = batch.iter().map(|(_, id)| id.clone()).collect();
    let known = library.acquaintances(NAME, ids).await?;
    let looking = |((place, _), known): (&(Place, MediaId), &Option<Acquaintance>)| {
        let known = known
            .as_ref()
            .filter(|known| import.knows_time_better(*place, known.time_by))?;
        known.path.as_ref().map(|path| root.join(path))
    };
    let paths: Vec<Option<PathBuf>> = batch.iter().zip(&known).map(looking).collect();
    let seen = super::takeout::blocking(move || looked(&paths)).await?;
    let mut told = Vec::new();
    for (((place, id), known), seen) in batch.iter().zip(known).zip(seen) {
        if let Some(known) = known {
            keys.insert(id.clone(), known.key);
            told.push((known.key, import.told(*place, id, seen.as_ref())));
        }
    }
    library.tell(told).await?;
    Ok(())
}

/// What files tell of themselves, looked into on all cores.
fn looked(paths: &[Option<PathBuf>]) -> Vec<Option<MediaClues>> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = paths.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let hands: Vec<_> = paths
            .chunks(share)
            .map(|share| {
                scope.spawn(move || share.iter().map(|path| look(path.as_deref())).collect::<Vec<_>>())
            })
            .collect();
        hands
            .into_iter()
            .flat_map(|hand| hand.join().unwrap_or_default())
            .collect()
    })
}

/// What cannot be read tells nothing.
fn look(path: Option<&Path>) -> Option<MediaClues> {
    File::open(path?).ok().map(clues::read)
}

/// Tells of descriptions. They are many and long, so they are handed over as they are read.
async fn describe(
    library: &DiskLibrary,
    import: &Arc<Import>,
    places: &Arc<[(Place, MediaId)]>,
    keys: &HashMap<MediaId, ItemKey>,
) -> Result<(), Failure> {
    let (sender, mut batches) = tokio::sync::mpsc::channel::<Vec<(Place, String)>>(1);
    let (reading, wanted) = (Arc::clone(import), Arc::clone(places));
    let reader = tokio::task::spawn_blocking(move || {
        let mut batch = Vec::new();
        let read = reading.descriptions(&wanted, &mut |place, text| {
            batch.push((place, text));
            let is_full = batch.len() >= BATCH;
            if is_full && sender.blocking_send(std::mem::take(&mut batch)).is_err() {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        // Nobody listens any more when the library failed, which is told elsewhere.
        drop(sender.blocking_send(batch));
        read
    });
    let ids: HashMap<Place, &MediaId> = places.iter().map(|(place, id)| (*place, id)).collect();
    while let Some(batch) = batches.recv().await {
        let told = batch.into_iter().filter_map(|(place, description)| {
            let key = *keys.get(*ids.get(&place)?)?;
            let told = Told {
                description,
                ..Told::default()
            };
            Some((key, told))
        });
        library.tell(told.collect()).await?;
    }
    if let Ok(Err(fault)) = reader.await {
        tracing::error!(
            "some descriptions could not be read again, for a part {fault}; the next import tries again"
        );
    }
    Ok(())
}
