//! How right an import is: exports of several languages, packings and ages, compared with what their maker knows.

use pretend_takeout::{Language, Packing, Settings};

use crate::compared::{Compared, Share};
use crate::exports::Export;
use crate::machine::Workspace;
use crate::table::{Verdicts, say};
use crate::{Options, Result};

/// Of a thousand times, so many may be wrong.
const MOST_WRONG_TIMES: f64 = 1.0;

/// Items of each export.
const ITEMS: u32 = 10_000;

/// Photos that share an album, about.
const ITEMS_PER_ALBUM: u32 = 80;

/// So many of what is wrong are named.
const MOST_NAMED: usize = 8;

/// What is looked at, in words, and how many of a thousand may be wrong, if that is limited.
type Look = (&'static str, fn(&Compared) -> &Share, Option<f64>);

/// What may be wrong.
const LOOKS: [Look; 8] = [
    ("contents missing or changed", |all| &all.missing, Some(0.0)),
    ("files here twice, or not wanted", |all| &all.extra, None),
    ("times that are wrong", |all| &all.times, Some(MOST_WRONG_TIMES)),
    (
        "another's sidecar, where it can be told",
        |all| &all.wrong_pairs,
        Some(0.0),
    ),
    (
        "another's sidecar, where it can only be guessed",
        |all| &all.wrong_guesses,
        None,
    ),
    ("no sidecar, though there is one", |all| &all.unpaired, None),
    (
        "clips and versions with another photo",
        |all| &all.wrong_ties,
        Some(0.0),
    ),
    ("clips and versions on their own", |all| &all.untied, None),
];

/// Measures one export of each kind.
pub(crate) fn measure(options: &Options, workspace: &Workspace, verdicts: &mut Verdicts) -> Result<()> {
    for (number, settings) in (0..).zip(kinds(options)) {
        let export = Export::written(&settings, workspace)?;
        let library = workspace.fresh("library")?;
        export.import(&library, &[])?;
        let compared = Compared::of(&library, &export.truth)?;
        workspace.retire(&library)?;
        say(&format!(
            "\n{:?}, {:?}, {} items, {} of a thousand sidecars of the newer kind, seed {}",
            settings.language, settings.packing, export.truth.items, settings.new_sidecars, settings.seed
        ));
        for (what, share, most) in LOOKS {
            let share = share(&compared);
            show(what, share);
            if let Some(most) = most {
                verdicts.at_most(most, "‰", &format!("truth {number}: {what}"), share.per_mille());
            }
        }
    }
    Ok(())
}

fn kinds(options: &Options) -> Vec<Settings> {
    let kind = |(number, language): (u32, Language)| Settings {
        seed: options.seed + u64::from(number),
        items: options.scaled(ITEMS),
        albums: options.scaled(ITEMS) / ITEMS_PER_ALBUM,
        language,
        has_english_years: number % 3 == 1,
        // Old exports have none, newer ones nothing else, and some have both.
        new_sidecars: [800, 0, 1000][number as usize % 3],
        is_mixed: number % 4 != 3,
        packing: if number % 2 == 0 {
            Packing::Zip
        } else {
            Packing::Tgz
        },
        ..Settings::default()
    };
    (0..).zip(Language::ALL).map(kind).collect()
}

fn show(what: &str, share: &Share) {
    say(&format!("  {what:50}{:>7} of {}", share.wrong.len(), share.of));
    for one in share.wrong.iter().take(MOST_NAMED) {
        say(&format!("    {one}"));
    }
}
