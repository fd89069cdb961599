//! The spellings of the Go program, so that old crontabs go on working.

use std::ffi::OsString;

/// Options of the predecessor, which wrote them with one dash.
const ONE_DASH: [&str; 2] = ["lib", "strategy"];

/// Spells the predecessor's options (`-lib PATH`, `-strategy=id`) the way they are spelled now.
pub(crate) fn modernised(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    args.into_iter().map(modernised_one).collect()
}

fn modernised_one(arg: OsString) -> OsString {
    let is_old = arg
        .to_str()
        .and_then(|text| text.strip_prefix('-'))
        .is_some_and(|rest| {
            let name = rest.split_once('=').map_or(rest, |(name, _)| name);
            ONE_DASH.contains(&name)
        });
    if !is_old {
        return arg;
    }
    let mut modern = OsString::from("-");
    modern.push(arg);
    modern
}
