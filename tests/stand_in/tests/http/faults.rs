//! Refusals on demand: quotas, failures of the server, pages where JSON belongs, and connections that end before
//! anything is said.

use std::time::Duration;

use stand_in_google::{
    Endpoint, Faults, Item, Pace, Quotas, Refusal, RetryAfter, Service, StandIn, Target, Trigger, id_of,
};
use tokio::time::Instant;

use crate::client::{End, Reply, get, post_form};
use crate::{MEDIA_ITEMS, ask, base_path, serving};

/// Lets every request fail in this way and asks for a listing and for a photo.
fn both(refusal: &Refusal) -> (Reply, Reply) {
    let google = serving(vec![Item::photo(1)]);
    let photo = format!("{}=d", base_path(&google, &id_of(1)));
    google
        .faults()
        .set(Faults::none().rule(Target::any(), Trigger::Always, refusal.clone()));
    let replies = (ask(&google, MEDIA_ITEMS), get(&google, &photo));
    assert_eq!(google.faults().struck(), [2]);
    replies
}

#[test]
fn quota_answers_name_their_limit_on_the_api_and_nothing_on_the_media_host() {
    let (api, media) = both(&Refusal::QuotaPerDay(None));
    assert_eq!(api.error(), (429, "RESOURCE_EXHAUSTED".to_owned()));
    assert_eq!(
        api.json()["error"]["message"],
        "Quota exceeded for quota metric 'All requests' and limit 'All requests per day' of service \
         'photoslibrary.googleapis.com' for consumer 'project_number:1'."
    );
    assert!(api.header("retry-after").is_none());
    assert!(media.status == 429 && media.header("content-type").unwrap().starts_with("text/html"));
    let (minute, _) = both(&Refusal::QuotaPerMinute(Some(RetryAfter::Seconds(30))));
    assert!(minute.text().contains("per minute") && minute.header("retry-after") == Some("30"));
    let (_, dated) = both(&Refusal::QuotaPerMinute(Some(RetryAfter::Date(60))));
    let date = dated.header("retry-after").unwrap();
    assert!(
        chrono::DateTime::parse_from_rfc2822(date).unwrap() > chrono::Utc::now(),
        "{date}"
    );
}

#[test]
fn failures_of_the_server_look_like_the_service_that_fails() {
    for (status, name) in [
        (500, "INTERNAL"),
        (503, "UNAVAILABLE"),
        (504, "DEADLINE_EXCEEDED"),
        (502, "UNKNOWN"),
    ] {
        let (api, media) = both(&Refusal::ServerError(status, Some(RetryAfter::Seconds(1))));
        assert_eq!(api.error(), (status, name.to_owned()));
        assert!(media.status == status && media.text().contains(&format!("Error {status}")));
    }
    let google = serving(vec![]);
    google.faults().set(Faults::none().rule(
        Endpoint::Token,
        Trigger::First(1),
        Refusal::ServerError(503, None),
    ));
    let form = [("grant_type", "refresh_token")];
    assert_eq!(
        post_form(&google, "/oauth2/token", &form).json()["error"],
        "internal_failure"
    );
    assert_eq!(
        post_form(&google, "/oauth2/token", &form).json()["error"],
        "invalid_request"
    );
}

#[test]
fn refusals_have_googles_form() {
    assert_eq!(
        both(&Refusal::Unauthenticated).0.error(),
        (401, "UNAUTHENTICATED".to_owned())
    );
    assert!(
        both(&Refusal::ScopeMissing)
            .0
            .text()
            .contains("insufficient authentication scopes")
    );
    assert!(both(&Refusal::ApiDisabled).0.text().contains("SERVICE_DISABLED"));
    assert_eq!(both(&Refusal::InvalidGrant).0.json()["error"], "invalid_grant");
    assert!(
        both(&Refusal::Forbidden)
            .1
            .text()
            .contains("Error 403 (Forbidden)!!1")
    );
    assert_eq!(both(&Refusal::NotFound).1.status, 404);
}

