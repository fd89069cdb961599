//! The files of one folder while they are being paired.

use std::collections::HashMap;

use super::super::clues::Clues;
use super::super::entry::EntryId;
use super::super::extension::Class;
use super::super::facts::Facts;
use super::contents::{Contents, Evidence};
use super::forward::{Split, loose, media_name, numbered, split};
use super::rule::{Certainty, Rule};
use super::sidecar_name::fit;
use super::{MediaFile, SidecarFile};

/// A photo or video.
#[derive(Debug)]
pub(super) struct Media<'a> {
    pub(super) id: EntryId,
    pub(super) name: &'a str,
    pub(super) stem: &'a str,
    pub(super) extension: &'a str,
    pub(super) class: Class,
    pub(super) size: u64,
}

/// A sidecar.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub(super) id: EntryId,
    /// Without `.json`.
    pub(super) name: &'a str,
    pub(super) facts: &'a Facts,
    /// The title in the spelling that fits the name, if any does, else as it is.
    pub(super) title: Option<String>,
    /// The number behind the name; `None` if the name does not follow from the title.
    pub(super) number: Option<u32>,
    pub(super) is_new: bool,
}

/// A file that found its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) media: usize,
    pub(super) rule: Rule,
    pub(super) certainty: Certainty,
}

/// A sidecar, or a photo without one, and the files that belong to it.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) side: Option<usize>,
    pub(super) original: Option<Hit>,
    pub(super) half: Option<Hit>,
    pub(super) versions: Vec<Hit>,
}

/// How names are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Exact,
    Loose,
}

/// Everything in the folder, and who has found whom.
pub(super) struct Board<'a, 'c> {
    pub(super) media: Vec<Media<'a>>,
    pub(super) sides: Vec<Side<'a>>,
    /// The first ones are those of the sidecars, in their order.
    pub(super) drafts: Vec<Draft>,
    pub(super) is_placed: Vec<bool>,
    pub(super) contents: Contents<'c>,
    /// The stills by loose stem and number, once anybody asked.
    stills: Option<HashMap<(String, u32), Vec<usize>>>,
}

impl<'a, 'c> Board<'a, 'c> {
    /// Puts everything in an order that does not depend on the order of the entries.
    pub(super) fn new(
        mut media: Vec<MediaFile<'a>>,
        mut sidecars: Vec<SidecarFile<'a>>,
        clues: &'c mut dyn Clues,
    ) -> Self {
        media.sort_by_key(|file| (file.name, file.size, file.crc, file.id));
        sidecars.sort_by_key(|file| (file.name, file.size, file.crc, file.id));
        let sides: Vec<Side<'a>> = sidecars.into_iter().map(Side::new).collect();
        let drafts = (0..sides.len()).map(|side| Draft {
            side: Some(side),
            ..Draft::default()
        });
        Self {
            drafts: drafts.collect(),
            is_placed: vec![false; media.len()],
            media: media.into_iter().map(Media::new).collect(),
            sides,
            contents: Contents::new(clues),
            stills: None,
        }
    }

    /// The media that have found no place yet.
    pub(super) fn left(&self) -> Vec<usize> {
        (0..self.media.len())
            .filter(|media| !self.is_placed[*media])
            .collect()
    }

    /// The sidecars that have found no original yet.
    pub(super) fn vacant(&self) -> Vec<usize> {
        (0..self.sides.len())
            .filter(|side| self.drafts[*side].original.is_none())
            .collect()
    }

    /// Whether there is nothing more to pair.
    pub(super) fn is_settled(&self) -> bool {
        self.left().is_empty() || self.vacant().is_empty()
    }

    pub(super) fn is_vacant(&self, side: usize) -> bool {
        self.drafts[side].original.is_none()
    }

    /// Gives a sidecar its original, unless either is taken.
    pub(super) fn pair(&mut self, side: usize, media: usize, rule: Rule, certainty: Certainty) {
        if self.is_vacant(side) && !self.is_placed[media] && !self.is_half_of_a_still(side, media) {
            self.is_placed[media] = true;
            self.drafts[side].original = Some(Hit {
                media,
                rule,
                certainty,
            });
        }
    }

    /// Whether this film is the moving half of a still that bears its name, and the sidecar tells of a film that is not
    /// here.
    fn is_half_of_a_still(&mut self, side: usize, film: usize) -> bool {
        if self.media[film].class != Class::Video {
            return false;
        }
        let (stem, number) = self.media[film].unnumbered();
        let key = (loose(stem), number);
        let media = &self.media;
        let stills = self.stills.get_or_insert_with(|| stills(media));
        let namesakes = stills.get(&key).cloned().unwrap_or_default();
        let film_id = self.media[film].id;
        let is_half = namesakes
            .into_iter()
            .any(|still| self.contents.halves(self.media[still].id, film_id) == Evidence::For);
        is_half && self.evidence(side, film) != Evidence::For
    }

