//! The pieces of SES structures as the bytes that were read, because signatures are over those and nothing else.

use der::asn1::BitStringRef;
use der::{Decode as _, Header, Reader as _, SliceReader, Tag};

use crate::crypto::x509::whole_bytes;

/// The elements of a SEQUENCE, each with its tag and length, at most eight.
pub(super) fn elements(bytes: &[u8]) -> Result<Vec<&[u8]>, der::Error> {
    let mut reader = SliceReader::new(bytes)?;
    let elements = reader.sequence(|reader| {
        let mut elements = Vec::new();
        while !reader.is_finished() && elements.len() < 8 {
            elements.push(reader.tlv_bytes()?);
        }
        Ok::<_, der::Error>(elements)
    })?;
    reader.finish()?;
    Ok(elements)
}

/// A SEQUENCE of these elements.
pub(super) fn sequence(elements: &[&[u8]]) -> Result<Vec<u8>, der::Error> {
    let body = elements.concat();
    let mut bytes = Vec::with_capacity(body.len() + 6);
    der::Encode::encode_to_vec(&Header::new(Tag::Sequence, body.len().try_into()?), &mut bytes)?;
    bytes.extend(body);
    Ok(bytes)
}

/// The bytes of a BIT STRING.
pub(super) fn bits(bytes: &[u8]) -> Result<&[u8], der::Error> {
    whole_bytes(BitStringRef::from_der(bytes)?.as_bytes())
}

/// The bytes of a `[0] EXPLICIT BIT STRING`.
pub(super) fn explicit_bits(bytes: &[u8]) -> Result<Vec<u8>, der::Error> {
    let mut reader = SliceReader::new(bytes)?;
    let header = Header::decode(&mut reader)?;
    if !matches!(header.tag(), Tag::ContextSpecific { number, .. } if number.value() == 0) {
        return Err(der::ErrorKind::Value { tag: header.tag() }.into());
    }
    let inner = reader.tlv_bytes()?;
    reader.finish()?;
    Ok(bits(inner)?.to_vec())
}
