//! What the links in an album's folder are called: a pure function of the album's files.
//!
//! Files of one month never share a name, but those of an album come from many months. As everywhere, the most recent
//! item keeps its names; each other one is told apart by its month.

use std::collections::HashSet;

use crate::library::index::links::{MemberFile, name_in};
use crate::library::name_key::collision_key;
use crate::library::safe_name::SafeName;

/// A link that is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) file: MemberFile,
    pub(super) name: String,
}

/// Names the links to these files, of which the newest come first, and those of one item together.
pub(super) fn named(files: &[MemberFile], reserved: &[&str]) -> Vec<Wanted> {
    let mut taken: HashSet<String> = reserved.iter().map(|name| collision_key(name)).collect();
    let mut wanted = Vec::with_capacity(files.len());
    for item in files.chunk_by(|one, other| one.item == other.item) {
        #[expect(
            clippy::maybe_infinite_iter,
            reason = "some attempt has names that nobody took"
        )]
        let free = (0_u32..).map(|attempt| names(item, attempt)).find(|names| {
            let mut own = HashSet::new();
            names
                .iter()
                .map(|name| collision_key(name))
                .all(|key| !taken.contains(&key) && own.insert(key))
        });
        // The attempts never run out.
        for (file, name) in item.iter().zip(free.unwrap_or_default()) {
            taken.insert(collision_key(&name));
            wanted.push(Wanted {
                file: file.clone(),
                name,
            });
        }
    }
    wanted
}

/// The names of one item's links at the first attempt, the second, and so on.
fn names(files: &[MemberFile], attempt: u32) -> Vec<String> {
    files.iter().map(|file| name(&file.path, attempt)).collect()
}

fn name(path: &str, attempt: u32) -> String {
    let natural = name_in(path);
    if attempt == 0 {
        return natural.to_owned();
    }
    let folder = path.strip_suffix(natural).unwrap_or_default();
    let month = folder.trim_matches('/').replace('/', "-");
    let distinction = match attempt {
        1 => String::new(),
        _ => format!("-{attempt}"),
    };
    SafeName::new(natural, None).tagged(&month, &distinction).main
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Role;

    fn file(item: i64, role: Role, path: &str) -> MemberFile {
        MemberFile {
            item,
            role,
            path: path.to_owned(),
            taken: None,
        }
    }

    #[test]
    fn the_newest_keeps_its_name_and_the_others_bear_their_month() {
        let files = vec![
            file(9, Role::Main, "2021/05/IMG_1.jpg"),
            file(4, Role::Main, "2020/02/img_1.JPG"),
            file(3, Role::Main, "2020/01/IMG_1.HEIC"),
            file(3, Role::Clip, "2020/01/IMG_1.mp4"),
            file(2, Role::Main, "2019/01/IMG_1.HEIC"),
            file(2, Role::Clip, "2019/01/IMG_1.mov"),
            file(1, Role::Main, "undated/IMG_1.jpg"),
            file(5, Role::Main, "undated/album.json"),
        ];
        let links = named(&files, &["album.json"]);
        let names: Vec<_> = links.iter().map(|wanted| &*wanted.name).collect();
        assert_eq!(
            names,
            [
                "IMG_1.jpg",
                "img_1-gphotosync-2020-02.JPG",
                "IMG_1.HEIC",
                "IMG_1.mp4",
                "IMG_1-gphotosync-2019-01.HEIC",
                "IMG_1-gphotosync-2019-01.mov",
                "IMG_1-gphotosync-undated.jpg",
                "album-gphotosync-undated.json",
            ]
        );
    }

    #[test]
    fn names_that_look_like_ours_are_told_apart_too() {
        let files = vec![
            file(3, Role::Main, "2021/05/a.jpg"),
            file(2, Role::Main, "2021/04/a-gphotosync-2020-01.jpg"),
            file(1, Role::Main, "2020/01/a.jpg"),
        ];
        let links = named(&files, &[]);
        assert_eq!(links[2].name, "a-gphotosync-2020-01-2.jpg");
    }
}
