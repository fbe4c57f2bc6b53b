//! The catalogue of what a run made: one line of CSV (RFC 4180) for every certificate, for the register of its issuer.
//!
//! In: the rows of the certificates that were made, in the order of the records. Out: `catalogue.csv`: the row, the metadata by
//! their names, the files and their digests; UTF-8 with BOM, by which spreadsheets know the encoding. An apostrophe at the beginning
//! of a cell is not part of its value: it keeps spreadsheets from reading a formula ([`plain`]).
//! Invariant: it is there whole or not at all: a run that breaks off leaves the report alone.

use std::borrow::Cow;
use std::io::{self, Write as _};

use ::csv::{Terminator, Writer, WriterBuilder};

use super::report::{Row, Status};
use super::sink::{Draft, Folder};

/// The catalogue's name in the folder.
pub(super) const CATALOGUE: &str = "catalogue.csv";
/// What every catalogue has before and after the metadata.
const BEFORE: [&str; 1] = ["row"];
const AFTER: [&str; 5] = ["ofd", "ofd_sha256", "ofd_sm3", "pdf", "pdf_sha256"];

/// A catalogue that is being written.
pub(super) struct Catalogue<'a> {
    names: Vec<&'a str>,
    out: Writer<Draft>,
}

impl<'a> Catalogue<'a> {
    /// Begins with the heading; `names` are those of the metadata.
    pub(super) fn new(folder: &Folder, names: Vec<&'a str>) -> io::Result<Catalogue<'a>> {
        let mut draft = folder.draft()?;
        draft.write_all("\u{FEFF}".as_bytes())?;
        let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(draft);
        out.write_record(BEFORE.iter().chain(&names).chain(&AFTER))?;
        Ok(Catalogue { names, out })
    }

    /// Adds the certificate of `row`, if one was made.
    pub(super) fn write(&mut self, row: &Row) -> io::Result<()> {
        if row.status != Status::Done {
            return Ok(());
        }
        let number = row.row.to_string();
        let file = |format: &str| row.files.iter().find(|file| file.format == format);
        let (ofd, pdf) = (file("ofd"), file("pdf"));
        let metadata = self
            .names
            .iter()
            .map(|name| row.metadata.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str()));
        let files = [
            ofd.map(|f| f.name.as_str()),
            ofd.map(|f| f.sha256.as_str()),
            ofd.and_then(|f| f.sm3.as_deref()),
            pdf.map(|f| f.name.as_str()),
            pdf.map(|f| f.sha256.as_str()),
        ];
        let files = files.into_iter().map(Option::unwrap_or_default);
        let cells = [number.as_str()].into_iter().chain(metadata).chain(files);
        Ok(self.out.write_record(cells.map(|cell| plain(cell).into_owned()))?)
    }

    /// Gives the catalogue its name.
    pub(super) fn finish(self) -> io::Result<()> {
        let draft = self.out.into_inner().map_err(|e| e.into_error())?;
        draft.keep(CATALOGUE)
    }
}

/// The cell, which no spreadsheet takes for a formula: what begins like one, or with an apostrophe, gets an apostrophe before it.
fn plain(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::report::FileRow;

    #[test]
    fn each_certificate_is_one_line_with_its_metadata_files_and_digests() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        let file = |format, sm3: Option<&str>| FileRow {
            format,
            name: format!("1.{format}"),
            bytes: 9,
            sha256: "ab".into(),
            sm3: sm3.map(str::to_owned),
            replaced: false,
        };
        let done = Row {
            row: 2,
            status: Status::Done,
            metadata: vec![("ZZBH".into(), "样例,1".into()), ("CZZT".into(), "张\"三".into())],
            files: vec![file("ofd", Some("cd")), file("pdf", None)],
            ..Row::default()
        };
        let other = Row { row: 4, metadata: Vec::new(), files: vec![file("pdf", None)], ..done.clone() };
        let mut catalogue = Catalogue::new(&folder, vec!["ZZMC", "CZZT", "ZZBH"]).unwrap();
        for row in [done, Row { row: 3, ..Row::default() }, other] {
            catalogue.write(&row).unwrap();
        }
        assert!(!dir.path().join(CATALOGUE).exists());
        catalogue.finish().unwrap();
        assert_eq!(
            std::fs::read_to_string(dir.path().join(CATALOGUE)).unwrap(),
            "\u{FEFF}row,ZZMC,CZZT,ZZBH,ofd,ofd_sha256,ofd_sm3,pdf,pdf_sha256\r\n\
             2,,\"张\"\"三\",\"样例,1\",1.ofd,ab,cd,1.pdf,ab\r\n4,,,,,,,1.pdf,ab\r\n"
        );
    }

    #[test]
    fn no_cell_begins_like_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"] {
            assert_eq!(plain(formula), format!("'{formula}"));
        }
        for text in ["", "样例,1", "1-1", "a=b"] {
            assert_eq!(plain(text), text);
        }
        let dir = tempfile::tempdir().unwrap();
        let mut catalogue = Catalogue::new(&Folder::open(dir.path()).unwrap(), vec!["CZZT"]).unwrap();
        let metadata = vec![("CZZT".into(), "=HYPERLINK(1)".into())];
        catalogue.write(&Row { row: 2, status: Status::Done, metadata, ..Row::default() }).unwrap();
        catalogue.finish().unwrap();
        let text = std::fs::read_to_string(dir.path().join(CATALOGUE)).unwrap();
        assert!(text.ends_with("\r\n2,'=HYPERLINK(1),,,,,\r\n"), "{text}");
    }
}
