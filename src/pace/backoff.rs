//! How long to wait after a failure: doubling delays with jitter.

use std::time::Duration;

/// Server trouble doubles from here; Google asks for at least 1 s (best-practices page of the Photos APIs).
const TROUBLE_FIRST: Duration = Duration::from_secs(1);

/// Server trouble never pauses longer than this: outages end, and users watch.
const TROUBLE_MOST: Duration = Duration::from_mins(1);

/// Each delay grows by up to a tenth, so that many clients do not come back in step.
const JITTER: f64 = 0.1;

/// Doubling stops here; 2^16 minutes is far beyond any quota reset.
const MOST_DOUBLINGS: u32 = 16;

/// After a daily reset, runs of different machines spread over this much time.
const RESET_SPREAD: Duration = Duration::from_mins(1);

/// What the user chose.
#[derive(Clone, Copy, Debug)]
pub struct BackoffOptions {
    /// The first pause after a 429 without `Retry-After`.
    pub retry_pause: Duration,
}

/// The state of one host's backoff.
#[derive(Debug)]
pub struct Backoff {
    options: BackoffOptions,
    throttles: u32,
    troubles: u32,
    random: fastrand::Rng,
}

impl Backoff {
    /// Starts without any failure.
    pub fn new(options: BackoffOptions) -> Self {
        Self {
            options,
            throttles: 0,
            troubles: 0,
            random: fastrand::Rng::new(),
        }
    }

    /// A request went well: delays start from the beginning again.
    pub const fn succeed(&mut self) {
        self.throttles = 0;
        self.troubles = 0;
    }

    /// The pause after one more refusal.
    pub fn after_throttle(&mut self) -> Duration {
        let pause = doubled(self.options.retry_pause, self.throttles);
        self.throttles += 1;
        self.jittered(pause)
    }

    /// The pause after one more failure of the host.
    pub fn after_trouble(&mut self) -> Duration {
        let pause = doubled(TROUBLE_FIRST, self.troubles).min(TROUBLE_MOST);
        self.troubles += 1;
        self.jittered(pause)
    }

    /// A little extra after a daily reset.
    pub fn spread(&mut self) -> Duration {
        RESET_SPREAD.mul_f64(self.random.f64())
    }

    fn jittered(&mut self, pause: Duration) -> Duration {
        pause.mul_f64(1.0 + JITTER * self.random.f64())
    }
}

fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(1 << times.min(MOST_DOUBLINGS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes_of(pauses: impl Iterator<Item = Duration>) -> Vec<u64> {
        pauses.map(|p| p.as_secs() / 60).collect()
    }

    #[test]
    fn throttles_double_from_the_users_pause_and_start_over_after_success() {
        let mut backoff = Backoff::new(BackoffOptions {
            retry_pause: Duration::from_mins(1),
        });
        assert_eq!(minutes_of((0..4).map(|_| backoff.after_throttle())), [1, 2, 4, 8]);
        backoff.succeed();
        assert_eq!(minutes_of((0..1).map(|_| backoff.after_throttle())), [1]);
    }

    #[test]
    fn trouble_doubles_from_a_second_and_is_capped() {
        let mut backoff = Backoff::new(BackoffOptions {
            retry_pause: Duration::from_mins(1),
        });
        let pauses: Vec<_> = (0..8).map(|_| backoff.after_trouble().as_secs_f64()).collect();
        for (pause, base) in pauses.iter().zip([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]) {
            assert!((base..=base * 1.1).contains(pause), "{pause} near {base}");
        }
    }

    #[test]
    fn no_number_of_failures_overflows() {
        let mut backoff = Backoff::new(BackoffOptions {
            retry_pause: Duration::MAX / 4,
        });
        backoff.throttles = u32::MAX - 1;
        assert!(doubled(Duration::MAX, 40) == Duration::MAX);
        assert!(doubled(Duration::from_secs(1), backoff.throttles).as_secs() == 1 << MOST_DOUBLINGS);
    }
}
