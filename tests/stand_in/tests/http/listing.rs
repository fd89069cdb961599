//! Listing and searching.

use std::collections::HashSet;

use serde_json::{Value, json};
use stand_in_google::{
    Change, Faults, Item, PagingQuirks, Population, Refusal, StandIn, Target, Trigger, VideoStatus, id_of,
};

use crate::client::{Reply, send, with_query};
use crate::{MEDIA_ITEMS, READ, ask, ids, serving};

fn photos(count: u64) -> Vec<Item> {
    (0..count).map(Item::photo).collect()
}

fn list(google: &StandIn, query: &[(&str, &str)]) -> Reply {
    ask(google, &with_query(MEDIA_ITEMS, query))
}

/// All pages from the first to the last.
fn pages(google: &StandIn, size: &str) -> Vec<Value> {
    let mut pages: Vec<Value> = Vec::new();
    loop {
        let token = pages
            .last()
            .map(|page| page["nextPageToken"].as_str().map(str::to_owned));
        let reply = match &token {
            None => list(google, &[("pageSize", size)]),
            Some(None) => return pages,
            Some(Some(token)) => list(google, &[("pageSize", size), ("pageToken", token)]),
        };
        assert_eq!(reply.status, 200, "{}", reply.text());
        pages.push(reply.json());
    }
}

fn listed(pages: &[Value]) -> Vec<String> {
    pages.iter().flat_map(ids).collect()
}

fn search(google: &StandIn, body: &Value) -> Reply {
    let token = format!("Bearer {}", google.issue_access_token(&[READ]));
    let headers = [
        ("Authorization", token.as_str()),
        ("Content-Type", "application/json"),
    ];
    send(
        google,
        "POST",
        &format!("{MEDIA_ITEMS}:search"),
        &headers,
        &body.to_string(),
    )
}

#[test]
fn pages_go_from_newest_to_oldest_and_sizes_are_bounded() {
    let google = serving(photos(130));
    let newest_first: Vec<String> = (0..130).rev().map(id_of).collect();
    assert_eq!(listed(&pages(&google, "7")), newest_first);
    let first_page = |query| ids(&list(&google, query).json()).len();
    assert_eq!(first_page(&[]), 25);
    assert_eq!(first_page(&[("pageSize", "0")]), 25);
    assert_eq!(first_page(&[("pageSize", "1000")]), 100);
    for wrong in ["-1", "many", "1.5", "99999999999"] {
        assert_eq!(
            list(&google, &[("pageSize", wrong)]).error(),
            (400, "INVALID_ARGUMENT".to_owned()),
            "{wrong}"
        );
    }
    assert_eq!(serving(vec![]).len(), 0);
    assert_eq!(list(&serving(vec![]), &[]).json(), json!({}));
}

#[test]
fn page_tokens_belong_to_their_server_listing_and_parameters() {
    let google = serving(photos(30));
    let token = |reply: &Reply| reply.json()["nextPageToken"].as_str().unwrap().to_owned();
    let good = token(&list(&google, &[("pageSize", "10")]));
    assert_eq!(
        list(&google, &[("pageSize", "10"), ("pageToken", &good)]).status,
        200
    );
    let foreign = token(&list(&serving(photos(30)), &[("pageSize", "10")]));
    let searched = token(&search(&google, &json!({"pageSize": 10})));
    for (size, token) in [
        ("11", &good),
        ("10", &foreign),
        ("10", &searched),
        ("10", &"invented".to_owned()),
    ] {
        let reply = list(&google, &[("pageSize", size), ("pageToken", token)]);
        assert_eq!(reply.error(), (400, "INVALID_ARGUMENT".to_owned()));
    }
    assert_eq!(
        list(&google, &[("pageToken", &good)]).status,
        400,
        "the size left out on the second page"
    );
}

#[test]
fn requests_google_chokes_on_are_refused() {
    let google = serving(photos(1));
    let token = format!("Bearer {}", google.issue_access_token(&[READ]));
    let with_type = [
        ("Authorization", token.as_str()),
        ("Content-Type", "application/json"),
    ];
    assert_eq!(send(&google, "GET", MEDIA_ITEMS, &with_type, "").status, 400);
    let unknown = list(&google, &[("page_size", "10")]);
    assert!(unknown.status == 400 && unknown.text().contains("Unknown name \\\"page_size\\\""));
    assert_eq!(list(&google, &[("pageSize", "1"), ("pageSize", "2")]).status, 400);
    assert_eq!(
        send(&google, "DELETE", MEDIA_ITEMS, &[("Authorization", &token)], "").status,
        405
    );
    let nowhere = ask(&google, "/photoslibrary/v1/nothing");
    assert!(nowhere.status == 404 && nowhere.text().contains("Error 404 (Not Found)!!1"));
}

#[test]
fn who_may_not_read_is_told_why() {
    let google = serving(photos(1));
    let with = |value: &str| send(&google, "GET", MEDIA_ITEMS, &[("Authorization", value)], "");
    assert_eq!(
        send(&google, "GET", MEDIA_ITEMS, &[], "").error(),
        (401, "UNAUTHENTICATED".to_owned())
    );
    assert_eq!(
        with("Bearer ya29.invented").error(),
        (401, "UNAUTHENTICATED".to_owned())
    );
    let old = "https://www.googleapis.com/auth/photoslibrary.readonly";
    let scope = with(&format!("Bearer {}", google.issue_access_token(&[old])));
    assert_eq!(scope.error(), (403, "PERMISSION_DENIED".to_owned()));
    let body = scope.json();
    assert_eq!(
        body["error"]["message"],
        "Request had insufficient authentication scopes."
    );
    assert_eq!(
        body["error"]["details"][0]["reason"],
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    );
    google.configure(|settings| settings.library_api_enabled = false);
    let disabled = with(&format!("Bearer {}", google.issue_access_token(&[READ])));
    assert_eq!(disabled.error(), (403, "PERMISSION_DENIED".to_owned()));
    assert!(disabled.text().contains("SERVICE_DISABLED") && disabled.text().contains("overview?project=1"));
}

