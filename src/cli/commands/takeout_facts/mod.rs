//! After an import: what the export tells of its items and albums goes into the index, and from there beside the photos.

mod looking;
mod rereading;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use self::looking::{ToLook, looked};
use self::rereading::Rereading;
use crate::cli::failure::Failure;
use crate::cli::settings::Settings;
use crate::cli::settings::choices::{AlbumsArg, SidecarsArg};
use crate::library::ItemKey;
use crate::library::disk::DiskLibrary;
use crate::library::disk::surroundings::{AlbumForm, ExportedJson, SidecarForm, Surroundings};
use crate::library::disk::telling::Acquaintance;
use crate::library::sniff::Misnamed;
use crate::shutdown::Shutdown;
use crate::source::takeout::archive::PartFault;
use crate::source::takeout::telling::Place;
use crate::source::takeout::{Import, NAME, shortened};
use crate::told::Told;

/// All items of all exports.
type Places = Arc<[Place]>;

/// What the library calls them, by their numbers in the import; none for those it does not have.
type Keys = [Option<ItemKey>];

/// Items told of in one transaction: enough that it costs little, few enough that nothing else waits for long.
const BATCH: usize = 512;

/// What came of taking up what the export tells.
#[derive(Debug, Default)]
pub(super) struct TakenUp {
    /// For each file that is not what it is called.
    pub(super) sentences: Vec<String>,
    /// The user stopped it; the next run takes up everything.
    pub(super) is_cut_short: bool,
}

impl TakenUp {
    fn cut_short(lies: Vec<(String, Misnamed)>) -> Self {
        Self {
            sentences: of_lies(lies, None),
            is_cut_short: true,
        }
    }
}

/// Takes up all that the export tells, and makes what surrounds the photos what the user wants. It ends between two
/// batches if the user stops it, and what is done by then is kept.
pub(super) async fn take_up(
    (settings, root): (&Settings, &Path),
    library: &DiskLibrary,
    import: &Arc<Import>,
    shutdown: &Shutdown,
) -> Result<TakenUp, Failure> {
    let surroundings = wanted(settings);
    library.want_surroundings(surroundings).await?;
    let places: Places = import.places().into();
    let mut keys = vec![None; import.count_of_numbers()];
    let mut lies = Vec::new();
    for batch in places.chunks(BATCH) {
        if shutdown.is_draining() {
            return Ok(TakenUp::cut_short(lies));
        }
        lies.extend(tell(root, library, import, batch, &mut keys).await?);
    }
    if describe(library, import, (&places, &keys), shutdown)
        .await?
        .is_break()
    {
        return Ok(TakenUp::cut_short(lies));
    }
    let keys: Arc<Keys> = keys.into();
    tell_albums(library, import, &keys).await?;
    let corrected = if settings.export.fix_extensions.value {
        Some(library.correct_extensions().await?)
    } else {
        None
    };
    let over = shutdown.clone();
    let tended = library.tend_surroundings_until(move || over.is_draining()).await;
    let tended = super::sync::told_of(tended);
    let mut is_cut_short = tended.is_some_and(|tended| tended.is_cut_short);
    if tended.is_some() && !is_cut_short && surroundings.sidecars == SidecarForm::Json {
        let put = put_jsons(library, import, (&places, &keys), shutdown).await?;
        is_cut_short = put.is_break();
    }
    Ok(TakenUp {
        sentences: of_lies(lies, corrected),
        is_cut_short,
    })
}

async fn tell_albums(library: &DiskLibrary, import: &Arc<Import>, keys: &Arc<Keys>) -> Result<(), Failure> {
    let albums = {
        let (import, keys) = (Arc::clone(import), Arc::clone(keys));
        super::takeout::blocking(move || import.albums(&keys)).await?
    };
    for export in albums {
        library.tell_albums(NAME, export).await?;
    }
    Ok(())
}

/// What to say of files that are not what they are called. `corrected` is how many names were corrected, if that was
/// wanted.
fn of_lies(lies: Vec<(String, Misnamed)>, corrected: Option<usize>) -> Vec<String> {
    let is_any = lies.iter().any(|(_, seen)| seen.extension.is_some());
    let told =
        |(path, seen): (String, Misnamed)| format!("{path} is {}, not what its extension says", seen.content);
    let mut sentences = shortened(lies.into_iter().map(told).collect());
    match corrected {
        Some(0) => {}
        Some(1) => sentences.push("1 file now has the extension of what it is".to_owned()),
        Some(count) => sentences.push(format!("{count} files now have the extension of what they are")),
        None if is_any => sentences.push(
            "files keep the names they came with; --fix-extensions gives them the extension of what they are"
                .to_owned(),
        ),
        None => {}
    }
    sentences
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
            SidecarsArg::Json => SidecarForm::Json,
            SidecarsArg::None => SidecarForm::Nothing,
        },
    }
}

