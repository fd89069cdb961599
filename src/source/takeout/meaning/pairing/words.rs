//! The words that Google puts behind the name of an edited version, in every language they were seen in.

use std::sync::LazyLock;

use super::forward::loose;

/// Behind a dash, before the extension.
const EDITED: [&str; 30] = [
    "edited",
    "bearbeitet",
    "modifié",
    "modificato",
    "ha editado",
    "editado",
    "editada",
    "bewerkt",
    "edytowane",
    "editat",
    "muokattu",
    "измененный",
    "отредактировано",
    "відредаговано",
    "düzenlendi",
    "redigeret",
    "redigert",
    "redigerad",
    "upravené",
    "upraveno",
    "szerkesztett",
    "編集済み",
    "已修改",
    "编辑",
    "已编辑",
    "修改",
    "已編輯",
    "편집됨",
    "επεξεργασμένο",
    "แก้ไขแล้ว",
];

/// What Google made of a photo by itself; the same in every language.
const EFFECTS: [&str; 6] = ["effects", "smile", "mix", "motion", "animation", "collage"];

/// All of them, as they are compared.
static LOOSE_WORDS: LazyLock<Vec<String>> = LazyLock::new(|| words().map(loose).collect());

/// Fewer letters than this say nothing, when they need not be the beginning of a word that was cut.
const MIN_CUT_LETTERS: usize = 2;

/// Whether this is one of the words, in [`loose`] form.
pub(super) fn is_word(tail: &str) -> bool {
    LOOSE_WORDS.iter().any(|word| word == tail)
}

/// Whether this, in [`loose`] form, is what a cut left of one of the words, possibly nothing.
pub(super) fn begins_a_word(tail: &str) -> bool {
    LOOSE_WORDS.iter().any(|word| word.starts_with(tail))
}

/// Whether this is the beginning of a word, and long enough to say something by itself.
pub(super) fn clearly_begins_a_word(tail: &str) -> bool {
    tail.chars().count() >= MIN_CUT_LETTERS && begins_a_word(tail)
}

/// Whether this could be such a word in a language that is not listed: letters, and blanks between them.
pub(super) fn may_be_a_word(tail: &str) -> bool {
    const LONGEST: usize = 24;
    let letters = tail.chars().filter(|c| c.is_alphabetic()).count();
    let is_part_of_words =
        |c: char| c.is_alphabetic() || c == ' ' || unicode_normalization::char::is_combining_mark(c);
    (MIN_CUT_LETTERS..=LONGEST).contains(&letters) && tail.chars().all(is_part_of_words)
}

pub(super) fn words() -> impl Iterator<Item = &'static str> {
    EDITED.into_iter().chain(EFFECTS)
}
