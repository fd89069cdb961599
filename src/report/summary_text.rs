//! The block at the end of a run: buckets that add up, what it took, how it ended, and what to type next.
//!
//! A pure function: nothing here looks at the clock, the terminal or the library.

use std::iter;
use std::path::Path;

use console::Style;

use super::numbers::{LocalClock, bytes, clock_time, count, counted, duration, rate};
use super::printable::{printable, printable_lines};
use crate::pipeline::summary::{Bucket, Ending, Summary};

/// Since when an app sees only what it uploaded itself, and what else there is.
const NOTHING_FOUND: &str = "\
Google listed nothing. That does not mean that your library is empty: since 31 March 2025
Google shows an app only the photos and videos that this very app has uploaded.
Other routes to the rest:
  Google Takeout (takeout.google.com)   the whole library, in original quality
  Google Photos Picker                  what you pick by hand";

/// What a summary needs to know beside the run itself.
#[derive(Clone, Copy, Debug)]
pub struct SummaryContext<'a> {
    /// The library folder, as the next command should name it.
    pub library: &'a Path,
    /// May it use colour?
    pub color: bool,
    /// The reader's clock.
    pub clock: LocalClock,
}

/// The end block, with a line end after its last line.
pub fn summary_text(summary: &Summary, context: &SummaryContext<'_>) -> String {
    let mut blocks = vec![headline(summary, context), facts(summary, context)];
    if summary.ending == Ending::Complete && summary.found == 0 {
        blocks.push(nothing_found(summary).to_owned());
    }
    blocks.extend(advice(summary, context));
    blocks.join("\n\n") + "\n"
}

/// Does somebody have to do or know something?
pub(crate) fn needs_attention(summary: &Summary) -> bool {
    let troubled = [Bucket::Failed, Bucket::Waiting, Bucket::Unavailable];
    summary.ending != Ending::Complete
        || summary.found == 0
        || troubled.iter().any(|&bucket| summary.counts.of(bucket) > 0)
}

/// The reason, if the run could not go on; all that is left to say under `-qq`.
pub(crate) fn fatal(summary: &Summary, context: &SummaryContext<'_>) -> Option<String> {
    match &summary.ending {
        Ending::Stopped { .. } | Ending::SignInNeeded { .. } => {
            let lines = iter::once(headline(summary, context)).chain(advice(summary, context));
            Some(
                lines.collect::<Vec<_>>().join(
                    "
",
                ) + "
",
            )
        }
        _ => None,
    }
}

fn headline(summary: &Summary, context: &SummaryContext<'_>) -> String {
    let (style, text) = match &summary.ending {
        Ending::Complete => complete(summary),
        Ending::Interrupted => (
            Style::new().yellow(),
            "Stopped, as you asked. Nothing is lost.".to_owned(),
        ),
        Ending::QuotaSpent { resets } => {
            let reset =
                resets.map(|at| format!(" It is full again at {}.", clock_time((context.clock)(at), LONG)));
            let text = format!("Stopped: Google's quota is used up.{}", reset.unwrap_or_default());
            (Style::new().yellow(), text)
        }
        Ending::SignInNeeded { reason } => (
            Style::new().red(),
            format!("Sign-in needed: {}", printable_lines(reason)),
        ),
        Ending::Stopped { reason } => (
            Style::new().red(),
            format!("Stopped by an error: {}", printable_lines(reason)),
        ),
    };
    style
        .bold()
        .force_styling(context.color)
        .apply_to(text)
        .to_string()
}

/// What is left of 80 columns beside the names of the facts.
const SUM_WIDTH: usize = 68;

/// A quota's reset is hours away: minutes are enough.
const LONG: std::time::Duration = std::time::Duration::from_secs(3600);

fn complete(summary: &Summary) -> (Style, String) {
    let failed = summary.counts.of(Bucket::Failed);
    let absent = summary.counts.of(Bucket::Waiting) + summary.counts.of(Bucket::Unavailable);
    if summary.found == 0 {
        (Style::new().yellow(), "Nothing found.".to_owned())
    } else if summary.dry_run {
        (Style::new().green(), "Planned; nothing was fetched.".to_owned())
    } else if failed > 0 {
        (
            Style::new().yellow(),
            format!("Finished, but {} failed.", counted(failed, "item")),
        )
    } else if absent > 0 {
        (
            Style::new().green(),
            "Complete, as far as Google delivers.".to_owned(),
        )
    } else if summary.counts.of(Bucket::Present) == summary.found {
        (Style::new().green(), "Complete; nothing new.".to_owned())
    } else {
        (Style::new().green(), "Complete.".to_owned())
    }
}

