//! What ties a file to its sidecar, and how sure that is.

/// By which rule a file found its sidecar, or its original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// The title leads to exactly this name and number.
    Exact,
    /// The same, but for case, Unicode form, and replaced characters.
    Loose,
    /// Sidecars of several titles share one cut name; theirs is the same place in the order of numbers.
    Rank,
    /// Names left several; time, place or identifier in the file decided.
    Content,
    /// The sidecar is called after this file, whatever its title says.
    SidecarName,
    /// The name is the title and an extension that the title lacks.
    ExtensionAdded,
    /// The name is the title but for the extension, which is of the same class.
    ExtensionReplaced,
    /// The moving half of a photo: same stem, no sidecar of its own.
    SecondHalf,
    /// An edited version: the name of its original and a known word.
    Edited,
    /// An edited version whose word the cut at 51 units took, wholly or in part.
    EditedCut,
    /// A version behind whose name stands a word that is not listed.
    UnlistedWord,
    /// The names begin alike, and no other does.
    Beginning,
    /// The same bytes lie elsewhere in the export, with a sidecar.
    SameBytes,
    /// It has no sidecar, and none is looked for: the name is its own.
    Alone,
}

impl Rule {
    /// The rule in a few words, to stand after "by".
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Exact => "its exact name",
            Self::Loose => "its name, but for case or replaced characters",
            Self::Rank => "its place among files of one shortened name",
            Self::Content => "what is in the file",
            Self::SidecarName => "the name of the sidecar",
            Self::ExtensionAdded => "its name, to which an extension was added",
            Self::ExtensionReplaced => "its name, of which the extension differs",
            Self::SecondHalf => "being the moving half of a photo",
            Self::Edited => "being an edited version",
            Self::EditedCut => "being an edited version with a shortened name",
            Self::UnlistedWord => "what looks like an edited version",
            Self::Beginning => "the beginning of its name",
            Self::SameBytes => "the same bytes elsewhere in the export",
            Self::Alone => "itself",
        }
    }
}

/// How sure a rule is in a given case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// The only one that fits, though another is thinkable.
    Guess,
    /// What Google's rules lead to where some of the evidence is missing.
    Likely,
    /// What Google's rules lead to.
    Certain,
}

impl Certainty {
    /// The word for it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Guess => "a guess",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}
