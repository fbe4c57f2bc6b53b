//! The rows: first the hard names one by one, then combinations drawn by a fixed generator of numbers.

mod people;
mod title;
mod vocational;

use std::error::Error;

use certpress::licence::identifier::Identifier;

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
}

/// A file of samples.
pub(crate) struct SampleFile {
    pub(crate) name: String,
    pub(crate) csv: Vec<u8>,
}

/// Every file of samples.
pub(crate) fn files() -> Result<Vec<SampleFile>, Box<dyn Error>> {
    let all = title::samples()?.into_iter().chain(vocational::samples()?);
    all.map(|Samples { layout, rows }| Ok(SampleFile { name: format!("{layout}.csv"), csv: csv(&rows)? }))
        .collect()
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
        let Licence { kind, prefix, serial, issuer, issuer_code, reissue } = self;
        let type_code = format!("{}{kind}", body_code("11", "MB0000002")?);
        let issued_on = format!("{YEAR}-{:02}-{:02}", 1 + dice.below(9), 1 + dice.below(28));
        let first_year = if *reissue { YEAR - 1 - dice.below(8) } else { YEAR };
        let identifier = |version| {
            let id = Identifier::new(&type_code, issuer_code, &format!("{first_year}{serial:07}"), version)?;
            Ok::<_, Box<dyn Error>>(id.to_string())
        };
        let number = |year: u32| format!("{prefix}{year}{serial:06}");
        let of_reissue = |text: String| if *reissue { text } else { String::new() };
        let note = if serial.is_multiple_of(3) {
            "本证书内容纯属虚构，仅供样例演示使用。"
        } else {
            ""
        };
        Ok(vec![
            ("issued_on", issued_on),
            ("number", number(YEAR)),
            ("identifier", identifier(if *reissue { 2 } else { 1 })?),
            ("issuer", (*issuer).to_owned()),
            ("issuer_code", (*issuer_code).to_owned()),
            ("provider", "样例省专业技术人员服务中心（虚构）".to_owned()),
            ("approver", "样例审核人（虚构）".to_owned()),
            ("approval", format!("样人社职字〔{YEAR}〕{}号", 1 + dice.below(99))),
            ("reissue_of", of_reissue(identifier(1)?)),
            ("reissue_of_number", of_reissue(number(first_year))),
            ("note", note.to_owned()),
        ])
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
