//! Values that options take: pauses, worker counts and addresses, the same on the command line and in files.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use url::Url;

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

/// The address of a server that speaks HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerAddress(pub(crate) Url);

impl FromStr for ServerAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).ok();
        let usable = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        url.filter(usable)
            .map(Self)
            .ok_or_else(|| "not an address such as https://example.org:8443".to_owned())
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A day or an instant from which on something counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Since(pub(crate) DateTime<Utc>);

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let day = [text.to_owned(), format!("{text}-01"), format!("{text}-01-01")]
            .iter()
            .find_map(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
        let day = day.map(|day| day.and_time(NaiveTime::MIN).and_utc());
        let instant = || {
            DateTime::parse_from_rfc3339(text)
                .ok()
                .map(|instant| instant.to_utc())
        };
        day.or_else(instant)
            .map(Self)
            .ok_or_else(|| "not a date such as 2019, 2019-06, 2019-06-08 or 2019-06-08T10:34:56Z".to_owned())
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// In files these may be numbers as well as texts.
struct Scalar<T>(PhantomData<T>);

impl<T: FromStr<Err = String>> Visitor<'_> for Scalar<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a text in quotes")
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err = String>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(Scalar(PhantomData))
}

impl<'de> Deserialize<'de> for Pause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

impl<'de> Deserialize<'de> for ServerAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

impl<'de> Deserialize<'de> for Since {
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
    fn addresses() {
        let address = |text: &str| text.parse::<ServerAddress>().map(|address| address.to_string());
        assert_eq!(
            address("http://127.0.0.1:1").as_deref(),
            Ok("http://127.0.0.1:1/")
        );
        for bad in ["", "here", "ftp://127.0.0.1/", "localhost:8080", "https://"] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn dates() {
        let since = |text: &str| text.parse::<Since>().map(|since| since.to_string());
        for (text, expected) in [
            ("2019", "2019-01-01T00:00:00Z"),
            ("2019-06", "2019-06-01T00:00:00Z"),
            ("2019-06-08", "2019-06-08T00:00:00Z"),
            ("2019-06-08T12:34:56+02:00", "2019-06-08T10:34:56Z"),
        ] {
            assert_eq!(since(text).as_deref(), Ok(expected));
        }
        for bad in ["", "June", "2019-13", "2019-02-30", "8.6.2019"] {
            assert!(since(bad).is_err(), "{bad}");
        }
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
