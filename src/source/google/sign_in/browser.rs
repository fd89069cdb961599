//! Whether a browser can be started here, and starting it.

/// Opens `url` in the person's browser. `false` where none is to be expected or none starts: over SSH, or on a
/// system without a screen. A `BROWSER` variable is taken at its word, since remote editors set it to reach the
/// browser of the computer in front of the person.
pub fn open(url: &str) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    to_be_expected(set, cfg!(target_os = "linux")) && webbrowser::open(url).is_ok()
}

fn to_be_expected(set: impl Fn(&str) -> bool, linux: bool) -> bool {
    if set("BROWSER") {
        return true;
    }
    let remote = set("SSH_CONNECTION") || set("SSH_TTY");
    let screen = !linux || set("DISPLAY") || set("WAYLAND_DISPLAY") || set("WSL_DISTRO_NAME");
    !remote && screen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(variables: &[&str], linux: bool) -> bool {
        to_be_expected(|name| variables.contains(&name), linux)
    }

    #[test]
    fn a_browser_needs_a_screen_on_this_computer() {
        assert!(expected(&["DISPLAY"], true) && expected(&["WAYLAND_DISPLAY"], true));
        assert!(expected(&["WSL_DISTRO_NAME"], true) && expected(&[], false));
        assert!(!expected(&[], true));
        assert!(!expected(&["DISPLAY", "SSH_CONNECTION"], true) && !expected(&["SSH_TTY"], false));
        assert!(expected(&["BROWSER", "SSH_CONNECTION"], true));
    }
}
