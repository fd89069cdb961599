//! Reads the parts of README.md that tests look at. Just enough of Markdown for one well-behaved file.

use super::text_of;

/// README.md without its comments.
#[derive(Debug)]
pub(crate) struct Readme {
    text: String,
}

/// A fenced block.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) language: String,
    pub(crate) lines: Vec<String>,
}

impl Readme {
    pub(crate) fn read() -> Self {
        Self {
            text: without_comments(&text_of("README.md")),
        }
    }

    /// All of it, with every run of white space as one blank.
    pub(crate) fn flowing(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The fenced blocks; fences begin their lines, and the first names the language.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut inside = false;
        for line in self.text.lines() {
            match line.strip_prefix("```") {
                Some(language) if !inside => blocks.push(Block {
                    language: language.to_owned(),
                    lines: Vec::new(),
                }),
                None if inside => blocks.last_mut().unwrap().lines.push(line.to_owned()),
                Some(_) | None => {}
            }
            inside ^= line.starts_with("```");
        }
        blocks
    }

    /// The lines of all blocks of a language, without empty ones.
    pub(crate) fn lines_in(&self, language: &str) -> Vec<String> {
        let wanted = self.blocks().into_iter().filter(|b| b.language == language);
        let lines: Vec<_> = wanted
            .flat_map(|block| block.lines)
            .filter(|line| !line.trim().is_empty())
            .collect();
        assert!(!lines.is_empty(), "README.md has no {language} block");
        lines
    }

    /// Everything outside the fences.
    fn prose(&self) -> Vec<&str> {
        let mut inside = false;
        let outside = |line: &&str| {
            let fence = line.starts_with("```");
            inside ^= fence;
            !inside && !fence
        };
        self.text.lines().filter(outside).collect()
    }

    /// What stands between backticks in the prose, in which a span may go on in the next line.
    pub(crate) fn spans(&self) -> Vec<String> {
        let prose = self.prose().join(" ");
        let spans: Vec<_> = prose.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert_eq!(prose.matches('`').count() % 2, 0, "README.md leaves a ` open");
        spans
    }

    /// Where links lead, in Markdown's form and in HTML's.
    pub(crate) fn links(&self) -> Vec<String> {
        let prose = self.prose().join("\n");
        let after = |opening: &str, closing: char| -> Vec<String> {
            let pieces = prose.split(opening).skip(1);
            pieces
                .map(|piece| piece.split(closing).next().unwrap().to_owned())
                .collect()
        };
        [after("](", ')'), after("href=\"", '"')].concat()
    }

    /// The anchors that GitHub gives to the headings.
    pub(crate) fn anchors(&self) -> Vec<String> {
        let headings = self.prose().into_iter().filter_map(|line| {
            let title = line.trim_start_matches('#');
            (title.len() < line.len()).then_some(title)
        });
        headings.map(anchor).collect()
    }

    /// The rows of the table whose first column has this heading, cell by cell, without backticks.
    pub(crate) fn table(&self, heading: &str) -> Vec<Vec<String>> {
        let mut lines = self.prose().into_iter();
        let found = lines.find(|line| line.starts_with(&format!("| {heading} |")));
        assert!(found.is_some(), "README.md has no table {heading:?}");
        let rows = lines.skip(1).take_while(|line| line.starts_with('|'));
        rows.map(cells).collect()
    }
}

fn cells(row: &str) -> Vec<String> {
    let inner = row.trim().trim_start_matches('|').trim_end_matches('|');
    let clean = |cell: &str| cell.trim().replace('`', "");
    inner.split('|').map(clean).collect()
}

fn anchor(title: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || " -_".contains(*c);
    let slug: String = title.trim().chars().filter(kept).collect();
    slug.to_lowercase().replace(' ', "-")
}

fn without_comments(text: &str) -> String {
    let mut pieces = text.split("<!--");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let (_, after) = piece.split_once("-->").unwrap();
        text + after
    })
}

#[test]
fn the_parts_are_found() {
    let readme = Readme {
        text: without_comments(
            "# A `b c`!\n[x](y.md)<!-- [z](gone) -->\n\n| K | V |\n|---|---|\n| `1` | one |\n\n```sh\nrun `it`\n\n```\n",
        ),
    };
    assert_eq!(readme.spans(), ["b c", "1"]);
    assert_eq!(readme.links(), ["y.md"]);
    assert_eq!(readme.anchors(), ["a-b-c"]);
    assert_eq!(readme.table("K"), [["1", "one"]]);
    assert_eq!(readme.lines_in("sh"), ["run `it`"]);
}
