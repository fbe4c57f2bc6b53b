//! The package: its parts by name, each inflated within limits and with the right checksum.
//!
//! In: the bytes of an OFD. Out: [`Package`]. GB/T 33190-2016, chapter 6.
//! Invariant: what is open has been inflated to its last byte once; what is held stays within [`Limits::held`], and a part beyond that is
//! inflated anew, piece by piece, when it is digested.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use flate2::{Decompress, FlushDecompress, Status};

use super::body::DocBody;
use super::container::{self, Entry, flaw};
use super::document::Structure;
use super::error::{Flaw, ReadError};
use super::grounds::Grounds;
use super::limits::Limits;
use super::name;
use super::notice::Notice;
use super::signatures::SignatureEntry;
use super::xml::Xml;
use crate::crypto::sm3::{self, Digest, Sm3};
use crate::inflated::{Inflated, Known, Plain, checksum};

/// An OFD whose container holds what it says. Stored parts are borrowed from the bytes, deflated ones inflated.
#[derive(Clone)]
pub struct Package<'a> {
    parts: BTreeMap<String, Part<'a>>,
    /// By name in lower case: the container has no two that differ in case alone.
    folded: BTreeMap<String, String>,
    limits: Limits,
    notices: Arc<Mutex<BTreeSet<Notice>>>,
    pub(super) read: Read,
    pub(super) grounds: Arc<Grounds>,
}

/// What earlier packages had, for all who share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Earlier {
    pub(crate) inflated: Arc<Inflated>,
    grounds: Arc<Grounds>,
}

/// What several questions need, each read when it is first asked for.
#[derive(Clone, Default)]
pub(super) struct Read {
    pub(super) body: Once<DocBody>,
    pub(super) structure: Once<Structure>,
    pub(super) signatures: Once<Vec<SignatureEntry>>,
}

/// Something that is read once, or refused once.
#[derive(Clone)]
pub(super) struct Once<T>(OnceLock<Result<T, ReadError>>);

impl<T> Default for Once<T> {
    fn default() -> Once<T> {
        Once(OnceLock::new())
    }
}

impl<T> Once<T> {
    pub(super) fn get(&self, read: impl FnOnce() -> Result<T, ReadError>) -> Result<&T, ReadError> {
        self.0.get_or_init(read).as_ref().map_err(Clone::clone)
    }
}

/// A part's bytes.
#[derive(Clone)]
enum Part<'a> {
    Stored(&'a [u8]),
    Inflated(Plain),
    /// Deflated, and too large to be held.
    Packed(&'a [u8]),
}

/// How much of a part is beyond suspicion of being a bomb.
const UNSUSPICIOUS: u64 = 64 << 10;
/// Bytes inflated at a time.
const PIECE: usize = 64 << 10;

impl<'a> Package<'a> {
    /// Checks the container and inflates all parts.
    ///
    /// # Errors
    /// The container is malformed, or exceeds the limits; no XML has been looked at.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Package<'a>, ReadError> {
        Package::open_knowing(bytes, limits, &Earlier::default())
    }

    /// As [`Package::open`], sooner where parts are those of earlier packages.
    pub(crate) fn open_knowing(
        bytes: &'a [u8],
        limits: &Limits,
        earlier: &Earlier,
    ) -> Result<Package<'a>, ReadError> {
        let mut entries = container::entries(bytes, limits)?;
        let mut total = 0;
        for entry in &entries {
            check_size(entry, limits)?;
            total += u64::from(entry.size);
        }
        if total > limits.total {
            return Err(ReadError::limit("bytes in all parts", limits.total, ""));
        }
        // The small parts are what documents are made of; the large ones are fonts and scans.
        entries.sort_by_key(|entry| entry.size);
        let mut left = limits.held;
        let mut parts = BTreeMap::new();
        let mut folded = BTreeMap::new();
        for entry in entries {
            let packed = bytes.get(entry.data.clone()).unwrap_or_default();
            let size = u64::from(entry.size);
            let is_held = entry.deflated && size <= left;
            let part = read(&entry, packed, is_held, &earlier.inflated).map_err(|f| flaw(f, &entry.name))?;
            left -= if is_held { size } else { 0 };
            folded.insert(entry.name.to_lowercase(), entry.name.clone());
            parts.insert(entry.name, part);
        }
        Ok(Package {
            parts,
            folded,
            limits: *limits,
            notices: Arc::default(),
            read: Read::default(),
            grounds: Arc::clone(&earlier.grounds),
        })
    }

    /// The bytes of a part, by its name from the root without a leading slash, such as `Doc_0/Document.xml`; `None` also for a part
    /// beyond [`Limits::held`], which can be digested only.
    pub fn part(&self, name: &str) -> Option<&[u8]> {
        match self.parts.get(name)? {
            Part::Stored(data) => Some(data),
            Part::Inflated(data) => Some(data),
            Part::Packed(_) => None,
        }
    }

    /// All parts that are held, in the order of their names.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.names().filter_map(|name| Some((name, self.part(name)?)))
    }

    /// The names of all parts, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.keys().map(String::as_str)
    }

    /// The SM3 of a part.
    pub fn digest(&self, name: &str) -> Option<Digest> {
        Some(match self.parts.get(name)? {
            Part::Stored(data) => sm3::digest(data),
            Part::Inflated(data) => data.digest(),
            Part::Packed(packed) => {
                let mut state = Sm3::new();
                // It inflated when the package was opened.
                pieces(packed, |piece| state.update(piece)).ok()?;
                state.finish()
            }
        })
    }

    /// What it was opened with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What was odd in the parts read so far, in order.
    pub fn notices(&self) -> Vec<Notice> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn notice(&self, notice: Notice) {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).insert(notice);
    }

    /// The name of the part that `location` means in `part` (ST_Loc).
    pub(super) fn locate(&self, part: &str, location: &str) -> Result<&str, ReadError> {
        let known = name::resolve(part, location).and_then(|name| self.find(part, &name));
        known.ok_or_else(|| ReadError::Missing { part: part.to_owned(), name: location.to_owned() })
    }

    /// The part of this name; else, and with a notice, the one whose name differs in case alone.
    pub(super) fn find(&self, part: &str, name: &str) -> Option<&str> {
        if let Some((name, _)) = self.parts.get_key_value(name) {
            return Some(name);
        }
        let other = self.folded.get(&name.to_lowercase())?;
        self.notice(Notice::Case { part: part.to_owned(), name: name.to_owned(), found: other.clone() });
        Some(other)
    }

    /// The bytes of a part that must be there, and small enough to be held.
    pub(super) fn need(&self, part: &str) -> Result<&[u8], ReadError> {
        match self.parts.get(part) {
            Some(Part::Stored(data)) => Ok(data),
            Some(Part::Inflated(data)) => Ok(data),
            Some(Part::Packed(_)) => Err(ReadError::limit("bytes held at once", self.limits.held, part)),
            None => Err(ReadError::Missing { part: "the package".to_owned(), name: part.to_owned() }),
        }
    }

    /// The part, if earlier packages had the very same.
    pub(super) fn known(&self, part: &str) -> Option<&Arc<Known>> {
        match self.parts.get(part)? {
            Part::Inflated(Plain::Known(known)) => Some(known),
            _ => None,
        }
    }

    /// The XML of a part that is there.
    pub(super) fn xml(&self, part: &str) -> Result<Xml<'_>, ReadError> {
        let xml = Xml::parse(part, self.need(part)?, &self.limits)?;
        if let Some(namespace) = xml.any_root().old_namespace() {
            self.notice(Notice::Namespace { part: part.to_owned(), found: namespace.to_owned() });
        }
        Ok(xml)
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

