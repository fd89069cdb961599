//! `gphotosync doctor`: checks the set-up, and says what to do about what is wrong.

mod disk;
mod google;

use std::fmt::Write as _;

use crate::cli::console::to_stdout;
use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;
use crate::cli::settings::Settings;
use crate::report::printable;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grade {
    Good,
    /// It works, but something should be known.
    Note,
    Bad,
}

/// One check.
#[derive(Clone, Debug)]
struct Finding {
    grade: Grade,
    what: &'static str,
    /// What was found.
    found: String,
    /// What to do about it.
    advice: Option<String>,
    /// Somebody must sign in.
    sign_in: bool,
}

impl Finding {
    fn good(what: &'static str, found: impl Into<String>) -> Self {
        Self {
            grade: Grade::Good,
            what,
            found: found.into(),
            advice: None,
            sign_in: false,
        }
    }

    fn note(what: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            grade: Grade::Note,
            advice: Some(advice.into()),
            ..Self::good(what, found)
        }
    }

    fn bad(what: &'static str, failure: Failure) -> Self {
        let sign_in = failure.status == ExitStatus::SignInNeeded;
        Self {
            grade: Grade::Bad,
            advice: failure.advice,
            sign_in,
            ..Self::good(what, failure.message)
        }
    }
}

/// Checks everything and tells of it.
pub(crate) async fn doctor(settings: &Settings) -> ExitStatus {
    let mut findings = disk::check(settings);
    findings.extend(google::check(settings).await);
    to_stdout(&as_text(&findings));
    grade(&findings)
}

fn grade(findings: &[Finding]) -> ExitStatus {
    let bad: Vec<_> = findings
        .iter()
        .filter(|finding| finding.grade == Grade::Bad)
        .collect();
    if bad.is_empty() {
        ExitStatus::Complete
    } else if bad.iter().all(|finding| finding.sign_in) {
        ExitStatus::SignInNeeded
    } else {
        ExitStatus::Stopped
    }
}

fn as_text(findings: &[Finding]) -> String {
    let mut text = String::new();
    for Finding {
        grade,
        what,
        found,
        advice,
        ..
    } in findings
    {
        let mark = match grade {
            Grade::Good => "ok  ",
            Grade::Note => "note",
            Grade::Bad => "BAD ",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{mark}  {what:<14} {}", printable::printable(found));
        for line in advice.iter().flat_map(|advice| advice.lines()) {
            let _ = writeln!(text, "        {line}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_stands_below_what_it_is_about() {
        let sign_in = Finding {
            sign_in: true,
            grade: Grade::Bad,
            advice: Some("Run: gphotosync login\nand agree".to_owned()),
            ..Finding::good("sign-in", "nobody is signed in")
        };
        let findings = [
            Finding::good("library", "/photos"),
            Finding::note("clock", "3 minutes slow", "Set it."),
            sign_in,
        ];
        insta::assert_snapshot!(as_text(&findings), @r"
        ok    library        /photos
        note  clock          3 minutes slow
                Set it.
        BAD   sign-in        nobody is signed in
                Run: gphotosync login
                and agree
        ");
        assert_eq!(grade(&findings), ExitStatus::SignInNeeded);
        assert_eq!(grade(&findings[..2]), ExitStatus::Complete);
    }
}