#[test]
fn a_generated_million_is_listed_by_position() {
    let google = StandIn::builder()
        .library(Population::generated(1_000_000, Item::photo))
        .start()
        .unwrap();
    let first = list(&google, &[("pageSize", "100")]).json();
    let second = list(
        &google,
        &[
            ("pageSize", "100"),
            ("pageToken", first["nextPageToken"].as_str().unwrap()),
        ],
    )
    .json();
    assert_eq!(ids(&first)[99], Population::generated_id(99));
    assert_eq!(ids(&second)[0], Population::generated_id(100));
    assert_eq!(google.len(), 1_000_000);
}

#[test]
fn listings_misbehave_within_the_law() {
    let google = serving(photos(10));
    let all: HashSet<String> = (0..10).map(id_of).collect();
    let with = |quirks: PagingQuirks| {
        google.faults().set(Faults::none().paging(quirks));
        let pages = pages(&google, "4");
        let listed = listed(&pages);
        assert_eq!(listed.iter().cloned().collect::<HashSet<_>>(), all);
        (pages, listed)
    };
    let (empty, _) = with(PagingQuirks {
        empty_runs: vec![(1, 80)],
        ..PagingQuirks::default()
    });
    assert_eq!(empty.len(), 83);
    assert!(empty[1].get("mediaItems").is_none() && empty[80].get("nextPageToken").is_some());
    let (_, repeated) = with(PagingQuirks {
        repeat_last: true,
        ..PagingQuirks::default()
    });
    assert!(repeated[3] == repeated[4] && repeated.len() == 12);
    let (trailing, _) = with(PagingQuirks {
        trailing_empty: true,
        ..PagingQuirks::default()
    });
    assert_eq!(trailing.last(), Some(&json!({})));
    let (short, _) = with(PagingQuirks {
        page_fill: Some(1),
        ..PagingQuirks::default()
    });
    assert_eq!(short.len(), 10);
}

#[test]
fn a_page_token_can_be_rejected_in_the_middle_once() {
    let google = serving(photos(10));
    google
        .faults()
        .set(Faults::none().rule(Target::page(1), Trigger::Nth(1), Refusal::InvalidPageToken));
    let token = list(&google, &[("pageSize", "4")]).json()["nextPageToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let query = [("pageSize", "4"), ("pageToken", token.as_str())];
    assert_eq!(
        list(&google, &query).error(),
        (400, "INVALID_ARGUMENT".to_owned())
    );
    assert_eq!(list(&google, &query).status, 200);
}

#[test]
fn things_happen_after_a_page() {
    let google = serving(photos(10));
    google.after_page(0, Change::Remove(id_of(2)));
    google.after_page(0, Change::Add(Box::new(Item::photo(77))));
    google.after_page(1, Change::VideoStatus(id_of(0), VideoStatus::Failed));
    let listed = listed(&pages(&google, "4"));
    assert_eq!(listed, [9, 8, 7, 6, 5, 4, 3, 1, 0].map(id_of));
    assert_eq!(ids(&list(&google, &[]).json())[0], id_of(77));
    assert!(google.remove_item(&id_of(9)));
    assert_eq!(google.len(), 9);
}

#[test]
fn search_takes_what_google_takes_and_filters_by_time_and_kind() {
    let google = serving(vec![Item::photo(0), Item::video(1), Item::photo(600_000)]);
    let found = |filters: Value| ids(&search(&google, &json!({ "filters": filters })).json());
    assert_eq!(
        found(json!({"mediaTypeFilter": {"mediaTypes": ["VIDEO"]}})),
        [id_of(1)]
    );
    assert_eq!(
        found(json!({"dateFilter": {"dates": [{"year": 2020, "month": 1, "day": 1}]}})),
        [1, 0].map(id_of)
    );
    let range = json!({"startDate": {"year": 2021}, "endDate": {"year": 2022}});
    assert_eq!(
        found(json!({"dateFilter": {"ranges": [range]}})),
        [id_of(600_000)]
    );
    assert_eq!(ids(&search(&google, &json!({})).json()).len(), 3);
    let date = json!({"year": 2020});
    for wrong in [
        json!({"albumId": "a", "filters": {}}),
        json!({"filters": {"mediaTypeFilter": {"mediaTypes": ["PHOTO", "VIDEO"]}}}),
        json!({"filters": {"dateFilter": {"dates": [date, date, date, date, date, date]}}}),
        json!({"filters": {"dateFilter": {"ranges": [{"startDate": date, "endDate": {"year": 2021, "month": 1}}]}}}),
        json!({"filters": {"contentFilter": {"includedContentCategories": vec!["PETS"; 11]}}}),
        json!({"orderBy": "MediaMetadata.creation_time"}),
        json!({"pageSize": -1}),
        json!({"unknown": 1}),
    ] {
        assert_eq!(
            search(&google, &wrong).error(),
            (400, "INVALID_ARGUMENT".to_owned()),
            "{wrong}"
        );
    }
    assert_eq!(ask(&google, &format!("{MEDIA_ITEMS}:search")).status, 405);
}

#[test]
fn there_are_no_albums() {
    let google = serving(vec![]);
    assert_eq!(
        ask(&google, "/photoslibrary/v1/albums?pageSize=50").json(),
        json!({})
    );
    assert_eq!(ask(&google, "/photoslibrary/v1/albums?pageToken=x").status, 400);
}
