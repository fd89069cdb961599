//! Bytes: what each parameter gives, expiry, ranges and redirects.

use std::time::Duration;

use stand_in_google::{Body, Endpoint, Item, Rope, StandIn, VideoStatus, id_of};

use crate::client::{End, Reply, get, path_of, send};
use crate::{base_path, serving};

fn photo_with(size: u64) -> Item {
    Item::photo(1).with_body(Body::Filled {
        mime: "image/jpeg",
        size,
        seed: 3,
    })
}

fn range(google: &StandIn, path: &str, headers: &[(&str, &str)]) -> Reply {
    send(google, "GET", path, headers, "")
}

fn is_page(reply: &Reply, status: u16, text: &str) {
    assert_eq!(reply.status, status, "{}", reply.text());
    assert!(reply.header("content-type").unwrap().starts_with("text/html") && reply.text().contains(text));
}

#[test]
fn a_photo_comes_whole_with_d_and_small_without() {
    let item = photo_with(3_000_000);
    let google = serving(vec![item.clone()]);
    let base = base_path(&google, &item.id);
    let whole = get(&google, &format!("{base}=d"));
    assert_eq!(whole.end, End::Orderly);
    assert_eq!(Rope::from(whole.body.clone()).sha256(), item.original().sha256());
    assert_eq!(
        (whole.announced(), whole.header("content-type")),
        (Some(3_000_000), Some("image/jpeg"))
    );
    for small in ["", "=w200-h100", "=w200-h100-c"] {
        let rendition = get(&google, &format!("{base}{small}"));
        assert!(
            rendition.status == 200
                && rendition.body.len() < 3000
                && rendition.body.starts_with(&[0xFF, 0xD8])
        );
    }
    is_page(&get(&google, &format!("{base}=nonsense")), 400, "Error 400");
    is_page(
        &get(&google, &format!("{base}=dv")),
        404,
        "Error 404 (Not Found)!!1",
    );
    assert_eq!(send(&google, "POST", &format!("{base}=d"), &[], "").status, 405);
}

#[test]
fn head_tells_the_length_without_the_bytes() {
    let item = photo_with(50_000);
    let google = serving(vec![item.clone()]);
    let head = send(
        &google,
        "HEAD",
        &format!("{}=d", base_path(&google, &item.id)),
        &[],
        "",
    );
    assert_eq!(
        (head.status, head.announced(), head.body.len()),
        (200, Some(50_000), 0)
    );
}

#[test]
fn base_urls_are_signed_and_expire() {
    let google = serving(vec![photo_with(5000), Item::photo(2)]);
    let base = base_path(&google, &id_of(1));
    assert_ne!(
        base,
        base_path(&google, &id_of(1)).replace(".0.", ".1."),
        "sanity of the next line"
    );
    is_page(
        &get(&google, &format!("{}=d", base.replace(&id_of(1), &id_of(2)))),
        403,
        "Error 403 (Forbidden)!!1",
    );
    is_page(
        &get(&google, "/media/lr/invented=d"),
        403,
        "Error 403 (Forbidden)!!1",
    );
    google.pass_time(Duration::from_secs(3590));
    assert_eq!(get(&google, &format!("{base}=d")).status, 200);
    google.pass_time(Duration::from_secs(20));
    is_page(
        &get(&google, &format!("{base}=d")),
        403,
        "Error 403 (Forbidden)!!1",
    );
    let fresh = base_path(&google, &id_of(1));
    assert_eq!(get(&google, &format!("{fresh}=d")).status, 200);
    google.expire_base_urls();
    is_page(
        &get(&google, &format!("{fresh}=d")),
        403,
        "Error 403 (Forbidden)!!1",
    );
    let gone = base_path(&google, &id_of(1));
    google.remove_item(&id_of(1));
    is_page(
        &get(&google, &format!("{gone}=d")),
        404,
        "Error 404 (Not Found)!!1",
    );
}

