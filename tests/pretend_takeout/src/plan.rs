//! From items to entries: which file lies in which folder under which name, and what belongs together.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _};

use crate::Settings;
use crate::doubt::Families;
use crate::item::{Draw, Edited, Home, Item, Stated};
use crate::language::Words;
use crate::media::Format;
use crate::naming::{Folder, Shape, album_folder};
use crate::sidecar;
use crate::titles::{self, Title};
use crate::truth::{Album, Media, Role, TimeFrom, Truth};

/// What an entry holds.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// The media file with this place in the truth.
    Media(usize),
    /// The sidecar of this item.
    Sidecar(u32),
    /// A text.
    Text(String),
    /// A picture of another product, which is no photo of the account.
    Foreign,
}

/// One entry to be written.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Below `Takeout/`.
    pub(crate) path: String,
    pub(crate) what: What,
}

/// Everything to be written, and the truth about it but for sizes and parts.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) items: Vec<Item>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) truth: Truth,
}

/// A folder, the items in it, and whether only their sidecars are.
#[derive(Debug, Default)]
struct Place {
    items: Vec<u32>,
    album: Option<usize>,
    has_only_sidecars: bool,
}

/// An item as it was named in a folder: its place, the number in its name, its main file and its sidecar.
type Named = (u32, u32, Option<String>, Option<String>);

pub(crate) fn plan(settings: &Settings, dice: &mut fastrand::Rng) -> Plan {
    let words = settings.language.words(settings.has_english_years);
    let titles = album_titles(settings.albums, &words);
    let mut plan = Plan {
        items: items(settings, titles.len(), dice),
        ..Plan::default()
    };
    for (folder, place) in plan.places(&words, &titles, dice) {
        let path = format!("{}/{folder}", words.product);
        if let Some(album) = place.album {
            plan.add_album(&path, &titles[album], &place, &words);
        }
        plan.fill(&path, place, &words);
    }
    plan.add_rest(&words);
    plan
}

fn items(settings: &Settings, albums: usize, dice: &mut fastrand::Rng) -> Vec<Item> {
    let mut draw = Draw {
        dice,
        bytes_each: settings.bytes_each,
        albums,
        new_sidecars: settings.new_sidecars,
    };
    let mut items = Vec::new();
    while items.len() < settings.items as usize {
        let number = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let item = draw.item(number);
        if item.shape == titles::Shape::SidecarsCollide {
            items.push(twin(&item, number + 1));
        }
        items.push(item);
    }
    items
}

/// The item whose sidecar collides with `item`'s and whose media file does not.
fn twin(item: &Item, number: u32) -> Item {
    let mut twin = item.clone();
    let last = if item.title.stem.ends_with('a') { "c" } else { "d" };
    let kept = &item.title.stem[..item.title.stem.len() - 1];
    twin.title = Title::of(&format!("{kept}{last}{}", item.title.ending));
    twin.snapshot.seed = u64::from(number) | 1 << 40;
    twin
}

/// Some alike, some long, some with characters that a folder cannot have, one without any.
fn album_titles(count: u32, words: &Words) -> Vec<String> {
    let title = |number: u32| match number % 8 {
        0 => format!("Trip {}", number / 16),
        1 => format!("Gary's birthday & more {number}"),
        2 => format!("New Zealand / {number} North Island"),
        3 => format!("{number} {}", "sehr langer Titel ".repeat(4)),
        4 => format!("{} {number}", words.untitled),
        5 => format!("2003 - Viaje {number}"),
        6 => String::new(),
        _ => format!("Été 🏖️ {number}"),
    };
    (0..count).map(title).collect()
}

impl Plan {
    fn places(&self, words: &Words, titles: &[String], dice: &mut fastrand::Rng) -> BTreeMap<String, Place> {
        let mut places: BTreeMap<String, Place> = BTreeMap::new();
        let albums = album_folders(titles, words);
        for (album, folder) in albums.iter().enumerate() {
            places.insert(
                folder.clone(),
                Place {
                    album: Some(album),
                    has_only_sidecars: dice.u32(0..10) == 0,
                    ..Place::default()
                },
            );
        }
        for (number, item) in (0..).zip(&self.items) {
            places
                .entry(home_folder(item, words))
                .or_default()
                .items
                .push(number);
            for album in &item.albums {
                places
                    .entry(albums[*album].clone())
                    .or_default()
                    .items
                    .push(number);
            }
        }
        places
    }

