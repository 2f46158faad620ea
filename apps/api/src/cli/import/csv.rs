//! Reads comma-separated values, record by record, in bounded memory.
//!
//! A field in quotation marks may have commas, line ends and doubled quotation marks in it (RFC 4180). A field whose
//! quotation mark is never closed is one wrong record; the lines behind its first one are read again.

use std::{
    collections::VecDeque,
    io::{self, BufRead},
};

/// The most bytes of a record.
pub(super) const RECORD_BYTES: usize = 64 * 1024;

/// A record, or what is wrong with it, and the line on which it begins, from 1 on.
pub(super) struct Record {
    pub(super) line: u64,
    pub(super) fields: Result<Vec<String>, String>,
}

/// Reads records.
pub(super) struct Records<R> {
    lines: Lines<R>,
}

/// Reads lines, and can read some of them again.
pub(super) struct Lines<R> {
    input: R,
    number: u64,
    again: VecDeque<(u64, Vec<u8>)>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn of(input: R) -> Self {
        Self { input, number: 0, again: VecDeque::new() }
    }

    /// Returns the next line with its number, without its end; the first one without a byte-order mark.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        if let Some(line) = self.again.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        // What is longer than a record can be is read to its end, and kept only so far that it is found too long.
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                break;
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(available.len(), |end| end + 1);
            let room = (RECORD_BYTES + 2).saturating_sub(line.len());
            line.extend(available.iter().take(taken.min(room)));
            self.input.consume(taken);
            if end.is_some() {
                break;
            }
        }
        if line.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            line.pop();
        }
        if self.number == 1 && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        Ok(Some((self.number, line)))
    }
}

impl<R: BufRead> Records<R> {
    pub(super) fn of(input: R) -> Self {
        Self { lines: Lines::of(input) }
    }

    /// Returns the next record that is not empty.
    pub(super) fn next(&mut self) -> io::Result<Option<Record>> {
        let Some((number, first)) = self.lines.next()? else { return Ok(None) };
        if first.iter().all(u8::is_ascii_whitespace) {
            return Ok(Some(Record { line: number, fields: Ok(Vec::new()) }));
        }
        let (mut whole, mut more) = (first, Vec::new());
        while is_open(&whole) {
            match self.lines.next()? {
                Some((at, line)) if whole.len() + line.len() < RECORD_BYTES => {
                    whole.push(b'\n');
                    whole.extend(&line);
                    more.push((at, line));
                }
                other => {
                    more.extend(other);
                    self.lines.again.extend(more);
                    let fields = Err("a quotation mark is not closed".to_owned());
                    return Ok(Some(Record { line: number, fields }));
                }
            }
        }
        Ok(Some(Record { line: number, fields: text_of(whole).map(|text| fields(&text)) }))
    }
}

/// Returns whether a record goes on in the next line: it has an odd number of quotation marks.
fn is_open(record: &[u8]) -> bool {
    record.iter().filter(|byte| **byte == b'"').count() % 2 == 1
}

/// Reads a line as text.
pub(super) fn text_of(line: Vec<u8>) -> Result<String, String> {
    if line.len() > RECORD_BYTES {
        return Err("it is longer than 64 KiB".to_owned());
    }
    let not_utf8 = "it is not UTF-8; if the file is GBK, convert it: iconv -f GBK -t UTF-8";
    String::from_utf8(line).map_err(|_| not_utf8.to_owned())
}

fn fields(record: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut rest = record.chars().peekable();
    while let Some(c) = rest.next() {
        match (quoted, c) {
            (true, '"') if rest.peek() == Some(&'"') => {
                rest.next();
                field.push('"');
            }
            (_, '"') => quoted = !quoted,
            (false, ',') => fields.push(std::mem::take(&mut field)),
            (true | false, other) => field.push(other),
        }
    }
    fields.push(field);
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<(u64, Result<Vec<String>, String>)> {
        let (mut records, mut all) = (Records::of(text), Vec::new());
        while let Some(record) = records.next().unwrap() {
            all.push((record.line, record.fields));
        }
        all
    }

    fn fine(fields: &[&str]) -> Result<Vec<String>, String> {
        Ok(fields.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn quotation_marks_line_ends_and_a_byte_order_mark_are_read() {
        let text = "\u{feff}a,b\r\n\"1,\"\"2\"\"\",\"x\ny\"\r\n\n小明,";
        assert_eq!(
            read(text.as_bytes()),
            [
                (1, fine(&["a", "b"])),
                (2, fine(&["1,\"2\"", "x\ny"])),
                (4, Ok(vec![])),
                (5, fine(&["小明", ""]))
            ]
        );
    }

    #[test]
    fn one_wrong_line_does_not_take_others_with_it() {
        let read = read(b"a,b\n\"open,1\nc,d\n\xb0\xa1,x\ne,f\n");
        assert_eq!(read.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert!(read[1].1.as_ref().unwrap_err().contains("quotation mark"));
        assert_eq!(read[2].1, fine(&["c", "d"]));
        assert!(read[3].1.as_ref().unwrap_err().contains("GBK"));
        assert_eq!(read[4].1, fine(&["e", "f"]));
        let long = [b"a\n".as_slice(), &[b'x'; RECORD_BYTES + 1], b"\nb\n"].concat();
        let read = self::read(&long);
        assert!(read[1].1.as_ref().unwrap_err().contains("64 KiB"));
        assert_eq!(read[2], (3, fine(&["b"])));
    }
}
