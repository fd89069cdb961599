//! Bodies that do not arrive as they were meant to.

use stand_in_google::{Body, Damage, Faults, Item, Service, StandIn, Target, Trigger, id_of};

use crate::client::{End, Reply, get, path_of, send};
use crate::{MEDIA_ITEMS, ask, base_path, serving};

const SIZE: usize = 200_000;

fn photo() -> Item {
    Item::photo(1).with_body(Body::Filled {
        mime: "image/jpeg",
        size: SIZE as u64,
        seed: 3,
    })
}

fn damaged(damage: Damage) -> Reply {
    let google = serving(vec![photo()]);
    let path = format!("{}=d", base_path(&google, &id_of(1)));
    google
        .faults()
        .set(Faults::none().rule(Service::Media, Trigger::Always, damage));
    let reply = get(&google, &path);
    assert_eq!((google.faults().struck(), reply.status), (vec![1], 200));
    reply
}

#[test]
fn half_a_body_ends_in_a_reset_an_end_or_silence() {
    let true_half = &photo().original().to_bytes()[..SIZE / 2];
    for (damage, end) in [
        (Damage::ResetMidBody, End::Reset),
        (Damage::Truncated, End::Orderly),
        (Damage::SilenceMidBody, End::Silence),
    ] {
        let reply = damaged(damage);
        assert_eq!((reply.end, reply.announced()), (end, Some(SIZE)), "{damage:?}");
        assert_eq!(reply.body, true_half, "{damage:?}");
    }
}

#[test]
fn chunks_hide_the_length_and_may_lack_their_end() {
    let whole = damaged(Damage::InChunks);
    assert_eq!(
        (whole.announced(), whole.header("transfer-encoding")),
        (None, Some("chunked"))
    );
    assert!(whole.body.len() > SIZE && whole.body.ends_with(b"\r\n0\r\n\r\n"));
    let cut = damaged(Damage::TruncatedInChunks);
    assert!(cut.body.len() < SIZE && !cut.body.ends_with(b"0\r\n\r\n") && cut.end == End::Orderly);
}

#[test]
fn announced_lengths_can_be_wrong_both_ways() {
    let shorter = damaged(Damage::AnnouncedShorter);
    assert_eq!(
        (shorter.announced(), shorter.body.len()),
        (Some(SIZE / 2), SIZE / 2)
    );
    let longer = damaged(Damage::AnnouncedLonger);
    assert_eq!(
        (longer.announced(), longer.body.len(), longer.end),
        (Some(SIZE + 1000), SIZE, End::Orderly)
    );
    let empty = damaged(Damage::Empty);
    assert_eq!((empty.announced(), empty.body.len()), (Some(0), 0));
}

#[test]
fn another_format_comes_under_the_same_type() {
    let reply = damaged(Damage::WrongMagic);
    assert_eq!(reply.header("content-type"), Some("image/jpeg"));
    assert!(reply.body.starts_with(b"\x89PNG") && reply.announced() == Some(reply.body.len()));
}

#[test]
fn a_range_can_be_ignored_once() {
    let google = serving(vec![photo()]);
    let path = format!("{}=d", base_path(&google, &id_of(1)));
    google
        .faults()
        .set(Faults::none().rule(Service::Media, Trigger::Nth(1), Damage::RangeIgnored));
    let ask = || send(&google, "GET", &path, &[("Range", "bytes=100-")], "").status;
    assert_eq!((ask(), ask()), (200, 206));
}

#[test]
fn damage_waits_for_the_bytes_behind_a_redirect() {
    let google = serving(vec![Item::video(1)]);
    let path = format!("{}=dv", base_path(&google, &id_of(1)));
    google
        .faults()
        .set(Faults::none().rule(Target::item(&id_of(1)), Trigger::Nth(1), Damage::Truncated));
    let moved = get(&google, &path);
    assert_eq!((moved.status, google.faults().struck()), (302, vec![0]));
    let video = get(&google, &path_of(&google, moved.header("location").unwrap()));
    assert!(video.body.len() < video.announced().unwrap());
}

#[test]
fn a_listing_can_be_cut_too() {
    let google: StandIn = serving((0..50).map(Item::photo).collect());
    google
        .faults()
        .set(Faults::none().rule(Service::Library, Trigger::Always, Damage::Truncated));
    let page = ask(&google, MEDIA_ITEMS);
    assert!(page.body.len() < page.announced().unwrap());
}
