//! What a person is shown who is to pick: what is allowed, the link, and the link as a picture for a phone.

use console::{Style, Term};
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use url::Url;

use super::is_watched;
use crate::cli::console::{Console, is_attended};
use crate::cli::settings::Settings;
use crate::report::numbers::{count, counted};
use crate::report::open::knows_unicode;
use crate::source::google::sign_in::Prompt as _;
use crate::source::picker::{MOST_ITEMS, PickerError};

/// The invitation to one round.
pub(super) struct Invitation<'a> {
    pub(super) settings: &'a Settings,
    pub(super) link: &'a str,
    /// From 1.
    pub(super) round: u32,
}

impl Invitation<'_> {
    /// Says all there is to say, and opens the browser.
    pub(super) fn show(&self, console: &Console) {
        for line in limits(self.settings.max.value, self.settings.again.value, self.round) {
            console.say(&line);
        }
        console.say("");
        // Where nobody watches, nobody wants a window to open.
        let may_open = !self.settings.no_browser.value && is_attended();
        let opened = may_open && console.open_browser(&closing(self.link));
        console.say(if opened { IN_THE_BROWSER } else { ANYWHERE });
        console.say("");
        console.say(self.link);
        console.say("");
        if let Some(picture) = self.picture() {
            console.say(ON_A_PHONE);
            console.say("");
            console.say(&picture);
        }
    }

    /// The link for the camera of a phone, where a terminal can show it.
    fn picture(&self) -> Option<String> {
        if !is_watched() || !knows_unicode(|name| std::env::var(name).ok()) {
            return None;
        }
        let colored = crate::cli::is_colored(self.settings.color.value);
        let (rows, columns) = Term::stderr().size();
        qr_code(self.link, colored).filter(|picture| {
            let width = picture.lines().map(console::measure_text_width).max();
            // What has to be scrolled cannot be photographed.
            width <= Some(columns.into()) && picture.lines().count() < usize::from(rows)
        })
    }
}

const IN_THE_BROWSER: &str =
    "Your browser opens Google Photos. Should it not, open this address in any browser:";

const ANYWHERE: &str = "Open this address in a browser, on any device that is signed in to the same account:";

const ON_A_PHONE: &str = "Or pick on your phone:";

/// What may be picked, before anything is opened.
fn limits(wish: u32, again: bool, round: u32) -> Vec<String> {
    let most = wish.min(MOST_ITEMS);
    let place = if round > 1 {
        format!("Round {round}. ")
    } else {
        String::new()
    };
    let items = match most {
        1 => "one photo or video".to_owned(),
        _ => format!("up to {} photos and videos", count(most.into())),
    };
    let mut lines = vec![format!("{place}Pick {items} in Google Photos, then press Done.")];
    if wish > MOST_ITEMS {
        lines.push(format!(
            "Google lets nobody pick more than {} at a time.{}",
            count(MOST_ITEMS.into()),
            if again {
                ""
            } else {
                " For more, add --again: then the next round follows this one."
            }
        ));
    }
    if again {
        lines.push(
            "The next round follows when these are here; to end, let its time go by or press Ctrl-C."
                .to_owned(),
        );
    }
    lines
}

/// The link that closes its page when the choice is made.
fn closing(link: &str) -> String {
    let Ok(mut url) = Url::parse(link) else {
        return link.to_owned();
    };
    if let Ok(mut path) = url.path_segments_mut() {
        path.push("autoclose");
    }
    url.into()
}

/// `text` as a picture. Coloured, it is black on white on every terminal; otherwise it is drawn for a dark one.
fn qr_code(text: &str, colored: bool) -> Option<String> {
    // The least redundancy makes the smallest picture; a screen has no stains.
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (dark, light) = if colored {
        (Dense1x2::Dark, Dense1x2::Light)
    } else {
        (Dense1x2::Light, Dense1x2::Dark)
    };
    let picture = code
        .render::<Dense1x2>()
        .dark_color(dark)
        .light_color(light)
        .quiet_zone(true)
        .build();
    let style = Style::new().black().on_white().bright().force_styling(true);
    let line = |line: &str| {
        if colored {
            style.apply_to(line).to_string()
        } else {
            line.to_owned()
        }
    };
    Some(picture.lines().map(line).collect::<Vec<_>>().join("\n"))
}

/// What is said of a session that ended before all of it was here.
pub(super) fn over(error: &PickerError, date: &str, lost: usize) -> String {
    let cause = match error {
        PickerError::SessionExpired => "has expired at Google",
        _ => "is no longer known to Google",
    };
    let missing = match lost {
        0 => String::new(),
        _ => format!(
            " {} of it cannot be fetched any more; pick again what you want.",
            counted(lost as u64, "item")
        ),
    };
    format!("The selection of {date} {cause}.{missing}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_picked_is_said_before_anything_opens() {
        let said = |wish, again, round| limits(wish, again, round).join(" ");
        assert_eq!(
            said(1, false, 1),
            "Pick one photo or video in Google Photos, then press Done."
        );
        assert_eq!(
            said(7, false, 1),
            "Pick up to 7 photos and videos in Google Photos, then press Done."
        );
        let more = said(5_000, false, 1);
        assert!(
            more.contains("Pick up to 2,000") && more.contains("more than 2,000") && more.contains("--again")
        );
        let rounds = said(5_000, true, 3);
        assert!(
            rounds.starts_with("Round 3. ") && !rounds.contains("add --again"),
            "{rounds}"
        );
    }

    #[test]
    fn the_page_closes_itself_where_it_opened_by_itself() {
        assert_eq!(
            closing("https://photos.google.com/p/x"),
            "https://photos.google.com/p/x/autoclose"
        );
        assert_eq!(
            closing("https://photos.google.com/p/x?a=b"),
            "https://photos.google.com/p/x/autoclose?a=b"
        );
    }

    #[test]
    fn a_link_becomes_a_square_that_fits_a_usual_terminal() {
        let link = format!("https://photos.google.com/picker/{}", "x".repeat(80));
        let picture = qr_code(&link, false).unwrap();
        let widths: Vec<_> = picture.lines().map(console::measure_text_width).collect();
        assert!(
            widths.iter().all(|width| *width == widths[0]) && widths[0] <= 80,
            "{widths:?}"
        );
        assert!(widths.len() * 2 >= widths[0] && widths.len() <= 40);
        assert!(!picture.contains('\x1b') && qr_code(&link, true).unwrap().contains('\x1b'));
    }
}
