//! Looking items up by id, one by one and in batches.

use stand_in_google::{Item, Lookup, StandIn, id_of};

use crate::client::Reply;
use crate::{MEDIA_ITEMS, ask, serving};

fn batch(google: &StandIn, ids: &[String]) -> Reply {
    let query: Vec<String> = ids.iter().map(|id| format!("mediaItemIds={id}")).collect();
    ask(google, &format!("{MEDIA_ITEMS}:batchGet?{}", query.join("&")))
}

#[test]
fn a_batch_answers_in_the_order_asked_with_fresh_base_urls() {
    let google = serving((0..60).map(Item::photo).collect());
    let ids: Vec<String> = [5, 3, 9].map(id_of).to_vec();
    let results = batch(&google, &ids).json();
    let answered: Vec<&str> = (0..3)
        .map(|at| {
            results["mediaItemResults"][at]["mediaItem"]["id"]
                .as_str()
                .unwrap()
        })
        .collect();
    assert_eq!(answered, ids);
    let fifty: Vec<String> = (0..50).map(id_of).collect();
    assert_eq!(
        batch(&google, &fifty).json()["mediaItemResults"]
            .as_array()
            .unwrap()
            .len(),
        50
    );
    let too_many: Vec<String> = (0..51).map(id_of).collect();
    assert_eq!(
        batch(&google, &too_many).error(),
        (400, "INVALID_ARGUMENT".to_owned())
    );
    assert_eq!(batch(&google, &[]).status, 400);
}

#[test]
fn vanished_items_get_a_status_and_foreign_ids_fail_the_whole() {
    let google = serving((0..3).map(Item::photo).collect());
    google.add_item(Item::photo(7).looked_up(Lookup::Refused(7)));
    google.remove_item(&id_of(1));
    let results = batch(&google, &[0, 1, 7].map(id_of)).json();
    let result = |at: usize| &results["mediaItemResults"][at];
    assert!(result(0).get("mediaItem").is_some() && result(0).get("status").is_none());
    assert!(result(1)["status"]["code"] == 5 && result(1).get("mediaItem").is_none());
    assert_eq!(result(2)["status"]["code"], 7);
    for foreign in [id_of(99), "nonsense".to_owned()] {
        let whole = batch(&google, &[id_of(0), foreign]);
        assert_eq!(
            whole.json()["error"]["message"],
            "Request contains an invalid media item id."
        );
        assert_eq!(whole.error(), (400, "INVALID_ARGUMENT".to_owned()));
    }
}

#[test]
fn a_rotten_item_fails_every_batch_it_is_in() {
    let google = serving(vec![Item::photo(0), Item::photo(1).looked_up(Lookup::Rotten)]);
    assert_eq!(
        batch(&google, &[0, 1].map(id_of)).error(),
        (500, "INTERNAL".to_owned())
    );
    assert_eq!(batch(&google, &[id_of(0)]).status, 200);
    assert_eq!(ask(&google, &format!("{MEDIA_ITEMS}/{}", id_of(1))).status, 500);
}

#[test]
fn a_single_item_is_found_gone_or_foreign() {
    let google = serving(vec![Item::photo(0), Item::photo(1)]);
    let one = |id: &str| ask(&google, &format!("{MEDIA_ITEMS}/{id}"));
    assert_eq!(one(&id_of(0)).json()["filename"], "IMG_0000.jpg");
    google.remove_item(&id_of(1));
    assert_eq!(one(&id_of(1)).error(), (404, "NOT_FOUND".to_owned()));
    assert_eq!(one("nonsense").error(), (400, "INVALID_ARGUMENT".to_owned()));
}
