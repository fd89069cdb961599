//! How many transfers may be in flight: fixed, or growing while the host bears it and halved when it does not.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Where an automatic pool starts. Few enough for a slow line, and 429s at the media host are told of with many.
pub const AUTO_START: usize = 4;

/// No automatic pool grows beyond this; the issue tracker of every peer tells of 429s above it.
pub const AUTO_MOST: usize = 32;

#[derive(Debug)]
struct State {
    limit: usize,
    in_use: usize,
    /// Below this the pool grows by one per success, above it by one per round of successes.
    careful_from: usize,
    successes: usize,
}

/// What a window shares with those inside.
#[derive(Debug)]
struct Gate {
    state: Mutex<State>,
    freed: Notify,
}

/// A counting gate whose size may change.
pub struct Window {
    gate: Arc<Gate>,
    max: usize,
    fixed: bool,
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window")
            .field("max", &self.max)
            .field("fixed", &self.fixed)
            .finish_non_exhaustive()
    }
}

/// One place in the window; free again when dropped.
#[derive(Debug)]
pub struct Slot(Arc<Gate>);

impl Window {
    /// Always `size` places (at least one).
    pub fn fixed(size: usize) -> Self {
        let size = size.max(1);
        Self::new(size, size, true)
    }

    /// From [`AUTO_START`] up to [`AUTO_MOST`].
    pub fn auto() -> Self {
        Self::new(AUTO_START, AUTO_MOST, false)
    }

    fn new(start: usize, max: usize, fixed: bool) -> Self {
        let state = State {
            limit: start,
            in_use: 0,
            careful_from: max,
            successes: 0,
        };
        let gate = Gate {
            state: Mutex::new(state),
            freed: Notify::new(),
        };
        Self {
            gate: Arc::new(gate),
            max,
            fixed,
        }
    }

    /// The most places there can ever be.
    pub const fn max(&self) -> usize {
        self.max
    }

    /// Waits for a place.
    pub async fn acquire(&self) -> Slot {
        loop {
            let freed = self.gate.freed.notified();
            tokio::pin!(freed);
            freed.as_mut().enable();
            if self.try_take() {
                return Slot(Arc::clone(&self.gate));
            }
            freed.await;
        }
    }

    fn try_take(&self) -> bool {
        let mut state = self.lock();
        let free = state.in_use < state.limit;
        state.in_use += usize::from(free);
        free
    }

    /// A transfer went well. Returns the new size if the window grew.
    pub fn grow(&self) -> Option<usize> {
        let mut state = self.lock();
        if self.fixed || state.limit >= self.max {
            return None;
        }
        state.successes += 1;
        let round = if state.limit < state.careful_from {
            1
        } else {
            state.limit
        };
        if state.successes < round {
            return None;
        }
        state.successes = 0;
        state.limit += 1;
        let limit = state.limit;
        drop(state);
        self.gate.freed.notify_waiters();
        Some(limit)
    }

    /// The host has enough: half as many from now on. Returns the new size if it changed.
    pub fn cut(&self) -> Option<usize> {
        let mut state = self.lock();
        if self.fixed || state.limit == 1 {
            return None;
        }
        state.limit /= 2;
        state.careful_from = state.limit;
        state.successes = 0;
        Some(state.limit)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.gate.lock()
    }
}

impl Gate {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.lock().in_use -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_never_moves() {
        let window = Window::fixed(3);
        assert_eq!((window.cut(), window.grow(), window.max()), (None, None, 3));
        assert_eq!(Window::fixed(0).max(), 1);
    }

    #[test]
    fn grows_fast_until_the_first_cut_then_one_per_round() {
        let window = Window::auto();
        assert_eq!(window.grow(), Some(AUTO_START + 1));
        for _ in 0..100 {
            window.grow();
        }
        assert_eq!(window.grow(), None, "never above {AUTO_MOST}");
        assert_eq!(window.cut(), Some(AUTO_MOST / 2));
        let grown = (0..AUTO_MOST / 2)
            .filter_map(|_| window.grow())
            .collect::<Vec<_>>();
        assert_eq!(grown, [AUTO_MOST / 2 + 1]);
    }

    #[tokio::test]
    async fn a_cut_takes_hold_as_places_come_free() {
        let window = Window::auto();
        let mut held = Vec::new();
        for _ in 0..AUTO_START {
            held.push(window.acquire().await);
        }
        window.cut();
        held.truncate(AUTO_START / 2);
        assert!(!window.try_take());
        held.pop();
        assert!(window.try_take());
    }
}
