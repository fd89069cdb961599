use std::cell::Cell;
use std::rc::Rc;

use super::super::tgz::{self, IndexedTgz};
use super::*;

fn listed(tgz: Vec<u8>) -> Result<IndexedTgz, PartFault> {
    let mut nothing = |_: &str, _: &str, _| false;
    let mut unheard = |_, _, _: &mut dyn Read| ControlFlow::Continue(());
    tgz::index(
        &in_memory::bytes(tgz),
        &mut Taste::new(&mut nothing, &mut unheard),
        &mut go_on,
    )
}

fn all(part: &IndexedTgz) -> Vec<(String, Content)> {
    let mut all = Vec::new();
    let mut visit = |entry: Entry<'_>, bytes: &mut dyn Read| {
        all.push((entry.path(), content(bytes)));
        ControlFlow::Continue(())
    };
    part.for_each(&mut |_| true, &mut visit, &mut go_on).unwrap();
    all
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut gz = gz();
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

const LONG: &str = "Takeout/Google Photos/Ein sehr langer Name eines Albums, damit er nicht in hundert Bytes passt, und \
                    noch etwas mehr/写真 aus dem Urlaub.jpg";

#[test]
fn every_file_comes_out_as_it_went_in() {
    let photo = noise(1, 100_000);
    let files: [(&str, &[u8]); 4] = [
        ("Takeout/G/a.jpg", &photo),
        (LONG, b"long"),
        ("Takeout/G/leer.jpg", b""),
        ("Takeout/archive_browser.html", b"<html>"),
    ];
    let part = listed(tgz_of(&files)).unwrap();
    assert!(part.damage.is_none(), "{:?}", part.damage);
    let expected = files.map(|(name, bytes)| (name["Takeout/".len()..].to_owned(), Ok(bytes.to_vec())));
    assert_eq!(all(&part), expected);
    let first = part.table.iter().next().unwrap();
    assert_eq!(first.crc32(), Some(crc32fast::hash(&photo)));
}

#[test]
fn names_and_sizes_in_pax_headers_count() {
    let mut tar = tar::Builder::new(Vec::new());
    tar.append_pax_extensions([("path", LONG.as_bytes()), ("size", b"3")])
        .unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_path("short").unwrap();
    header.set_size(3);
    header.set_cksum();
    tar.append(&header, &b"abc"[..]).unwrap();
    let part = listed(gzipped(&tar.into_inner().unwrap())).unwrap();
    assert_eq!(
        all(&part),
        [(LONG["Takeout/".len()..].to_owned(), Ok(b"abc".to_vec()))]
    );
}

#[test]
fn what_is_no_file_is_refused_by_name() {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, kind) in [
        ("Takeout/G/folder", tar::EntryType::Directory),
        ("Takeout/G/link.jpg", tar::EntryType::Symlink),
        ("Takeout/G/hard.jpg", tar::EntryType::Link),
        ("Takeout/G/pipe", tar::EntryType::Fifo),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_path(name).unwrap();
        header.set_entry_type(kind);
        header.set_link_name("/etc/passwd").unwrap();
        header.set_size(0);
        header.set_cksum();
        tar.append(&header, std::io::empty()).unwrap();
    }
    let mut header = tar::Header::new_gnu();
    header.set_path("Takeout/G/sparse.jpg").unwrap();
    header.set_entry_type(tar::EntryType::GNUSparse);
    header.set_size(0);
    // It claims to be a terabyte of nothing.
    header
        .as_gnu_mut()
        .unwrap()
        .realsize
        .copy_from_slice(b"00000000000\0");
    header.set_cksum();
    tar.append(&header, std::io::empty()).unwrap();
    tar.append_pax_extensions([("GNU.sparse.major", &b"1"[..])])
        .unwrap();
    header.set_entry_type(tar::EntryType::Regular);
    header.set_path("Takeout/G/sparse2.jpg").unwrap();
    header.set_cksum();
    tar.append(&header, std::io::empty()).unwrap();
    let part = listed(gzipped(&tar.into_inner().unwrap())).unwrap();
    let standings: Vec<_> = part
        .table
        .iter()
        .map(|entry| (entry.path(), entry.standing()))
        .collect();
    let refused = Standing::Refused;
    assert_eq!(
        standings,
        [
            ("G/folder/".to_owned(), Standing::Folder),
            ("G/link.jpg".to_owned(), refused(Refusal::NotAFile)),
            ("G/hard.jpg".to_owned(), refused(Refusal::NotAFile)),
            ("G/pipe".to_owned(), refused(Refusal::NotAFile)),
            ("G/sparse.jpg".to_owned(), refused(Refusal::Sparse)),
            ("G/sparse2.jpg".to_owned(), refused(Refusal::Sparse)),
        ]
    );
}

