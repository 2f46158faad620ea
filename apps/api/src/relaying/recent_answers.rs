//! The answers of the last minute: WeChat sends a message again where our answer got lost, and gets the same one.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use saoma_domain::{
    message::{MessageId, RelayAnswer},
    time::Timestamp,
};

/// WeChat repeats a message three times within about 15 s.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// How many answers are kept, and how many bytes of them.
const MOST: usize = 4096;
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Answers by the message that they were given to.
#[derive(Default)]
pub(super) struct RecentAnswers(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    by_id: HashMap<MessageId, RelayAnswer>,
    order: VecDeque<(Timestamp, MessageId)>,
    bytes: usize,
}

impl RecentAnswers {
    pub(super) fn find(&self, id: MessageId, now: Timestamp) -> Option<RelayAnswer> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.forget(now);
        answers.by_id.get(&id).cloned()
    }

    pub(super) fn note(&self, id: MessageId, answer: &RelayAnswer, now: Timestamp) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.by_id.insert(id, answer.clone()).is_none() {
            answers.order.push_back((now, id));
            answers.bytes += answer.body.len();
        }
        answers.forget(now);
    }
}

impl Answers {
    fn forget(&mut self, now: Timestamp) {
        while let Some(&(noted, id)) = self.order.front() {
            let is_recent = now < noted.plus(KEPT_FOR);
            if is_recent && self.order.len() <= MOST && self.bytes <= MOST_BYTES {
                return;
            }
            self.order.pop_front();
            let bytes = self.by_id.remove(&id).map_or(0, |answer| answer.body.len());
            self.bytes = self.bytes.saturating_sub(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use saoma_domain::wechat::AppName;

    use super::*;

    fn id(number: usize) -> MessageId {
        MessageId::of(&AppName::parse("main").unwrap(), &[&number.to_be_bytes()])
    }

    fn answer(bytes: usize) -> RelayAnswer {
        RelayAnswer { content_type: String::new(), body: vec![b'x'; bytes] }
    }

    #[test]
    fn an_answer_is_known_for_a_minute() {
        let (recent, at) = (RecentAnswers::default(), Timestamp::from_secs);
        recent.note(id(1), &answer(1), at(100));
        assert_eq!(recent.find(id(1), at(159)), Some(answer(1)));
        assert_eq!(recent.find(id(2), at(159)), None);
        assert_eq!(recent.find(id(1), at(160)), None);
    }

    #[test]
    fn neither_many_nor_long_answers_fill_the_memory() {
        let (recent, now) = (RecentAnswers::default(), Timestamp::from_secs(100));
        for number in 0..=MOST {
            recent.note(id(number), &answer(1), now);
        }
        assert_eq!((recent.find(id(0), now), recent.find(id(1), now)), (None, Some(answer(1))));
        for number in 0..200 {
            recent.note(id(MOST + 1 + number), &answer(64 * 1024), now);
        }
        assert!(recent.0.lock().unwrap().bytes <= MOST_BYTES);
        assert!(recent.find(id(MOST + 200), now).is_some());
    }
}
