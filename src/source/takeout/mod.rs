//! Source: exports of Google Takeout, read straight from the parts as they come from Google.

#[expect(
    dead_code,
    unused_imports,
    reason = "the importer that reads archives is being built"
)]
pub(crate) mod archive;