#[test]
fn small_files_are_handed_over_while_listing() {
    let tgz = tgz_of(&[
        ("Takeout/G/a.jpg", b"photo"),
        ("Takeout/G/a.jpg.json", b"{}"),
        ("Takeout/G/b.json", b"[]"),
    ]);
    let mut heard = Vec::new();
    let mut wanted = |folder: &str, name: &str, size| folder == "G" && has_ending(name, "json") && size < 100;
    let mut hear = |_, id: super::super::EntryId, bytes: &mut dyn Read| {
        heard.push((id.0, content(bytes).unwrap()));
        ControlFlow::Continue(())
    };
    let part = tgz::index(
        &in_memory::bytes(tgz),
        &mut Taste::new(&mut wanted, &mut hear),
        &mut go_on,
    )
    .unwrap();
    assert_eq!(heard, [(1, b"{}".to_vec()), (2, b"[]".to_vec())]);
    assert_eq!(part.table.len(), 3);
}

#[test]
fn a_part_cut_short_anywhere_keeps_what_came_before() {
    let (first, second) = (noise(1, 3000), noise(2, 3000));
    let whole = tgz_of(&[("Takeout/G/a.jpg", &first), ("Takeout/G/b.jpg", &second)]);
    let mut counts = Vec::new();
    for end in (20..whole.len()).step_by(7) {
        let part = listed(whole[..end].to_vec()).unwrap();
        assert!(
            matches!(part.damage, Some(PartFault::CutShort(_))),
            "{end}: {:?}",
            part.damage
        );
        counts.push(part.table.len());
        assert!(all(&part).iter().all(|(_, content)| content.is_ok()), "{end}");
    }
    assert!(counts.is_sorted());
    assert_eq!((counts.first(), counts.last()), (Some(&0), Some(&2)));
    // Without tar's own end mark, members may be missing although gzip is content.
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(&whole[..])
        .read_to_end(&mut tar)
        .unwrap();
    let part = listed(gzipped(&tar[..tar.len() - 1024])).unwrap();
    assert!(
        matches!(part.damage, Some(PartFault::CutShort(_))),
        "{:?}",
        part.damage
    );
}

#[test]
fn a_header_without_end_is_not_read_into_memory() {
    let mut header = tar::Header::new_gnu();
    header.set_path("././@LongLink").unwrap();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(1 << 32);
    header.set_cksum();
    let mut tar = header.as_bytes().to_vec();
    tar.resize(8 << 20, b'a');
    let part = listed(gzipped(&tar)).unwrap();
    assert!(
        matches!(&part.damage, Some(PartFault::Damaged(why)) if why.contains("does not end")),
        "{:?}",
        part.damage
    );
}

#[test]
fn a_bad_gzip_checksum_is_told() {
    let mut tgz = tgz_of(&[("Takeout/G/a.jpg", b"photo")]);
    let crc = tgz.len() - 8;
    tgz[crc] ^= 1;
    let part = listed(tgz).unwrap();
    assert!(
        matches!(part.damage, Some(PartFault::Damaged(_))),
        "{:?}",
        part.damage
    );
    assert_eq!(part.table.len(), 1);
}

#[test]
fn a_pass_reads_no_further_than_the_last_wanted_entry_and_can_be_stopped() {
    let files: Vec<(String, Vec<u8>)> = (0..20)
        .map(|n| (format!("Takeout/G/{n}.jpg"), noise(n, 200_000)))
        .collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), &bytes[..]))
        .collect();
    let part = listed(tgz_of(&files)).unwrap();
    let read = Rc::new(Cell::new(0_u64));
    let counted = Rc::clone(&read);
    let mut visit = |_: Entry<'_>, bytes: &mut dyn Read| {
        assert!(content(bytes).is_ok());
        ControlFlow::Continue(())
    };
    part.for_each(&mut |entry| entry.name() == "1.jpg", &mut visit, &mut |bytes| {
        counted.set(counted.get() + bytes);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(read.get() < 1_500_000, "{}", read.get());
    let stopped = part.for_each(&mut |_| true, &mut visit, &mut |_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(PartFault::Stopped)), "{stopped:?}");
}
