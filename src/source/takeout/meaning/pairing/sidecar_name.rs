//! What the name of a sidecar says: whether it is made of the title, and which number it bears.

use super::super::extension::Class;
use super::forward::{
    SIDECAR_UNITS, SUFFIX, cut, loose, numbered, sanitized, sidecar_base, spellings, split, units,
};

/// How a sidecar's name follows from its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// The spelling of the title that fits.
    pub(super) title: String,
    /// The number behind the name, 0 for none. A number that belongs to the title is none.
    pub(super) number: u32,
    /// Whether the name has what it had since late 2024.
    pub(super) is_new: bool,
}

/// How this name, without `.json`, follows from the title; `None` if it does not.
pub(super) fn fit(title: &str, name: &str) -> Option<Fit> {
    let name = loose(name);
    let attempt = |name: &str, number| {
        spellings(title).into_iter().find_map(|title| {
            let is_new = is_new_name_of(&title, name)?;
            let title = title.into_owned();
            Some(Fit {
                title,
                number,
                is_new,
            })
        })
    };
    attempt(&name, 0).or_else(|| {
        let (plain, number) = numbered(&name)?;
        attempt(plain, number)
    })
}

/// Whether the title leads to this loose name, and if so, whether in the newer style.
fn is_new_name_of(title: &str, name: &str) -> Option<bool> {
    let clean = sanitized(title);
    let (stem, _) = split(&clean);
    let is_bare = || Class::of(title).is_media() && loose(cut(stem, SIDECAR_UNITS)) == name;
    if loose(&sidecar_base(title, "")) == name || is_bare() {
        return Some(false);
    }
    let has_suffix = |rest: &str| rest.len() > 1 && SUFFIX.starts_with(rest);
    let is_new = loose(&sidecar_base(title, SUFFIX)) == name
        || name.strip_prefix(&loose(&clean)).is_some_and(has_suffix);
    is_new.then_some(true)
}

/// The names that the media of a sidecar may have, judged by the sidecar's own name (without `.json`) alone, in loose
/// form, the likeliest first.
pub(super) fn media_names(name: &str) -> Vec<String> {
    let name = loose(name);
    let (plain, number) = numbered(&name).unwrap_or((&name, 0));
    let mut names = Vec::new();
    for bare in without_suffix(plain) {
        names.push(with_number(bare, number));
        names.push(format!("{bare}{}", behind(number)));
    }
    names.extend(without_suffix(&name).map(str::to_owned));
    names.dedup();
    names
}

/// What remains of a name that was cut, long enough for hardly any other file to begin with it.
pub(super) fn cut_beginning(name: &str) -> Option<String> {
    let name = loose(name);
    let (plain, _) = numbered(&name).unwrap_or((&name, 0));
    (units(plain) + 1 >= SIDECAR_UNITS).then(|| plain.trim_end_matches('.').to_owned())
}

/// The name less each beginning of the suffix that it may end in, the longest first, and the name itself.
fn without_suffix(name: &str) -> impl Iterator<Item = &str> {
    let shortest = if units(name) >= SIDECAR_UNITS { 1 } else { 2 };
    (shortest..=SUFFIX.len())
        .rev()
        .filter_map(|length| name.strip_suffix(&SUFFIX[..length]))
        .chain([name])
}

fn with_number(name: &str, number: u32) -> String {
    let (stem, extension) = split(name);
    format!("{stem}{}{extension}", behind(number))
}

/// A number as it stands behind a name; nothing for 0.
pub(super) fn behind(number: u32) -> String {
    if number == 0 {
        String::new()
    } else {
        format!("({number})")
    }
}
