//! The crontab line means something, and nothing happens on the hour.

use super::markdown::Readme;
use super::program::understands;

/// The least and the greatest of minute, hour, day, month and weekday (crontab(5)).
const RANGES: [(u8, u8); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];

/// The five fields and the command.
fn parts(line: &str) -> (Vec<&str>, String) {
    let words: Vec<_> = line.split_whitespace().collect();
    (words[..5].to_vec(), words[5..].join(" "))
}

fn is_valid(field: &str, (least, most): (u8, u8)) -> bool {
    field == "*"
        || field
            .parse::<u8>()
            .is_ok_and(|number| (least..=most).contains(&number))
}

#[test]
fn cron_lines_are_valid_and_not_on_the_hour() {
    for line in Readme::read().lines_in("crontab") {
        let (fields, command) = parts(&line);
        for (field, range) in fields.iter().zip(RANGES) {
            assert!(is_valid(field, range), "{field} in: {line}");
        }
        assert!(fields[0] != "0" && fields[0] != "*", "on the hour: {line}");
        assert!(fields[1] != "0", "at midnight: {line}");
        // Cron makes a new line of a percent sign.
        assert!(!command.contains('%'), "{line}");
        let (place, command) = command.split_once("gphotosync ").unwrap();
        assert_eq!(place, "$HOME/.cargo/bin/", "not where cargo installs: {line}");
        assert!(understands(&format!("gphotosync {command}")), "{line}");
    }
}
