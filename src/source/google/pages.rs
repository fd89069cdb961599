//! Paging as a value: where a listing stands, and what an answer makes of it. Pure.

use crate::source::{SourceError, SourceErrorKind};

/// More empty pages than this in a row are taken for a listing that never ends; eighty were seen in the wild.
const MOST_EMPTY_PAGES: u32 = 1_000;

/// A page token is rejected when it got too old; more often than this something else is wrong.
const MOST_RESTARTS: u32 = 5;

/// Where a listing stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::source) struct Position {
    /// The token of the page to ask for next; `None` for the first.
    pub(in crate::source) token: Option<String>,
    empty_pages: u32,
    restarts: u32,
}

/// What to do after a page.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::source) enum Step {
    /// Ask for the page at this position.
    Next(Position),
    /// That was the last page.
    Done,
}

impl Position {
    /// The position after a page of `items` items that named `next` as the next one.
    pub(in crate::source) fn after(&self, items: usize, next: Option<String>) -> Result<Step, SourceError> {
        let Some(next) = next.filter(|token| !token.is_empty()) else {
            return Ok(Step::Done);
        };
        let empty_pages = if items == 0 { self.empty_pages + 1 } else { 0 };
        if self.token.as_ref() == Some(&next) || empty_pages > MOST_EMPTY_PAGES {
            return Err(endless());
        }
        Ok(Step::Next(Self {
            token: Some(next),
            empty_pages,
            restarts: self.restarts,
        }))
    }

    /// The position after the current token was rejected: the beginning, a limited number of times.
    pub(in crate::source) fn restarted(&self) -> Option<Self> {
        let restarts = self.restarts + 1;
        (self.token.is_some() && restarts <= MOST_RESTARTS).then(|| Self {
            restarts,
            ..Self::default()
        })
    }
}

fn endless() -> SourceError {
    SourceError::new(
        SourceErrorKind::Unexpected,
        "Google's list goes on without end; what was listed so far is kept, but it may not be all",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(position: &Position, items: usize, token: &str) -> Position {
        match position.after(items, Some(token.to_owned())).unwrap() {
            Step::Next(position) => position,
            Step::Done => panic!("not done"),
        }
    }

    #[test]
    fn ends_where_no_token_is() {
        assert_eq!(Position::default().after(100, None).unwrap(), Step::Done);
        assert_eq!(
            Position::default().after(0, Some(String::new())).unwrap(),
            Step::Done
        );
    }

    #[test]
    fn runs_of_empty_pages_are_survived_but_not_for_ever() {
        let mut position = Position::default();
        for n in 0..MOST_EMPTY_PAGES {
            position = next(&position, 0, &n.to_string());
        }
        assert!(position.after(0, Some("more".into())).is_err());
        let after_items = next(&position, 1, "items");
        next(&after_items, 0, "empty again");
    }

    #[test]
    fn a_token_that_leads_to_itself_is_an_error() {
        let position = next(&Position::default(), 1, "a");
        assert!(position.after(1, Some("a".into())).is_err());
    }

    #[test]
    fn a_rejected_token_restarts_a_few_times_and_the_first_page_never() {
        assert_eq!(Position::default().restarted(), None);
        let mut position = next(&Position::default(), 1, "a");
        for _ in 0..MOST_RESTARTS {
            position = next(&position.restarted().unwrap(), 1, "a");
        }
        assert_eq!(position.restarted(), None);
    }
}
