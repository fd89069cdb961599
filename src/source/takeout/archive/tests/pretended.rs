//! Whole exports, against the truth about them.

use std::collections::BTreeMap;

use pretend_takeout::{Language, Packing, Settings, Truth, write};
use unicode_normalization::UnicodeNormalization as _;

use super::*;

/// All that the parts of an export hold, by path; copies are left out.
fn read(inventory: &Inventory) -> BTreeMap<String, (u64, u32)> {
    let mut read = BTreeMap::new();
    for (_, part) in inventory.parts() {
        for (path, content) in part_contents(part) {
            let bytes = content.unwrap();
            let fresh = read.insert(path.clone(), (bytes.len() as u64, crc32fast::hash(&bytes)));
            assert!(fresh.is_none(), "{path} came twice");
        }
    }
    read
}

fn agrees(truth: &Truth, inventory: &Inventory) {
    assert_eq!(inventory.findings(), []);
    let tally = inventory.tally();
    assert_eq!(
        (tally.entries, tally.copies),
        (truth.entries, truth.repeated.len() as u64)
    );
    assert_eq!(tally.files, truth.entries - tally.copies);
    let read = read(inventory);
    assert_eq!(read.len() as u64, tally.files);
    for media in &truth.media {
        assert_eq!(
            read.get(&media.path.nfc().collect::<String>()),
            Some(&(media.size, media.crc32)),
            "{}",
            media.path
        );
    }
}

#[test]
fn every_file_of_an_export_is_read_once_and_unchanged() {
    for (language, packing) in [
        (Language::French, Packing::Zip),
        (Language::Japanese, Packing::Tgz),
        (Language::Unlisted, Packing::Zip),
    ] {
        let home = tempfile::tempdir().unwrap();
        let settings = Settings {
            items: 400,
            bytes_each: 3000,
            language,
            packing,
            group: Some(3),
            ..Settings::default()
        };
        let truth = write(&settings, home.path()).unwrap();
        agrees(&truth, &inventory(home.path(), &[""]));
    }
}

/// What half a million entries take; run by hand with `--ignored --nocapture` on a folder of `pretend-takeout`.
#[test]
#[ignore = "needs a large export"]
fn measure() {
    let Some(folder) = std::env::var_os("PRETEND_TAKEOUT") else {
        return;
    };
    let used = |what: &str| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let lines = status
            .lines()
            .filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"));
        println!("{what}: {}", lines.collect::<Vec<_>>().join(" "));
    };
    used("before");
    let start = tokio::time::Instant::now();
    let inventory = inventory(Path::new(&folder), &[""]);
    used("indexed");
    println!("{:?} in {:?}", inventory.tally(), start.elapsed());
    let mut bytes = 0;
    let mut buffer = vec![0; 1 << 18];
    for (_, part) in inventory.parts() {
        let mut visit = |_: Entry<'_>, content: &mut dyn Read| {
            loop {
                match content.read(&mut buffer).unwrap() {
                    0 => return ControlFlow::Continue(()),
                    count => bytes += count,
                }
            }
        };
        part.for_each(&mut |_| true, &mut visit, &mut go_on).unwrap();
    }
    used("read");
    println!("{bytes} bytes in {:?}", start.elapsed());
}
