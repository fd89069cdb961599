//! Several reporters as one.

use std::fmt;
use std::sync::Arc;

use super::{Event, Reporter};

/// Tells each event to all its reporters, in their order.
#[derive(Clone, Default)]
pub struct Many(Vec<Arc<dyn Reporter>>);

impl Many {
    /// One reporter out of several.
    pub fn new(reporters: Vec<Arc<dyn Reporter>>) -> Self {
        Self(reporters)
    }
}

impl fmt::Debug for Many {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Many").field(&self.0.len()).finish()
    }
}

impl Reporter for Many {
    fn report(&self, event: &Event<'_>) {
        for reporter in &self.0 {
            reporter.report(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Recorded, Recording};

    #[test]
    fn everybody_hears_everything() {
        let ears = [Arc::new(Recording::default()), Arc::new(Recording::default())];
        let many = Many::new(
            ears.iter()
                .map(|ear| Arc::clone(ear) as Arc<dyn Reporter>)
                .collect(),
        );
        many.report(&Event::Resumed);
        for ear in &ears {
            assert_eq!(ear.events(), [Recorded::Resumed]);
        }
    }
}
