//! Albums as folders below `albums/`: links to their files, and an `album.json` that tells of them.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use super::link_names::{Wanted, named};
use super::links::{LinkForm, There, inode_at, look, relative};
use super::texts::OwnText;
use super::{AlbumForm, IsOver, Tended};
use crate::library::LibraryError;
use crate::library::disk::desk::Desk;
use crate::library::index::Durability;
use crate::library::index::album_facts::{self, AlbumRow};
use crate::library::index::links::{self, ALBUMS_FOLDER, LinkRow};
use crate::library::name_key::collision_key;
use crate::library::safe_name::{MAX_NAME_BYTES, SafeName};
use crate::library::scrub::slashed;
use crate::media::Role;

/// What tells of an album.
const TELLS: &str = "album.json";

/// The files of an album, where the disk holds no links.
const LISTS: &str = "photos.txt";

/// The folder of an album without a title.
const UNTITLED: &str = "Untitled";

impl Desk {
    /// Makes the folders of all albums what the index says.
    pub(super) fn tend_albums(
        &mut self,
        (form, is_over): (AlbumForm, IsOver<'_>),
        tended: &mut Tended,
    ) -> Result<(), LibraryError> {
        let albums = self.index.read(album_facts::all)?;
        if albums.is_empty() {
            return Ok(());
        }
        let form = match form {
            AlbumForm::Links => self.link_form()?,
            _ => LinkForm::Unable,
        };
        self.tend_albums_as(&albums, (form, is_over), tended)
    }

    /// The same with links of a certain form.
    pub(super) fn tend_albums_as(
        &mut self,
        albums: &[AlbumRow],
        (form, is_over): (LinkForm, IsOver<'_>),
        tended: &mut Tended,
    ) -> Result<(), LibraryError> {
        let folders = self.folders_of(albums)?;
        for (album, folder) in albums.iter().zip(&folders) {
            if is_over() {
                tended.is_cut_short = true;
                return Ok(());
            }
            self.tend_album(album, folder, form, tended)?;
        }
        Ok(())
    }

    /// The folders of these albums, one for one. Once given, a folder's name stays.
    fn folders_of(&mut self, albums: &[AlbumRow]) -> Result<Vec<String>, LibraryError> {
        let known: HashMap<i64, String> = self.index.read(links::folders)?.into_iter().collect();
        let mut taken: HashSet<String> = known.values().map(|name| collision_key(name)).collect();
        let mut folders = Vec::new();
        let mut fresh = Vec::new();
        for album in albums {
            let folder = known.get(&album.no).cloned().unwrap_or_else(|| {
                let name = free_folder(&album.told.title, &taken);
                taken.insert(collision_key(&name));
                fresh.push((album.no, name.clone()));
                name
            });
            folders.push(folder);
        }
        if !fresh.is_empty() {
            self.index.change(Durability::Process, |db| {
                let mut fresh = fresh.iter();
                fresh.try_for_each(|(album, name)| links::put_folder(db, *album, name))
            })?;
        }
        Ok(folders)
    }

    fn tend_album(
        &mut self,
        album: &AlbumRow,
        folder: &str,
        form: LinkForm,
        tended: &mut Tended,
    ) -> Result<(), LibraryError> {
        let folder = format!("{ALBUMS_FOLDER}/{folder}");
        let files = self.index.read(|db| links::files_of(db, album.no))?;
        if files.is_empty() {
            return Ok(());
        }
        let wanted = named(&files, &[TELLS, LISTS]);
        let mut texts = vec![OwnText {
            path: format!("{folder}/{TELLS}"),
            text: tells(album).into_bytes(),
        }];
        if form == LinkForm::Unable {
            texts.push(OwnText {
                path: format!("{folder}/{LISTS}"),
                text: lists(&wanted).into_bytes(),
            });
        } else {
            self.link_files(album.no, (&folder, form), &wanted, tended)?;
        }
        self.write_texts(&texts, tended)
    }

    /// Makes all links of an album, and then writes them down. Whatever an interruption leaves is recognised by where
    /// it leads.
    fn link_files(
        &mut self,
        album: i64,
        (folder, form): (&str, LinkForm),
        wanted: &[Wanted],
        tended: &mut Tended,
    ) -> Result<(), LibraryError> {
        self.prepare_folder_of(&format!("{folder}/{TELLS}"))?;
        let known = self.index.read(|db| links::of_album(db, album))?;
        let place = AlbumPlace {
            path: self.path(folder),
            form,
            by_name: known.iter().map(|row| (row.name.as_str(), row)).collect(),
            by_file: known.iter().map(|row| ((row.item, row.role), row)).collect(),
            names: wanted.iter().map(|wanted| collision_key(&wanted.name)).collect(),
        };
        let mut news = Vec::new();
        for wanted in wanted {
            let made = self.link_file(&place, wanted, tended)?;
            news.extend(made.filter(|row| place.known(row) != Some(row)));
        }
        self.drop_old_links(&place, &news)?;
        self.sync_folders()?;
        if news.is_empty() {
            return Ok(());
        }
        self.index.change(Durability::Process, |db| {
            news.iter().try_for_each(|row| links::put(db, album, row))
        })
    }

    /// Links one file under its name or, if the user has something there, under the next best. `None` if it could not be
    /// linked.
    fn link_file(
        &mut self,
        place: &AlbumPlace<'_>,
        wanted: &Wanted,
        tended: &mut Tended,
    ) -> Result<Option<LinkRow>, LibraryError> {
        let target = &wanted.file.path;
        if !self
            .path(target)
            .symlink_metadata()
            .is_ok_and(|found| found.is_file())
        {
            return Ok(None);
        }
        let second_best = second_best(wanted);
        let names = if place.names.contains(&collision_key(&second_best)) {
            vec![wanted.name.clone()]
        } else {
            vec![wanted.name.clone(), second_best]
        };
        for name in names {
            let at = place.path.join(&name);
            let there = look(&self.root, &at, target, place.by_name.get(name.as_str()).copied())
                .map_err(LibraryError::disk("look at", &at))?;
            let is_linked = match there {
                There::Link => true,
                There::Foreign => false,
                There::Nothing | There::OldLink => {
                    tended.links += 1;
                    self.put_link(place.form, (&at, target), there)?
                }
            };
            if is_linked {
                return Ok(Some(LinkRow {
                    item: wanted.file.item,
                    role: wanted.file.role,
                    name,
                    target: target.clone(),
                    inode: inode_at(&at),
                }));
            }
        }
        tracing::warn!(
            "{} has no link in {}: files that are not gphotosync's have its names",
            wanted.file.path,
            place.path.display()
        );
        Ok(None)
    }

    /// Removes links of ours whose file has another link by now, and which nobody else wants.
    fn drop_old_links(&mut self, place: &AlbumPlace<'_>, news: &[LinkRow]) -> Result<(), LibraryError> {
        for new in news {
            let old = place.known(new).filter(|old| old.name != new.name);
            let Some(old) = old.filter(|old| !place.names.contains(&collision_key(&old.name))) else {
                continue;
            };
            let at = place.path.join(&old.name);
            let there = look(&self.root, &at, &old.target, Some(old));
            let is_ours = matches!(
                there.map_err(LibraryError::disk("look at", &at))?,
                There::Link | There::OldLink
            );
            if is_ours {
                #[cfg(test)]
                crate::library::disk::fuse::burn().map_err(LibraryError::disk("remove", &at))?;
                std::fs::remove_file(&at).map_err(LibraryError::disk("remove", &at))?;
                self.touched(&place.path);
            }
        }
        Ok(())
    }
}

/// The folder of an album, and the links that were made in it.
struct AlbumPlace<'a> {
    path: PathBuf,
    form: LinkForm,
    by_name: HashMap<&'a str, &'a LinkRow>,
    by_file: HashMap<(i64, Role), &'a LinkRow>,
    /// The keys of all names that are wanted.
    names: HashSet<String>,
}

impl<'a> AlbumPlace<'a> {
    /// The link that was made to the same file.
    fn known(&self, row: &LinkRow) -> Option<&'a LinkRow> {
        self.by_file.get(&(row.item, row.role)).copied()
    }
}