    /// Pairs those whose contents speak for each other and for nobody else among them.
    pub(super) fn pair_by_contents(&mut self, sides: &[usize], media: &[usize]) {
        let sides: Vec<usize> = sides
            .iter()
            .copied()
            .filter(|side| self.is_vacant(*side))
            .collect();
        let media: Vec<usize> = media
            .iter()
            .copied()
            .filter(|media| !self.is_placed[*media])
            .collect();
        let (all_sides, all_media) = (&self.sides, &self.media);
        let matches = self
            .contents
            .sole_matches(&sides, &media, |contents, side, media| {
                contents.evidence(all_sides[side].facts, all_media[media].id)
            });
        for (side, media) in matches {
            self.pair(side, media, Rule::Content, Certainty::Certain);
        }
    }

    /// What the file says to the claim that the sidecar is its own.
    pub(super) fn evidence(&mut self, side: usize, media: usize) -> Evidence {
        self.contents
            .evidence(self.sides[side].facts, self.media[media].id)
    }

    /// All media by family: the name without its number. A number may also belong to the name, so that a file may be
    /// in two families.
    pub(super) fn families(&self, form: Form) -> HashMap<String, Vec<(u32, usize)>> {
        let mut families: HashMap<String, Vec<(u32, usize)>> = HashMap::new();
        for (at, media) in self.media.iter().enumerate() {
            let mut add = |stem, number| {
                let key = form.key(stem, media.extension);
                families.entry(key).or_default().push((number, at));
            };
            add(media.stem, 0);
            if let Some((stem, number)) = numbered(media.stem) {
                add(stem, number);
            }
        }
        for members in families.values_mut() {
            members.sort_unstable();
        }
        families
    }
}

fn stills(media: &[Media<'_>]) -> HashMap<(String, u32), Vec<usize>> {
    let mut stills: HashMap<(String, u32), Vec<usize>> = HashMap::new();
    for (at, media) in media.iter().enumerate() {
        if media.class == Class::Image {
            let (stem, number) = media.unnumbered();
            stills.entry((loose(stem), number)).or_default().push(at);
        }
    }
    stills
}

impl Form {
    /// The key of a family.
    pub(super) fn key(self, stem: &str, extension: &str) -> String {
        match self {
            Self::Exact => format!("{stem}\0{extension}"),
            Self::Loose => format!("{}\0{}", loose(stem), loose(extension)),
        }
    }

    /// A name as it is compared.
    pub(super) fn name(self, name: &str) -> String {
        match self {
            Self::Exact => name.to_owned(),
            Self::Loose => loose(name),
        }
    }
}

impl<'a> Media<'a> {
    fn new(file: MediaFile<'a>) -> Self {
        let (stem, extension) = split(file.name);
        Self {
            id: file.id,
            name: file.name,
            stem,
            extension,
            class: Class::of(file.name),
            size: file.size,
        }
    }

    /// The stem without the number that Google may have put behind it, and that number.
    pub(super) fn unnumbered(&self) -> (&'a str, u32) {
        numbered(self.stem).unwrap_or((self.stem, 0))
    }
}

impl<'a> Side<'a> {
    fn new(file: SidecarFile<'a>) -> Self {
        let name = file.name.rfind('.').map_or(file.name, |dot| &file.name[..dot]);
        let title = file.facts.title.as_deref().filter(|title| !title.is_empty());
        let fit = title.and_then(|title| fit(title, name));
        let number = fit.as_ref().map(|fit| fit.number);
        let is_new = fit.as_ref().is_some_and(|fit| fit.is_new);
        Self {
            id: file.id,
            name,
            facts: file.facts,
            title: fit.map(|fit| fit.title).or_else(|| title.map(str::to_owned)),
            number,
            is_new,
        }
    }

    /// The name of the media that the title leads to.
    pub(super) fn media_name(&self) -> Option<Split<'static>> {
        self.title.as_deref().map(media_name)
    }

    /// The name without its number.
    pub(super) fn base(&self) -> &'a str {
        match self.number {
            Some(0) | None => self.name,
            Some(_) => numbered(self.name).map_or(self.name, |(base, _)| base),
        }
    }

    /// The number behind the name, whatever it means.
    pub(super) fn any_number(&self) -> u32 {
        self.number
            .or_else(|| numbered(self.name).map(|(_, number)| number))
            .unwrap_or_default()
    }
}
