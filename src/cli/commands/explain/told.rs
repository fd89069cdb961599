//! What sources tell of an item, and where in an export it comes from, line by line.

use crate::cli::failure::Failure;
use crate::library::index::own_texts::SidecarKind;
use crate::library::index::{Index, ItemRow, albums, origins, own_texts, told};
use crate::media::Role;
use crate::report::printable::{printable, printable_lines};
use crate::told::{Entry, FileOrigin, Place, Precision, TakenSource, TimeKnown, Told};

/// A line's name and what it says.
type Line = (&'static str, String);

/// All that is known of an item besides its name, kind and time.
pub(super) fn lines(index: &Index, row: &ItemRow) -> Result<Vec<Line>, Failure> {
    let (facts, people, titles, origins, xmp, json) = index.read(|db| {
        Ok((
            told::facts(db, row.seq)?.unwrap_or_default(),
            told::people(db, row.seq)?,
            albums::titles_of(db, row.seq)?,
            origins::of_item(db, row.seq)?,
            own_texts::sidecar_of(db, row.seq, SidecarKind::Xmp)?,
            own_texts::sidecar_of(db, row.seq, SidecarKind::Json)?,
        ))
    })?;
    let mut lines: Vec<Line> = origins.iter().flat_map(origin).collect();
    lines.extend(facts.time.map(|time| ("Time", known_by(time))));
    lines.extend(list("Albums", &titles));
    lines.extend(list("People", &people));
    lines.extend(facts.place.map(|place| ("Place", on_earth(place))));
    let description = printable_lines(facts.description.trim()).replace('\n', "\n            ");
    lines.extend(
        Some(description)
            .filter(|text| !text.is_empty())
            .map(|text| ("Description", text)),
    );
    lines.extend(list("Marks", &marks(&facts)));
    let path = |kind: SidecarKind, photo: String| printable(&kind.path(&photo)).into_owned();
    lines.extend(xmp.map(|photo| ("XMP", format!("{} tells all this", path(SidecarKind::Xmp, photo)))));
    lines.extend(json.map(|photo| {
        let path = path(SidecarKind::Json, photo);
        ("JSON", format!("{path} is the sidecar, byte for byte"))
    }));
    Ok(lines)
}

fn origin(origin: &FileOrigin) -> Vec<Line> {
    let name = match origin.role {
        Role::Main => "From",
        Role::Clip => "Clip from",
        Role::Edited => "Edited from",
    };
    let mut lines = vec![(name, place_of(&origin.entry))];
    let how = format!(
        "by {} ({})",
        printable(&origin.rule),
        printable(&origin.certainty)
    );
    lines.push(match &origin.sidecar {
        Some(sidecar) => ("Sidecar", format!("{}, found {how}", place_of(sidecar))),
        None => ("Sidecar", format!("none; recognised {how}")),
    });
    lines
}

fn place_of(entry: &Entry) -> String {
    format!("{} in {}", printable(&entry.path), printable(&entry.part))
}

fn known_by(time: TimeKnown) -> String {
    let who = match time.source {
        TakenSource::Sidecar => "told by the sidecar",
        TakenSource::File => "told by the file itself",
        TakenSource::Name => "read from the name",
        TakenSource::Folder => "read from the folder in the export",
    };
    let how_exact = match time.precision {
        Precision::Year => "; only the year is known",
        Precision::Day => "; only the day is known",
        Precision::Second if !time.is_instant => "; a clock of unknown zone, taken for UTC",
        Precision::Second => "",
    };
    let offset = time.offset.and_then(chrono::FixedOffset::east_opt);
    let offset = offset.map(|offset| format!("; the local clock was at {offset}"));
    format!("{who}{how_exact}{}", offset.unwrap_or_default())
}

fn on_earth(place: Place) -> String {
    let altitude = place
        .altitude()
        .map(|metres| format!(", {metres:.0} m above the sea"));
    format!(
        "{:.6}, {:.6}{}",
        place.latitude(),
        place.longitude(),
        altitude.unwrap_or_default()
    )
}

fn marks(facts: &Told) -> Vec<String> {
    let marks = [
        (facts.marks.favourite, "favourite"),
        (facts.marks.archived, "archived"),
        (facts.marks.trashed, "in the trash"),
        (facts.marks.locked, "in the locked folder"),
        (facts.is_partners, "from a partner"),
    ];
    let set = marks.iter().filter(|(is_set, _)| *is_set);
    set.map(|(_, word)| (*word).to_owned()).collect()
}

fn list(name: &'static str, texts: &[String]) -> Option<Line> {
    let texts: Vec<_> = texts.iter().map(|text| printable(text)).collect();
    (!texts.is_empty()).then(|| (name, texts.join(", ")))
}
