//! The catalogue of what a run made: one line of CSV (RFC 4180) for every certificate, for the register of its issuer.
//!
//! In: the rows of the manifest. Out: `catalogue.csv`: the row, the metadata by their names, the files and their digests; UTF-8 with BOM, by which spreadsheets know the encoding. An apostrophe at the beginning
//! of a cell is not part of its value: it keeps spreadsheets from reading a formula ([`plain`]).
//! Invariant: it follows from the manifest alone, and is there whole or not at all: once the run is finished.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use ::csv::{Terminator, WriterBuilder};
use sha2::{Digest as _, Sha256};

use super::manifest::ManifestError;
use super::row::{FileRow, Format, Row, Status};
use super::staged::StagedFile;
use crate::crypto::hex;

/// The catalogue's name in the folder.
pub(super) const CATALOGUE: &str = "catalogue.csv";
/// What every catalogue has before and after the metadata.
const BEFORE: [&str; 1] = ["row"];
const AFTER: [&str; 6] = ["ofd", "ofd_sha256", "ofd_sm3", "pdf", "pdf_sha256", "pdf_sm3"];

/// Writes the catalogue of `rows`, whose metadata have `names`, for `path`; also tells its SHA-256.
pub(super) fn write(
    path: &Path,
    names: &[&str],
    rows: impl Iterator<Item = Result<Row, ManifestError>>,
) -> Result<(StagedFile, String), ManifestError> {
    let io = |source| ManifestError::Io { path: path.into(), source };
    let csv = |error: ::csv::Error| io(error.into());
    let (staged, file) = StagedFile::create(path).map_err(io)?;
    let mut out = Digesting { out: BufWriter::new(file), digest: Sha256::new() };
    out.write_all("\u{FEFF}".as_bytes()).map_err(io)?;
    let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    out.write_record(BEFORE.iter().chain(names).chain(&AFTER)).map_err(csv)?;
    for row in rows {
        let row = row?;
        if row.status == Status::Done {
            out.write_record(cells(&row, names)).map_err(csv)?;
        }
    }
    let Digesting { mut out, digest } = out.into_inner().map_err(|e| io(e.into_error()))?;
    out.flush().map_err(io)?;
    Ok((staged, hex(&digest.finalize())))
}

/// The line of a certificate.
fn cells(row: &Row, names: &[&str]) -> Vec<String> {
    let file = |format: Format| row.files.iter().find(|file| file.format == format);
    let value =
        |name: &&str| row.metadata.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let number = row.row.to_string();
    let mut cells = vec![number.as_str()];
    cells.extend(names.iter().map(value));
    for file in [file(Format::Ofd), file(Format::Pdf)] {
        let of = |part: fn(&FileRow) -> &str| file.map(part).unwrap_or_default();
        cells.extend([of(|f| &f.name), of(|f| &f.sha256), of(|f| f.sm3.as_deref().unwrap_or_default())]);
    }
    cells.into_iter().map(|cell| plain(cell).into_owned()).collect()
}

/// Digests what it passes on.
struct Digesting<W> {
    out: W,
    digest: Sha256,
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
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

    fn written(names: &[&str], rows: Vec<Row>) -> String {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(CATALOGUE);
        let (staged, digest) = write(&path, names, rows.into_iter().map(Ok)).unwrap();
        assert!(!path.exists());
        staged.release().unwrap();
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(hex(&Sha256::digest(&bytes)), digest);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn each_certificate_is_one_line_with_its_metadata_files_and_digests() {
        let file = |format: Format, sm3: Option<&str>| FileRow {
            format,
            name: format!("1.{}", format.extension()),
            bytes: 9,
            sha256: "ab".into(),
            sm3: sm3.map(str::to_owned),
        };
        let done = Row {
            row: 2,
            status: Status::Done,
            metadata: vec![("ZZBH".into(), "样例,1".into()), ("CZZT".into(), "张\"三".into())],
            files: vec![file(Format::Ofd, Some("cd")), file(Format::Pdf, None)],
            ..Row::default()
        };
        let other =
            Row { row: 4, metadata: Vec::new(), files: vec![file(Format::Pdf, Some("ef"))], ..done.clone() };
        assert_eq!(
            written(&["ZZMC", "CZZT", "ZZBH"], vec![done, Row { row: 3, ..Row::default() }, other]),
            "\u{FEFF}row,ZZMC,CZZT,ZZBH,ofd,ofd_sha256,ofd_sm3,pdf,pdf_sha256,pdf_sm3\r\n\
             2,,\"张\"\"三\",\"样例,1\",1.ofd,ab,cd,1.pdf,ab,\r\n4,,,,,,,1.pdf,ab,ef\r\n"
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
        let metadata = vec![("CZZT".into(), "=HYPERLINK(1)".into())];
        let text = written(&["CZZT"], vec![Row { row: 2, status: Status::Done, metadata, ..Row::default() }]);
        assert!(text.ends_with("\r\n2,'=HYPERLINK(1),,,,,,\r\n"), "{text}");
    }
}
