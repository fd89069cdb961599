//! Reads what Google's consent page sent back, whether it came through the browser or was pasted: a query string
//! with `state` and either `code` or `error`. It does not care how the query got here.

use thiserror::Error;
use url::form_urlencoded;

use super::pkce;
use crate::secret::Secret;

/// What the person decided, or what Google decided instead.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Consent, and the code to exchange for tokens.
    Code(Secret),
    /// The person declined.
    Refused,
    /// Google ended the flow; the name of the reason, cleaned for display.
    Failed(String),
}

/// Why a text is not the answer to this sign-in. The words are for whoever pasted it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum Misfit {
    #[error(
        "that holds no answer from Google: copy the whole address the browser ended on, \
         the one with \"state=\" and \"code=\" in it"
    )]
    NoAnswer,
    #[error(
        "that is the address to open: open it in a browser, finish there, and paste the address the browser ends on"
    )]
    ConsentAddress,
    #[error(
        "that is only a part of the address: the part with \"state=\" is missing, so copy the whole address the \
         browser ended on"
    )]
    Incomplete,
    #[error(
        "that answer belongs to another sign-in: open the address above, not an older one, and try again"
    )]
    OtherSignIn,
}

/// The verdict in the query part of a redirect, provided that it carries the `state` of this sign-in.
pub(crate) fn read_query(query: &str, state: &Secret) -> Result<Verdict, Misfit> {
    let given = |name: &str| value_of(query, name);
    let verdict = match (given("code"), given("error")) {
        (_, Some(error)) => failure(&error),
        (Some(code), None) if !code.is_empty() => Verdict::Code(Secret::new(code)),
        _ => return Err(Misfit::NoAnswer),
    };
    match given("state") {
        None => Err(Misfit::Incomplete),
        Some(given) if pkce::same(&given, state.reveal()) => Ok(verdict),
        Some(_) => Err(Misfit::OtherSignIn),
    }
}

/// The verdict in a pasted line: the whole address, or the part behind its question mark.
pub(crate) fn read_paste(line: &str, state: &Secret) -> Result<Verdict, Misfit> {
    let text = line.trim_matches(|c: char| c.is_whitespace() || "\"'<>`".contains(c));
    let query = text.split_once('?').map_or(text, |(_, query)| query);
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    if value_of(query, "code_challenge").is_some() {
        return Err(Misfit::ConsentAddress);
    }
    read_query(query, state)
}

fn value_of(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn failure(error: &str) -> Verdict {
    if error == "access_denied" {
        Verdict::Refused
    } else {
        Verdict::Failed(error_name(error))
    }
}

/// An OAuth error code as it may be shown: these are short lower-case names, and anything else is not repeated.
pub(crate) fn error_name(error: &str) -> String {
    /// The longest of Google's codes, `admin_policy_enforced` and the like, stay well below.
    const LONGEST: usize = 40;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !error.is_empty() && error.len() <= LONGEST && error.chars().all(plain) {
        error.to_owned()
    } else {
        "unnamed error".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> Secret {
        Secret::new("st4te")
    }

    fn code(read: Result<Verdict, Misfit>) -> String {
        match read {
            Ok(Verdict::Code(code)) => code.reveal().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_code_needs_the_state_of_this_sign_in() {
        assert_eq!(
            code(read_query("state=st4te&code=4%2F0Ab&scope=x", &state())),
            "4/0Ab"
        );
        assert_eq!(
            read_query("state=other&code=4", &state()).unwrap_err(),
            Misfit::OtherSignIn
        );
        assert_eq!(read_query("code=4", &state()).unwrap_err(), Misfit::Incomplete);
        assert_eq!(read_query("state=st4te", &state()).unwrap_err(), Misfit::NoAnswer);
        assert_eq!(
            read_query("state=st4te&code=", &state()).unwrap_err(),
            Misfit::NoAnswer
        );
    }

    #[test]
    fn a_refusal_counts_only_with_the_state() {
        assert!(matches!(
            read_query("error=access_denied&state=st4te", &state()),
            Ok(Verdict::Refused)
        ));
        assert_eq!(
            read_query("error=access_denied&state=x", &state()).unwrap_err(),
            Misfit::OtherSignIn
        );
    }

    #[test]
    fn other_errors_keep_their_name_and_nothing_else() {
        let name = |query: &str| match read_query(query, &state()) {
            Ok(Verdict::Failed(name)) => name,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            name("error=admin_policy_enforced&state=st4te"),
            "admin_policy_enforced"
        );
        assert_eq!(name("error=%1b%5b2J<b>&state=st4te"), "unnamed error");
    }

    #[test]
    fn a_paste_may_be_the_address_or_its_query() {
        for pasted in [
            "http://127.0.0.1:4711/?state=st4te&code=4%2Fx&scope=y\n",
            "  <http://127.0.0.1:4711?state=st4te&code=4%2Fx#>  ",
            "?code=4%2Fx&state=st4te",
            "\"code=4%2Fx&state=st4te\"",
        ] {
            assert_eq!(code(read_paste(pasted, &state())), "4/x", "{pasted}");
        }
    }

    #[test]
    fn a_wrong_paste_says_what_is_wrong() {
        let misfit = |line: &str| read_paste(line, &state()).unwrap_err();
        assert_eq!(misfit("4/0AbCdEf"), Misfit::NoAnswer);
        assert_eq!(misfit("http://127.0.0.1:1/"), Misfit::NoAnswer);
        assert_eq!(misfit("code=4%2Fx"), Misfit::Incomplete);
        assert_eq!(
            misfit("http://127.0.0.1:1/?code=4&state=old"),
            Misfit::OtherSignIn
        );
        assert_eq!(
            misfit("https://accounts.google.com/o/oauth2/v2/auth?client_id=a&state=st4te&code_challenge=b"),
            Misfit::ConsentAddress
        );
    }

    #[test]
    fn debug_hides_the_code() {
        let verdict = read_query("state=st4te&code=hiddencode", &state()).unwrap();
        assert!(!format!("{verdict:?}").contains("hiddencode"));
    }

    /// What browsers end on.
    const PASTES: &[&str] = &[
        "http://127.0.0.1:4711/?state=st4te&code=4/abc&scope=s",
        "state=st4te&error=access_denied",
        "?code=4%2Fabc&state=st4te",
    ];

    proptest::proptest! {
        #[test]
        fn whatever_is_pasted_a_code_needs_the_state(line in crate::hostile::text(PASTES)) {
            for read in [read_paste(&line, &state()), read_query(&line, &state())] {
                match read {
                    Ok(_) => proptest::prop_assert!(line.contains("st4te") || line.contains('%')),
                    Err(misfit) => {
                        let shown = format!("{misfit:?}");
                        proptest::prop_assert!(!shown.contains("st4te"), "{}", shown);
                    }
                }
            }
            let name = error_name(&line);
            proptest::prop_assert!(name.len() < 100 && !name.contains(char::is_control), "{:?}", name);
        }
    }
}
