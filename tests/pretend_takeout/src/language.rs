//! The words that depend on the account's language.

/// A language of exports, with the words Google was seen to use in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// French: a no-break space in the top folder, and localised years.
    French,
    /// German.
    German,
    /// Italian.
    Italian,
    /// Spanish.
    Spanish,
    /// Japanese.
    Japanese,
    /// A language that no list has: recognisable by shape and content alone.
    Unlisted,
}

/// What is called how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) product: &'static str,
    /// Before the year; a year may also have words behind it.
    pub(crate) year: (&'static str, &'static str),
    pub(crate) edited: &'static str,
    pub(crate) album: &'static str,
    pub(crate) archive: &'static str,
    pub(crate) trash: &'static str,
    pub(crate) locked: &'static str,
    pub(crate) untitled: &'static str,
    pub(crate) failed: &'static str,
}

const ENGLISH: Words = Words {
    product: "Google Photos",
    year: ("Photos from ", ""),
    edited: "edited",
    album: "metadata.json",
    archive: "Archive",
    trash: "Trash",
    locked: "Locked Folder",
    untitled: "Untitled",
    failed: "Failed Videos",
};

impl Language {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::English,
        Self::French,
        Self::German,
        Self::Italian,
        Self::Spanish,
        Self::Japanese,
        Self::Unlisted,
    ];

    /// The language's words. Exports from before November 2025 have English years in every language.
    pub(crate) fn words(self, has_english_years: bool) -> Words {
        let words = self.own_words();
        if has_english_years {
            return Words {
                year: ENGLISH.year,
                ..words
            };
        }
        words
    }

    fn own_words(self) -> Words {
        let with = |product, year, edited, album, [archive, trash, untitled]: [&'static str; 3]| Words {
            product,
            year,
            edited,
            album,
            archive,
            trash,
            untitled,
            ..ENGLISH
        };
        match self {
            Self::English => ENGLISH,
            Self::French => with(
                "Google\u{a0}Photos",
                ("Photos de ", ""),
                "modifié",
                "métadonnées.json",
                ["Archive", "Corbeille", "Sans titre"],
            ),
            Self::German => with(
                "Google Fotos",
                ("Fotos von ", ""),
                "bearbeitet",
                "Metadaten.json",
                ["Archiv", "Papierkorb", "Unbenannt"],
            ),
            Self::Italian => with(
                "Google Foto",
                ("Foto da ", ""),
                "modificato",
                "metadati.json",
                ["Archivio", "Cestino", "Senza titolo"],
            ),
            Self::Spanish => with(
                "Google Fotos",
                ("Fotos de ", ""),
                "ha editado",
                "metadatos.json",
                ["Archivo", "Papelera", "Sin título"],
            ),
            Self::Japanese => with(
                "Google フォト",
                ("", " 年の写真"),
                "編集済み",
                "metadata.json",
                ["アーカイブ", "ゴミ箱", "無題"],
            ),
            Self::Unlisted => with(
                "Lluniau Google",
                ("Lluniau o ", ""),
                "golygwyd",
                "metadata.json",
                ["Archif", "Sbwriel", "Dideitl"],
            ),
        }
    }
}
