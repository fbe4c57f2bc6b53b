//! Bundles of certificates and revocation lists: PEM blocks (RFC 7468) with any text between them, or one DER value.
//!
//! In: a file. Out: what it holds, all of one kind. Invariant: a bundle with one unreadable block is refused as a whole, because a root
//! or a list that is silently left out changes verdicts.

use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::TrustError;
use crate::crypto::crl::Crl;
use crate::crypto::tlv::SEQUENCE;
use crate::crypto::x509::Certificate;

/// The certificates of `file`.
pub(super) fn certificates(file: &[u8]) -> Result<Vec<Arc<Certificate>>, TrustError> {
    read(file, "CERTIFICATE", |der, number| {
        Certificate::parse(der).map_err(|source| TrustError::Certificate { number, source })
    })
}

/// The revocation lists of `file`.
pub(super) fn crls(file: &[u8]) -> Result<Vec<Arc<Crl>>, TrustError> {
    read(file, "X509 CRL", |der, number| Crl::parse(der).map_err(|source| TrustError::Crl { number, source }))
}

fn read<T>(
    file: &[u8],
    expected: &'static str,
    parse: impl Fn(&[u8], usize) -> Result<T, TrustError>,
) -> Result<Vec<Arc<T>>, TrustError> {
    if file.first() == Some(&SEQUENCE) {
        return Ok(vec![Arc::new(parse(file, 1)?)]);
    }
    let mut all = Vec::new();
    for (number, block) in (1..).zip(blocks(file)) {
        let (label, der) = block.ok_or(TrustError::Pem(number))?;
        if label != expected {
            return Err(TrustError::Label { number, label, expected });
        }
        all.push(Arc::new(parse(&der, number)?));
    }
    if all.is_empty() { Err(TrustError::Empty) } else { Ok(all) }
}

/// The PEM blocks of `file`, each with its label; `None` for one that cannot be read, which is the last.
fn blocks(file: &[u8]) -> impl Iterator<Item = Option<(String, Vec<u8>)>> {
    const BEGIN: &str = "-----BEGIN ";
    let text = String::from_utf8_lossy(file).into_owned();
    let mut at = Some(0);
    std::iter::from_fn(move || {
        let start = at? + text[at?..].find(BEGIN)? + BEGIN.len();
        let block = (|| {
            let (label, rest) = text[start..].split_once("-----")?;
            let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
            let digits: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            at = Some(text.len() - rest.len() + body.len());
            Some((label.to_owned(), BASE64_STANDARD.decode(digits).ok()?))
        })();
        if block.is_none() {
            at = None;
        }
        Some(block)
    })
}
