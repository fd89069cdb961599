//! Every link leads somewhere.

use super::markdown::Readme;
use super::repository;

#[test]
fn lead_to_files_and_headings_that_exist() {
    let readme = Readme::read();
    let (links, anchors) = (readme.links(), readme.anchors());
    assert!(links.len() > 20, "only {links:?} found");
    for link in links {
        let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
        if path.starts_with("https://") {
            continue;
        }
        assert!(repository(path).exists(), "{link} leads nowhere");
        let is_here = anchor.is_empty() || (path.is_empty() && anchors.iter().any(|one| one == anchor));
        assert!(is_here, "{link} names no heading of README.md");
    }
}

#[test]
fn the_web_is_reached_over_https_alone() {
    let text = Readme::read().flowing();
    for word in text.split("http://").skip(1) {
        assert!(word.starts_with("127.0.0.1"), "http://{word:.40}");
    }
}