/// The part of `entry`, inflated if it is to be held, and checked in either case.
fn read<'a>(entry: &Entry, packed: &'a [u8], is_held: bool, known: &Inflated) -> Result<Part<'a>, Flaw> {
    let size = entry.size as usize;
    let (part, checksum) = if !entry.deflated {
        (Part::Stored(packed), checksum(packed))
    } else if is_held {
        let data = known.get(packed, || inflate(packed, size))?;
        if data.len() != size {
            return Err(Flaw::Size);
        }
        let checksum = data.checksum();
        (Part::Inflated(data), checksum)
    } else {
        let (mut found, mut checksum) = (0, flate2::Crc::new());
        pieces(packed, |piece| {
            found += piece.len();
            checksum.update(piece);
        })?;
        if found != size {
            return Err(Flaw::Size);
        }
        (Part::Packed(packed), checksum.sum())
    };
    if checksum == entry.checksum { Ok(part) } else { Err(Flaw::Checksum) }
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

/// The same, given to `take` piece by piece. The ratio that deflate can reach bounds the time.
fn pieces(packed: &[u8], mut take: impl FnMut(&[u8])) -> Result<(), Flaw> {
    let mut piece = vec![0; PIECE];
    let mut stream = Decompress::new(false);
    loop {
        let (taken, given) = (stream.total_in(), stream.total_out());
        let rest = packed.get(taken as usize..).unwrap_or_default();
        let status = stream.decompress(rest, &mut piece, FlushDecompress::None).map_err(|_| Flaw::Deflate)?;
        let length = (stream.total_out() - given) as usize;
        take(piece.get(..length).unwrap_or_default());
        let is_done = status == Status::StreamEnd;
        if is_done && stream.total_in() == packed.len() as u64 {
            return Ok(());
        }
        if is_done || (length == 0 && stream.total_in() == taken) {
            return Err(Flaw::Deflate);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_stream_in_pieces_is_the_stream_at_once_and_ends_where_it_ends() {
        let data: Vec<u8> = (0..300_000u32).flat_map(|i| (i / 7).to_le_bytes()).collect();
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&data).unwrap();
        let mut packed = encoder.finish().unwrap();
        let mut joined = Vec::new();
        pieces(&packed, |piece| joined.extend_from_slice(piece)).unwrap();
        assert!(joined == data && inflate(&packed, data.len()).unwrap() == data);
        assert_eq!(pieces(&packed[..packed.len() - 1], |_| {}), Err(Flaw::Deflate));
        packed.push(0);
        assert_eq!(pieces(&packed, |_| {}), Err(Flaw::Deflate));
    }
}
