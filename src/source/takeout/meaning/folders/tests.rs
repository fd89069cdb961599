use super::super::entry::has_extension;
use super::*;

/// What a folder of this name is when it holds media and their sidecars, and an album file of this title if any.
fn kind_of(name: &str, album: Option<&str>) -> FolderKind {
    let held = Holds {
        has_media: true,
        has_sidecars: true,
        albums: album
            .map(|title| (EntryId(0), title.into()))
            .into_iter()
            .collect(),
    };
    kind(name, &held)
}

fn year(year: i32) -> FolderKind {
    FolderKind::Year {
        year,
        is_certain: true,
    }
}

fn probable(year: i32) -> FolderKind {
    FolderKind::Year {
        year,
        is_certain: false,
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn year_folders_in_any_language() {
    let listed = [
        "Photos from 2019",
        "Photos de 2019",
        "Fotos de 2019",
        "Fotos del 2019",
        "Fotos von 2019",
        "Fotos aus 2019",
        "Foto da 2019",
        "Foto del 2019",
        "Foto della 2019",
        "Foto dei 2019",
        "Foto di 2019",
        "Foto's uit 2019",
        "Foto's van 2019",
        "Foto_s uit 2019",
        "Foto_s van 2019",
        "Фото за 2019",
        "Фото из 2019",
        "Фотографии за 2019",
        "Фотографии из 2019",
        "2019 年的照片",
        "2019年的照片",
        "来自2019 年的照片",
        "来自 2019 年照片",
        "2019 年的相片",
        "来自2019年相片",
        "2019 年の写真",
        "2019年写真",
        "2019 년의 사진",
        "2019년 사진",
        "photos FROM 2019",
        "Photos\u{a0}from\u{a0}2019",
        "Photos from ２０１９",
    ];
    for name in listed {
        assert_eq!(kind_of(name, None), year(2019), "{name}");
        assert_eq!(
            kind_of(name, Some(name)),
            FolderKind::Album,
            "{name}, with an album file"
        );
    }
    for name in [
        "รูปภาพจาก 2019",
        "Bilder från 2019",
        "Zdjęcia z 2019",
        "2019",
        "รูปภาพจาก2019",
        "Summer (2019)",
    ] {
        assert_eq!(kind_of(name, None), probable(2019), "{name}");
        assert_eq!(
            kind_of(name, Some("Summer")),
            FolderKind::Album,
            "{name}, with an album file"
        );
    }
    for name in [
        "Photos from 2019(1)",
        "Photos from 20190",
        "Photos from 1799",
        "Rome 2019 and 2020",
        "Rome",
        "IMG2019",
        "2003 - Viaje (Julio 2003)",
        "1. Rome 2019",
    ] {
        assert_eq!(kind_of(name, None), FolderKind::Album, "{name}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn special_folders_in_any_language() {
    let cases: [(FolderKind, &[&str]); 5] = [
        (
            FolderKind::Archive,
            &[
                "Archive",
                "Archiv",
                "Archivo",
                "Archivio",
                "Arquivo",
                "Archief",
                "Архив",
                "Archiwum",
                "アーカイブ",
                "档案",
                "归档文件",
                "Arxiu",
            ],
        ),
        (
            FolderKind::Trash,
            &[
                "Trash",
                "Bin",
                "Papierkorb",
                "Corbeille",
                "Papelera",
                "Lixeira",
                "Cestino",
                "Prullenbak",
                "Корзина",
                "Kosz",
                "回收站",
                "ゴミ箱",
                "Paperera",
            ],
        ),
        (FolderKind::Locked, &["Locked Folder"]),
        (FolderKind::Failed, &["Failed Videos"]),
        (
            FolderKind::Untitled,
            &[
                "Untitled",
                "Untitled(1)",
                "Untitled (12)",
                "Sans titre",
                "Sans titre(2)",
                "Sin título",
                "Unbenannt",
                "ohne titel",
                "Senza titolo",
                "Sem título",
                "Zonder titel",
                "Без названия",
                "Bez tytułu",
                "Nimetön",
                "Adsız",
                "無題",
                "无标题",
                "未命名",
                "Sense títol",
                "Sense ti\u{301}tol(3)",
            ],
        ),
    ];
    for (expected, names) in cases {
        for name in names {
            assert_eq!(kind_of(name, None), expected, "{name}");
            assert_eq!(
                kind_of(&name.to_uppercase(), None),
                expected,
                "{name}, in capitals"
            );
        }
    }
    assert_eq!(
        kind_of("Trash", Some("Trash")),
        FolderKind::Album,
        "somebody's album called so"
    );
    assert_eq!(kind_of("Untitled(1)", Some("")), FolderKind::Untitled);
    assert_eq!(
        kind_of("Sans nom", Some("")),
        FolderKind::Untitled,
        "by its empty title"
    );
}

#[test]
fn day_folders_of_old_exports() {
    let day = |year, month, day| FolderKind::Day(NaiveDate::from_ymd_opt(year, month, day).unwrap());
    for (name, expected) in [
        ("2013-04-12", day(2013, 4, 12)),
        ("2003-03-01-02", day(2003, 3, 1)),
        ("1970-01-01 #2", day(1970, 1, 1)),
    ] {
        assert_eq!(kind_of(name, Some(name)), expected, "{name}");
    }
    assert_eq!(kind_of("2013-04-12", Some("Wedding")), FolderKind::Album);
    assert_eq!(
        kind_of("2013-04-12 Wedding", Some("2013-04-12 Wedding")),
        FolderKind::Album
    );
}

/// The kinds of folders with these files, told by the path of each.
fn kinds_of(paths: &[&str]) -> Vec<(String, FolderKind)> {
    let entries = Entries::listing(paths.iter().map(|path| (*path, 1, None)));
    let mut holds: HashMap<FolderId, Holds> = HashMap::new();
    for (id, path) in (0..).map(EntryId).zip(paths) {
        let held = holds.entry(entries.get(id).folder).or_default();
        match path {
            _ if path.ends_with("metadata.json") => held.albums.push((id, "Title".into())),
            _ if path.ends_with(".jpg.json") => held.has_sidecars = true,
            _ if has_extension(path, "jpg") => held.has_media = true,
            _ => {}
        }
    }
    let kinds = kinds(&entries, &holds);
    let paths = entries.folder_ids().map(|id| entries.folder_path(id).to_owned());
    paths.zip(kinds).collect()
}

#[test]
fn tops_in_every_listed_language() {
    for top in [
        "Google Photos",
        "Google\u{a0}Photos",
        "Google Fotos",
        "GoogleFotos",
        "Google Foto",
        "Google Foto's",
        "Google Foto_s",
        "Google Фото",
        "Google Снимки",
        "Fotky Google",
        "Zdjęcia Google",
        "Google Zdjęcia",
        "Google Fotók",
        "Google Kuvat",
        "Google Fotoğraflar",
        "Google フォト",
        "Google 포토",
        "Google 相册",
        "Google 相簿",
        "Google 相片",
    ] {
        assert_eq!(names::top(top), TopName::Listed, "{top}");
        let found = kinds_of(&[&format!("{top}/Rome/a.jpg")]);
        assert_eq!(found[0].1, FolderKind::Album, "{top}");
    }
}

#[test]
fn tops_by_content() {
    use FolderKind::{Album, Foreign, Litter, Top};
    let cases: [(&[&str], FolderKind); 13] = [
        (&["Fotografie/Rome/a.jpg", "Fotografie/Rome/a.jpg.json"], Album),
        (&["Fotografie/Rome/a.jpg", "Fotografie/Rome/metadata.json"], Album),
        (&["Fotografie/a.jpg.json"], Top),
        (&["Google Kuvia/Rome/a.jpg"], Album),
        (&["Kuvia Google/Rome/a.jpg"], Album),
        (&["Drive/Rome/a.jpg"], Foreign),
        (&["Keep/metadata.json", "Keep/a.jpg"], Foreign),
        (&["Tasks/Lists/metadata.json"], Foreign),
        (&["Google Chat/Groups/Rome/a.jpg"], Foreign),
        (&["Google Chat/Rome/a.jpg"], Foreign),
        (&["Google Earth/Rome/a.jpg"], Foreign),
        (&["archive_browser.html"], Foreign),
        (&["Google Photos/Rome/@eaDir/a.jpg"], Litter),
    ];
    for (paths, expected) in cases {
        assert_eq!(kinds_of(paths)[0].1, expected, "{paths:?}");
    }
}

#[test]
fn folders_named_after_their_album() {
    for (folder, title) in [
        ("Gary_s birthday", "Gary's birthday"),
        ("One _ Two", "One & Two"),
        ("New Zealand - 12 North Island", "New Zealand / 12 North Island"),
        ("Rome(1)", "Rome"),
        (
            "A title of which only the first fifty characters s",
            "A title of which only the first fifty characters stay",
        ),
        ("Rome", "Rome. "),
    ] {
        assert!(is_named_after(folder, title), "{folder}");
    }
    assert!(!is_named_after("Rome", "Paris"));
}
