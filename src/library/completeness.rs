//! temp
use std::io;
pub(crate) enum Completeness {
    Complete,
    Truncated(&'static str),
    NotMedia(&'static str),
    Unknown,
}
pub(crate) fn examine(_f: &mut (impl io::Read + io::Seek), _len: u64) -> io::Result<Completeness> {
    Ok(Completeness::Complete)
}