#[test]
fn a_video_redirects_to_its_bytes_when_ready() {
    let google = serving(vec![
        Item::video(1),
        Item::video(2).with_status(VideoStatus::Processing),
    ]);
    let base = base_path(&google, &id_of(1));
    let moved = get(&google, &format!("{base}=dv"));
    assert_eq!(moved.status, 302);
    let target = path_of(&google, moved.header("location").unwrap());
    assert!(target.starts_with("/video-downloads/"));
    let video = get(&google, &target);
    assert_eq!(video.header("content-type"), Some("video/mp4"));
    assert_eq!(video.body, google.item(&id_of(1)).unwrap().original().to_bytes());
    let still = get(&google, &format!("{base}=d"));
    assert!(still.header("content-type") == Some("image/jpeg") && still.body.len() < 3000);
    is_page(&get(&google, &format!("{base}=dv-w200")), 400, "Error 400");
    google.configure(|settings| settings.video_redirects = false);
    assert_eq!(get(&google, &format!("{base}=dv")).status, 200);

    let slow = base_path(&google, &id_of(2));
    is_page(&get(&google, &format!("{slow}=dv")), 404, "Error 404");
    google.set_video_status(&id_of(2), VideoStatus::Ready);
    assert_eq!(get(&google, &format!("{slow}=dv")).status, 200);
    google.set_video_status(&id_of(2), VideoStatus::Failed);
    is_page(&get(&google, &format!("{slow}=dv")), 404, "Error 404");
}

#[test]
fn a_motion_photo_gives_picture_and_clip() {
    let item = Item::motion_photo(4);
    let google = StandIn::builder()
        .library(vec![item.clone()])
        .settings(|settings| settings.video_redirects = false)
        .start()
        .unwrap();
    let base = base_path(&google, &item.id);
    let picture = get(&google, &format!("{base}=d"));
    assert!(picture.text().contains("GCamera:MotionPhoto=\"1\""));
    assert_eq!(picture.body, item.original().to_bytes());
    let clip = get(&google, &format!("{base}=dv"));
    assert_eq!(clip.header("content-type"), Some("video/mp4"));
    assert_eq!(clip.body, item.clip_bytes().unwrap().to_bytes());
    assert_eq!(google.journal().count(Endpoint::Video), 1);
}

#[test]
fn ranges_are_honoured_unless_switched_off() {
    let item = photo_with(10_000);
    let google = serving(vec![item.clone()]);
    let whole = item.original().to_bytes();
    let path = format!("{}=d", base_path(&google, &item.id));
    let rest = range(&google, &path, &[("Range", "bytes=9000-")]);
    assert_eq!(
        (rest.status, rest.header("content-range")),
        (206, Some("bytes 9000-9999/10000"))
    );
    assert_eq!(rest.body, whole[9000..]);
    let beyond = range(&google, &path, &[("Range", "bytes=10000-")]);
    assert_eq!(
        (beyond.status, beyond.header("content-range")),
        (416, Some("bytes */10000"))
    );
    assert_eq!(
        range(&google, &path, &[("Range", "bytes=1-"), ("If-Range", "\"x\"")]).status,
        200
    );
    google.configure(|settings| settings.ranges = false);
    let all = range(&google, &path, &[("Range", "bytes=9000-")]);
    assert_eq!((all.status, all.body.len()), (200, 10_000));
}

#[test]
fn an_entity_tag_guards_a_range() {
    let item = photo_with(10_000);
    let google = serving(vec![item.clone()]);
    google.configure(|settings| settings.etags = true);
    let path = format!("{}=d", base_path(&google, &item.id));
    let etag = get(&google, &path).header("etag").unwrap().to_owned();
    let resumed = range(&google, &path, &[("Range", "bytes=5-"), ("If-Range", &etag)]);
    assert_eq!(resumed.status, 206);
    google.add_item(item.with_body(Body::Filled {
        mime: "image/jpeg",
        size: 10_000,
        seed: 4,
    }));
    let changed = range(&google, &path, &[("Range", "bytes=5-"), ("If-Range", &etag)]);
    assert_eq!((changed.status, changed.body.len()), (200, 10_000));
    assert_ne!(changed.header("etag"), Some(etag.as_str()));
}
