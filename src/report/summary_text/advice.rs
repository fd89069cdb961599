//! What happens to the items that are not here yet, and what to type next.

use std::path::Path;

use console::Style;

use super::SummaryContext;
use crate::pipeline::summary::{Bucket, Ending, Summary};
use crate::report::numbers::counted;
use crate::report::printable::printable;

/// What happens to the rest, and the exact next commands.
pub(super) fn advice(summary: &Summary, context: &SummaryContext<'_>) -> Option<String> {
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
    // Which archives it was, the user knows best.
    let can_be_typed = summary.source != crate::source::takeout::NAME;
    let again = can_be_typed && !login && (retry || summary.ending != Ending::Complete);
    let fetch = can_be_typed
        && summary.dry_run
        && summary.ending == Ending::Complete
        && summary.counts.of(Bucket::NotReached) > 0;
    let (sign_in, go_on) = match summary.source {
        // It asks for its permission itself.
        crate::source::picker::NAME => ("pick", "pick"),
        _ => ("login", "sync"),
    };
    let choices = [
        (login, ("Sign in:", sign_in)),
        (why, ("See why:", "status --failed")),
        (fetch, ("Fetch:", "sync")),
        (again && !fetch, ("Go on:", go_on)),
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
