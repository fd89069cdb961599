//! A rate that neither jumps with every chunk nor remembers for ever: an exponentially weighted mean over time.

use std::time::Duration;

/// Samples closer together than this say more about buffers than about the line.
const SHORTEST_STEP: Duration = Duration::from_millis(20);

/// Bytes per second, smoothed.
#[derive(Clone, Debug)]
pub(crate) struct SmoothedRate {
    /// The weight of what was seen this long ago has fallen to 37 %.
    memory: Duration,
    last: Option<(Duration, u64)>,
    weighted: f64,
    weight: f64,
}

impl SmoothedRate {
    /// A rate whose first sample tells about all the time since the start, when nothing had come.
    pub(crate) const fn from_zero(memory: Duration) -> Self {
        let mut rate = Self::new(memory);
        rate.skip(Duration::ZERO, 0);
        rate
    }

    /// A rate that has seen nothing yet.
    pub(crate) const fn new(memory: Duration) -> Self {
        Self {
            memory,
            last: None,
            weighted: 0.0,
            weight: 0.0,
        }
    }

    /// Takes in that `total` bytes had come at the time `at`. A total that fell (a file that starts over) starts a
    /// new step.
    pub(crate) fn sample(&mut self, at: Duration, total: u64) {
        let Some((then, before)) = self.last else {
            self.last = Some((at, total));
            return;
        };
        let step = at.saturating_sub(then);
        if step < SHORTEST_STEP {
            return;
        }
        self.last = Some((at, total));
        if let Some(gained) = total.checked_sub(before) {
            self.learn(float(gained) / step.as_secs_f64(), step);
        }
    }

    fn learn(&mut self, speed: f64, step: Duration) {
        let keep = (-step.as_secs_f64() / self.memory.as_secs_f64()).exp();
        self.weighted = self.weighted * keep + speed * (1.0 - keep);
        self.weight = self.weight * keep + (1.0 - keep);
    }

    /// Lets time pass without learning from it: in a pause nothing comes, and that says nothing about the line.
    pub(crate) const fn skip(&mut self, at: Duration, total: u64) {
        self.last = Some((at, total));
    }

    /// Bytes per second; `None` before the second sample.
    pub(crate) fn per_second(&self) -> Option<u64> {
        (self.weight > 0.0).then(|| whole(self.weighted / self.weight))
    }
}

/// How long `bytes` take at `per_second`; `None` when that is not to be seen.
pub(crate) fn time_for(bytes: u64, per_second: u64) -> Option<Duration> {
    Duration::try_from_secs_f64(float(bytes) / float(per_second)).ok()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "15 digits of a rate are more than anybody reads"
)]
const fn float(n: u64) -> f64 {
    n as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rates are never negative, and the cast saturates"
)]
const fn whole(x: f64) -> u64 {
    x as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(steps: impl IntoIterator<Item = (u64, u64)>) -> SmoothedRate {
        let mut rate = SmoothedRate::new(Duration::from_secs(5));
        for (millis, total) in steps {
            rate.sample(Duration::from_millis(millis), total);
        }
        rate
    }

    #[test]
    fn a_steady_line_shows_its_speed_from_the_first_step() {
        for steps in [2, 10, 1000] {
            let rate = after((0..steps).map(|n| (n * 100, n * 1_000_000)));
            let speed = rate.per_second().unwrap();
            assert!((9_999_990..=10_000_010).contains(&speed), "{speed}");
        }
        assert_eq!(after([(0, 0)]).per_second(), None);
    }

    #[test]
    fn it_forgets() {
        let mut rate = after((0..100).map(|n| (n * 100, n * 1_000_000)));
        for n in 0..600 {
            rate.sample(Duration::from_millis(10_000 + n * 100), 99_000_000);
        }
        assert!(rate.per_second().unwrap() < 100);
    }

    #[test]
    fn a_pause_and_a_restart_teach_nothing() {
        let mut rate = after((0..100).map(|n| (n * 100, n * 1_000_000)));
        let before = rate.per_second();
        rate.skip(Duration::from_mins(5), 99_000_000);
        rate.sample(Duration::from_mins(6), 0);
        assert_eq!(rate.per_second(), before);
    }

    #[test]
    fn time_needs_a_speed() {
        assert_eq!(time_for(100, 10), Some(Duration::from_secs(10)));
        assert_eq!(time_for(100, 0), None);
        assert_eq!(time_for(0, 0), None);
    }
}
