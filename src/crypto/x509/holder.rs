//! What reports say of a certificate: whose it is, by whom, and for how long.

use serde::Serialize;

use super::Certificate;
use crate::crypto::hex;

/// Who a certificate is of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// The common name, else the whole subject.
    pub name: String,
    /// The subject, RFC 4514.
    pub subject: String,
    /// The issuer, RFC 4514.
    pub issuer: String,
    /// The serial number in hexadecimal.
    pub serial: String,
    /// First moment of validity, UTC.
    pub valid_from: String,
    /// Last moment of validity, UTC.
    pub valid_to: String,
    /// SM3 of the DER certificate, in hexadecimal.
    pub sm3: String,
}

impl From<&Certificate> for Holder {
    fn from(certificate: &Certificate) -> Holder {
        Holder {
            name: certificate.common_name.clone(),
            subject: certificate.subject.clone(),
            issuer: certificate.issuer.clone(),
            // A DER INTEGER with its top bit set is led by a zero byte that is not part of the number.
            serial: hex(certificate.serial.strip_prefix(&[0]).unwrap_or(&certificate.serial)),
            valid_from: certificate.not_before.to_string(),
            valid_to: certificate.not_after.to_string(),
            sm3: hex(&certificate.digest),
        }
    }
}
