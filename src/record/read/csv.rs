//! CSV (RFC 4180): comma, semicolon or tab; the first row is the heading.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use ::csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Terminator};

use super::encoding::Decoding;
use super::{MAX_ROW_BYTES, ReadError, headings, row_under};
use crate::record::Record;

/// The bytes looked at for the delimiter.
const HEAD: u64 = 64 << 10;

/// The file with a line end after it, so that every row has one.
type Source = Metered<io::Chain<io::Chain<Cursor<Vec<u8>>, Decoding<File>>, &'static [u8]>>;

/// The rows of one file.
pub(super) struct Rows {
    reader: Reader<Source>,
    names: Arc<Vec<String>>,
    row: StringRecord,
    /// Rows passed so far, blank ones included. Not the line, which a value of several lines would set apart from a spreadsheet's
    /// count.
    count: u64,
    /// Line ends passed so far.
    line_ends: u64,
    ended: bool,
}

impl Rows {
    /// Reads the heading.
    pub(super) fn open(file: File) -> Result<Rows, ReadError> {
        let mut text = Decoding::detect(file)?;
        let mut head = Vec::new();
        text.by_ref().take(HEAD).read_to_end(&mut head).map_err(|e| ReadError::io(&e))?;
        let delimiter = delimiter(&head);
        // A row ends with LF, so that the empty line CR LF counts as a row; files of old Macs know only CR.
        let terminator = if head.contains(&b'\n') { Terminator::Any(b'\n') } else { Terminator::CRLF };
        let source = Cursor::new(head).chain(text).chain(&b"\n"[..]);
        let source = Metered { source, left: MAX_ROW_BYTES, ended: false };
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .terminator(terminator)
            .from_reader(source);
        let row = StringRecord::new();
        let mut rows = Rows { reader, names: Arc::default(), row, count: 0, line_ends: 0, ended: false };
        rows.advance()?;
        rows.names = headings(rows.row.iter())?;
        Ok(rows)
    }

    /// The next row that is not blank, in `row`, and its number in `count`; false at the end.
    fn advance(&mut self) -> Result<bool, ReadError> {
        loop {
            self.reader.get_mut().left = MAX_ROW_BYTES;
            if !self.reader.read_record(&mut self.row).map_err(|e| error(&e))? {
                return Ok(false);
            }
            // A row ends with its line end; only between quotation marks is one passed, and the end of the file reached.
            let is_open = self.reader.get_ref().ended;
            // The reader passes over empty lines without a word: what it passed besides the row's own line ends were such.
            let line_ends = self.reader.position().line() - 1;
            let inside: usize = self.row.iter().map(|v| v.bytes().filter(|&b| b == b'\n').count()).sum();
            let own = inside as u64 + u64::from(!is_open);
            let empty = (line_ends - self.line_ends).saturating_sub(own);
            self.line_ends = line_ends;
            self.count += empty + 1;
            if is_open {
                let row = self.count;
                let message = format!("a quotation mark is opened in row {row}, and nowhere closed after it");
                return Err(ReadError::file(
                    "read.quotation",
                    message,
                    "close it, or double those that are part of a value",
                ));
            }
            if self.row.iter().any(|value| !value.trim().is_empty()) {
                return Ok(true);
            }
        }
    }
}

impl Iterator for Rows {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.advance() {
            Ok(true) => {
                let mut values: Vec<_> = self.row.iter().map(str::to_owned).collect();
                // Half of the line end CR LF.
                if let Some(last) = values.last_mut().filter(|v| v.ends_with('\r')) {
                    last.pop();
                }
                Some(row_under(&self.names, self.count, values))
            }
            end => {
                self.ended = true;
                end.err().map(Err)
            }
        }
    }
}

/// A reader that gives out only so many bytes until it is refilled: a quote that never closes must not read a file into memory.
struct Metered<R> {
    source: R,
    left: usize,
    /// Whether the end of the source was reached.
    ended: bool,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let most = out.len().min(self.left);
        let length = self.source.read(&mut out[..most])?;
        self.left -= length;
        self.ended |= length == 0;
        Ok(length)
    }
}

/// Of comma, tab and semicolon the one that the first line holds most often.
fn delimiter(head: &[u8]) -> u8 {
    let line = head.split(|&b| b == b'\n').next().unwrap_or(&[]);
    let count = |d: u8| line.iter().filter(|&&b| b == d).count();
    // The last of equals wins: the comma.
    [b';', b'\t', b','].into_iter().max_by_key(|&d| count(d)).unwrap_or(b',')
}

