//! What `Content-Range` says of a transfer that was to be continued: whether the pieces fit. Pure.

use crate::source::{Resume, SourceError, SourceErrorKind};

/// The start and total of a partial answer; both must be what was asked for, or the pieces would not fit.
pub(super) fn continued(
    content_range: Option<&str>,
    resume: &Resume,
) -> Result<(u64, Option<u64>), SourceError> {
    let range = content_range.and_then(parse_content_range);
    match range {
        Some((start, total))
            if start == resume.offset && (resume.length.is_none() || resume.length == total) =>
        {
            Ok((start, total))
        }
        _ => Err(SourceError::new(
            SourceErrorKind::WrongLength,
            "the host continued another file or another place",
        )),
    }
}

/// There is nothing from the place asked for on: either the piece that is here is all there is, or it does not fit.
pub(super) fn not_continued(content_range: Option<&str>, resume: &Resume) -> SourceError {
    let total = content_range.and_then(|range| range.strip_prefix("bytes */")?.parse().ok());
    if resume.offset > 0 && total == Some(resume.offset) {
        SourceError::new(SourceErrorKind::EndReached, "the file ends where the piece ends")
    } else {
        SourceError::new(
            SourceErrorKind::WrongLength,
            "the host cannot continue the transfer",
        )
    }
}

/// `bytes 100-199/200` → `(100, Some(200))`; `bytes 100-199/*` has no total.
fn parse_content_range(header: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = header.strip_prefix("bytes ")?.split_once('/')?;
    let (start, _end) = range.split_once('-')?;
    Some((start.parse().ok()?, total.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges() {
        assert_eq!(parse_content_range("bytes 100-199/200"), Some((100, Some(200))));
        assert_eq!(parse_content_range("bytes 100-199/*"), Some((100, None)));
        for bad in [
            "",
            "bytes */200",
            "bytes x-1/2",
            "items 0-1/2",
            "bytes 18446744073709551616-1/2",
        ] {
            assert_eq!(parse_content_range(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_partial_answer_must_fit_what_is_here() {
        let resume = Resume {
            offset: 100,
            length: Some(200),
            etag: None,
        };
        assert_eq!(
            continued(Some("bytes 100-199/200"), &resume).unwrap(),
            (100, Some(200))
        );
        for bad in ["bytes 99-199/200", "bytes 100-299/300", "bytes 100-199/*"] {
            assert!(continued(Some(bad), &resume).is_err(), "{bad}");
        }
        assert!(continued(None, &resume).is_err());
    }

    #[test]
    fn a_piece_that_is_all_there_is_is_told_from_one_that_does_not_fit() {
        let kind = |offset, range: &str| {
            let resume = Resume {
                offset,
                ..Resume::default()
            };
            not_continued(Some(range), &resume).kind
        };
        assert_eq!(kind(200, "bytes */200"), SourceErrorKind::EndReached);
        for (offset, range) in [(100, "bytes */50"), (200, "bytes */*"), (0, "bytes */0")] {
            assert_eq!(kind(offset, range), SourceErrorKind::WrongLength, "{range}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_range_says_only_one_that_fits_is_continued(
            range in crate::hostile::text(&["bytes 100-199/200", "bytes 100-199/*", "bytes 0-0/1"]),
        ) {
            let resume = Resume { offset: 100, length: Some(200), etag: None };
            if let Ok(fitting) = continued(Some(&range), &resume) {
                proptest::prop_assert_eq!(fitting, (100, Some(200)));
            }
            not_continued(Some(&range), &resume);
        }
    }
}
