//! Carries the OAuth client of whoever builds gphotosync into the program: a `.client_secret.json` at the
//! repository root, as Google's console gave it. It copies the file and prints nothing of it.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    let client = root.join(".client_secret.json");
    println!("cargo:rerun-if-changed=build.rs");
    if client.is_file() {
        fs::write(out.join("built_in_client.json"), fs::read(&client)?)?;
        println!("cargo:rerun-if-changed={}", client.display());
    } else {
        fs::write(out.join("built_in_client.json"), "")?;
        println!(
            "cargo:rerun-if-changed={}",
            lookout(&out, &client).unwrap_or(client).display()
        );
    }
    Ok(())
}

fn variable(name: &str) -> io::Result<std::ffi::OsString> {
    env::var_os(name).ok_or_else(|| io::Error::other(format!("cargo did not set {name}")))
}

/// A folder to watch for the appearance of `client`.
///
/// To watch a missing file itself makes cargo rebuild the crate every time. Cargo follows links inside a watched
/// folder and overlooks the dangling ones, so a link to the file is as good, and rests until the file is there.
/// Where links cannot be made, the caller watches the file and pays.
fn lookout(out: &Path, client: &Path) -> io::Result<PathBuf> {
    let folder = out.join("lookout");
    fs::create_dir_all(&folder)?;
    let link = folder.join("client");
    if link.symlink_metadata().is_err() {
        link_to(client, &link)?;
    }
    // The folder has just changed, which cargo would take for a reason to build again.
    fs::File::open(&folder)?.set_modified(std::time::SystemTime::UNIX_EPOCH)?;
    Ok(folder)
}

#[cfg(unix)]
fn link_to(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(not(unix))]
fn link_to(_target: &Path, _link: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