    fn add_album(&mut self, folder: &str, title: &str, place: &Place, words: &Words) {
        let number = place.album.unwrap_or_default();
        let mut add = |name: &str, text: String| {
            self.entries.push(Entry {
                path: format!("{folder}/{name}"),
                what: What::Text(text),
            });
        };
        add(words.album, sidecar::of_album(title, number));
        if number % 8 == 1 {
            add("shared_album_comments.json", sidecar::of_comments());
        }
        self.truth.albums.push(Album {
            folder: folder.to_owned(),
            title: title.to_owned(),
            only_sidecars: if place.has_only_sidecars {
                place.items.clone()
            } else {
                Vec::new()
            },
        });
    }

    /// Names everything in one folder, as Google does: shorter titles first.
    fn fill(&mut self, folder: &str, mut place: Place, words: &Words) {
        place.items.sort_by_cached_key(|number| {
            let title = &self.items[*number as usize].title.text;
            (title.encode_utf16().count(), title.clone(), *number)
        });
        let mut names = Folder::default();
        let is_album = place.album.is_some();
        let mut mains = Vec::new();
        let (first, mut families) = (self.truth.media.len(), Families::default());
        for number in place.items {
            let item = &self.items[number as usize];
            let sidecar = item.sidecar.map(|style| Shape::sidecar(&item.title.text, style));
            let sidecar = sidecar.map(|shape| {
                let count = names.number(&shape);
                let name = item.title.forms.sidecar.of(shape.numbered(count));
                (count, format!("{folder}/{name}"))
            });
            let main = Shape::media(&item.title.stem, "", &item.title.ending);
            let has_media = !place.has_only_sidecars && (is_album || item.has_media);
            let is_alone = item.second.as_ref().is_some_and(|clip| clip.is_alone);
            let count = (has_media && !is_alone).then(|| names.number(&main));
            families.add(number, &main, (count, sidecar.as_ref().map(|sidecar| sidecar.0)));
            let main = count.map(|count| (count, item.title.forms.media.of(main.numbered(count))));
            let sidecar = sidecar.map(|(_, path)| path);
            if let Some(path) = &sidecar {
                self.add_sidecar(path, number, has_media);
            }
            if let Some((count, name)) = main {
                let path = format!("{folder}/{name}");
                self.add_media(
                    number,
                    Role::Main,
                    path.clone(),
                    (None, sidecar.clone(), is_album.then_some(folder)),
                );
                mains.push((number, count, Some(path), sidecar));
            } else if has_media {
                mains.push((number, 0, None, sidecar));
            }
        }
        for main in mains {
            self.add_companions(folder, main, &mut names, (words, is_album));
        }
        families.judge(&mut self.truth.media[first..], &self.items);
    }

    fn add_sidecar(&mut self, path: &str, number: u32, has_media: bool) {
        self.entries.push(Entry {
            path: path.to_owned(),
            what: What::Sidecar(number),
        });
        if !has_media && self.items[number as usize].albums.is_empty() {
            self.truth.lonely_sidecars.push(path.to_owned());
        }
    }

    fn add_companions(
        &mut self,
        folder: &str,
        (number, count, main, sidecar): Named,
        names: &mut Folder,
        (words, is_album): (&Words, bool),
    ) {
        let item = &self.items[number as usize];
        let stem = item.title.stem.clone();
        let clip = item.second.as_ref().map(|second| {
            let stem = stem.strip_suffix(second.ending).unwrap_or(&stem);
            (Role::Clip, Shape::media(stem, "", second.ending), count)
        });
        let edited = item.edited.map(|edited| {
            let (word, count) = match edited {
                Edited::Once => (words.edited, count),
                Edited::Again => (words.edited, count + 1),
                Edited::ByGoogle(word) => (word, count),
            };
            let word = format!("-{word}");
            (
                Role::Edited,
                Shape::media(&stem, &word, &item.title.ending),
                count,
            )
        });
        let own = Shape::media(&stem, "", &item.title.ending);
        let form = item.title.forms.media;
        for (role, shape, count) in clip.into_iter().chain(edited) {
            // The word may be cut off wholly, and nothing but a number left to tell the two apart. Where Google's own
            // way of numbering is not known, the export goes without that file.
            let name = match main {
                Some(_) if shape != own => names.claim(&shape, count),
                _ => Some(shape.numbered(names.number(&shape))),
            };
            if let Some(name) = name {
                let album = is_album.then_some(folder);
                let of = (main.clone(), sidecar.clone(), album);
                self.add_media(number, role, format!("{folder}/{}", form.of(name)), of);
            }
        }
    }

