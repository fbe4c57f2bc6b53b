//! JSON Lines: one object a line, in UTF-8.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{MAX_COLUMNS, MAX_ROW_BYTES, ReadError};
use crate::record::Record;

/// The lines of one file.
pub(super) struct Lines<R = BufReader<File>> {
    source: R,
    line: Vec<u8>,
    row: u64,
    ended: bool,
}

impl Lines {
    /// Begins at the first line.
    pub(super) fn open(file: File) -> Lines {
        Lines::new(BufReader::new(file))
    }
}

impl<R: BufRead> Lines<R> {
    fn new(source: R) -> Lines<R> {
        Lines { source, line: Vec::new(), row: 0, ended: false }
    }

    /// The next line that is not blank, in `line`; `None` at the end.
    fn advance(&mut self) -> Option<Result<(), ReadError>> {
        loop {
            self.line.clear();
            self.row += 1;
            let limit = MAX_ROW_BYTES as u64;
            match self.source.by_ref().take(limit).read_until(b'\n', &mut self.line) {
                Ok(0) => return None,
                Ok(length) if length == MAX_ROW_BYTES && !self.line.ends_with(b"\n") => {
                    let message = format!("the line is longer than {MAX_ROW_BYTES} bytes");
                    let hint = "end each object with a line break";
                    return Some(self.skip_line().and(Err(ReadError::row(
                        self.row,
                        "read.row-bytes",
                        message,
                        hint,
                    ))));
                }
                Ok(_) if self.line.trim_ascii().is_empty() => {}
                Ok(_) => return Some(Ok(())),
                Err(e) => return Some(Err(self.stop(&e))),
            }
        }
    }

    fn skip_line(&mut self) -> Result<(), ReadError> {
        loop {
            let buffer = self.source.fill_buf();
            let (skipped, found) = match buffer {
                Ok(buffer) => match buffer.iter().position(|&b| b == b'\n') {
                    Some(at) => (at + 1, true),
                    None => (buffer.len(), buffer.is_empty()),
                },
                Err(e) => return Err(self.stop(&e)),
            };
            self.source.consume(skipped);
            if found {
                return Ok(());
            }
        }
    }

    fn stop(&mut self, error: &std::io::Error) -> ReadError {
        self.ended = true;
        ReadError::io(error)
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.advance() {
            Some(Ok(())) => Some(parse(&self.line, self.row)),
            Some(Err(e)) => Some(Err(e)),
            None => {
                self.ended = true;
                None
            }
        }
    }
}

fn parse(line: &[u8], row: u64) -> Result<Record, ReadError> {
    let line = line.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(line);
    let wrong = |e: &dyn std::error::Error| {
        let message = format!("the line is not a JSON object: {e}");
        ReadError::row(row, "read.json", message, "write one object in UTF-8 on each line")
    };
    let line = str::from_utf8(line).map_err(|e| wrong(&e))?;
    let object: Map<String, Value> = serde_json::from_str(line).map_err(|e| wrong(&e))?;
    if object.len() > MAX_COLUMNS {
        let message = format!("the object has {} names, more than {MAX_COLUMNS}", object.len());
        return Err(ReadError::row(row, "read.columns", message, ""));
    }
    let record = Record::try_from(object).map_err(|e| ReadError { row: Some(row), ..e })?;
    let mut record = record.at_row(row);
    let mut seen = HashSet::new();
    for (name, value) in members(line) {
        let name: String = serde_json::from_str(name).map_err(|e| wrong(&e))?;
        // A parsed number is a double, which would round 110105194912310021 and drop the last digit of 85.50.
        if value.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            record = record.with(name.as_str(), value);
        }
        if let Some(name) = seen.replace(name) {
            let message = format!("the object gives a name twice: {name}");
            return Err(ReadError::row(row, "read.name-twice", message, "delete or rename one of the two"));
        }
    }
    Ok(record)
}

