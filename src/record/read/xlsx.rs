//! XLSX (ISO/IEC 29500 SpreadsheetML): the first visible sheet, cell by cell; its first row with a value is the heading.

use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _};
use std::iter::Peekable;
use std::sync::Arc;

use calamine::{CellErrorType, DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible};
use calamine::{Xlsx, XlsxCellReader, XlsxError};
use self_cell::{MutBorrow, self_cell};

use super::{MAX_COLUMNS, MAX_ROW_BYTES, ReadError, headings, row_under};
use crate::record::Record;

/// The most bytes of all parts together, inflated; the shared strings among them are held in memory.
const MAX_INFLATED: u64 = 256 << 20;
/// The most parts of the package.
const MAX_PARTS: usize = 10_000;
/// Spreadsheets keep fifteen digits of a number and round away the rest.
const EXACT_BELOW: f64 = 1e15;

type Workbook = Xlsx<BufReader<File>>;
type CellReader<'a> = XlsxCellReader<'a, BufReader<File>>;

self_cell!(
    /// A workbook and the place reached in one of its sheets.
    struct Sheet {
        owner: MutBorrow<Workbook>,
        #[not_covariant]
        dependent: CellReader,
    }
);

/// The rows of one sheet.
pub(super) struct Rows {
    /// Peekable, because a row ends where the next one begins.
    cells: Peekable<Cells>,
    names: Arc<Vec<String>>,
}

impl Rows {
    /// Reads the heading.
    pub(super) fn open(mut file: File) -> Result<Rows, ReadError> {
        measure(&file)?;
        file.rewind().map_err(|e| ReadError::io(&e))?;
        let workbook: Workbook = Xlsx::new(BufReader::new(file)).map_err(|e| error(&e))?;
        let visible =
            |s: &&calamine::Sheet| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible;
        let name =
            workbook.sheets_metadata().iter().find(visible).map(|s| s.name.clone()).ok_or_else(|| {
                ReadError::file(
                    "read.sheet",
                    "the workbook has no visible sheet",
                    "put the records on the first sheet",
                )
            })?;
        let sheet = Sheet::try_new(MutBorrow::new(workbook), |workbook| {
            workbook.borrow_mut().worksheet_cells_reader(&name)
        })
        .map_err(|e| error(&e))?;
        let mut rows = Rows { cells: Cells { sheet, ended: false }.peekable(), names: Arc::default() };
        let heading = rows.row().transpose()?.map_or_else(Vec::new, |(_, texts)| texts);
        rows.names = headings(heading.iter())?;
        Ok(rows)
    }

    /// The number, from 1, and the texts of the next row that holds any.
    fn row(&mut self) -> Option<Result<(u64, Vec<String>), ReadError>> {
        loop {
            let first = match self.cells.next()? {
                Ok(cell) => cell,
                Err(e) => return Some(Err(e)),
            };
            let index = first.row;
            let mut row = RowTexts::default();
            row.take(first);
            while let Some(Ok(cell)) = self.cells.next_if(|c| c.as_ref().is_ok_and(|c| c.row == index)) {
                row.take(cell);
            }
            // The sheet breaks off here: nothing says that these were all of the row's cells.
            if let Some(Err(e)) = self.cells.next_if(Result::is_err) {
                return Some(Err(e));
            }
            let number = u64::from(index) + 1;
            match row.fault {
                Some(fault) => return Some(Err(ReadError { row: Some(number), ..fault })),
                None if row.texts.iter().all(|t| t.trim().is_empty()) => {}
                None => return Some(Ok((number, row.texts))),
            }
        }
    }
}

impl Iterator for Rows {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.row()?.and_then(|(row, mut texts)| {
            // A sheet does not store the empty cells at the end of a row.
            texts.resize(texts.len().max(self.names.len()), String::new());
            row_under(&self.names, row, texts)
        }))
    }
}

/// The texts of one row, or the first thing that is wrong with it.
#[derive(Default)]
struct RowTexts {
    texts: Vec<String>,
    bytes: usize,
    fault: Option<ReadError>,
}

impl RowTexts {
    fn take(&mut self, cell: Cell) {
        let column = cell.column as usize;
        let fault = match cell.text {
            Ok(text) if text.is_empty() => return,
            Ok(text) => {
                self.bytes += text.len();
                if column < MAX_COLUMNS && self.bytes <= MAX_ROW_BYTES {
                    self.texts.resize(self.texts.len().max(column + 1), String::new());
                    self.texts[column] = text;
                    return;
                }
                let message = format!("the row has over {MAX_COLUMNS} columns or {MAX_ROW_BYTES} bytes");
                ReadError::file("read.row-bytes", message, "delete what no field needs")
            }
            Err(why) => {
                let message = format!("the cell in column {} {why}", column + 1);
                ReadError::file("read.cell", message, "format the column as text and enter the value again")
            }
        };
        self.fault.get_or_insert(fault);
    }
}

