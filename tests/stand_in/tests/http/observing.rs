//! What the journal shows of requests.

use std::io::{ErrorKind, Read};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use stand_in_google::{
    Damage, Endpoint, Fault, Faults, Item, JournalMode, Pace, Refusal, Service, StandIn, Trigger, id_of,
};
use tokio::time::Instant;

use crate::client::{End, get, send};
use crate::{MEDIA_ITEMS, ask, base_path, serving};

#[test]
fn entries_say_what_was_asked_without_giving_signatures_away() {
    let google = serving(vec![Item::photo(1)]);
    let path = format!("{}=d", base_path(&google, &id_of(1)));
    let start = Instant::now();
    send(&google, "GET", &path, &[("Range", "bytes=7-")], "");
    get(&google, "/nowhere");
    let entries = google.journal().requests_between(start, Instant::now());
    assert_eq!(entries.len(), 2);
    let bytes = &entries[0];
    assert_eq!(
        (bytes.endpoint, bytes.status, bytes.range_start),
        (Endpoint::Photo, Some(206), Some(7))
    );
    assert_eq!(
        (bytes.item.as_deref(), bytes.authorized),
        (Some(id_of(1).as_str()), false)
    );
    assert_eq!(bytes.path, "/media/lr/…=d");
    assert_eq!(
        (entries[1].endpoint, entries[1].status),
        (Endpoint::Unknown, Some(404))
    );
    assert!(google.journal().entries_of(Endpoint::GetMediaItem)[0].authorized);
    assert_eq!(google.journal().entries().len(), 3);
    assert!(google.journal().bytes_served() > 0 && google.journal().connections() == 3);
}

#[test]
fn pages_are_numbered_and_counters_can_stand_alone() {
    let google = StandIn::builder()
        .library((0..3).map(Item::photo).collect::<Vec<_>>())
        .journal(JournalMode::CountersOnly)
        .start()
        .unwrap();
    ask(&google, MEDIA_ITEMS);
    assert!(google.journal().entries().is_empty());
    assert_eq!(google.journal().count(Endpoint::ListMediaItems), 1);
    google.journal().clear();
    assert_eq!(
        (
            google.journal().total(),
            google.journal().count_of_service(Service::Library)
        ),
        (0, 0)
    );

    let google = serving((0..3).map(Item::photo).collect());
    let first = ask(&google, &format!("{MEDIA_ITEMS}?pageSize=2")).json();
    ask(
        &google,
        &format!(
            "{MEDIA_ITEMS}?pageSize=2&pageToken={}",
            first["nextPageToken"].as_str().unwrap()
        ),
    );
    let pages: Vec<_> = google
        .journal()
        .entries()
        .iter()
        .map(|entry| entry.page)
        .collect();
    assert_eq!(pages, [Some(0), Some(1)]);
}

#[test]
fn requests_in_flight_are_counted_while_they_last() {
    let google = serving(vec![Item::photo(1)]);
    let path = format!("{}=d", base_path(&google, &id_of(1)));
    let slow = Pace::Latency(Duration::from_millis(400));
    google
        .faults()
        .set(Faults::none().rule(Service::Media, Trigger::Always, slow));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| get(&google, &path));
        }
    });
    assert_eq!(
        (
            google.journal().max_in_flight(),
            google.journal().max_media_in_flight()
        ),
        (4, 4)
    );
    get(&google, &path);
    assert_eq!(google.journal().max_in_flight(), 4);
}

#[test]
fn a_client_that_tires_of_silence_is_no_longer_in_flight() {
    for silence in [
        Fault::from(Damage::SilenceMidBody),
        Fault::from(Refusal::SilenceBeforeHeaders),
    ] {
        let google = serving(vec![Item::photo(1)]);
        let path = format!("{}=d", base_path(&google, &id_of(1)));
        google
            .faults()
            .set(Faults::none().rule(Service::Media, Trigger::Nth(1), silence.clone()));
        assert_eq!(get(&google, &path).end, End::Silence);
        let alone = (0..50).any(|_| {
            google.journal().clear();
            get(&google, &path);
            google.journal().max_in_flight() == 1
        });
        assert!(alone, "{silence:?}");
    }
}

#[test]
fn a_second_server_can_be_a_foreign_host() {
    let google = StandIn::builder()
        .address(Ipv4Addr::new(127, 0, 0, 2))
        .start()
        .unwrap();
    assert!(google.endpoint().starts_with("http://127.0.0.2:"));
    assert_eq!(get(&google, "/").status, 404);
}

#[test]
fn a_dropped_server_refuses_at_once_and_closes_what_was_open() {
    for _ in 0..20 {
        let google = serving(vec![]);
        let address = google.endpoint().replace("http://", "");
        let mut open = TcpStream::connect(&address).unwrap();
        open.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        get(&google, "/nowhere");
        drop(google);
        assert_eq!(
            TcpStream::connect(&address).unwrap_err().kind(),
            ErrorKind::ConnectionRefused
        );
        let ended = open.read(&mut [0; 1]);
        assert!(
            matches!(&ended, Ok(0)) || ended.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_can_be_dropped_inside_a_runtime_whose_time_stands_still() {
    let google = serving(vec![]);
    let address = google.endpoint().replace("http://", "");
    drop(google);
    assert!(tokio::net::TcpStream::connect(&address).await.is_err());
}