/// A name for a link whose own name the user gave to something.
fn second_best(wanted: &Wanted) -> String {
    let folder = Path::new(&wanted.file.path).parent().unwrap_or(Path::new(""));
    let month = slashed(folder).replace('/', "-");
    SafeName::new(&wanted.name, None).tagged(&month, "").main
}

/// A name for the folder of an album that no other album has. The user's own folder of that name is shared: nothing in
/// it is touched.
fn free_folder(title: &str, taken: &HashSet<String>) -> String {
    let title = if title.trim().is_empty() { UNTITLED } else { title };
    let natural = SafeName::new(title, None).natural().main;
    let numbered = (2_u64..).map(|number| {
        let number = format!(" ({number})");
        let room = (0..=natural.len().min(MAX_NAME_BYTES - number.len())).rev();
        let end = room.into_iter().find(|end| natural.is_char_boundary(*end));
        format!("{}{number}", &natural[..end.unwrap_or(0)])
    });
    let mut names = std::iter::once(natural.clone()).chain(numbered);
    names
        .find(|name| !taken.contains(&collision_key(name)))
        .unwrap_or_default()
}

/// What is known of an album, for programs and people.
fn tells(album: &AlbumRow) -> String {
    let told = &album.told;
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let comments: Vec<Value> = told
        .comments
        .iter()
        .map(|comment| {
            json!({
                "text": comment.text,
                "author": text(&comment.author),
                "written": comment.written.and_then(rfc3339),
                "liked": comment.liked,
            })
        })
        .collect();
    let album = json!({
        "v": 1,
        "made_by": "gphotosync",
        "source": album.source,
        "title": told.title,
        "description": text(&told.description),
        "date": told.date.and_then(rfc3339),
        "access": text(&told.access),
        "location": text(&told.location),
        "texts": told.narratives,
        "places": told.locations,
        "comments": comments,
    });
    format!("{album:#}\n")
}

fn rfc3339(seconds: i64) -> Option<String> {
    let time = DateTime::from_timestamp(seconds, 0)?;
    Some(time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// The files of an album, one in each line, as they are reached from its folder.
fn lists(wanted: &[Wanted]) -> String {
    wanted.iter().fold(String::new(), |mut text, wanted| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", relative(&wanted.file.path));
        text
    })
}