#[test]
fn status_200_can_lie() {
    let (page, _) = both(&Refusal::HtmlOk);
    assert!(page.status == 200 && page.header("content-type").unwrap().starts_with("text/html"));
    let (_, json) = both(&Refusal::JsonOk);
    assert!(json.status == 200 && json.json().get("mediaItems").is_none());
    let (broken, _) = both(&Refusal::BrokenJson);
    assert!(serde_json::from_slice::<serde_json::Value>(&broken.body).is_err());
    assert_eq!(broken.announced(), Some(broken.body.len()));
    let (giant, _) = both(&Refusal::GiantJson(5_000_000));
    assert!(giant.body.len() > 5_000_000 && giant.json()["mediaItems"].is_array());
}

#[test]
fn images_and_redirects_come_where_none_belong() {
    let (_, image) = both(&Refusal::ImageNotFound);
    assert_eq!(
        (image.status, image.header("content-type")),
        (404, Some("image/jpeg"))
    );
    assert!(image.body.starts_with(&[0xFF, 0xD8]));
    let (_, away) = both(&Refusal::RedirectTo("https://evil.example/x".to_owned()));
    assert_eq!(
        (away.status, away.header("location")),
        (302, Some("https://evil.example/x"))
    );
}

#[test]
fn connections_end_or_fall_silent_before_an_answer() {
    for (refusal, end) in [
        (Refusal::ResetBeforeHeaders, End::Reset),
        (Refusal::CloseBeforeHeaders, End::Orderly),
        (Refusal::SilenceBeforeHeaders, End::Silence),
    ] {
        let (api, media) = both(&refusal);
        assert_eq!(
            (api.end, api.status, media.end, media.status),
            (end, 0, end, 0),
            "{refusal:?}"
        );
    }
}

#[test]
fn latency_and_bandwidth_take_their_time() {
    let item = Item::photo(1).with_body(stand_in_google::Body::Filled {
        mime: "image/jpeg",
        size: 50_000,
        seed: 1,
    });
    let google = serving(vec![item]);
    let photo = format!("{}=d", base_path(&google, &id_of(1)));
    let timed = |pace: Pace| {
        google
            .faults()
            .set(Faults::none().rule(Service::Media, Trigger::Always, pace));
        let start = Instant::now();
        assert_eq!(get(&google, &photo).body.len(), 50_000);
        start.elapsed()
    };
    assert!(timed(Pace::Latency(Duration::from_millis(150))) >= Duration::from_millis(150));
    assert!(timed(Pace::Bandwidth(200_000)) >= Duration::from_millis(240));
}

#[test]
fn real_quotas_run_out_and_are_reset() {
    let quotas = Quotas {
        library_per_day: 3,
        media_per_day: 2,
        ..Quotas::default()
    };
    let google = StandIn::builder()
        .library(vec![Item::photo(1)])
        .quotas(quotas)
        .start()
        .unwrap();
    let photo = format!("{}=d", base_path(&google, &id_of(1)));
    let statuses = |ask: &dyn Fn() -> Reply| -> Vec<u16> { (0..3).map(|_| ask().status).collect() };
    assert_eq!(statuses(&|| ask(&google, MEDIA_ITEMS)), [200, 200, 429]);
    assert_eq!(statuses(&|| get(&google, &photo)), [200, 200, 429]);
    google.reset_quotas();
    assert_eq!(
        (ask(&google, MEDIA_ITEMS).status, get(&google, &photo).status),
        (200, 200)
    );
    google.set_quotas(Quotas {
        library_per_minute: 1,
        ..Quotas::default()
    });
    assert!(ask(&google, MEDIA_ITEMS).text().contains("per minute"));
}

#[test]
fn an_item_fails_its_first_tries_and_then_succeeds() {
    let google = serving(vec![Item::photo(1), Item::photo(2)]);
    let paths = [1, 2].map(|number| format!("{}=d", base_path(&google, &id_of(number))));
    let target = Target::item(&id_of(1));
    google
        .faults()
        .set(Faults::none().rule(target, Trigger::FirstTries(2), Refusal::Forbidden));
    let statuses: Vec<u16> = [0, 1, 0, 0]
        .map(|item: usize| get(&google, &paths[item]).status)
        .to_vec();
    assert_eq!(statuses, [403, 200, 403, 200]);
    google.faults().clear();
    assert_eq!(get(&google, &paths[0]).status, 200);
}
