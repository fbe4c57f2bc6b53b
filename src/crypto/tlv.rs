//! DER values as slices of the bytes that were read (X.690): for structures whose raw bytes matter, because they were signed.
//!
//! In: bytes that anyone may have made. Out: tags and values, or [`DerError`]. Invariant: what is accepted is DER: one byte of tag, definite
//! and shortest lengths, at most [`MAX_DEPTH`] levels; the order within a SET OF is left to the reader.

use der::asn1::ObjectIdentifier;
use der::{Decode as _, DecodeOwned};

/// Deepest nesting that is read.
pub const MAX_DEPTH: usize = 64;

/// A SEQUENCE.
pub(crate) const SEQUENCE: u8 = 0x30;
/// A SET.
pub(crate) const SET: u8 = 0x31;
/// An INTEGER.
pub(crate) const INTEGER: u8 = 0x02;
/// A BOOLEAN.
pub(crate) const BOOLEAN: u8 = 0x01;
/// An OCTET STRING.
pub(crate) const OCTET_STRING: u8 = 0x04;
/// A GeneralizedTime.
pub(crate) const GENERALIZED_TIME: u8 = 0x18;

/// What keeps bytes from being read as DER.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DerError {
    /// A value ends before its length, or one is missing.
    #[error("the DER ends too early")]
    Short,
    /// Bytes after the value that should have been the last.
    #[error("bytes after the end of the DER")]
    Trailing,
    /// Indefinite or longer than necessary lengths: BER.
    #[error("BER, not DER: indefinite or padded lengths are not read")]
    Ber,
    /// A tag of several bytes.
    #[error("a tag of several bytes")]
    LongTag,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} levels")]
    Depth,
    /// Another value than the structure has at this place.
    #[error("the tag {found:#04x} where {expected:#04x} belongs")]
    Tag {
        /// What the structure has here.
        expected: u8,
        /// What was found.
        found: u8,
    },
    /// More elements than are read.
    #[error("more than {0} elements")]
    Many(usize),
    /// A value that is not what its tag says.
    #[error(transparent)]
    Value(#[from] der::Error),
}

/// One value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tlv<'a> {
    /// The identifier byte.
    pub(crate) tag: u8,
    /// The content.
    pub(crate) value: &'a [u8],
    /// Tag, length and content.
    pub(crate) whole: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// Reads one value, with nothing after it, and walks through all that it holds.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Tlv<'a>, DerError> {
        let mut elements = Elements(bytes);
        let tlv = elements.next()?;
        elements.finish()?;
        check_depth(tlv)?;
        Ok(tlv)
    }

    /// What it holds.
    pub(crate) fn elements(&self) -> Elements<'a> {
        Elements(self.value)
    }

    /// The value as one of `der`'s types.
    pub(crate) fn decode<T: DecodeOwned<Error = der::Error>>(&self) -> Result<T, DerError> {
        Ok(T::from_der(self.whole)?)
    }
}

/// Values one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elements<'a>(pub(crate) &'a [u8]);