/// The names and values of a well-formed object as they are written.
fn members(object: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = object.trim_start().strip_prefix('{').unwrap_or_default();
    let mut token = move || {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',', ':']);
        let mut tokens = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        // The closing brace is no value.
        tokens.next()?.ok()?;
        let (token, after) = rest.split_at(tokens.byte_offset());
        rest = after;
        Some(token)
    };
    std::iter::from_fn(move || Some((token()?, token()?)))
}

impl TryFrom<Map<String, Value>> for Record {
    type Error = ReadError;

    /// Text, numbers and truth values count as their text, `null` as nothing given; lists and objects are refused.
    fn try_from(object: Map<String, Value>) -> Result<Record, ReadError> {
        let scalar = |(name, value)| match value {
            Value::Null => Ok((name, String::new())),
            Value::String(text) => Ok((name, text)),
            Value::Number(number) => Ok((name, number.to_string())),
            Value::Bool(truth) => Ok((name, truth.to_string())),
            Value::Array(_) | Value::Object(_) => Err(ReadError::file(
                "read.nested",
                format!("the value of {name} is a list or an object"),
                "give text, a number, true, false or null",
            )),
        };
        object.into_iter().map(scalar).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn lines(text: &str) -> Vec<Result<Record, ReadError>> {
        Lines::new(Cursor::new(text.as_bytes())).collect()
    }

    #[test]
    fn scalars_become_text_and_null_nothing() {
        let record = Record::new().with("name", "张三").with("score", "85.5").with("note", "").at_row(1);
        let seen = lines("\u{FEFF}{\"name\":\"张三\",\"score\":85.5,\"note\":null}\n");
        assert_eq!(seen[0].as_ref().unwrap(), &record);
    }

    #[test]
    fn numbers_keep_the_digits_they_are_written_with() {
        let seen = lines("{\"a\": 85.50 ,\"b\":110105194912310021123,\"c\":-0.10, \"d\":\"1,2:{3}\"}\r\n");
        let seen: Vec<_> = seen[0].as_ref().unwrap().iter().collect();
        assert_eq!(seen, [("a", "85.50"), ("b", "110105194912310021123"), ("c", "-0.10"), ("d", "1,2:{3}")]);
    }

    #[test]
    fn a_name_given_twice_is_refused_however_it_is_written() {
        for line in [r#"{"a":1,"b":2,"a":1}"#, r#"{"a":"x","\u0061":"y"}"#] {
            let error = lines(line).remove(0).unwrap_err();
            assert_eq!((error.row, error.code), (Some(1), "read.name-twice"), "{line}");
        }
    }

    #[test]
    fn a_broken_line_is_refused_by_number_and_the_next_one_read() {
        let seen = lines("\n{\"a\":1\n{\"a\":[1]}\n[1]\n{\"a\":2}");
        let codes: Vec<_> = seen.iter().map(|r| r.as_ref().map_err(|e| (e.row, e.code)).err()).collect();
        let expected = [
            Some((Some(2), "read.json")),
            Some((Some(3), "read.nested")),
            Some((Some(4), "read.json")),
            None,
        ];
        assert_eq!(codes, expected);
    }

    #[test]
    fn a_line_beyond_the_limit_is_skipped_whole() {
        let long = format!("{{\"a\":\"{}\"}}\n{{\"a\":\"b\"}}\n", "x".repeat(MAX_ROW_BYTES));
        let seen = lines(&long);
        assert_eq!(seen[0].as_ref().map_err(|e| (e.row, e.code)).err(), Some((Some(1), "read.row-bytes")));
        assert_eq!(seen[1].as_ref().map(|r| r.row()).unwrap(), Some(2));
    }

    #[test]
    fn nesting_without_end_is_an_error_and_not_a_crash() {
        let seen = lines(&format!("{{\"a\":{}", "[".repeat(100_000)));
        assert_eq!(seen[0].as_ref().map_err(|e| e.code).err(), Some("read.json"));
    }
}