/// Tells of some items, but for their descriptions. Only files of which the time was never told, or is told better
/// now, are looked into. Returns the path of each of these that is not what it is called.
async fn tell(
    root: &Path,
    library: &DiskLibrary,
    import: &Arc<Import>,
    batch: &[Place],
    keys: &mut Keys,
) -> Result<Vec<(String, Misnamed)>, Failure> {
    let ids = batch.iter().filter_map(|place| import.id_of(*place)).collect();
    let known = library.acquaintances(NAME, ids).await?;
    let looking = |(place, known): (&Place, &Option<Acquaintance>)| {
        let known = known.as_ref();
        let news = known.filter(|known| import.knows_time_better(*place, known.time_by));
        news.map_or_else(ToLook::new, |known| known.files.clone())
    };
    let to_look: Vec<ToLook> = batch.iter().zip(&known).map(looking).collect();
    let library_folder = root.to_owned();
    let looks = super::takeout::blocking(move || looked(&library_folder, &to_look)).await?;
    let (mut told, mut lies) = (Vec::new(), Vec::new());
    for ((place, known), look) in batch.iter().zip(known).zip(looks) {
        let Some(known) = known else {
            continue;
        };
        if let Some(key) = import.number_of(*place).and_then(|number| keys.get_mut(number)) {
            *key = Some(known.key);
        }
        let lying = look.names.iter();
        lies.extend(lying.filter_map(|(_, path, seen)| Some((path.clone(), seen.clone()?))));
        let facts = Told {
            misnamed: look
                .names
                .into_iter()
                .map(|(role, _, seen)| (role, seen))
                .collect(),
            ..import.told(*place, look.clues.as_ref())
        };
        told.push((known.key, facts));
    }
    library.tell(told).await?;
    Ok(lies)
}

/// Tells of descriptions, unless the user stops it.
async fn describe(
    library: &DiskLibrary,
    import: &Arc<Import>,
    (places, keys): (&Places, &Keys),
    shutdown: &Shutdown,
) -> Result<ControlFlow<()>, Failure> {
    let mut texts = reread(import, places, Import::descriptions);
    while let Some(batch) = texts.next().await {
        if shutdown.is_draining() {
            return Ok(ControlFlow::Break(()));
        }
        let told = batch.into_iter().filter_map(|(place, description)| {
            let told = Told {
                description,
                ..Told::default()
            };
            Some((key_of(import, keys, place)?, told))
        });
        library.tell(told.collect()).await?;
    }
    texts.end("descriptions").await;
    Ok(ControlFlow::Continue(()))
}

/// Puts what the exports tell beside the photos, byte for byte, unless the user stops it.
async fn put_jsons(
    library: &DiskLibrary,
    import: &Arc<Import>,
    (places, keys): (&Places, &Keys),
    shutdown: &Shutdown,
) -> Result<ControlFlow<()>, Failure> {
    let mut texts = reread(import, places, Import::sidecars);
    while let Some(batch) = texts.next().await {
        if shutdown.is_draining() {
            return Ok(ControlFlow::Break(()));
        }
        let jsons = batch.into_iter().filter_map(|(place, text)| {
            Some(ExportedJson {
                item: key_of(import, keys, place)?,
                export: import.export_time(place).map(str::to_owned),
                text,
            })
        });
        library.put_jsons(jsons.collect()).await?;
    }
    texts.end("sidecars").await;
    Ok(ControlFlow::Continue(()))
}

/// What the library calls an item.
fn key_of(import: &Import, keys: &Keys, place: Place) -> Option<ItemKey> {
    *keys.get(import.number_of(place)?)?
}

/// Reads texts of some places, and hands each over with its place until nobody wants more.
type ReadTexts<T> =
    fn(&Import, &[Place], &mut dyn FnMut(Place, T) -> ControlFlow<()>) -> Result<(), PartFault>;

/// Begins to read texts of the export again.
fn reread<T: AsRef<[u8]> + Send + 'static>(
    import: &Arc<Import>,
    places: &Places,
    read: ReadTexts<T>,
) -> Rereading<(Place, T)> {
    let (import, places) = (Arc::clone(import), Arc::clone(places));
    Rereading::begin(move |give| {
        read(&import, &places, &mut |place, text| {
            let length = text.as_ref().len();
            give((place, text), length)
        })
    })
}
