//! The rows: first the hard names one by one, then combinations drawn by a fixed generator of numbers.

mod exam;
mod people;
mod title;
mod vocational;

use std::error::Error;

use certpress::licence::identifier::Identifier;
use serde_json::{Map, Value};

pub(crate) use people::{PHOTOS, photo_path};
use people::{Person, body_code};

/// Who issues what no other body does.
const ISSUER: &str = "样例省人力资源和社会保障厅（虚构）";

/// The year of all numbers.
const YEAR: u32 = 2026;
/// The rows of most files.
const FEW: u32 = 20;

/// One row: its columns in order, each with its value. All rows of a file have the same columns.
type Row = Vec<(&'static str, String)>;

/// The sample records of one layout.
struct Samples {
    layout: String,
    rows: Vec<Row>,
    /// The list that each record has, and its rows.
    list: Option<(&'static str, Vec<Vec<Row>>)>,
}

/// A file of samples.
pub(crate) struct SampleFile {
    /// The layout's name and the format's ending.
    pub(crate) name: String,
    pub(crate) data: Vec<u8>,
}

/// Every file of samples: a table, or JSON Lines where records hold lists.
pub(crate) fn files() -> Result<Vec<SampleFile>, Box<dyn Error>> {
    let all = title::samples()?.into_iter().chain(vocational::samples()?).chain(exam::samples()?);
    all.map(|Samples { layout, rows, list }| {
        let (extension, data) = match list {
            None => ("csv", csv(&rows)?),
            Some((name, lists)) => ("jsonl", json_lines(&rows, name, &lists)),
        };
        Ok(SampleFile { name: format!("{layout}.{extension}"), data })
    })
    .collect()
}

/// A line for each row, with its list under `name`.
fn json_lines(rows: &[Row], name: &str, lists: &[Vec<Row>]) -> Vec<u8> {
    let object = |row: &Row| {
        let given = row.iter().filter(|(_, value)| !value.is_empty());
        given
            .map(|(column, value)| ((*column).to_owned(), Value::from(value.as_str())))
            .collect::<Map<_, _>>()
    };
    let lines = rows.iter().zip(lists).map(|(row, list)| {
        let mut record = object(row);
        record.insert(name.to_owned(), list.iter().map(|row| Value::Object(object(row))).collect());
        format!("{}\n", Value::Object(record))
    });
    lines.collect::<String>().into_bytes()
}

fn csv(rows: &[Row]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if let Some(first) = rows.first() {
        writer.write_record(first.iter().map(|(column, _)| column))?;
    }
    for row in rows {
        writer.write_record(row.iter().map(|(_, value)| value))?;
    }
    Ok(writer.into_inner()?)
}

/// What a certificate says of itself, whatever it certifies.
struct Licence<'a> {
    /// The type's code without its body's: three digits.
    kind: &'a str,
    /// Before the year and the serial in the certificate's number.
    prefix: &'a str,
    /// Unique among all files.
    serial: u32,
    issuer: &'a str,
    issuer_code: &'a str,
    reissue: bool,
}

impl Licence<'_> {
    /// The columns that all certificates share beside the holder's. A reissue has the old certificate's identifier in the next
    /// version, and a number of its own.
    fn columns(&self, dice: &mut Dice) -> Result<Row, Box<dyn Error>> {
        let issued_on = format!("{YEAR}-{:02}-{:02}", 1 + dice.below(9), 1 + dice.below(28));
        let first_year = if self.reissue { YEAR - 1 - dice.below(8) } else { YEAR };
        let mut row = self.issue_columns(issued_on, first_year, dice)?;
        let of_reissue = |text: String| if self.reissue { text } else { String::new() };
        row.extend([
            ("reissue_of", of_reissue(self.identifier(first_year, 1)?)),
            ("reissue_of_number", of_reissue(self.number(first_year))),
            ("note", self.note().to_owned()),
        ]);
        Ok(row)
    }

    /// The columns that whatever a body issues has.
    fn issue_columns(
        &self,
        issued_on: String,
        first_year: u32,
        dice: &mut Dice,
    ) -> Result<Row, Box<dyn Error>> {
        Ok(vec![
            ("issued_on", issued_on),
            ("number", self.number(YEAR)),
            ("identifier", self.identifier(first_year, if self.reissue { 2 } else { 1 })?),
            ("issuer", self.issuer.to_owned()),
            ("issuer_code", self.issuer_code.to_owned()),
            ("provider", "样例省专业技术人员服务中心（虚构）".to_owned()),
            ("approver", "样例审核人（虚构）".to_owned()),
            ("approval", format!("样人社职字〔{YEAR}〕{}号", 1 + dice.below(99))),
        ])
    }

    fn identifier(&self, year: u32, version: u16) -> Result<String, Box<dyn Error>> {
        let type_code = format!("{}{}", body_code("11", "MB0000002")?, self.kind);
        let serial = format!("{year}{:07}", self.serial);
        Ok(Identifier::new(&type_code, self.issuer_code, &serial, version)?.to_string())
    }

    fn number(&self, year: u32) -> String {
        format!("{}{year}{:06}", self.prefix, self.serial)
    }

    fn note(&self) -> &'static str {
        if self.serial.is_multiple_of(3) {
            "本证书内容纯属虚构，仅供样例演示使用。"
        } else {
            ""
        }
    }
}

/// Whether the row `index` is a certificate issued once more: the fourth of every ten.
fn is_reissue(index: u32) -> bool {
    index % 10 == 3
}

/// SplitMix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z >> 33) as u32) % bound
    }

    fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u32) as usize]
    }
}