fn facts(summary: &Summary, context: &SummaryContext<'_>) -> String {
    let mut facts = vec![("Found", equation(summary))];
    if summary.bytes > 0 {
        facts.push(("Received", received(summary)));
    } else {
        facts.push(("Time", duration(summary.elapsed)));
    }
    if summary.renamed > 0 {
        let files = counted(summary.renamed, "file");
        facts.push((
            "Renamed",
            format!("{files}, because newer items claimed their names"),
        ));
    }
    if !context.library.as_os_str().is_empty() {
        let library = context.library.to_string_lossy();
        facts.push(("Library", printable(&library).into_owned()));
    }
    let dim = Style::new().dim().force_styling(context.color);
    let lines = facts
        .iter()
        .map(|(name, fact)| format!("  {}  {fact}", dim.apply_to(format!("{name:<8}"))));
    lines.collect::<Vec<_>>().join("\n")
}

/// `1,234 = 204 stored + 1,030 present`. A sum that does not hold is said, not hidden.
fn equation(summary: &Summary) -> String {
    let buckets: Vec<_> = Bucket::ALL
        .into_iter()
        .filter(|&bucket| summary.counts.of(bucket) > 0)
        .map(|bucket| {
            format!(
                "{} {}",
                count(summary.counts.of(bucket)),
                bucket_name(bucket, summary.dry_run)
            )
        })
        .collect();
    let found = count(summary.found);
    let total = summary.counts.total();
    if total != summary.found {
        let sum = if buckets.is_empty() {
            "0".to_owned()
        } else {
            buckets.join(" + ")
        };
        return format!("{found} ≠ {sum} (this is a bug; please report it)");
    }
    if buckets.is_empty() {
        found
    } else {
        sum(&found, &buckets)
    }
}

/// `found = a + b`, continued on another line where it would grow too long for a terminal or a mail.
fn sum(found: &str, parts: &[String]) -> String {
    let mut lines = vec![format!("{found} =")];
    for (n, part) in parts.iter().enumerate() {
        let next = if n == 0 {
            format!(" {part}")
        } else {
            format!(" + {part}")
        };
        match lines.last_mut() {
            Some(line) if line.len() + next.len() <= SUM_WIDTH => line.push_str(&next),
            _ => lines.push(format!("{:1$}{next}", "", found.len())),
        }
    }
    lines.join(&format!("\n{:12}", ""))
}

const fn bucket_name(bucket: Bucket, dry_run: bool) -> &'static str {
    match bucket {
        Bucket::NotReached if dry_run => "to fetch",
        Bucket::NotReached => "not reached",
        other => other.word(),
    }
}

fn received(summary: &Summary) -> String {
    let amount = bytes(summary.bytes);
    let time = duration(summary.elapsed);
    let millis = summary.elapsed.as_millis();
    let per_second = (u128::from(summary.bytes) * 1000).checked_div(millis);
    match per_second.and_then(|per_second| u64::try_from(per_second).ok()) {
        Some(per_second) => format!("{amount} in {time} ({})", rate(per_second)),
        None => format!("{amount} in {time}"),
    }
}

fn nothing_found(summary: &Summary) -> &'static str {
    if summary.source.contains("takeout") || summary.source.contains("picker") {
        "The source listed nothing."
    } else {
        NOTHING_FOUND
    }
}

