//! The names of folders, in every language they were seen in. They only make certain what content tells anyway.

use unicode_normalization::UnicodeNormalization;

use crate::library::name_key::collision_key;

/// What Google Photos' own folder is called.
const TOPS: [&str; 19] = [
    "Google Photos",
    "Google Fotos",
    "GoogleFotos",
    "Google Foto",
    "Google Foto's",
    "Google Foto_s",
    "Google Фото",
    "Google Снимки",
    "Fotky Google",
    "Zdjęcia Google",
    "Google Zdjęcia",
    "Google Fotók",
    "Google Kuvat",
    "Google Fotoğraflar",
    "Google フォト",
    "Google 포토",
    "Google 相册",
    "Google 相簿",
    "Google 相片",
];

/// Other products whose folder begins with Google's name too, and may hold pictures.
const OTHER_PRODUCTS: [&str; 12] = [
    "google chat",
    "google pay",
    "google play",
    "google earth",
    "google shopping",
    "google fit",
    "google store",
    "google business",
    "google workspace",
    "google finance",
    "google meet",
    "google one",
];

/// What stands before and after the year in the names of year folders.
const YEARS: [(&str, &str); 29] = [
    ("Photos from ", ""),
    ("Photos de ", ""),
    ("Fotos de ", ""),
    ("Fotos del ", ""),
    ("Fotos von ", ""),
    ("Fotos aus ", ""),
    ("Foto da ", ""),
    ("Foto del ", ""),
    ("Foto della ", ""),
    ("Foto dei ", ""),
    ("Foto di ", ""),
    ("Foto's uit ", ""),
    ("Foto's van ", ""),
    ("Foto_s uit ", ""),
    ("Foto_s van ", ""),
    ("Фото за ", ""),
    ("Фото из ", ""),
    ("Фотографии за ", ""),
    ("Фотографии из ", ""),
    ("来自", "年的照片"),
    ("来自", "年照片"),
    ("来自", "年相片"),
    ("", "年的照片"),
    ("", "年的相片"),
    ("", "年照片"),
    ("", "年の写真"),
    ("", "年写真"),
    ("", "년의 사진"),
    ("", "년 사진"),
];

const ARCHIVES: [&str; 12] = [
    "Archive",
    "Archiv",
    "Archivo",
    "Archivio",
    "Arquivo",
    "Archief",
    "Архив",
    "Archiwum",
    "アーカイブ",
    "档案",
    "归档文件",
    "Arxiu",
];

const TRASHES: [&str; 13] = [
    "Trash",
    "Bin",
    "Papierkorb",
    "Corbeille",
    "Papelera",
    "Lixeira",
    "Cestino",
    "Prullenbak",
    "Корзина",
    "Kosz",
    "回收站",
    "ゴミ箱",
    "Paperera",
];

const LOCKED: [&str; 1] = ["Locked Folder"];

const FAILED: [&str; 1] = ["Failed Videos"];

const UNTITLED: [&str; 16] = [
    "Untitled",
    "Sans titre",
    "Sin título",
    "Unbenannt",
    "Ohne Titel",
    "Senza titolo",
    "Sem título",
    "Zonder titel",
    "Без названия",
    "Bez tytułu",
    "Nimetön",
    "Adsız",
    "無題",
    "无标题",
    "未命名",
    "Sense títol",
];

/// How sure the name makes it that a folder is Google Photos' own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TopName {
    /// It says nothing, or names another product.
    Unknown,
    /// It begins or ends with Google's name.
    Likely,
    /// It is one of those that were seen.
    Listed,
}

pub(super) fn top(name: &str) -> TopName {
    let key = folded(name);
    let is_other = OTHER_PRODUCTS.iter().any(|product| key.starts_with(product));
    if TOPS.iter().any(|known| folded(known) == key) {
        TopName::Listed
    } else if !is_other && (key.starts_with("google") || key.ends_with("google")) {
        TopName::Likely
    } else {
        TopName::Unknown
    }
}

/// A folder with a meaning of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    Archive,
    Trash,
    Locked,
    Failed,
    Untitled,
}

pub(super) fn special(name: &str) -> Option<Special> {
    let key = folded(name);
    let is = |names: &[&str]| names.iter().any(|known| folded(known) == key);
    let unnumbered = without_number(&key);
    if is(&ARCHIVES) {
        Some(Special::Archive)
    } else if is(&TRASHES) {
        Some(Special::Trash)
    } else if is(&LOCKED) {
        Some(Special::Locked)
    } else if is(&FAILED) {
        Some(Special::Failed)
    } else {
        let is_untitled = UNTITLED.iter().any(|known| folded(known) == unnumbered);
        is_untitled.then_some(Special::Untitled)
    }
}

/// The year that a name gives in one of the known patterns.
pub(super) fn listed_year(name: &str) -> Option<i32> {
    let key = folded(name);
    let year_in = |before: &str, after: &str| {
        let year = key.strip_prefix(&folded_part(before))?.trim();
        plausible_year(year.strip_suffix(&folded_part(after))?.trim())
    };
    YEARS.iter().find_map(|(before, after)| year_in(before, after))
}

/// The year in a name that has one number, which may be a year and is a word of its own.
pub(super) fn only_year(name: &str) -> Option<i32> {
    let key = folded(name);
    let is_digit = |c: char| c.is_numeric();
    let start = key.find(is_digit)?;
    let (before, rest) = key.split_at(start);
    let end = rest.find(|c: char| !is_digit(c)).unwrap_or(rest.len());
    let (number, after) = rest.split_at(end);
    let stands_alone = !before.ends_with(joins_a_number) && !after.starts_with(joins_a_number);
    (stands_alone && !after.contains(is_digit))
        .then(|| plausible_year(number))
        .flatten()
}

/// Letters of scripts that put blanks between words.
fn joins_a_number(c: char) -> bool {
    const FIRST_OF_SCRIPTS_WITHOUT_BLANKS: char = '\u{E00}';
    c == '_' || (c.is_alphabetic() && c < FIRST_OF_SCRIPTS_WITHOUT_BLANKS)
}

/// Photography was invented in the 1820s, and scans of paintings are dated too.
fn plausible_year(digits: &str) -> Option<i32> {
    let year = (digits.len() == 4).then(|| digits.parse().ok())??;
    (1800..=2100).contains(&year).then_some(year)
}

/// Equal for names that differ in case, form, or kind of blank only.
pub(super) fn folded(name: &str) -> String {
    folded_part(name).trim().to_owned()
}

/// As [`folded`], keeping blanks at the ends.
fn folded_part(name: &str) -> String {
    let compatible: String = name.nfkc().collect();
    let blanks: String = compatible
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    collision_key(&blanks)
}

/// `untitled(1)` and `untitled (1)` as `untitled`.
pub(super) fn without_number(name: &str) -> &str {
    let Some((before, number)) = name.strip_suffix(')').and_then(|name| name.rsplit_once('(')) else {
        return name;
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { before.trim_end() } else { name }
}
