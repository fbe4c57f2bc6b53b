//! The package: its parts by name, each inflated within limits and with the right checksum.
//!
//! In: the bytes of an OFD. Out: [`Package`]. GB/T 33190-2016, chapter 6.
//! Invariant: what is open has been read to its last byte; nothing is inflated that the limits do not allow.

use std::borrow::Cow;
use std::collections::BTreeMap;

use flate2::{Decompress, FlushDecompress, Status};

use super::container::{self, Entry, flaw};
use super::error::{Flaw, ReadError};
use super::limits::Limits;
use super::name;
use super::xml::Xml;

/// An OFD whose container holds what it says. Stored parts are borrowed from the bytes, deflated ones inflated.
#[derive(Clone)]
pub struct Package<'a> {
    parts: BTreeMap<String, Cow<'a, [u8]>>,
    limits: Limits,
}

/// How much of a part is beyond suspicion of being a bomb.
const UNSUSPICIOUS: u64 = 64 << 10;

impl<'a> Package<'a> {
    /// Checks the container and inflates all parts.
    ///
    /// # Errors
    /// The container is malformed, or exceeds the limits; no XML has been looked at.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Package<'a>, ReadError> {
        let entries = container::entries(bytes, limits)?;
        let mut total = 0;
        for entry in &entries {
            check_size(entry, limits)?;
            total += u64::from(entry.size);
        }
        if total > limits.total {
            return Err(ReadError::limit("bytes in all parts", limits.total, ""));
        }
        let mut parts = BTreeMap::new();
        for entry in entries {
            let packed = bytes.get(entry.data.clone()).unwrap_or_default();
            let data = content(&entry, packed).map_err(|f| flaw(f, &entry.name))?;
            parts.insert(entry.name, data);
        }
        Ok(Package { parts, limits: *limits })
    }

    /// The bytes of a part, by its name from the root without a leading slash, such as `Doc_0/Document.xml`.
    pub fn part(&self, name: &str) -> Option<&[u8]> {
        self.parts.get(name).map(AsRef::as_ref)
    }

    /// All parts in the order of their names.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.parts.iter().map(|(name, data)| (name.as_str(), data.as_ref()))
    }

    /// What it was opened with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The name of the part that `location` means in `part` (ST_Loc).
    pub(super) fn locate(&self, part: &str, location: &str) -> Result<&str, ReadError> {
        let known = name::resolve(part, location).and_then(|name| self.parts.get_key_value(&name));
        known
            .map(|(name, _)| name.as_str())
            .ok_or_else(|| ReadError::Missing { part: part.to_owned(), name: location.to_owned() })
    }

    /// The XML of a part that is there.
    pub(super) fn xml(&self, part: &str) -> Result<Xml<'_>, ReadError> {
        let data = self
            .part(part)
            .ok_or_else(|| ReadError::Missing { part: "the package".to_owned(), name: part.to_owned() })?;
        Xml::parse(part, data, &self.limits)
    }
}

impl std::fmt::Debug for Package<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.parts().map(|(name, data)| (name, data.len()))).finish()
    }
}

fn check_size(entry: &Entry, limits: &Limits) -> Result<(), ReadError> {
    let (packed, size) = (entry.data.len() as u64, u64::from(entry.size));
    if size > limits.part {
        return Err(ReadError::limit("bytes in a part", limits.part, &entry.name));
    }
    if size > packed.saturating_mul(limits.ratio).saturating_add(UNSUSPICIOUS) {
        return Err(ReadError::limit("bytes inflated from each deflated one", limits.ratio, &entry.name));
    }
    Ok(())
}

fn content<'a>(entry: &Entry, packed: &'a [u8]) -> Result<Cow<'a, [u8]>, Flaw> {
    let data = if entry.deflated {
        Cow::Owned(inflate(packed, entry.size as usize)?)
    } else {
        Cow::Borrowed(packed)
    };
    let mut checksum = flate2::Crc::new();
    checksum.update(&data);
    if checksum.sum() == entry.checksum { Ok(data) } else { Err(Flaw::Checksum) }
}

/// RFC 1951: one stream that takes all of `packed` and gives `size` bytes.
fn inflate(packed: &[u8], size: usize) -> Result<Vec<u8>, Flaw> {
    // One byte of room more than there should be tells a stream that is too long from one that ends in time.
    let mut data = vec![0; size + 1];
    let mut stream = Decompress::new(false);
    let status = stream.decompress(packed, &mut data, FlushDecompress::Finish).map_err(|_| Flaw::Deflate)?;
    if stream.total_out() != size as u64 {
        return Err(Flaw::Size);
    }
    if status != Status::StreamEnd || stream.total_in() != packed.len() as u64 {
        return Err(Flaw::Deflate);
    }
    data.truncate(size);
    Ok(data)
}