/// What happens to the rest, and the exact next commands.
fn advice(summary: &Summary, context: &SummaryContext<'_>) -> Option<String> {
    let fates = [
        (Bucket::Failed, "Failed:", "; the next run tries again"),
        (
            Bucket::Waiting,
            "Waiting:",
            ", not ready at Google yet; a later run fetches what is ready",
        ),
        (Bucket::Unavailable, "Unavailable:", " that Google cannot deliver"),
    ];
    let mut lines: Vec<_> = fates
        .into_iter()
        .filter(|&(bucket, ..)| summary.counts.of(bucket) > 0)
        .map(|(bucket, name, fate)| {
            let items = counted(summary.counts.of(bucket), "item");
            format!("  {name:<12}  {items}{fate}")
        })
        .collect();
    lines.extend(commands(summary).map(|(what, command)| {
        let library = library_argument(context.library);
        let bold = Style::new().bold().force_styling(context.color);
        format!(
            "  {what:<12}  {}",
            bold.apply_to(format!("gphotosync {command}{library}"))
        )
    }));
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn commands(summary: &Summary) -> impl Iterator<Item = (&'static str, &'static str)> {
    let troubled = [Bucket::Failed, Bucket::Waiting, Bucket::Unavailable];
    let why = troubled.iter().any(|&bucket| summary.counts.of(bucket) > 0);
    let login = matches!(summary.ending, Ending::SignInNeeded { .. });
    let retry = summary.counts.of(Bucket::Failed) + summary.counts.of(Bucket::Waiting) > 0;
    let again = !login && (retry || summary.ending != Ending::Complete);
    let fetch =
        summary.dry_run && summary.ending == Ending::Complete && summary.counts.of(Bucket::NotReached) > 0;
    let choices = [
        (login, ("Sign in:", "login")),
        (why, ("See why:", "status --failed")),
        (fetch, ("Fetch:", "sync")),
        (again && !fetch, ("Go on:", "sync")),
    ];
    choices
        .into_iter()
        .filter_map(|(shown, command)| shown.then_some(command))
}

/// ` --lib PATH`, ready for a shell; nothing for the current folder, which is what the commands take by themselves.
fn library_argument(library: &Path) -> String {
    if library.as_os_str().is_empty() || library == Path::new(".") {
        return String::new();
    }
    let path = quoted(&library.to_string_lossy());
    let joint = if path.starts_with('-') { '=' } else { ' ' };
    printable(&format!(" --lib{joint}{path}")).into_owned()
}

/// A word a POSIX shell takes as it is.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@%=".contains(c);
    if word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;
    use insta::assert_snapshot;

    use super::*;
    use crate::report::sample::{counts, morning, summary};

    fn text_in(summary: &Summary, library: &str) -> String {
        let clock: LocalClock = |t| t.with_timezone(&FixedOffset::east_opt(3600).unwrap());
        summary_text(
            summary,
            &SummaryContext {
                library: Path::new(library),
                color: false,
                clock,
            },
        )
    }

    fn text(summary: &Summary) -> String {
        text_in(summary, "/photos")
    }

    #[test]
    fn a_complete_run_is_short() {
        assert_snapshot!(text(&summary()), @"");
    }

    #[test]
    fn the_second_run_received_nothing() {
        let counts = counts(&[(Bucket::Present, 1_234)]);
        assert_snapshot!(text(&Summary { counts, bytes: 0, ..summary() }), @"");
    }

    #[test]
    fn everything_at_once() {
        let all = Summary {
            counts: counts(&[
                (Bucket::Stored, 200),
                (Bucket::Present, 1_000),
                (Bucket::Waiting, 3),
                (Bucket::Unavailable, 1),
                (Bucket::Filtered, 20),
                (Bucket::Failed, 10),
            ]),
            renamed: 2,
            ..summary()
        };
        assert_snapshot!(text_in(&all, "/my photos/it's"), @"");
    }

    #[test]
    fn nothing_found_is_not_done() {
        let none = Summary {
            found: 0,
            counts: counts(&[]),
            bytes: 0,
            ..summary()
        };
        assert_snapshot!(text(&none), @"");
        assert!(
            text(&Summary {
                source: "takeout",
                ..none
            })
            .contains("The source listed nothing.")
        );
    }

    #[test]
    fn an_interrupted_run_says_how_to_go_on() {
        let counts = counts(&[(Bucket::Stored, 34), (Bucket::NotReached, 1_200)]);
        assert_snapshot!(text_in(&Summary { counts, ending: Ending::Interrupted, ..summary() }, "."), @"");
    }

    #[test]
    fn a_spent_quota_says_when_it_is_full_in_local_time() {
        let ending = Ending::QuotaSpent {
            resets: Some(morning()),
        };
        assert_snapshot!(text(&Summary { ending, ..summary() }), @"");
    }

    #[test]
    fn a_missing_grant_names_the_command() {
        let ending = Ending::SignInNeeded {
            reason: "the grant was revoked\nat Google".to_owned(),
        };
        let lost = Summary {
            found: 0,
            counts: counts(&[]),
            bytes: 0,
            ending,
            ..summary()
        };
        assert_snapshot!(text(&lost), @"");
    }

    #[test]
    fn a_fatal_error_is_all_that_is_left_in_silence() {
        let context = SummaryContext {
            library: Path::new("-odd"),
            color: false,
            clock: |t| t.fixed_offset(),
        };
        assert_eq!(fatal(&summary(), &context), None);
        let ending = Ending::Stopped {
            reason: "the disk is full\x1b[2J".to_owned(),
        };
        assert_snapshot!(fatal(&Summary { ending, ..summary() }, &context).unwrap(), @"");
    }

    #[test]
    fn a_plan_leads_to_the_run() {
        let counts = counts(&[(Bucket::Present, 1_000), (Bucket::NotReached, 234)]);
        assert_snapshot!(text(&Summary { counts, bytes: 0, dry_run: true, ..summary() }), @"");
    }

    #[test]
    fn a_sum_that_does_not_hold_is_said() {
        assert!(
            text(&Summary {
                found: 1_235,
                ..summary()
            })
            .contains("1,235 ≠ 204 stored + 1,030 present")
        );
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let context = SummaryContext {
            library: Path::new("/photos"),
            color: true,
            clock: |t| t.fixed_offset(),
        };
        let colored = summary_text(&summary(), &context);
        assert!(colored.contains("\x1b[32m"));
        assert_eq!(console::strip_ansi_codes(&colored), text(&summary()));
    }

    #[test]
    fn only_runs_without_trouble_can_be_passed_over() {
        assert!(!needs_attention(&summary()));
        assert!(needs_attention(&Summary {
            found: 0,
            ..summary()
        }));
        assert!(needs_attention(&Summary {
            ending: Ending::Interrupted,
            ..summary()
        }));
        assert!(needs_attention(&Summary {
            counts: counts(&[(Bucket::Waiting, 1)]),
            ..summary()
        }));
    }
}
