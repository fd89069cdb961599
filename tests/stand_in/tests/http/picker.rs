//! The Picker: sessions, the user's choice, what is listed of it, and bytes that open with a token only.

use std::time::Duration;

use serde_json::{Value, json};
use stand_in_google::{Choice, Endpoint, Item, StandIn, VideoStatus, id_of};

use crate::client::{Reply, path_of, send, with_query};
use crate::{READ, ids, serving};

/// The scope of the Picker.
const PICK: &str = "https://www.googleapis.com/auth/photospicker.mediaitems.readonly";

const SESSIONS: &str = "/photospicker/v1/sessions";

const PICKED: &str = "/photospicker/v1/mediaItems";

fn ask_as(google: &StandIn, scope: &str, method: &str, path: &str, body: &str) -> Reply {
    let token = format!("Bearer {}", google.issue_access_token(&[scope]));
    let mut headers = vec![("Authorization", token.as_str())];
    if !body.is_empty() {
        headers.push(("Content-Type", "application/json"));
    }
    send(google, method, path, &headers, body)
}

fn ask(google: &StandIn, method: &str, path: &str) -> Reply {
    ask_as(google, PICK, method, path, "")
}

/// A new session in which this is chosen at once.
fn session(google: &StandIn, choice: Choice) -> String {
    google.will_choose(choice);
    let created = ask(google, "POST", SESSIONS).json();
    created["id"].as_str().unwrap().to_owned()
}

fn look(google: &StandIn, id: &str) -> Value {
    ask(google, "GET", &format!("{SESSIONS}/{id}")).json()
}

fn listing(id: &str, more: &[(&str, &str)]) -> String {
    with_query(PICKED, &[&[("sessionId", id)], more].concat())
}

fn photos(count: u64) -> (StandIn, Vec<String>) {
    let google = serving((1..=count).map(Item::photo).collect());
    (google, (1..=count).map(id_of).collect())
}

#[test]
fn a_session_is_polled_until_the_user_has_chosen() {
    let (google, all) = photos(3);
    google.will_choose(Choice::AfterPolls(2, all.clone()));
    let created = ask(&google, "POST", SESSIONS).json();
    assert_eq!(created["pickingConfig"]["maxItemCount"], "2000");
    assert_eq!(created["pollingConfig"]["pollInterval"], "5s");
    assert!(created["mediaItemsSet"].is_null(), "false is left out");
    let id = created["id"].as_str().unwrap();
    let page = path_of(&google, created["pickerUri"].as_str().unwrap());
    assert_eq!(send(&google, "GET", &page, &[], "").status, 200);
    assert!(look(&google, id)["mediaItemsSet"].is_null());
    assert_eq!(
        ask(&google, "GET", &listing(id, &[])).error(),
        (400, "FAILED_PRECONDITION".to_owned())
    );
    let done = look(&google, id);
    assert!(done["mediaItemsSet"] == true && done["pollingConfig"].is_null());
    assert_eq!(
        send(&google, "GET", &page, &[], "").status,
        404,
        "one choice for each session"
    );
    assert_eq!(ids(&ask(&google, "GET", &listing(id, &[])).json()), all);
}

#[test]
fn pages_are_of_the_size_asked_for_and_tokens_of_their_session() {
    let (google, all) = photos(120);
    let id = session(&google, Choice::AfterPolls(1, all.clone()));
    look(&google, &id);
    for (asked, lengths) in [
        ("0", vec![50, 50, 20]),
        ("30", vec![30; 4]),
        ("999", vec![100, 20]),
    ] {
        let mut token = String::new();
        let mut pages = Vec::new();
        loop {
            let page = ask(
                &google,
                "GET",
                &listing(&id, &[("pageSize", asked), ("pageToken", &token)]),
            );
            let page = page.json();
            pages.push(ids(&page));
            match page["nextPageToken"].as_str() {
                Some(next) => next.clone_into(&mut token),
                None => break,
            }
        }
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), lengths, "{asked}");
        assert_eq!(pages.concat(), all);
        let other = ask(
            &google,
            "GET",
            &listing(&id, &[("pageSize", "7"), ("pageToken", &token)]),
        );
        assert_eq!(other.status, 400);
    }
    assert_eq!(
        ask(&google, "GET", &listing(&id, &[("pageSize", "-1")])).status,
        400
    );
    assert_eq!(ask(&google, "GET", PICKED).status, 400, "a session must be named");
}

#[test]
fn an_item_is_written_in_the_pickers_own_way() {
    let google = serving(vec![
        Item::photo(1),
        Item::video(2).with_status(VideoStatus::Processing),
    ]);
    let id = session(&google, Choice::AfterPolls(1, vec![id_of(1), id_of(2)]));
    look(&google, &id);
    let items = ask(&google, "GET", &listing(&id, &[])).json();
    let [photo, video] = items["mediaItems"].as_array().unwrap().as_slice() else {
        panic!("{items}")
    };
    assert_eq!(photo["type"], "PHOTO");
    assert_eq!(photo["mediaFile"]["mediaFileMetadata"]["width"], 64);
    assert_eq!(
        video["mediaFile"]["mediaFileMetadata"]["videoMetadata"]["processingStatus"],
        "PROCESSING"
    );
}

