//! Going to and fro in bytes that come from front to back: what a look into a photo or film needs.

use std::io::{self, Read, Seek, SeekFrom};

/// What is kept of the beginning, to go back to: where cameras put everything they tell.
const KEPT: usize = 1 << 20;

/// What is farther ahead is gone to at once where that can be done: reading on costs less than finding the place.
const NEAR: u64 = 1 << 16;

/// Begins anew.
type Open<'a> = dyn Fn() -> io::Result<Box<dyn Read + 'a>> + 'a;

/// Begins at a place; none where that cannot be done at once.
type Leap<'a> = dyn Fn(u64) -> Option<io::Result<Box<dyn Read + 'a>>> + 'a;

/// Bytes that come from front to back, of a known length, and can be begun anew at a price.
pub(super) struct Skimming<'a> {
    bytes: Box<dyn Read + 'a>,
    again: Option<&'a Open<'a>>,
    leap: Option<&'a Leap<'a>>,
    head: Vec<u8>,
    size: u64,
    /// Where the next read is to begin.
    at: u64,
    /// What was read of `bytes`.
    passed: u64,
}

impl<'a> Skimming<'a> {
    /// Without going back behind what is kept.
    pub(super) fn once(bytes: Box<dyn Read + 'a>, size: u64) -> Self {
        Self {
            bytes,
            again: None,
            leap: None,
            head: Vec::new(),
            size,
            at: 0,
            passed: 0,
        }
    }

    /// Opened by `open`, now and whenever it is begun anew.
    pub(super) fn opened(open: &'a Open<'a>, size: u64) -> io::Result<Self> {
        Ok(Self {
            again: Some(open),
            ..Self::once(open()?, size)
        })
    }

    /// With a short way to places far ahead: a film may keep what it tells behind gigabytes of pictures.
    pub(super) fn leaping(self, leap: &'a Leap<'a>) -> Self {
        Self {
            leap: Some(leap),
            ..self
        }
    }

    fn read_on(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        if self.passed == self.head.len() as u64 {
            let room = KEPT - self.head.len();
            self.head.extend_from_slice(&buffer[..count.min(room)]);
        }
        self.passed += count as u64;
        Ok(count)
    }

    /// Goes to where the next read is to begin; `false` if the bytes end before.
    fn go(&mut self) -> io::Result<bool> {
        let is_far = self.at.saturating_sub(self.passed) > NEAR;
        if (self.at < self.passed || is_far)
            && let Some(leapt) = self.leap.and_then(|leap| leap(self.at))
        {
            (self.bytes, self.passed) = (leapt?, self.at);
        } else if self.at < self.passed {
            let again = self.again.ok_or(io::ErrorKind::Unsupported)?;
            self.bytes = again()?;
            self.passed = 0;
        }
        let mut piece = [0; 8192];
        while self.passed < self.at {
            let left = usize::try_from(self.at - self.passed).unwrap_or(usize::MAX);
            let end = left.min(piece.len());
            if self.read_on(&mut piece[..end])? == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Read for Skimming<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let kept = usize::try_from(self.at).ok().and_then(|at| self.head.get(at..));
        if let Some(kept) = kept.filter(|kept| !kept.is_empty()) {
            let count = kept.len().min(buffer.len());
            buffer[..count].copy_from_slice(&kept[..count]);
            self.at += count as u64;
            return Ok(count);
        }
        if self.at >= self.size || !self.go()? {
            return Ok(0);
        }
        let count = self.read_on(buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Skimming<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_place_is_reached_in_any_order() {
        let all: Vec<u8> = (0..600_000_u32).flat_map(u32::to_le_bytes).collect();
        let open = || Ok(Box::new(&all[..]) as Box<dyn Read + '_>);
        let leap = |at: u64| {
            Some(Ok(
                Box::new(&all[usize::try_from(at).unwrap()..]) as Box<dyn Read + '_>
            ))
        };
        reach_places(Skimming::opened(&open, all.len() as u64).unwrap());
        reach_places(Skimming::opened(&open, all.len() as u64).unwrap().leaping(&leap));
    }

    #[test]
    fn what_is_far_ahead_is_leapt_to() {
        let all = vec![7; 10 << 20];
        let read = std::cell::Cell::new(0_usize);
        let open = || Ok(Box::new(Counted(&all, &read)) as Box<dyn Read + '_>);
        let leap = |at: u64| {
            let rest = &all[usize::try_from(at).unwrap()..];
            Some(Ok(Box::new(Counted(rest, &read)) as Box<dyn Read + '_>))
        };
        let mut file = Skimming::opened(&open, all.len() as u64).unwrap().leaping(&leap);
        for to in [SeekFrom::End(-100), SeekFrom::Start(5 << 20), SeekFrom::End(-100)] {
            file.seek(to).unwrap();
            file.read_exact(&mut [0; 50]).unwrap();
        }
        assert_eq!(read.get(), 150);
    }

    /// Counts what is read.
    struct Counted<'a>(&'a [u8], &'a std::cell::Cell<usize>);

    impl Read for Counted<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.read(buffer)?;
            self.1.set(self.1.get() + count);
            Ok(count)
        }
    }

    fn reach_places(mut file: Skimming<'_>) {
        let end = file.size - 4;
        for (to, at) in [
            (SeekFrom::Start(40), 40),
            (SeekFrom::End(-4), end),
            (SeekFrom::Start(1_500_000), 1_500_000),
            (SeekFrom::Start(4), 4),
            (SeekFrom::Current(4), 12),
        ] {
            let mut four = [0; 4];
            assert_eq!(file.seek(to).unwrap(), at);
            file.read_exact(&mut four).unwrap();
            assert_eq!(u64::from(u32::from_le_bytes(four)), at / 4, "{to:?}");
        }
        let mut rest = Vec::new();
        file.seek(SeekFrom::Start(end)).unwrap();
        file.read_to_end(&mut rest).unwrap();
        assert_eq!(rest.len(), 4);
    }

    #[test]
    fn what_passed_by_once_does_not_come_again() {
        let all = vec![7; KEPT + 10];
        let mut file = Skimming::once(Box::new(&all[..]), all.len() as u64);
        file.seek(SeekFrom::End(-1)).unwrap();
        assert_eq!(file.read(&mut [0; 4]).unwrap(), 1);
        file.seek(SeekFrom::Start(0)).unwrap();
        assert_eq!(file.read(&mut [0; 4]).unwrap(), 4, "the beginning is kept");
        file.seek(SeekFrom::Start(KEPT as u64 + 1)).unwrap();
        assert!(file.read(&mut [0; 4]).is_err());
    }
}
