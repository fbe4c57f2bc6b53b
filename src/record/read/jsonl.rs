//! JSON Lines: one object a line, in UTF-8; the rows of a list are an array of objects in it.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};

use serde::de::IgnoredAny;

use super::{MAX_COLUMNS, MAX_ROW_BYTES, ReadError};
use crate::record::{FieldKind, RawValue, Record};

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

/// The one object of a file, on as many lines as it likes.
pub(super) fn one(file: File) -> Result<Record, ReadError> {
    let mut text = Vec::new();
    file.take(MAX_ROW_BYTES as u64 + 1).read_to_end(&mut text).map_err(|e| ReadError::io(&e))?;
    if text.len() > MAX_ROW_BYTES {
        let message = format!("the file is longer than {MAX_ROW_BYTES} bytes");
        return Err(ReadError::file("read.row-bytes", message, "give images as files"));
    }
    parse(&text, 1)
}

fn parse(line: &[u8], row: u64) -> Result<Record, ReadError> {
    let line = line.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(line);
    let record = str::from_utf8(line).map_err(|e| malformed(&e)).and_then(from_text);
    record.map(|record| record.at_row(row)).map_err(|e| ReadError { row: Some(row), ..e })
}

/// The record that one JSON object says.
pub(super) fn from_text(text: &str) -> Result<Record, ReadError> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|e| malformed(&e))?;
    object(text.trim(), Nesting::Lists)
}

fn malformed(why: &dyn std::fmt::Display) -> ReadError {
    let message = format!("the line is not a JSON object: {why}");
    ReadError::file("read.json", message, "write one object in UTF-8 on each line")
}

/// What an object's values may be.
#[derive(Clone, Copy, PartialEq)]
enum Nesting {
    /// Scalars and arrays of objects.
    Lists,
    /// Scalars.
    Scalars,
}

/// The record that a well-formed JSON `text` says, if it is an object. Text, numbers and truth values count as their text,
/// `null` as nothing given, an array of objects as rows.
fn object(text: &str, nesting: Nesting) -> Result<Record, ReadError> {
    if !text.starts_with('{') {
        return Err(malformed(&"it begins with something else"));
    }
    let tokens: Vec<&str> = tokens(text).take(2 * MAX_COLUMNS + 1).collect();
    if tokens.len() > 2 * MAX_COLUMNS {
        let message = format!("the object has more than {MAX_COLUMNS} names");
        return Err(ReadError::file("read.columns", message, ""));
    }
    let mut names = HashSet::new();
    let mut members = Vec::with_capacity(tokens.len() / 2);
    for pair in tokens.chunks_exact(2) {
        let name: String = serde_json::from_str(pair[0]).map_err(|e| malformed(&e))?;
        let value = value(&name, pair[1], nesting)?;
        if !names.insert(name.clone()) {
            let message = format!("the object gives a name twice: {name}");
            return Err(ReadError::file("read.name-twice", message, "delete or rename one of the two"));
        }
        members.push((name, value));
    }
    Ok(members.into_iter().collect())
}

fn value(name: &str, token: &str, nesting: Nesting) -> Result<RawValue, ReadError> {
    let text = match token.as_bytes()[0] {
        b'"' => serde_json::from_str(token).map_err(|e| malformed(&e))?,
        b'n' => String::new(),
        b'[' if nesting == Nesting::Lists => return rows(name, token),
        b'[' | b'{' => return Err(nested(name)),
        // A parsed number is a double, which would round 110105194912310021 and drop the last digit of 85.50.
        _ => token.to_owned(),
    };
    Ok(RawValue::Text(text))
}

fn rows(name: &str, array: &str) -> Result<RawValue, ReadError> {
    let mut rows = Vec::new();
    for token in tokens(array) {
        if !token.starts_with('{') {
            return Err(nested(name));
        }
        if rows.len() == FieldKind::LIST_MAX {
            let message = format!("{name} has more than {} rows", FieldKind::LIST_MAX);
            return Err(ReadError::file("read.rows", message, "split the record"));
        }
        rows.push(object(token, Nesting::Scalars)?);
    }
    Ok(RawValue::Rows(rows))
}

fn nested(name: &str) -> ReadError {
    let message =
        format!("the value of {name} is an object, or a list of anything but objects of plain values");
    let hint = "give text, a number, true, false or null; the rows of a list are an array of objects";
    ReadError::file("read.nested", message, hint)
}

/// The values in a well-formed object or array as they are written, of an object each name before its value.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.get(1..).unwrap_or_default();
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',', ':']);
        let mut tokens = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        // The closing bracket is no value.
        tokens.next()?.ok()?;
        let (token, after) = rest.split_at(tokens.byte_offset());
        rest = after;
        Some(token)
    })
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
        let seen: Vec<_> = seen[0].as_ref().unwrap().iter().map(|(n, v)| (n, v.as_text().unwrap())).collect();
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
    fn an_array_of_objects_is_rows_whose_numbers_keep_their_digits() {
        let seen = lines(r#"{"scores": [ {"subject":"语文","score":85.50}, {} , {"score":null} ], "n":1}"#);
        let rows = vec![
            Record::new().with("subject", "语文").with("score", "85.50"),
            Record::new(),
            Record::new().with("score", ""),
        ];
        assert_eq!(seen[0].as_ref().unwrap(), &Record::new().with("scores", rows).with("n", "1").at_row(1));
        let empty = lines(r#"{"scores":[]}"#);
        assert_eq!(empty[0].as_ref().unwrap().value("scores"), Some(&RawValue::Rows(Vec::new())));
    }

    #[test]
    fn rows_that_are_no_flat_objects_are_refused() {
        for value in ["{}", "[1]", "[null]", "[[]]", r#"[{"b":[]}]"#, r#"[{"b":{}}]"#] {
            let error = lines(&format!("{{\"a\":{value}}}")).remove(0).unwrap_err();
            assert_eq!((error.row, error.code), (Some(1), "read.nested"), "{value}");
        }
        let twice = lines(r#"{"a":[{"b":1,"b":2}]}"#).remove(0).unwrap_err();
        assert_eq!(twice.code, "read.name-twice");
        let many = format!("{{\"a\":[{}{{}}]}}", "{},".repeat(FieldKind::LIST_MAX));
        assert_eq!(lines(&many).remove(0).unwrap_err().code, "read.rows");
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