#[test]
fn who_may_not_is_refused() {
    let (google, _) = photos(1);
    let refused = ask_as(&google, READ, "POST", SESSIONS, "");
    assert_eq!(refused.error(), (403, "PERMISSION_DENIED".to_owned()));
    assert!(refused.text().contains("insufficient authentication scopes"));
    assert_eq!(send(&google, "POST", SESSIONS, &[], "").status, 401);
    google.configure(|settings| settings.picker.enabled = false);
    let disabled = ask(&google, "POST", SESSIONS);
    assert!(disabled.text().contains("Picker API has not been used") && disabled.status == 403);
    google.configure(|settings| {
        settings.picker.enabled = true;
        settings.picker.has_photos = false;
    });
    assert_eq!(
        ask(&google, "POST", SESSIONS).error(),
        (400, "FAILED_PRECONDITION".to_owned())
    );
}

#[test]
fn sessions_end_expire_and_are_limited_in_number() {
    let (google, all) = photos(1);
    google.configure(|settings| settings.picker.most_sessions = 2);
    let first = session(&google, Choice::AfterPolls(1, all));
    let second = session(&google, Choice::Never);
    assert_eq!(
        ask(&google, "POST", SESSIONS).error(),
        (429, "RESOURCE_EXHAUSTED".to_owned())
    );
    let path = format!("{SESSIONS}/{first}");
    assert_eq!(ask(&google, "DELETE", &path).json(), json!({}));
    for method in ["GET", "DELETE"] {
        assert_eq!(ask(&google, method, &path).error(), (404, "NOT_FOUND".to_owned()));
    }
    assert_eq!(ask(&google, "GET", &listing(&first, &[])).status, 404);
    google.pass_time(Duration::from_hours(7 * 24 + 1));
    assert_eq!(
        ask(&google, "GET", &format!("{SESSIONS}/{second}")).error(),
        (403, "PERMISSION_DENIED".to_owned())
    );
    assert_eq!(
        ask(&google, "POST", SESSIONS).status,
        200,
        "expired ones do not count"
    );
}

#[test]
fn the_users_time_runs_out() {
    let (google, all) = photos(1);
    let id = session(&google, Choice::AfterPolls(1, all));
    google.pass_time(Duration::from_mins(31));
    let late = look(&google, &id);
    assert_eq!(late["pollingConfig"]["timeoutIn"], "0s");
    assert!(late["mediaItemsSet"].is_null());
}

#[test]
fn the_wish_for_a_number_is_checked_and_lowered() {
    let (google, _) = photos(1);
    let create = |body: &str| ask_as(&google, PICK, "POST", SESSIONS, body);
    for (wish, number) in [
        ("\"7\"", "7"),
        ("7", "7"),
        ("\"0\"", "2000"),
        ("\"9999\"", "2000"),
    ] {
        let body = format!("{{\"pickingConfig\":{{\"maxItemCount\":{wish}}}}}");
        assert_eq!(
            create(&body).json()["pickingConfig"]["maxItemCount"],
            number,
            "{wish}"
        );
    }
    for wrong in [
        "{\"pickingConfig\":{\"maxItemCount\":\"-1\"}}",
        "{\"maxItemCount\":1}",
        "[]",
        "{",
    ] {
        assert_eq!(
            create(wrong).error(),
            (400, "INVALID_ARGUMENT".to_owned()),
            "{wrong}"
        );
    }
}

#[test]
fn bytes_open_with_a_token_of_the_pickers_scope_only() {
    let google = serving(vec![Item::photo(1), Item::video(2)]);
    let id = session(&google, Choice::AfterPolls(1, vec![id_of(1), id_of(2)]));
    look(&google, &id);
    let items = ask(&google, "GET", &listing(&id, &[])).json();
    let base = |at: usize| {
        path_of(
            &google,
            items["mediaItems"][at]["mediaFile"]["baseUrl"].as_str().unwrap(),
        )
    };
    let (photo, video) = (format!("{}=d", base(0)), format!("{}=dv", base(1)));
    assert_eq!(send(&google, "GET", &photo, &[], "").status, 403);
    assert_eq!(ask_as(&google, READ, "GET", &photo, "").status, 403);
    assert_eq!(ask(&google, "GET", &photo).body.len(), 4096);
    assert_eq!(send(&google, "GET", &video, &[], "").status, 403);
    let redirect = ask(&google, "GET", &video);
    let target = path_of(&google, redirect.header("location").unwrap());
    assert_eq!(
        send(&google, "GET", &target, &[], "").body.len(),
        8192,
        "signed for everybody"
    );
    let seen = google.journal().entries_of(Endpoint::Photo);
    assert_eq!(
        seen.iter().map(|entry| entry.authorized).collect::<Vec<_>>(),
        [false, true, true]
    );
    assert!(seen[0].path == "/media/ppa/…=d" && seen[0].item == Some(id_of(1)));
    google.pass_time(Duration::from_mins(61));
    assert_eq!(ask(&google, "GET", &photo).status, 403, "too old");
    google.expire_sessions();
    assert_eq!(google.picking_sessions()[0].polls, 1);
    assert_eq!(ask(&google, "GET", &listing(&id, &[])).status, 403);
}