fn error(error: &::csv::Error) -> ReadError {
    match error.kind() {
        ErrorKind::Io(e) if e.kind() == io::ErrorKind::FileTooLarge => ReadError::file(
            "read.row-bytes",
            format!("a row is longer than {MAX_ROW_BYTES} bytes"),
            "look for a quotation mark that is not closed",
        ),
        ErrorKind::Io(e) => ReadError::io(e),
        _ => ReadError::file("read.csv", format!("the file is not well-formed CSV: {error}"), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek as _, Write as _};

    fn rows(text: &str) -> Result<Vec<Result<Record, ReadError>>, ReadError> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.rewind().unwrap();
        Ok(Rows::open(file)?.collect())
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_does_and_blank_ones_passed_over() {
        let rows = rows("姓名,单位\r\n张三,\"甲\r\n乙\"\r\n,\r\n李四,丙\r\n").unwrap();
        let seen: Vec<_> = rows.iter().map(|r| r.as_ref().unwrap()).collect();
        assert_eq!(seen.iter().map(|r| r.row()).collect::<Vec<_>>(), [Some(2), Some(4)]);
        assert_eq!((seen[0].get("单位"), seen[1].get("姓名")), (Some("甲\r\n乙"), Some("李四")));
    }

    #[test]
    fn empty_lines_count_whatever_ends_them() {
        for end in ["\n", "\r\n"] {
            let text = ["", "a,b", "", "", "1,\"x\n\ny\"", "2,z", "", "3,w"].join(end);
            let rows = rows(&text).unwrap();
            let seen: Vec<_> =
                rows.iter().map(|r| r.as_ref().unwrap()).map(|r| (r.row(), r.get("b"))).collect();
            let expected = [(Some(5), Some("x\n\ny")), (Some(6), Some("z")), (Some(8), Some("w"))];
            assert_eq!(seen, expected, "{end:?}");
        }
        assert_eq!(rows("a\r1\r2\r").unwrap()[1].as_ref().unwrap().row(), Some(3));
    }

    #[test]
    fn a_row_with_a_stray_comma_is_refused_and_the_next_one_read() {
        let rows = rows("a,b\n1,2,3\n4,5,\n6\n7,8\n").unwrap();
        let codes: Vec<_> = rows.iter().map(|r| r.as_ref().map_err(|e| (e.row, e.code)).err()).collect();
        assert_eq!(codes, [Some((Some(2), "read.columns")), None, Some((Some(4), "read.columns")), None]);
    }

    #[test]
    fn tabs_and_semicolons_part_columns_too() {
        for text in ["a\tb\n1\t2\n", "a;b\n1;2\n"] {
            assert_eq!(rows(text).unwrap()[0].as_ref().unwrap().get("a"), Some("1"), "{text:?}");
        }
    }

    #[test]
    fn headings_that_are_missing_or_doubled_are_refused() {
        for (text, code) in
            [("", "read.heading"), ("a,b,a\n", "read.heading-twice"), ("\n,,\n", "read.heading")]
        {
            assert_eq!(rows(text).map_err(|e| e.code).err(), Some(code), "{text:?}");
        }
    }

    #[test]
    fn a_quote_that_is_open_at_the_end_swallows_no_rows() {
        for end in ["\n", "\r\n"] {
            for last in ["", end] {
                let text = ["a,b", "1,2", "", "3,\"x", "4,y", "5,z"].join(end) + last;
                let rows = rows(&text).unwrap();
                assert_eq!(rows.len(), 2, "{text:?}");
                let message = rows[1].as_ref().unwrap_err().to_string();
                assert!(message.contains("opened in row 4,"), "{text:?}: {message}");
            }
            let closed = ["a,b", "1,\"x", "\"\"", "\""].join(end);
            assert!(rows(&closed).unwrap()[0].is_ok(), "{closed:?}");
        }
        assert_eq!(
            rows("a,b\r1,2\r\"3,4\r").unwrap()[1].as_ref().map_err(|e| e.code).err(),
            Some("read.quotation")
        );
        assert_eq!(rows("a,\"b\n1,2").map_err(|e| e.code).err(), Some("read.quotation"));
    }

    #[test]
    fn a_quote_that_never_closes_ends_the_file_with_an_error() {
        let text = format!("a,b\n1,2\n\"{}", "x,y\n".repeat(MAX_ROW_BYTES / 2));
        let rows = rows(&text).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].as_ref().map_err(|e| e.code).err(), Some("read.row-bytes"));
    }
}
