//! What surrounds the photos: links in the folders of albums, sidecars, and other texts. All of it is made from the
//! index after a run, follows its files when they are renamed, and can be made again.
//!
//! Whatever is in the way and not gphotosync's own stays as it is.

mod albums;
mod link_names;
mod links;
mod sidecars;
mod texts;

#[cfg(test)]
mod tests;

pub(crate) use self::sidecars::ExportedJson;
use self::sidecars::Scope;
use super::DiskLibrary;
use super::desk::{Desk, OWN_FOLDER};
use crate::library::LibraryError;
use crate::library::disk::abilities;
use crate::library::index::{Durability, settings};

/// How albums appear on disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AlbumForm {
    /// As links, in the best form that the disk can hold; where it holds none, as lists.
    #[default]
    Links,
    /// As lists of files.
    Lists,
    /// Not at all.
    Nothing,
}

/// What stands beside photos about which something is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SidecarForm {
    /// An XMP file.
    #[default]
    Xmp,
    /// What an export tells, byte for byte. Only an import can make it, for only the export has it.
    Json,
    /// Nothing.
    Nothing,
}

/// What the user wants around the photos. It is remembered, so that a later run of any source keeps to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Surroundings {
    pub(crate) albums: AlbumForm,
    pub(crate) sidecars: SidecarForm,
}

/// What was changed around the photos.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tended {
    /// Links made or led elsewhere.
    pub(crate) links: u64,
    /// Sidecars, lists and `album.json` written.
    pub(crate) texts: u64,
    /// Sidecars that followed their photos.
    pub(crate) moved: u64,
    /// Texts that were to be written where the user has one of their own.
    pub(crate) kept: u64,
    /// Somebody wanted it to end before all was done; the next time goes on.
    pub(crate) is_cut_short: bool,
}

/// Asked between batches: whether no more is to be done.
pub(super) type IsOver<'a> = &'a dyn Fn() -> bool;

/// The forms by the words they are remembered as.
const ALBUM_FORMS: [(AlbumForm, &str); 3] = [
    (AlbumForm::Links, "links"),
    (AlbumForm::Lists, "list"),
    (AlbumForm::Nothing, "none"),
];
const SIDECAR_FORMS: [(SidecarForm, &str); 3] = [
    (SidecarForm::Xmp, "xmp"),
    (SidecarForm::Json, "json"),
    (SidecarForm::Nothing, "none"),
];

impl DiskLibrary {
    /// Makes what surrounds the photos what the index says. Called after a run, when all files have their names.
    pub(crate) async fn tend_surroundings(&self) -> Result<Tended, LibraryError> {
        self.tend_surroundings_until(|| false).await
    }

    /// The same, until `is_over` says so: it is asked between batches. What is done by then is kept.
    pub(crate) async fn tend_surroundings_until(
        &self,
        is_over: impl Fn() -> bool + Send + 'static,
    ) -> Result<Tended, LibraryError> {
        self.librarian
            .ask(move |desk| desk.tend_surroundings(&is_over))
            .await
    }

    /// Puts the JSON of exports beside photos, where nothing of the user's is in the way. Called after
    /// [`Self::tend_surroundings`], in batches; of two exports the newer one must come last.
    pub(crate) async fn put_jsons(&self, jsons: Vec<ExportedJson>) -> Result<Tended, LibraryError> {
        self.librarian.ask(move |desk| desk.write_jsons(jsons)).await
    }

    /// Remembers what the user wants around the photos.
    pub(crate) async fn want_surroundings(&self, wanted: Surroundings) -> Result<(), LibraryError> {
        let put = move |db: &rusqlite::Connection| {
            put_word(db, "albums", &ALBUM_FORMS, &wanted.albums)?;
            put_word(db, "sidecars", &SIDECAR_FORMS, &wanted.sidecars)
        };
        self.librarian
            .ask(move |desk| desk.index.change(Durability::Process, put))
            .await
    }
}

fn put_word<T: PartialEq>(
    db: &rusqlite::Connection,
    name: &str,
    forms: &[(T, &str)],
    form: &T,
) -> rusqlite::Result<()> {
    let word = forms.iter().find(|(known, _)| known == form);
    word.map_or(Ok(()), |(_, word)| settings::put(db, name, word))
}

fn word_of<T: Copy + Default>(
    db: &rusqlite::Connection,
    name: &str,
    forms: &[(T, &str)],
) -> rusqlite::Result<T> {
    let word = settings::get(db, name)?.unwrap_or_default();
    let form = forms.iter().find(|(_, known)| *known == word);
    Ok(form.map(|(form, _)| *form).unwrap_or_default())
}

impl Desk {
    fn tend_surroundings(&mut self, is_over: IsOver<'_>) -> Result<Tended, LibraryError> {
        let mut tended = Tended::default();
        if self.planning {
            return Ok(tended);
        }
        let wanted = self.index.read(|db| {
            Ok(Surroundings {
                albums: word_of(db, "albums", &ALBUM_FORMS)?,
                sidecars: word_of(db, "sidecars", &SIDECAR_FORMS)?,
            })
        })?;
        // What was made once follows its photo, whatever is wanted now.
        self.remove_orphans()?;
        self.move_sidecars(&mut tended)?;
        // An XMP sidecar that was written once would tell what is true no longer, if nobody kept it up.
        let scope = match wanted.sidecars {
            SidecarForm::Xmp => Scope::All,
            SidecarForm::Json | SidecarForm::Nothing => Scope::There,
        };
        self.write_sidecars((scope, is_over), &mut tended)?;
        if wanted.albums != AlbumForm::Nothing {
            self.tend_albums((wanted.albums, is_over), &mut tended)?;
        }
        Ok(tended)
    }

    /// What links this disk can hold.
    fn link_form(&self) -> Result<links::LinkForm, LibraryError> {
        let own = self.root.join(OWN_FOLDER);
        let able = abilities::probe(&own).map_err(LibraryError::disk("try out", &own))?;
        Ok(match able {
            able if able.symbolic_links => links::LinkForm::Symbolic,
            able if able.hard_links => links::LinkForm::Hard,
            _ => links::LinkForm::Unable,
        })
    }
}
