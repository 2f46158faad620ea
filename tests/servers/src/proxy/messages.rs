//! Messages to a subscriber, in Redis's protocol (RESP 2).

/// How a message begins; answers to requests begin otherwise.
const MESSAGE: &[u8] = b"*3\r\n$7\r\nmessage\r\n";

const LINE_END: &[u8] = b"\r\n";

/// What a server says to one client, message by message and answer by answer.
#[derive(Debug, Default)]
pub(super) struct Messages {
    /// The beginning of one that has not arrived in full.
    begun: Vec<u8>,
    seen: u32,
}

impl Messages {
    /// Returns all bytes that were held back, and these.
    pub(super) fn rest(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.begun.extend_from_slice(bytes);
        std::mem::take(&mut self.begun)
    }

    /// Returns what has arrived in full without one message of so many, and how many it is without.
    pub(super) fn without_every(&mut self, every: u32, bytes: &[u8]) -> (Vec<u8>, u64) {
        self.begun.extend_from_slice(bytes);
        let (mut kept, mut dropped) = (Vec::new(), 0);
        while let Some(length) = length(&self.begun) {
            let whole: Vec<u8> = self.begun.drain(..length).collect();
            if whole.starts_with(MESSAGE) {
                self.seen = self.seen.wrapping_add(1);
                if self.seen.is_multiple_of(every) {
                    dropped += 1;
                    continue;
                }
            }
            kept.extend(whole);
        }
        (kept, dropped)
    }
}

/// Returns how long the first answer or message is, if it has arrived in full.
fn length(bytes: &[u8]) -> Option<usize> {
    let line = bytes.windows(LINE_END.len()).position(|end| end == LINE_END)?;
    let text = std::str::from_utf8(bytes.get(1..line)?).ok()?;
    let head = line + LINE_END.len();
    let whole = match bytes.first()? {
        // Nothing is written as a negative number.
        b'$' => text.parse::<usize>().map_or(head, |length| head + length + LINE_END.len()),
        b'*' => {
            let mut whole = head;
            for _ in 0..text.parse::<usize>().unwrap_or(0) {
                whole += length(bytes.get(whole..)?)?;
            }
            whole
        }
        _ => head,
    };
    (whole <= bytes.len()).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &[u8] = b"*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n\
        *3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\n1\r\n\
        *3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\n\r\n\r\n\
        +OK\r\n$-1\r\n*0\r\n\
        *3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\n3\r\n\
        *3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\n4\r\n";

    #[test]
    fn every_third_message_is_left_out_however_the_bytes_arrive() {
        let third = b"*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\n3\r\n";
        let at = STREAM.windows(third.len()).position(|part| part == third).unwrap();
        let expected = [&STREAM[..at], &STREAM[at + third.len()..]].concat();
        for size in 1..STREAM.len() {
            let mut messages = Messages::default();
            let kept: Vec<u8> =
                STREAM.chunks(size).flat_map(|part| messages.without_every(3, part).0).collect();
            assert_eq!(kept, expected, "{size}");
        }
    }

    #[test]
    fn what_was_held_back_is_not_lost_when_no_more_is_dropped() {
        let (first, second) = STREAM.split_at(40);
        let mut messages = Messages::default();
        let kept = [messages.without_every(0, first).0, messages.rest(second)].concat();
        assert_eq!(kept, STREAM);
    }
}
