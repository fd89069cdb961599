//! Google Takeout: a whole library in original quality, read straight from the parts as Google delivers them.

#[expect(
    dead_code,
    unused_imports,
    reason = "the importer that reads archives is being built"
)]
pub(crate) mod archive;
#[expect(dead_code, reason = "the importer that asks it is being built")]
pub(crate) mod meaning;