/// A cell: row and column from 0, and its text or why it has none.
struct Cell {
    row: u32,
    column: u32,
    text: Result<String, &'static str>,
}

/// The cells in the order of the file; nothing comes after the first error.
struct Cells {
    sheet: Sheet,
    ended: bool,
}

impl Iterator for Cells {
    type Item = Result<Cell, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let cell = self.sheet.with_dependent_mut(|_, reader| match reader.next_cell() {
            Ok(None) => None,
            Ok(Some(cell)) => {
                let (row, column) = cell.get_position();
                Some(Ok(Cell { row, column, text: text(cell.get_value()) }))
            }
            Err(e) => Some(Err(error(&e))),
        });
        self.ended = !matches!(cell, Some(Ok(_)));
        cell
    }
}

/// A cell's value as the text of a record.
fn text(value: &DataRef<'_>) -> Result<String, &'static str> {
    match value {
        DataRef::Empty => Ok(String::new()),
        DataRef::String(text) => Ok(text.clone()),
        DataRef::SharedString(text) => Ok((*text).to_owned()),
        DataRef::Bool(truth) => Ok(truth.to_string()),
        DataRef::Int(number) if number.unsigned_abs() < EXACT_BELOW as u64 => Ok(number.to_string()),
        DataRef::Float(number) if number.abs() < EXACT_BELOW => Ok(number.to_string()),
        DataRef::Int(_) | DataRef::Float(_) => {
            Err("holds a number of more than 15 digits, which spreadsheets round")
        }
        DataRef::DateTime(moment) => date(moment),
        DataRef::DateTimeIso(text) => Ok(text.strip_suffix("T00:00:00").unwrap_or(text).to_owned()),
        DataRef::DurationIso(_) => Err("holds a duration"),
        DataRef::Error(CellErrorType::NA) => Err("holds the error #N/A"),
        DataRef::Error(_) => Err("holds a formula's error"),
    }
}

/// A date as YYYY-MM-DD. Records know no times of day.
fn date(moment: &ExcelDateTime) -> Result<String, &'static str> {
    if moment.is_duration() {
        return Err("holds a duration");
    }
    match moment.to_ymd_hms_milli() {
        (year, month, day, 0, 0, 0, 0) => Ok(format!("{year:04}-{month:02}-{day:02}")),
        _ => Err("holds a time of day"),
    }
}

/// Inflates every part once and counts, because the sizes that the package states need not be true.
fn measure(file: &File) -> Result<(), ReadError> {
    let hint = "split the workbook, or save the sheet as CSV";
    let large = || ReadError::file("read.workbook-bytes", "the workbook is too large when unpacked", hint);
    let broken = |e: zip::result::ZipError| {
        ReadError::file(
            "read.xlsx",
            format!("the file is not a workbook: {e}"),
            "save it again as .xlsx without a password",
        )
    };
    let mut package = zip::ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    if package.len() > MAX_PARTS {
        return Err(large());
    }
    let mut left = MAX_INFLATED;
    for index in 0..package.len() {
        let mut part = package.by_index(index).map_err(broken)?.take(left + 1);
        let length = io::copy(&mut part, &mut io::sink()).map_err(|e| broken(e.into()))?;
        left = left.checked_sub(length).ok_or_else(large)?;
    }
    Ok(())
}

