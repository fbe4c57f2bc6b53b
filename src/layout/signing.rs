//! The signed payload of a QR mark, out of what the document says about itself.
//!
//! In: the metadata and the attached record. Out: the mark's text. GB/T 36903 names the entries.
//! Invariant: a payload says nothing that the metadata do not say, so that they can be compared.

use jiff::civil::Date;

use super::RECORD;
use crate::crypto::sm3;
use crate::licence::date;
use crate::mark::payload::{Claims, PayloadError, PayloadSigner};
use crate::page::Info;

/// How the metadata say that a validity has no end.
const WITHOUT_END: [&str; 2] = ["长期", "99991231"];

/// What payloads are made of.
pub(super) struct Signing<'a> {
    pub(super) info: &'a Info,
    pub(super) signer: Option<&'a dyn PayloadSigner>,
}

impl Signing<'_> {
    /// The text of the signed payload.
    pub(super) fn payload(&self) -> Result<String, PayloadError> {
        let signer = self.signer.ok_or(PayloadError::NoSigner)?;
        claims(self.info)?.sign(signer)
    }
}

/// What the payload of a document says.
fn claims(info: &Info) -> Result<Claims, PayloadError> {
    let entry = |name: &str| info.custom.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    let needed = |name: &'static str| entry(name).map(String::from).ok_or(PayloadError::Missing(name));
    let day = |name: &'static str| -> Result<Option<Date>, PayloadError> {
        let value = entry(name).filter(|value| !WITHOUT_END.contains(value));
        value
            .map(|value| {
                date::parse(value).ok_or_else(|| PayloadError::Date { entry: name, value: value.to_owned() })
            })
            .transpose()
    };
    let record = info.attachments.iter().find(|attachment| attachment.name == RECORD);
    let record = record.expect("describe attaches the record to every document");
    Ok(Claims {
        issuer: needed("ZZBFJGDM")?,
        number: needed("ZZBH")?,
        name: needed("CZZT")?,
        valid_from: day("ZZYXQQSRQ")?,
        valid_to: day("ZZYXQJZRQ")?,
        record: sm3::digest(&record.data),
        // 关联证照标识: the certificate that this one replaces.
        is_reissue: entry("GLZZBS").is_some(),
    })
}
