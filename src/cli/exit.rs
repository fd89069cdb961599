//! What the shell is told. The numbers are a contract; they are listed in `--help` and the README.

use std::process::ExitCode;

use crate::pipeline::summary::{Bucket, Ending, Summary};

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Everything that could be done is done.
    Complete = 0,
    /// An error stopped it.
    Stopped = 1,
    /// What the user typed or configured makes no sense.
    Usage = 2,
    /// It went through, but some items failed, or entries of an archive could not be read; the next run tries them again.
    FailedItems = 3,
    /// Somebody must sign in.
    SignInNeeded = 4,
    /// A quota is used up; safe to run again.
    QuotaSpent = 5,
    /// Another gphotosync works on the library.
    InUse = 6,
    /// The user stopped it.
    Interrupted = 130,
}

impl From<&Summary> for ExitStatus {
    fn from(summary: &Summary) -> Self {
        match summary.ending {
            Ending::Complete if has_failures(summary) => Self::FailedItems,
            Ending::Complete => Self::Complete,
            Ending::Interrupted => Self::Interrupted,
            Ending::QuotaSpent { .. } => Self::QuotaSpent,
            Ending::SignInNeeded { .. } => Self::SignInNeeded,
            Ending::Stopped { .. } => Self::Stopped,
        }
    }
}

fn has_failures(summary: &Summary) -> bool {
    let entries = summary.entries.get(Bucket::Failed.word());
    summary.counts.of(Bucket::Failed) > 0 || entries.is_some_and(|failed| *failed > 0)
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use std::collections::BTreeMap;

    use super::*;
    use crate::pipeline::summary::Counts;

    fn summary(ending: Ending, failed: u64) -> Summary {
        let mut counts = Counts::default();
        counts.set(Bucket::Failed, failed);
        Summary {
            source: "library-api",
            found: failed,
            counts,
            bytes: 0,
            renamed: 0,
            elapsed: Duration::ZERO,
            dry_run: false,
            entries: BTreeMap::new(),
            ending,
        }
    }

    #[test]
    fn the_table() {
        let reason = String::new;
        for (ending, failed, code) in [
            (Ending::Complete, 0, 0),
            (Ending::Stopped { reason: reason() }, 0, 1),
            (Ending::Stopped { reason: reason() }, 7, 1),
            (Ending::Complete, 7, 3),
            (Ending::SignInNeeded { reason: reason() }, 0, 4),
            (Ending::QuotaSpent { resets: None }, 7, 5),
            (Ending::Interrupted, 7, 130),
        ] {
            assert_eq!(
                ExitStatus::from(&summary(ending.clone(), failed)) as u8,
                code,
                "{ending:?}"
            );
        }
        assert_eq!([ExitStatus::Usage as u8, ExitStatus::InUse as u8], [2, 6]);
    }
}