fn error(error: &XlsxError) -> ReadError {
    let hint = "save it again as .xlsx without a password";
    ReadError::file("read.xlsx", format!("the workbook cannot be read: {error}"), hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use zip::write::SimpleFileOptions;

    /// A workbook with these rows as the XML of `sheetData`; style 1 is a date.
    fn workbook(rows: &str) -> File {
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let parts = [
            (
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned(),
            ),
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
                     <Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/>\
                     </Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>\
                     <sheet name=\"hidden\" sheetId=\"1\" state=\"hidden\" r:id=\"rId2\"/>\
                     <sheet name=\"记录\" sheetId=\"2\" r:id=\"rId1\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
                     <Relationship Id=\"rId1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                     <Relationship Id=\"rId2\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet2.xml\"/>\
                     </Relationships>"
                ),
            ),
            (
                "xl/styles.xml",
                format!(
                    "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>\
                     </cellXfs></styleSheet>"
                ),
            ),
            (
                "xl/sharedStrings.xml",
                format!("<sst xmlns=\"{MAIN}\"><si><t>姓名</t></si><si><t>张三</t></si></sst>"),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
            ),
            ("xl/worksheets/sheet2.xml", format!("<worksheet xmlns=\"{MAIN}\"><sheetData/></worksheet>")),
        ];
        let mut package = zip::ZipWriter::new(tempfile::tempfile().unwrap());
        for (name, text) in parts {
            package.start_file(name, SimpleFileOptions::default()).unwrap();
            package.write_all(text.as_bytes()).unwrap();
        }
        let mut file = package.finish().unwrap();
        file.rewind().unwrap();
        file
    }

    const HEADING: &str = r#"<row r="2"><c r="A2" t="s"><v>0</v></c>
        <c r="B2" t="inlineStr"><is><t>日期</t></is></c><c r="C2" t="inlineStr"><is><t>分</t></is></c></row>"#;

    fn rows(rows: &str) -> Vec<Result<Record, ReadError>> {
        Rows::open(workbook(&format!("{HEADING}{rows}"))).unwrap().collect()
    }

    #[test]
    fn strings_dates_and_numbers_become_text_and_rows_keep_their_number() {
        let seen = rows(
            r#"<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"><v>46086</v></c><c r="C3"><v>85.5</v></c></row>
               <row r="7"><c r="C7"><v>100</v></c></row>"#,
        );
        let first: Vec<_> =
            seen[0].as_ref().unwrap().iter().map(|(n, v)| (n, v.as_text().unwrap())).collect();
        assert_eq!(first, [("姓名", "张三"), ("日期", "2026-03-05"), ("分", "85.5")]);
        let second = seen[1].as_ref().unwrap();
        assert_eq!((second.row(), second.get("姓名"), second.get("分")), (Some(7), None, Some("100")));
        assert_eq!(seen.len(), 2);
    }

    #[test]
    fn an_identity_number_stored_as_a_number_is_refused_before_it_prints_wrong() {
        let seen = rows(
            r#"<row r="3"><c r="A3"><v>110105194912310020</v></c></row><row r="4"><c r="A4"><v>1</v></c></row>"#,
        );
        let error = seen[0].as_ref().unwrap_err();
        assert_eq!((error.row, error.code), (Some(3), "read.cell"));
        assert!(seen[1].is_ok());
    }

    #[test]
    fn a_cell_error_and_a_value_beyond_the_heading_name_their_rows() {
        let seen = rows(
            r#"<row r="3"><c r="A3" t="e"><v>#N/A</v></c></row><row r="4"><c r="D4"><v>1</v></c></row>
               <row r="5"><c r="XFD5"><v>1</v></c></row>"#,
        );
        let codes: Vec<_> = seen.iter().map(|r| r.as_ref().map_err(|e| (e.row, e.code)).err()).collect();
        let expected = [
            Some((Some(3), "read.cell")),
            Some((Some(4), "read.columns")),
            Some((Some(5), "read.row-bytes")),
        ];
        assert_eq!(codes, expected);
    }

    #[test]
    fn a_sheet_that_breaks_off_ends_with_an_error() {
        let seen = rows(
            r#"<row r="3"><c r="A3"><v>1</v></c></row><row r="4"><c r="A4"><v>2</v></c></row>
               <row r="5"><c r="A5"><v>1</x></c>"#,
        );
        assert!(seen[0].is_ok());
        assert_eq!(seen.last().map(|r| r.as_ref().map_err(|e| e.code).err()), Some(Some("read.xlsx")));
    }

    #[test]
    fn a_sheet_that_breaks_off_inside_a_row_does_not_give_out_the_part_before() {
        let seen = rows(
            r#"<row r="3"><c r="A3"><v>1</v></c></row>
               <row r="4"><c r="A4"><v>1</v></c><c r="B4"><v>2</x></c></row>"#,
        );
        let codes: Vec<_> = seen.iter().map(|r| r.as_ref().map_err(|e| e.code).err()).collect();
        assert_eq!(codes, [None, Some("read.xlsx")]);
    }

    #[test]
    fn a_part_that_unpacks_without_end_is_refused() {
        let mut package = zip::ZipWriter::new(tempfile::tempfile().unwrap());
        package.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).unwrap();
        let megabyte = vec![b' '; 1 << 20];
        for _ in 0..=MAX_INFLATED >> 20 {
            package.write_all(&megabyte).unwrap();
        }
        let file = package.finish().unwrap();
        assert_eq!(measure(&file).map_err(|e| e.code), Err("read.workbook-bytes"));
    }

    #[test]
    fn a_file_that_is_no_package_is_refused() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"not a workbook").unwrap();
        assert_eq!(Rows::open(file).map_err(|e| e.code).err(), Some("read.xlsx"));
    }
}
