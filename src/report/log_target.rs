//! Where log lines go: past the bars when there are some, straight to standard error otherwise.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use tracing_subscriber::fmt::MakeWriter;

/// A [`MakeWriter`] for `tracing_subscriber::fmt`. Each log line is written in one piece.
#[derive(Clone)]
pub struct LogTarget(Arc<WriteLine>);

/// Writes one log line, its line end included.
type WriteLine = dyn Fn(&[u8]) + Send + Sync;

impl LogTarget {
    /// A target that hands whole lines to `write`.
    pub fn new(write: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    /// Writes one log line, its line end included.
    pub fn write(&self, line: &[u8]) {
        (self.0)(line);
    }

    /// Standard error, for all reporters but the bars.
    pub fn stderr() -> Self {
        // A log line that cannot be written is lost; there is nowhere left to say so.
        Self::new(|line| drop(io::stderr().write_all(line)))
    }
}

impl fmt::Debug for LogTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogTarget").finish_non_exhaustive()
    }
}

impl<'a> MakeWriter<'a> for LogTarget {
    type Writer = LogWriter<'a>;

    fn make_writer(&'a self) -> LogWriter<'a> {
        LogWriter {
            target: self,
            line: Vec::new(),
        }
    }
}

/// Gathers one log line and writes it when dropped.
#[derive(Debug)]
pub struct LogWriter<'a> {
    target: &'a LogTarget,
    line: Vec<u8>,
}

impl Write for LogWriter<'_> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.line.is_empty() {
            self.target.write(&self.line);
            self.line.clear();
        }
        Ok(())
    }
}

impl Drop for LogWriter<'_> {
    fn drop(&mut self) {
        // Flushing into a closure cannot fail.
        let _ = self.flush();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_log_line_arrives_in_one_piece() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&lines);
        let target = LogTarget::new(move |line| {
            seen.lock()
                .unwrap()
                .push(String::from_utf8_lossy(line).into_owned());
        });
        let subscriber = tracing_subscriber::fmt()
            .with_writer(target)
            .with_ansi(false)
            .without_time()
            .finish();
        tracing::subscriber::with_default(subscriber, || tracing::warn!(attempt = 2, "the page failed"));
        let lines = lines.lock().unwrap().clone();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0].contains("the page failed attempt=2") && lines[0].ends_with('\n'),
            "{lines:?}"
        );
    }
}
