//! What the ledger of a part is called: like the part, as far as every file system takes that.

use std::collections::HashSet;

use crate::library::name_key::collision_key;

/// What the name of each ledger ends with.
pub(super) const ENDING: &str = ".jsonl.gz";

/// So much of a part's name is kept, in bytes: with number and ending it stays below the 255 that file systems take,
/// and the 143 of those that encrypt names.
const KEPT: usize = 120;

/// The names that the parts of one import have taken.
#[derive(Debug, Default)]
pub(crate) struct FileNames(HashSet<String>);

impl FileNames {
    /// A name for the ledger of the next part. Two parts of one name, which trees often have, get two.
    pub(crate) fn next(&mut self, part: &str) -> String {
        let safe = safe(part);
        let mut name = format!("{safe}{ENDING}");
        let mut number = 1_u32;
        while !self.0.insert(collision_key(&name)) {
            number += 1;
            name = format!("{safe}.{number}{ENDING}");
        }
        name
    }
}

/// Letters, digits and what parts are called with besides; never a name that some system reserves.
fn safe(part: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || " -_.()".contains(c);
    let mut safe: String = part.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let end = safe.floor_char_boundary(KEPT.min(safe.len()));
    safe.truncate(end);
    let is_called_so = |prefix: &str| {
        safe.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    // Devices of Windows are reserved with any extension; no part is called like one unless somebody tries it.
    let is_device = ["con", "prn", "aux", "nul", "com", "lpt"]
        .into_iter()
        .any(is_called_so);
    if safe.trim_matches(['.', ' ']).is_empty() || safe.starts_with(['.', ' ']) || is_device {
        safe.insert(0, '_');
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ledgers_are_called_like_their_parts_and_never_alike() {
        let mut names = FileNames::default();
        let long = "é".repeat(200);
        for (part, expected) in [
            (
                "takeout-20260101T120000Z-001.zip",
                "takeout-20260101T120000Z-001.zip.jsonl.gz",
            ),
            ("Takeout", "Takeout.jsonl.gz"),
            ("takeout", "takeout.2.jsonl.gz"),
            ("Takeout", "Takeout.3.jsonl.gz"),
            ("Copy of it (1)", "Copy of it (1).jsonl.gz"),
            ("a/b\\c:d\u{1b}", "a_b_c_d_.jsonl.gz"),
            ("", "_.jsonl.gz"),
            ("..", "_...jsonl.gz"),
            ("NUL.zip", "_NUL.zip.jsonl.gz"),
            (&long, &format!("{}.jsonl.gz", "é".repeat(60))),
        ] {
            assert_eq!(names.next(part), expected);
        }
    }
}
