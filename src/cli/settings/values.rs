//! Values that options take: pauses and worker counts, the same on the command line and in files.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// A length of time, such as `90s`, `2m 30s`, or plain seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pause(pub(crate) Duration);

impl FromStr for Pause {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Ok(seconds) = text.parse() {
            return Ok(Self(Duration::from_secs(seconds)));
        }
        humantime::parse_duration(text)
            .map(Self)
            .map_err(|_| "not a duration such as 90s, 5m or 1h30m".to_owned())
    }
}

impl fmt::Display for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration(self.0).fmt(f)
    }
}

/// How many downloads at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Workers {
    /// As many as the host bears.
    #[default]
    Auto,
    /// Exactly so many.
    Fixed(usize),
}

/// More connections than this help nobody, and Google's media host throttles long before.
const MOST_WORKERS: usize = 64;

impl FromStr for Workers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("auto") {
            return Ok(Self::Auto);
        }
        match text.parse() {
            Ok(count @ 1..=MOST_WORKERS) => Ok(Self::Fixed(count)),
            _ => Err(format!("neither `auto` nor a number from 1 to {MOST_WORKERS}")),
        }
    }
}

impl fmt::Display for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Fixed(count) => count.fmt(f),
        }
    }
}

/// In files these may be numbers as well as strings.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Number(u64),
    Text(String),
}

fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err = String>>(deserializer: D) -> Result<T, D::Error> {
    let text = match Scalar::deserialize(deserializer)? {
        Scalar::Number(number) => number.to_string(),
        Scalar::Text(text) => text,
    };
    text.parse().map_err(serde::de::Error::custom)
}

impl<'de> Deserialize<'de> for Pause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

impl<'de> Deserialize<'de> for Workers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses() {
        let seconds = |text: &str| text.parse::<Pause>().map(|pause| pause.0.as_secs());
        assert_eq!(seconds("0"), Ok(0));
        assert_eq!(seconds("90"), Ok(90));
        assert_eq!(seconds("2m 30s"), Ok(150));
        assert!(seconds("soon").is_err() && seconds("-1").is_err());
    }

    #[test]
    fn workers() {
        assert_eq!("auto".parse(), Ok(Workers::Auto));
        assert_eq!("8".parse(), Ok(Workers::Fixed(8)));
        for bad in ["0", "65", "-1", "many", ""] {
            assert!(bad.parse::<Workers>().is_err(), "{bad}");
        }
    }
}
