//! The optional configuration file: TOML, one key for each option.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde::Deserialize;

use crate::cli::failure::Failure;
use crate::cli::settings::choices::{
    AlbumsArg, BucketArg, Color, EditedArg, QuotaArg, SidecarsArg, StrategyArg,
};
use crate::cli::settings::values::{Pause, ServerAddress, Since, Workers};
use crate::report::mode::ProgressMode;

/// What a configuration file may hold. A key that is misspelt is an error, not a setting that silently does nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ConfigFile {
    pub(crate) lib: Option<PathBuf>,
    pub(crate) client_secret: Option<PathBuf>,
    pub(crate) progress: Option<ProgressMode>,
    pub(crate) color: Option<Color>,
    pub(crate) quiet: Option<u8>,
    pub(crate) verbose: Option<u8>,
    pub(crate) google_endpoint: Option<ServerAddress>,
    pub(crate) strategy: Option<StrategyArg>,
    pub(crate) workers: Option<Workers>,
    pub(crate) dry_run: Option<bool>,
    pub(crate) delay: Option<Pause>,
    pub(crate) retry_pause: Option<Pause>,
    pub(crate) quota: Option<QuotaArg>,
    pub(crate) stall_timeout: Option<Pause>,
    pub(crate) wait: Option<bool>,
    pub(crate) no_browser: Option<bool>,
    pub(crate) local_only: Option<bool>,
    pub(crate) max: Option<u32>,
    pub(crate) again: Option<bool>,
    pub(crate) album: Option<String>,
    pub(crate) since: Option<Since>,
    pub(crate) bucket: Option<BucketArg>,
    pub(crate) edited: Option<EditedArg>,
    pub(crate) trashed: Option<bool>,
    pub(crate) locked: Option<bool>,
    pub(crate) no_archived: Option<bool>,
    pub(crate) albums: Option<AlbumsArg>,
    pub(crate) sidecars: Option<SidecarsArg>,
    pub(crate) partial: Option<bool>,
    pub(crate) fix_extensions: Option<bool>,
    pub(crate) failed: Option<bool>,
    pub(crate) json: Option<bool>,
    pub(crate) quick: Option<bool>,
    pub(crate) repair: Option<bool>,
    pub(crate) report: Option<PathBuf>,
    pub(crate) on_finish: Option<String>,
}

/// Where the file is looked for when nobody says where it is.
pub(crate) fn usual_path() -> Option<PathBuf> {
    Some(
        etcetera::choose_base_strategy()
            .ok()?
            .config_dir()
            .join("gphotosync")
            .join("config.toml"),
    )
}

/// Reads the file at `given`, which must be there, or the one in the usual place, which need not.
pub(crate) fn read(given: Option<&Path>) -> Result<(Option<PathBuf>, ConfigFile), Failure> {
    let Some(path) = given
        .map(Path::to_owned)
        .or_else(|| usual_path().filter(|path| path.exists()))
    else {
        return Ok((None, ConfigFile::default()));
    };
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Failure::usage(format!(
            "could not read the configuration file {}: {error}",
            path.display()
        ))
    })?;
    let file = parse(&text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok((Some(path), file))
}

fn parse(text: &str) -> Result<ConfigFile, toml::de::Error> {
    toml::from_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words() {
        let file =
            parse("lib = '/photos'\nworkers = 8\ndelay = 0\nretry_pause = '2m'\nquota = 'exit'\nwait = true")
                .unwrap();
        assert_eq!(file.workers, Some(Workers::Fixed(8)));
        assert_eq!(file.retry_pause.unwrap().0.as_secs(), 120);
        assert_eq!((file.quota, file.wait), (Some(QuotaArg::Exit), Some(true)));
    }

    #[test]
    fn misspelt_keys_and_impossible_values_are_named() {
        let message = |text| parse(text).unwrap_err().to_string();
        assert!(message("worker = 8").contains("unknown field `worker`"));
        assert!(message("workers = 0").contains("from 1 to 64"));
        assert!(message("color = 'red'").contains("red"));
    }

    /// A file with keys of every kind.
    const FILES: &[&str] = &[
        "lib = '/photos'\nworkers = 8\ndelay = 0\nretry_pause = '2m'\nquota = 'exit'\nwait = true",
        "progress = \"json\"\nworkers = 'auto'\nstrategy = 'id'\ngoogle_endpoint = 'http://127.0.0.1:1/'",
    ];

    proptest::proptest! {
        #[test]
        fn whatever_a_file_holds_it_is_read_or_refused(text in crate::hostile::text(FILES)) {
            match parse(&text) {
                Ok(file) => {
                    let is_sane = |workers| match workers {
                        Workers::Fixed(count) => (1..=64).contains(&count),
                        Workers::Auto => true,
                    };
                    proptest::prop_assert!(file.workers.is_none_or(is_sane));
                }
                Err(error) => proptest::prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}