impl<'a> Elements<'a> {
    /// The next value, whatever it is.
    pub(crate) fn next(&mut self) -> Result<Tlv<'a>, DerError> {
        let (&tag, rest) = self.0.split_first().ok_or(DerError::Short)?;
        if tag & 0x1f == 0x1f {
            return Err(DerError::LongTag);
        }
        let (&first, mut rest) = rest.split_first().ok_or(DerError::Short)?;
        let len = match first {
            0..0x80 => usize::from(first),
            0x80 | 0xff => return Err(DerError::Ber),
            _ => {
                let (bytes, after) =
                    rest.split_at_checked(usize::from(first & 0x7f)).ok_or(DerError::Short)?;
                rest = after;
                // More than four bytes of length are padded, or more than any file has.
                if bytes.len() > 4 || bytes[0] == 0 {
                    return Err(DerError::Ber);
                }
                let len = bytes.iter().fold(0_usize, |len, &byte| len << 8 | usize::from(byte));
                if len < 0x80 {
                    return Err(DerError::Ber);
                }
                len
            }
        };
        let (value, after) = rest.split_at_checked(len).ok_or(DerError::Short)?;
        let whole = &self.0[..self.0.len() - after.len()];
        self.0 = after;
        Ok(Tlv { tag, value, whole })
    }

    /// The next value, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<Tlv<'a>, DerError> {
        let tlv = self.next()?;
        if tlv.tag != tag {
            return Err(DerError::Tag { expected: tag, found: tlv.tag });
        }
        Ok(tlv)
    }

    /// The next value if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, DerError> {
        if self.0.first() == Some(&tag) { self.next().map(Some) } else { Ok(None) }
    }

    /// The next value, which must be an object identifier.
    pub(crate) fn oid(&mut self) -> Result<ObjectIdentifier, DerError> {
        Ok(ObjectIdentifier::from_der(self.next()?.whole)?)
    }

    /// Whether all was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Refuses what was not read.
    pub(crate) fn finish(self) -> Result<(), DerError> {
        if self.is_empty() { Ok(()) } else { Err(DerError::Trailing) }
    }

    /// All that are left, at most `limit`.
    pub(crate) fn all(mut self, limit: usize) -> Result<Vec<Tlv<'a>>, DerError> {
        let mut all = Vec::new();
        while !self.is_empty() {
            if all.len() == limit {
                return Err(DerError::Many(limit));
            }
            all.push(self.next()?);
        }
        Ok(all)
    }
}

/// Walks through every constructed value, without recursion.
fn check_depth(outer: Tlv<'_>) -> Result<(), DerError> {
    const CONSTRUCTED: u8 = 0x20;
    let mut levels = Vec::new();
    if outer.tag & CONSTRUCTED != 0 {
        levels.push(outer.elements());
    }
    while let Some(level) = levels.last_mut() {
        if level.is_empty() {
            levels.pop();
            continue;
        }
        let tlv = level.next()?;
        if tlv.tag & CONSTRUCTED != 0 {
            if levels.len() == MAX_DEPTH {
                return Err(DerError::Depth);
            }
            levels.push(tlv.elements());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> Vec<u8> {
        (0..depth).fold(vec![2, 1, 7], |inner, _| {
            let mut outer = vec![SEQUENCE];
            match inner.len() {
                len @ 0..0x80 => outer.push(len as u8),
                len => outer.extend([0x82, (len >> 8) as u8, len as u8]),
            }
            // The long form is the shortest from 256 on; between, one byte suffices.
            if (0x80..0x100).contains(&inner.len()) {
                outer.truncate(1);
                outer.extend([0x81, inner.len() as u8]);
            }
            outer.extend(inner);
            outer
        })
    }

    #[test]
    fn values_are_read_and_what_is_not_der_is_refused() {
        let tlv = Tlv::parse(&[0x30, 3, 2, 1, 7]).unwrap();
        assert_eq!(
            (tlv.tag, tlv.value, tlv.elements().next().unwrap().value),
            (SEQUENCE, &[2, 1, 7][..], &[7][..])
        );
        let refused: [(&[u8], DerError); 8] = [
            (&[], DerError::Short),
            (&[0x30, 4, 2, 1, 7], DerError::Short),
            (&[0x30, 3, 2, 2, 7], DerError::Short),
            (&[0x30, 3, 2, 1, 7, 0], DerError::Trailing),
            (&[0x30, 0x80, 2, 1, 7, 0, 0], DerError::Ber),
            (&[0x30, 0x81, 3, 2, 1, 7], DerError::Ber),
            (&[0x30, 0x82, 0, 3, 2, 1, 7], DerError::Ber),
            (&[0x3f, 0x20, 0], DerError::LongTag),
        ];
        for (bytes, error) in refused {
            assert_eq!(Tlv::parse(bytes).err(), Some(error), "{bytes:02x?}");
        }
    }

    #[test]
    fn sixty_four_levels_are_read_and_more_are_refused() {
        assert!(Tlv::parse(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(Tlv::parse(&nested(MAX_DEPTH + 1)).err(), Some(DerError::Depth));
        assert_eq!(Tlv::parse(&nested(5000)).err(), Some(DerError::Depth));
    }
}
