//! Turns: a person's messages go through this node one after the other.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use saoma_domain::wechat::{AppName, OpenId};
use tokio::sync::{Mutex as TurnLock, OwnedMutexGuard};

type Person = (AppName, OpenId);

/// The persons whose messages are going through, each with its lock. A person without a message takes no memory.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<Mutex<HashMap<Person, Arc<TurnLock<()>>>>>);

/// A person's turn; the next one begins when it is dropped.
pub(super) struct Turn {
    turns: Turns,
    person: Person,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits for the person's turn.
    pub(super) async fn take(&self, person: Person) -> Turn {
        let lock = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(person.clone()).or_default())
        };
        // Made before the wait, so that a caller that gives up waiting cleans up as well.
        let mut turn = Turn { turns: self.clone(), person, guard: None };
        turn.guard = Some(lock.lock_owned().await);
        turn
    }

    #[cfg(test)]
    fn persons(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard = None;
        let mut turns = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.get(&self.person).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            turns.remove(&self.person);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{future::Future, pin::pin, task::Context, task::Waker};

    use super::*;

    fn person(name: &str) -> Person {
        (AppName::parse("main").unwrap(), OpenId::parse(name).unwrap())
    }

    fn is_ready<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> Option<T> {
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            std::task::Poll::Ready(value) => Some(value),
            std::task::Poll::Pending => None,
        }
    }

    #[test]
    fn a_persons_next_message_waits_for_the_one_before_and_no_person_is_remembered() {
        let turns = Turns::default();
        let first = is_ready(pin!(turns.take(person("oAnna")))).unwrap();
        {
            let mut second = pin!(turns.take(person("oAnna")));
            assert!(is_ready(second.as_mut()).is_none());
            assert!(is_ready(pin!(turns.take(person("oBert")))).is_some());
            drop(first);
            assert!(is_ready(second.as_mut()).is_some());
        }
        assert_eq!(turns.persons(), 0);
    }

    #[test]
    fn a_caller_that_gives_up_waiting_leaves_nothing_behind() {
        let turns = Turns::default();
        let first = is_ready(pin!(turns.take(person("oAnna")))).unwrap();
        assert!(is_ready(pin!(turns.take(person("oAnna")))).is_none());
        drop(first);
        assert_eq!(turns.persons(), 0);
    }
}
