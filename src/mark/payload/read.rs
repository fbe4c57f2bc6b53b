//! The text of a payload back to what it says.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Claims, EPOCH, ISSUER_LEN, KeyId, PREFIX, REISSUE, SIGNATURE_LEN, base45, is_plain, key_id};
use crate::crypto::sm2::{Signature, VerifyingKey};
use crate::licence::uscc;

/// A payload as it was read: well formed, but not yet believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// What it says.
    pub claims: Claims,
    /// The key that is said to have signed it.
    pub key_id: KeyId,
    /// What was signed: the prefix and the body.
    message: Vec<u8>,
    signature: Signature,
}

/// Why a text is no payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedPayload {
    /// It begins with something else.
    #[error("not a signed payload: it does not begin with CPQR1:")]
    Prefix,
    /// What follows the prefix is not Base45.
    #[error("the payload is not Base45")]
    Base45,
    /// It ends too early.
    #[error("the payload is cut short")]
    Short,
    /// There is more after the signature.
    #[error("the payload has bytes after its signature")]
    Trailing,
    /// A flag that this version of the format does not know.
    #[error("the payload has a flag that this version does not know")]
    Flags,
    /// The issuer's code is not a unified social credit code.
    #[error("the payload's issuer is not a unified social credit code")]
    Issuer,
    /// The number or the name is empty, not UTF-8, or has control characters.
    #[error("the payload's {0} is not plain text")]
    Text(&'static str),
    /// r or s out of range.
    #[error("the payload's signature is none")]
    Signature,
}

impl Payload {
    /// Reads the text of a mark.
    ///
    /// # Errors
    /// It is not the one encoding of any claims.
    pub fn parse(text: &str) -> Result<Payload, MalformedPayload> {
        let encoded = text.strip_prefix(PREFIX).ok_or(MalformedPayload::Prefix)?;
        let bytes = base45::decode(encoded).ok_or(MalformedPayload::Base45)?;
        let mut rest = Rest(&bytes);
        let flags = rest.byte()?;
        if flags & !REISSUE != 0 {
            return Err(MalformedPayload::Flags);
        }
        let key_id = *rest.array()?;
        let issuer = issuer(rest.array()?).ok_or(MalformedPayload::Issuer)?;
        let valid_from = day(u16::from_be_bytes(*rest.array()?));
        let valid_to = day(u16::from_be_bytes(*rest.array()?));
        let record = *rest.array()?;
        let number = rest.text("number")?;
        let name = rest.text("name")?;
        let body = &bytes[..bytes.len() - rest.0.len()];
        let signature = rest.array::<SIGNATURE_LEN>()?;
        if !rest.0.is_empty() {
            return Err(MalformedPayload::Trailing);
        }
        Ok(Payload {
            claims: Claims {
                issuer,
                number,
                name,
                valid_from,
                valid_to,
                record,
                is_reissue: flags == REISSUE,
            },
            key_id,
            message: [PREFIX.as_bytes(), body].concat(),
            signature: Signature::from_raw(signature).map_err(|_| MalformedPayload::Signature)?,
        })
    }

    /// Whether `key` signed it: its id is the payload's, and the signature holds. Whether to trust the key, and whether the certificate is
    /// valid on the day, is for the caller to decide.
    pub fn verify(&self, key: &VerifyingKey) -> bool {
        key_id(key) == self.key_id && key.verify(&self.message, &self.signature)
    }
}

/// The 18 characters of a number to the base 36, if they are a code.
fn issuer(bytes: &[u8; ISSUER_LEN]) -> Option<String> {
    let mut number = bytes.iter().fold(0, |number: u128, &byte| number << 8 | u128::from(byte));
    let mut code = [0; 18];
    for character in code.iter_mut().rev() {
        *character = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(number % 36) as usize];
        number /= 36;
    }
    let code = String::from_utf8(code.to_vec()).ok().filter(|_| number == 0)?;
    uscc::check(&code).is_ok().then_some(code)
}

/// The day of a number; 0 is none.
fn day(number: u16) -> Option<Date> {
    EPOCH.checked_add(i64::from(number).days()).ok().filter(|_| number != 0)
}

/// What is not yet read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn byte(&mut self) -> Result<u8, MalformedPayload> {
        self.array().map(|&[byte]| byte)
    }

    fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], MalformedPayload> {
        let (array, rest) = self.0.split_first_chunk().ok_or(MalformedPayload::Short)?;
        self.0 = rest;
        Ok(array)
    }

    /// A length in one byte, then as many bytes of UTF-8.
    fn text(&mut self, what: &'static str) -> Result<String, MalformedPayload> {
        let length = usize::from(self.byte()?);
        let (text, rest) = self.0.split_at_checked(length).ok_or(MalformedPayload::Short)?;
        self.0 = rest;
        let text = std::str::from_utf8(text).ok().filter(|text| is_plain(text));
        text.map(String::from).ok_or(MalformedPayload::Text(what))
    }
}
