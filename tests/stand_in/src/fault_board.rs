//! The faults in force: counts what each rule has seen and decides what happens to a request.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::chance::{fraction, stable_hash};
use crate::endpoint::Endpoint;
use crate::faults::{Call, Damage, Fault, Faults, Pace, PagingQuirks, Refusal, Rule, Trigger};
use crate::locking::held;

/// What is to happen to one request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) latency: Duration,
    pub(crate) bandwidth: Option<u64>,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) damage: Option<Damage>,
}

impl Verdict {
    fn add(&mut self, fault: &Fault) {
        match fault {
            Fault::Pace(Pace::Latency(time)) => self.latency += *time,
            Fault::Pace(Pace::Bandwidth(rate)) => self.bandwidth = self.bandwidth.or(Some(*rate)),
            Fault::Refusal(refusal) => self.refusal = self.refusal.take().or_else(|| Some(refusal.clone())),
            Fault::Damage(damage) => self.damage = self.damage.or(Some(*damage)),
        }
    }
}

/// What one rule has seen.
#[derive(Debug, Default)]
struct Tally {
    seen: u64,
    struck: u64,
    tries: HashMap<(Endpoint, Option<String>), u64>,
}

#[derive(Debug, Default)]
struct Board {
    faults: Faults,
    tallies: Vec<Tally>,
}

/// The faults of a running server; everything can be changed while requests are being answered.
#[derive(Debug, Default)]
pub struct FaultBoard {
    armed: AtomicBool,
    board: Mutex<Board>,
}

impl FaultBoard {
    /// Puts these faults in the place of all others and starts counting anew.
    pub fn set(&self, faults: Faults) {
        let armed = !faults.rules.is_empty();
        let tallies = faults.rules.iter().map(|_| Tally::default()).collect();
        *held(&self.board) = Board { faults, tallies };
        self.armed.store(armed, Ordering::Release);
    }

    /// Adds the rules of these faults after those in force, whose counts go on.
    pub fn add(&self, faults: Faults) {
        let mut board = held(&self.board);
        board
            .tallies
            .extend(faults.rules.iter().map(|_| Tally::default()));
        board.faults.rules.extend(faults.rules);
        self.armed
            .store(!board.faults.rules.is_empty(), Ordering::Release);
    }

    /// Ends all faults.
    pub fn clear(&self) {
        self.set(Faults::none());
    }

    /// How often each rule has struck, in the order the rules were given: a test of a fault should see that it
    /// happened. Damage counts as struck even where the true answer was a refusal, which is then left as it is.
    pub fn struck(&self) -> Vec<u64> {
        held(&self.board)
            .tallies
            .iter()
            .map(|tally| tally.struck)
            .collect()
    }

    pub(crate) fn paging(&self) -> PagingQuirks {
        held(&self.board).faults.paging.clone()
    }

    pub(crate) fn decide(&self, call: &Call) -> Verdict {
        let mut verdict = Verdict::default();
        if !self.armed.load(Ordering::Acquire) {
            return verdict;
        }
        let Board { faults, tallies } = &mut *held(&self.board);
        for (number, (rule, tally)) in faults.rules.iter().zip(tallies).enumerate() {
            if rule.looks_at(call) && tally.strikes(rule, call, faults.seed.wrapping_add(number as u64)) {
                verdict.add(&rule.fault);
            }
        }
        verdict
    }
}

impl Tally {
    fn strikes(&mut self, rule: &Rule, call: &Call, seed: u64) -> bool {
        self.seen += 1;
        let tries = match rule.trigger {
            Trigger::FirstTries(_) | Trigger::Rate(_) => self.count_try(call),
            _ => 0,
        };
        let strikes = match rule.trigger {
            Trigger::Always => true,
            Trigger::Nth(n) => self.seen == n,
            Trigger::First(n) => self.seen <= n,
            Trigger::From(n) => self.seen >= n,
            Trigger::Every(n) => n > 0 && self.seen.is_multiple_of(n),
            Trigger::FirstTries(n) => tries <= n,
            Trigger::Rate(rate) => chance(call, tries, seed) < rate,
        };
        self.struck += u64::from(strikes);
        strikes
    }

    fn count_try(&mut self, call: &Call) -> u64 {
        let tries = self.tries.entry((call.endpoint, call.item.clone())).or_default();
        *tries += 1;
        *tries
    }
}

fn chance(call: &Call, tries: u64, seed: u64) -> f64 {
    let who = call.item.as_deref().map_or(call.endpoint as u64, stable_hash);
    fraction(who ^ seed.rotate_left(32) ^ tries.wrapping_mul(0x1_0000_0001))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Service;
    use crate::faults::Target;

    fn call(item: &str) -> Call {
        Call {
            endpoint: Endpoint::Photo,
            item: Some(item.to_owned()),
            page: None,
            redirected: false,
        }
    }

    fn strikes(trigger: Trigger, items: &[&str]) -> Vec<bool> {
        let board = FaultBoard::default();
        board.set(Faults::none().rule(Service::Media, trigger, Damage::Truncated));
        items
            .iter()
            .map(|item| board.decide(&call(item)).damage.is_some())
            .collect()
    }

    #[test]
    fn triggers_count_requests_and_tries() {
        let items = ["a", "a", "b", "a"];
        assert_eq!(strikes(Trigger::Nth(2), &items), [false, true, false, false]);
        assert_eq!(strikes(Trigger::First(2), &items), [true, true, false, false]);
        assert_eq!(strikes(Trigger::From(3), &items), [false, false, true, true]);
        assert_eq!(strikes(Trigger::Every(2), &items), [false, true, false, true]);
        assert_eq!(
            strikes(Trigger::FirstTries(1), &items),
            [true, false, true, false]
        );
    }

    #[test]
    fn a_rate_strikes_its_share_in_any_order() {
        let items: Vec<String> = (0..2000).map(|number| number.to_string()).collect();
        let forward: Vec<&str> = items.iter().map(String::as_str).collect();
        let backward: Vec<&str> = forward.iter().rev().copied().collect();
        let struck = strikes(Trigger::Rate(0.25), &forward);
        let mut again = strikes(Trigger::Rate(0.25), &backward);
        again.reverse();
        assert_eq!(struck, again);
        let share = struck.iter().filter(|hit| **hit).count();
        assert!((400..600).contains(&share), "{share} of 2000");
    }

    #[test]
    fn rules_add_up_and_count_what_they_did() {
        let board = FaultBoard::default();
        let second = Duration::from_secs(1);
        board.set(
            Faults::none()
                .rule(Target::any(), Trigger::Always, Pace::Latency(second))
                .rule(Target::item("a"), Trigger::Always, Refusal::Forbidden),
        );
        board.add(Faults::none().rule(Target::any(), Trigger::Always, Pace::Latency(second)));
        let verdict = board.decide(&call("a"));
        assert_eq!(
            (verdict.latency, verdict.refusal),
            (second * 2, Some(Refusal::Forbidden))
        );
        assert_eq!(board.decide(&call("b")).refusal, None);
        assert_eq!(board.struck(), [2, 1, 2]);
        board.clear();
        assert_eq!(board.decide(&call("a")), Verdict::default());
    }
}
