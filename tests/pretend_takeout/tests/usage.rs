//! What the program refuses.

use std::process::Command;

#[test]
fn what_looks_like_an_option_is_no_folder() {
    let here = tempfile::tempdir().unwrap();
    for arguments in [&["--help"][..], &["-x", "5"], &["export", "--items", "5"], &[]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pretend-takeout"));
        let ended = command.args(arguments).current_dir(&here).output().unwrap();
        assert!(!ended.status.success(), "{arguments:?}");
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(
            said.contains("usage: pretend-takeout FOLDER"),
            "{arguments:?}: {said}"
        );
        let written = std::fs::read_dir(&here).unwrap().count();
        assert_eq!(written, 0, "{arguments:?}");
    }
}