    fn add_media(
        &mut self,
        number: u32,
        role: Role,
        path: String,
        (belongs_to, sidecar, album): (Option<String>, Option<String>, Option<&str>),
    ) {
        let item = &self.items[number as usize];
        let (taken, taken_from) = right_time(item, sidecar.is_some());
        self.entries.push(Entry {
            path: path.clone(),
            what: What::Media(self.truth.media.len()),
        });
        self.truth.media.push(Media {
            part: String::new(),
            path,
            sidecar,
            item: number,
            role,
            belongs_to,
            taken,
            taken_from,
            can_be_told: true,
            title: item.title.text.clone(),
            album: album.map(str::to_owned),
            home: home_name(item.home),
            shape: format!("{:?}", item.shape),
            size: 0,
            crc32: 0,
        });
    }

    /// What else lies in an export: files of the product that are no sidecars, and files of other products.
    fn add_rest(&mut self, words: &Words) {
        let product = words.product;
        let text = |path: String, text: String| Entry {
            path,
            what: What::Text(text),
        };
        self.entries.extend([
            text(
                format!("{product}/user-generated-memory-titles.json"),
                sidecar::of_memories(),
            ),
            text(format!("{product}/print-subscriptions.json"), sidecar::of_order()),
            text(format!("{product}/leer.json"), "{}".to_owned()),
            text(
                "archive_browser.html".to_owned(),
                "<!DOCTYPE html><title>Google Takeout</title>".repeat(50),
            ),
            Entry {
                path: "Drive/holiday plan.jpg".to_owned(),
                what: What::Foreign,
            },
        ]);
        let mains = self.truth.media.iter().filter(|media| media.role == Role::Main);
        let mut items: Vec<_> = mains.map(|media| media.item).collect();
        items.sort_unstable();
        items.dedup();
        self.truth.items = u32::try_from(items.len()).unwrap_or(u32::MAX);
    }
}

fn right_time(item: &Item, has_sidecar: bool) -> (Option<i64>, TimeFrom) {
    match item.stated {
        Stated::At(taken) | Stated::Corrected(taken) if has_sidecar => (Some(taken), TimeFrom::Sidecar),
        _ => match item.snapshot.taken {
            Some(taken) if item.title.format != Format::Gif => (Some(taken), TimeFrom::File),
            _ => (None, TimeFrom::Folder),
        },
    }
}

/// The second album of one folder gets a number, whatever its title.
fn album_folders(titles: &[String], words: &Words) -> Vec<String> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    titles
        .iter()
        .map(|title| {
            let title = if title.is_empty() { words.untitled } else { title };
            let folder = album_folder(title);
            let count = seen.entry(folder.clone()).or_default();
            *count += 1;
            match *count {
                1 => folder,
                more => format!("{folder}({})", more - 1),
            }
        })
        .collect()
}

fn home_folder(item: &Item, words: &Words) -> String {
    match item.home {
        Home::Archive => words.archive.to_owned(),
        Home::Trash => words.trash.to_owned(),
        Home::Locked => words.locked.to_owned(),
        Home::Failed => words.failed.to_owned(),
        Home::Year => {
            let year = DateTime::from_timestamp(item.taken, 0).unwrap_or_default().year();
            format!("{}{year}{}", words.year.0, words.year.1)
        }
    }
}

const fn home_name(home: Home) -> &'static str {
    match home {
        Home::Year => "year",
        Home::Archive => "archive",
        Home::Trash => "trash",
        Home::Locked => "locked",
        Home::Failed => "failed",
    }
}
