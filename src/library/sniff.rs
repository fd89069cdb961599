//! temp
pub(crate) fn contradiction(_head: &[u8], _mime: &str) -> Option<String> {
    None
}
