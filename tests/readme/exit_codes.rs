//! The table of exit codes is the one in `--help`.

use super::markdown::Readme;
use super::program::help;

/// Code and meaning.
type Row = (u8, String);

fn in_help() -> Vec<Row> {
    let help = help(&[]);
    let lines = help.lines().skip_while(|line| *line != "Exit codes:").skip(1);
    let mut rows: Vec<Row> = lines
        .take_while(|line| !line.is_empty())
        .flat_map(rows_of_line)
        .collect();
    rows.sort();
    rows
}

/// A line holds code and meaning, and perhaps code and meaning again, apart by two blanks at least.
fn rows_of_line(line: &str) -> Vec<Row> {
    let cells: Vec<_> = line
        .split("  ")
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect();
    assert_eq!(cells.len() % 2, 0, "{line}");
    let row = |pair: &[&str]| (pair[0].parse().unwrap(), pair[1].to_owned());
    cells.chunks(2).map(row).collect()
}

#[test]
fn are_the_ones_in_the_help() {
    let table = Readme::read().table("Exit code");
    let told: Vec<Row> = table
        .iter()
        .map(|row| (row[0].parse().unwrap(), row[1].clone()))
        .collect();
    let known = in_help();
    assert!(known.len() >= 8, "the help tells only {known:?}");
    assert_eq!(told, known);
}
