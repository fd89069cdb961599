//! Picker sessions: opened by programs, chosen in by the pretend user, and dead in time.

use std::collections::VecDeque;

use crate::chance::unguessable;

/// The most items one session can hold; a greater wish is lowered to it.
pub(crate) const MOST_ITEMS: u64 = 2000;

/// What the pretend user does in a session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Choice {
    /// Leaves the page open, or closes it: nobody can tell.
    #[default]
    Never,
    /// Presses "Done" with these items by the time the program looks at the session for the n-th time.
    AfterPolls(u64, Vec<String>),
}

/// A session as tests see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickingSession {
    /// The id that programs know it by.
    pub id: String,
    /// The most items that could be chosen.
    pub most_items: u64,
    /// What was chosen, once "Done" was pressed.
    pub chosen: Option<Vec<String>>,
    /// A program ended it.
    pub deleted: bool,
    /// How often a program looked at it.
    pub polls: u64,
}

#[derive(Debug)]
pub(crate) struct Session {
    seen: PickingSession,
    choice: Choice,
    /// By the server's clock, in milliseconds.
    pub(crate) created: u64,
    expired: bool,
}

/// Why a session cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// There never was one, or it was ended.
    Unknown,
    /// It lived too long.
    Expired,
}

/// All sessions of the one user.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    all: Vec<Session>,
    plans: VecDeque<Choice>,
}

impl Session {
    pub(crate) fn id(&self) -> &str {
        &self.seen.id
    }

    pub(crate) fn most_items(&self) -> u64 {
        self.seen.most_items
    }

    pub(crate) fn chosen(&self) -> Option<&[String]> {
        self.seen.chosen.as_deref()
    }

    /// A program looks at it; `in_time` tells whether the user could still press "Done".
    pub(crate) fn poll(&mut self, in_time: bool) {
        self.seen.polls += 1;
        let due = matches!(&self.choice, Choice::AfterPolls(polls, _) if self.seen.polls >= *polls);
        if in_time
            && due
            && self.seen.chosen.is_none()
            && let Choice::AfterPolls(_, ids) = std::mem::take(&mut self.choice)
        {
            self.choose(ids);
        }
    }

    /// The page lets nobody choose more than there is room for.
    fn choose(&mut self, mut ids: Vec<String>) {
        ids.truncate(usize::try_from(self.seen.most_items).unwrap_or(usize::MAX));
        self.seen.chosen = Some(ids);
    }

    fn is_alive(&self, not_before: u64) -> bool {
        !self.seen.deleted && !self.expired && self.created >= not_before
    }
}

impl Sessions {
    pub(crate) fn plan(&mut self, choice: Choice) {
        self.plans.push_back(choice);
    }

    pub(crate) fn choose(&mut self, ids: Vec<String>) -> bool {
        let mut waiting = self.all.iter_mut().rev();
        let newest = waiting.find(|one| one.seen.chosen.is_none() && one.is_alive(0));
        newest.map(|session| session.choose(ids)).is_some()
    }

    pub(crate) fn seen(&self) -> Vec<PickingSession> {
        self.all.iter().map(|session| session.seen.clone()).collect()
    }

    pub(crate) fn expire_all(&mut self) {
        self.all.iter_mut().for_each(|session| session.expired = true);
    }

    /// Sessions created before `not_before` are dead.
    pub(crate) fn alive(&self, not_before: u64) -> usize {
        let alive = self.all.iter().filter(|session| session.is_alive(not_before));
        alive.count()
    }

    pub(crate) fn open(&mut self, now: u64, most_items: u64) -> &Session {
        let seen = PickingSession {
            id: unguessable(),
            most_items: most_items.clamp(1, MOST_ITEMS),
            chosen: None,
            deleted: false,
            polls: 0,
        };
        let choice = self.plans.pop_front().unwrap_or_default();
        self.all.push(Session {
            seen,
            choice,
            created: now,
            expired: false,
        });
        &self.all[self.all.len() - 1]
    }

    /// The session with this id, if it can be had by a program.
    pub(crate) fn get(&mut self, id: &str, not_before: u64) -> Result<&mut Session, Missing> {
        let found = self.all.iter_mut().find(|session| session.seen.id == id);
        match found {
            Some(session) if session.seen.deleted => Err(Missing::Unknown),
            Some(session) if session.is_alive(not_before) => Ok(session),
            Some(_) => Err(Missing::Expired),
            None => Err(Missing::Unknown),
        }
    }

    /// Ends a session, even an expired one.
    pub(crate) fn delete(&mut self, id: &str) -> Result<(), Missing> {
        let mut living = self.all.iter_mut().filter(|session| !session.seen.deleted);
        let found = living.find(|session| session.seen.id == id);
        found
            .map(|session| session.seen.deleted = true)
            .ok_or(Missing::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(polls: u64) -> Choice {
        Choice::AfterPolls(polls, vec!["a".to_owned(), "b".to_owned(), "c".to_owned()])
    }

    #[test]
    fn the_user_chooses_after_a_while_and_no_more_than_there_is_room_for() {
        let mut sessions = Sessions::default();
        sessions.plan(choice(2));
        let id = sessions.open(0, 2).id().to_owned();
        let session = sessions.get(&id, 0).unwrap();
        session.poll(true);
        assert_eq!(session.chosen(), None);
        session.poll(false);
        assert_eq!(session.chosen(), None, "too late");
        session.poll(true);
        assert_eq!(session.chosen().unwrap().len(), 2);
        let never = sessions.open(0, 9).id().to_owned();
        assert_eq!(sessions.get(&never, 0).unwrap().chosen(), None);
        assert!(sessions.choose(vec!["z".to_owned()]) && !sessions.choose(Vec::new()));
    }

    #[test]
    fn ended_and_expired_sessions_are_told_apart() {
        let mut sessions = Sessions::default();
        let id = sessions.open(100, 9999).id().to_owned();
        assert_eq!(sessions.get(&id, 100).unwrap().most_items(), MOST_ITEMS);
        assert_eq!(sessions.get(&id, 101).unwrap_err(), Missing::Expired);
        assert_eq!((sessions.alive(100), sessions.alive(101)), (1, 0));
        sessions.delete(&id).unwrap();
        assert_eq!(sessions.get(&id, 101).unwrap_err(), Missing::Unknown);
        assert_eq!(sessions.delete(&id), Err(Missing::Unknown));
    }
}
