//! The block at the end of a run: buckets that add up, what it took, how it ended, and what to type next.
//!
//! A pure function: nothing here looks at the clock, the terminal or the library.

mod advice;

use std::iter;
use std::path::Path;

use console::Style;

use crate::pipeline::summary::{Bucket, Ending, Summary};
use crate::report::numbers::{LocalClock, bytes, clock_time, count, counted, duration, rate};
use crate::report::printable::{printable, printable_lines};
use advice::advice;

/// Since when an app sees only what it uploaded itself, and what else there is.
const NOTHING_FOUND: &str = "\
Google listed nothing. That does not mean that your library is empty: since 31 March 2025
Google shows an app only the photos and videos that this very app has uploaded.
Other routes to the rest:
  Google Takeout (takeout.google.com)      the whole library, in original quality
  Google Photos Picker (gphotosync pick)   what you pick by hand";

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
        || summary.entries.contains_key("failed")
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
        // A selection is ended with the run: what was not fetched must be picked again.
        Ending::Interrupted if summary.source == crate::source::picker::NAME => {
            (Style::new().yellow(), "Stopped, as you asked.".to_owned())
        }
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
const LONG: std::time::Duration = std::time::Duration::from_hours(1);

/// Whether the items came from archives, and not from Google.
fn is_import(summary: &Summary) -> bool {
    summary.source == crate::source::takeout::NAME
}

fn complete(summary: &Summary) -> (Style, String) {
    let failed = summary.counts.of(Bucket::Failed);
    let unread = summary.entries.get("failed").copied().unwrap_or(0);
    let absent = summary.counts.of(Bucket::Waiting) + summary.counts.of(Bucket::Unavailable);
    if summary.found == 0 {
        (Style::new().yellow(), "Nothing found.".to_owned())
    } else if summary.dry_run {
        let text = if is_import(summary) {
            "Planned; nothing was imported."
        } else {
            "Planned; nothing was fetched."
        };
        (Style::new().green(), text.to_owned())
    } else if failed > 0 {
        (
            Style::new().yellow(),
            format!("Finished, but {} failed.", counted(failed, "item")),
        )
    } else if unread > 0 {
        let entries = if unread == 1 { "entry" } else { "entries" };
        let text = format!(
            "Complete, but for {} {entries} that cannot be read.",
            count(unread)
        );
        (Style::new().yellow(), text)
    } else if absent > 0 {
        (
            Style::new().green(),
            "Complete, as far as Google delivers.".to_owned(),
        )
    } else if summary.counts.of(Bucket::Present) + summary.counts.of(Bucket::Filtered) == summary.found {
        (Style::new().green(), "Complete; nothing new.".to_owned())
    } else {
        (Style::new().green(), "Complete.".to_owned())
    }
}

fn facts(summary: &Summary, context: &SummaryContext<'_>) -> String {
    let mut facts = vec![("Found", equation(summary))];
    if summary.bytes > 0 {
        let name = if is_import(summary) {
            "Imported"
        } else {
            "Received"
        };
        facts.push((name, received(summary)));
    } else {
        facts.push(("Time", duration(summary.elapsed)));
    }
    if summary.renamed > 0 {
        let files = counted(summary.renamed, "file");
        facts.push((
            "Renamed",
            format!("{files}: newer items claimed their names, or their dates changed"),
        ));
    }
    if !summary.entries.is_empty() {
        facts.push(("Entries", entries(summary)));
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
                bucket_name(bucket, summary)
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

/// The same of all entries of archives.
fn entries(summary: &Summary) -> String {
    let name = |word: &str| match word {
        "not_reached" if summary.dry_run => "to import".to_owned(),
        word => word.replace('_', " "),
    };
    let parts: Vec<_> = summary
        .entries
        .iter()
        .map(|(word, number)| format!("{} {}", count(*number), name(word)))
        .collect();
    sum(&count(summary.entries.values().sum()), &parts)
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

fn bucket_name(bucket: Bucket, summary: &Summary) -> &'static str {
    match bucket {
        Bucket::NotReached if summary.dry_run && is_import(summary) => "to import",
        Bucket::NotReached if summary.dry_run => "to fetch",
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

#[cfg(test)]
mod tests;
