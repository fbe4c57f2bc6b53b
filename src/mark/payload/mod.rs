//! The signed payload of a QR mark: what a phone needs to check a printed certificate without a network.
//!
//! In: [`Claims`] and a signer. Out: alphanumeric text for a mark; and back: [`Payload`], to be verified with a public key. The format is
//! specified, with test vectors, in `docs/qr-payload.md`. SM2 (GB/T 32918.2), SM3 (GB/T 32905), Base45 (RFC 9285).
//! Invariant: the signature covers every byte of the text before it, the prefix included, so that nothing else that the key signs can be
//! taken for a payload; and bytes that are not the one encoding of what they say are refused.

mod base45;
mod read;

use jiff::civil::Date;

use crate::crypto::sm2::{Signature, VerifyingKey};
use crate::crypto::sm3::{self, Digest};
use crate::licence::uscc::{self, UsccError};

pub use read::{MalformedPayload, Payload};

/// What every payload begins with; the digit is the format's version.
pub const PREFIX: &str = "CPQR1:";

/// Names a public key: the first 8 bytes of SM3(04 ‖ x ‖ y).
pub type KeyId = [u8; 8];

/// The id of `key`.
pub fn key_id(key: &VerifyingKey) -> KeyId {
    let mut id = KeyId::default();
    id.copy_from_slice(&sm3::digest(&key.to_sec1())[..8]);
    id
}

/// The metadata entries (GB/T 36903) that a payload cannot do without: the issuer's code, the certificate's number, the holder.
pub const REQUIRED: [&str; 3] = ["ZZBFJGDM", "ZZBH", "CZZT"];

/// Bit 0 of the flags: a reissue (补发).
const REISSUE: u8 = 1;
/// Bytes of an issuer's code: 18 characters as one number to the base 36.
const ISSUER_LEN: usize = 12;
/// Bytes of a signature, r ‖ s.
const SIGNATURE_LEN: usize = 64;
/// Day 0, which stands for no day; 16 bits count to 2149-06-06.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// What a payload says of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The issuer's unified social credit code.
    pub issuer: String,
    /// The certificate's number; 1 to 255 bytes.
    pub number: String,
    /// The holder's name; 1 to 255 bytes.
    pub name: String,
    /// The first day of its validity, from 1970-01-02 to 2149-06-06; `None` if it says none.
    pub valid_from: Option<Date>,
    /// The last day of its validity, in the same span; `None` if it has none.
    pub valid_to: Option<Date>,
    /// The digest of the structured record, `record.json`, as it is attached to the certificate.
    pub record: Digest,
    /// Whether it is a reissue (补发).
    pub is_reissue: bool,
}

/// Why a payload cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// The certificate lacks something that the payload must say.
    #[error("the signed payload needs the metadata entry {0}, which is empty")]
    Missing(&'static str),
    /// The issuer is not named by a code.
    #[error("the issuer's code {0}: {1}")]
    Issuer(UsccError, String),
    /// A name or number that does not fit.
    #[error("the {0} is longer than 255 bytes or holds a control character")]
    Text(&'static str),
    /// A day that is none, or is out of the span.
    #[error("{entry} is not a date from 1970-01-02 to 2149-06-06: {value}")]
    Date {
        /// The metadata entry.
        entry: &'static str,
        /// What it says.
        value: String,
    },
    /// Nobody is there to sign.
    #[error("the mark's payload is to be signed, but no seal was given")]
    NoSigner,
    /// The signer did not sign.
    #[error("the mark's payload is not signed: {0}")]
    Signer(String),
}

impl PayloadError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            PayloadError::Missing(_) => "fill in the field that the entry shows",
            PayloadError::Issuer(..) => "ZZBFJGDM is the issuer's unified social credit code",
            PayloadError::Text(_) => "a mark has no room for more",
            PayloadError::Date { .. } => "write YYYYMMDD; a validity without end is 长期 or empty",
            PayloadError::NoSigner => "render with a seal, whose key also signs the payload",
            PayloadError::Signer(_) => "",
        }
    }
}

/// Who signs payloads.
pub trait PayloadSigner {
    /// The public key that readers verify with.
    fn key(&self) -> &VerifyingKey;

    /// Signs e = SM3(ZA ‖ M) (GB/T 32918.2, 6.1); why not, if it does not.
    fn sign(&self, e: &Digest) -> Result<Signature, String>;
}

impl Claims {
    /// The text of the signed payload.
    ///
    /// # Errors
    /// A claim that the format cannot say; the signer did not sign.
    pub fn sign(&self, signer: &dyn PayloadSigner) -> Result<String, PayloadError> {
        let key = signer.key();
        let mut message = PREFIX.as_bytes().to_vec();
        self.write(&key_id(key), &mut message)?;
        let signature = signer.sign(&key.digest(&message)).map_err(PayloadError::Signer)?;
        let mut bytes = message.split_off(PREFIX.len());
        bytes.extend(signature.to_raw());
        Ok(format!("{PREFIX}{}", base45::encode(&bytes)))
    }

    /// Appends the body: all that is signed behind the prefix.
    fn write(&self, key_id: &KeyId, out: &mut Vec<u8>) -> Result<(), PayloadError> {
        out.push(if self.is_reissue { REISSUE } else { 0 });
        out.extend(key_id);
        out.extend(issuer(&self.issuer)?);
        for (entry, day) in [("ZZYXQQSRQ", self.valid_from), ("ZZYXQJZRQ", self.valid_to)] {
            out.extend(day_number(entry, day)?.to_be_bytes());
        }
        out.extend(self.record);
        for (what, text) in [("certificate's number", &self.number), ("holder's name", &self.name)] {
            let length = u8::try_from(text.len()).ok().filter(|_| is_plain(text));
            out.push(length.ok_or(PayloadError::Text(what))?);
            out.extend(text.as_bytes());
        }
        Ok(())
    }
}

/// Whether a text says something, on one line.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

/// The code as a number to the base 36, its first character the highest.
fn issuer(code: &str) -> Result<[u8; ISSUER_LEN], PayloadError> {
    uscc::check(code).map_err(|error| PayloadError::Issuer(error, code.to_owned()))?;
    let number = code.chars().fold(0, |number, c| number * 36 + u128::from(c.to_digit(36).unwrap_or(0)));
    let mut bytes = [0; ISSUER_LEN];
    bytes.copy_from_slice(&number.to_be_bytes()[16 - ISSUER_LEN..]);
    Ok(bytes)
}

/// Days since 1970-01-01; 0 for no day.
fn day_number(entry: &'static str, day: Option<Date>) -> Result<u16, PayloadError> {
    let Some(day) = day else { return Ok(0) };
    let number = EPOCH.until(day).ok().and_then(|span| u16::try_from(span.get_days()).ok());
    number
        .filter(|&number| number > 0)
        .ok_or_else(|| PayloadError::Date { entry, value: crate::licence::date::compact(day) })
}

#[cfg(test)]
mod tests;
