//! The ZIP around the parts, read so strictly that no two readers can find different parts in it.
//!
//! In: the bytes of a package. Out: [`Entry`] records. APPNOTE.TXT 6.3.10, 4.3 and 4.4; GB/T 33190-2016, chapter 6.
//! Invariant: local headers, data and the central directory lie end to end from the first byte to the last, and agree.

use std::ops::Range;

use super::bytes::Bytes;
use super::error::{Flaw, ReadError};
use super::limits::Limits;
use super::name;

/// One file of the archive.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name from the root, without a leading slash.
    pub name: String,
    /// Whether it is deflated.
    pub deflated: bool,
    /// The CRC-32 of its data, inflated.
    pub checksum: u32,
    /// Bytes once inflated.
    pub size: u32,
    /// Where its data lie in the archive.
    pub data: Range<usize>,
}

/// A record of the central directory (4.3.12) and where its local header lies.
struct Record {
    name: String,
    flags: u16,
    method: u16,
    checksum: u32,
    packed: u32,
    size: u32,
    offset: usize,
}

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const END_LEN: usize = 22;

const ENCRYPTED: u16 = 1;
/// Sizes and checksum follow the data.
const DEFERRED: u16 = 1 << 3;
/// How hard deflate tried, sizes that follow, names in UTF-8: the flags that change nothing here.
const HARMLESS: u16 = 0b110 | DEFERRED | 1 << 11;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The entries in the order of their data.
///
/// # Errors
/// The container is malformed, or has more entries than the limits allow; no data has been looked at.
pub fn entries(bytes: &[u8], limits: &Limits) -> Result<Vec<Entry>, ReadError> {
    let archive = Bytes(bytes);
    let directory = directory(archive, limits)?;
    let mut records = records(archive, directory.clone(), limits)?;
    let names: Vec<&str> = records.iter().map(|record| record.name.as_str()).collect();
    name::check_all(&names).map_err(|(f, name)| flaw(f, name))?;
    if let Some(record) = records.iter().find(|record| archive.u32(record.offset) != Some(LOCAL)) {
        return Err(flaw(Flaw::LocalHeader, &record.name));
    }
    records.sort_by_key(|record| record.offset);

    let ends = records.iter().skip(1).map(|next| next.offset).chain([directory.start]);
    if records.first().map_or(directory.start, |first| first.offset) > 0 {
        return Err(flaw(Flaw::Prefix, ""));
    }
    let mut entries = Vec::with_capacity(records.len());
    for (record, end) in records.iter().zip(ends) {
        let data = data(archive, record, end).map_err(|f| flaw(f, &record.name))?;
        if record.name.ends_with('/') {
            continue;
        }
        entries.push(Entry {
            name: record.name.clone(),
            deflated: record.method == DEFLATED,
            checksum: record.checksum,
            size: record.size,
            data,
        });
    }
    Ok(entries)
}

pub(super) fn flaw(flaw: Flaw, entry: &str) -> ReadError {
    ReadError::Container { flaw, entry: entry.to_owned() }
}

/// Finds the central directory by the end record (4.3.16), which must be the last 22 bytes.
fn directory(archive: Bytes<'_>, limits: &Limits) -> Result<Range<usize>, ReadError> {
    let end = archive.len().checked_sub(END_LEN).filter(|&at| archive.u32(at) == Some(END));
    let end = end.ok_or_else(|| flaw(misplaced_end(archive), ""))?;
    let field16 = |at| archive.u16(end + at).unwrap_or(u16::MAX);
    let field32 = |at| archive.u32(end + at).unwrap_or(u32::MAX);
    let (count, size, start) = (field16(10), field32(12), field32(16));
    let locator = end.checked_sub(20).and_then(|at| archive.u32(at));
    if count == u16::MAX || size == u32::MAX || start == u32::MAX || locator == Some(LOCATOR_64) {
        return Err(flaw(Flaw::Zip64, ""));
    }
    if field16(20) != 0 {
        return Err(flaw(Flaw::NoEnd, ""));
    }
    if field16(4) != 0 || field16(6) != 0 || field16(8) != count {
        return Err(flaw(Flaw::Disks, ""));
    }
    if usize::from(count) > limits.entries {
        return Err(ReadError::limit("entries", limits.entries as u64, ""));
    }
    let start = start as usize;
    let stop = start.checked_add(size as usize).filter(|&stop| stop <= end);
    let stop = stop.ok_or_else(|| flaw(Flaw::DirectoryPlace, ""))?;
    match archive.u32(stop) {
        _ if stop == end => Ok(start..stop),
        Some(END) => Err(flaw(Flaw::SecondEnd, "")),
        Some(END_64) => Err(flaw(Flaw::Zip64, "")),
        _ => Err(flaw(Flaw::DirectoryPlace, "")),
    }
}

/// Why there is no end record at the end: looked for as far back as a comment could reach.
fn misplaced_end(archive: Bytes<'_>) -> Flaw {
    let last = archive.len().saturating_sub(END_LEN);
    let found =
        (last.saturating_sub(usize::from(u16::MAX))..last).rev().find(|&at| archive.u32(at) == Some(END));
    let Some(at) = found else { return Flaw::NoEnd };
    let comment = archive.u16(at + 20).map_or(0, usize::from);
    if comment > 0 && at + END_LEN + comment == archive.len() { Flaw::Comment } else { Flaw::Suffix }
}

fn records(archive: Bytes<'_>, directory: Range<usize>, limits: &Limits) -> Result<Vec<Record>, ReadError> {
    let count = archive.u16(directory.end + 10).map_or(0, usize::from);
    let mut records = Vec::with_capacity(count.min(limits.entries));
    let mut at = directory.start;
    while at < directory.end {
        if records.len() == count {
            return Err(flaw(Flaw::EntryCount, ""));
        }
        let (record, next) = record(archive, at, directory.end)?;
        records.push(record);
        at = next;
    }
    if records.len() != count {
        return Err(flaw(Flaw::EntryCount, ""));
    }
    Ok(records)
}

/// The record at `at`, and where the next one begins.
fn record(archive: Bytes<'_>, at: usize, end: usize) -> Result<(Record, usize), ReadError> {
    let broken = || flaw(Flaw::DirectoryRecord, "");
    let field16 = |offset| archive.u16(at + offset).ok_or_else(broken);
    let field32 = |offset| archive.u32(at + offset).ok_or_else(broken);
    if field32(0)? != CENTRAL {
        return Err(broken());
    }
    let name_at = at + 46;
    let extra_at = name_at + usize::from(field16(28)?);
    let comment_at = extra_at + usize::from(field16(30)?);
    let next = comment_at + usize::from(field16(32)?);
    if next > end {
        return Err(broken());
    }
    let raw = archive.get(name_at..extra_at).ok_or_else(broken)?;
    let name = String::from_utf8(raw.to_vec())
        .map_err(|_| flaw(Flaw::NameEncoding, &String::from_utf8_lossy(raw)))?;
    let named = |f| flaw(f, &name);
    name::check(name.strip_suffix('/').unwrap_or(&name)).map_err(named)?;
    let extra = archive.get(extra_at..comment_at).ok_or_else(broken)?;
    check_extra(extra).map_err(named)?;

    let record = Record {
        flags: field16(8)?,
        method: field16(10)?,
        checksum: field32(16)?,
        packed: field32(20)?,
        size: field32(24)?,
        offset: field32(42)? as usize,
        name: name.clone(),
    };
    check_flags(record.flags).map_err(named)?;
    if record.method != STORED && record.method != DEFLATED {
        return Err(named(Flaw::Method));
    }
    if [record.packed, record.size, field32(42)?].contains(&u32::MAX) {
        return Err(named(Flaw::Zip64));
    }
    if field16(34)? != 0 {
        return Err(named(Flaw::Disks));
    }
    // Where the maker is Unix (4.4.2), the attributes' high half is st_mode; makers that leave it zero mean a file.
    let kind = field32(38)? >> 28;
    let unix = field16(4)? >> 8 == 3;
    let folder = name.ends_with('/');
    if unix && ![0, 0o10, 0o4].contains(&kind) || unix && (kind == 0o4) != folder && kind != 0 {
        return Err(named(Flaw::NotAFile));
    }
    if folder && record.size != 0 {
        return Err(named(Flaw::FolderWithContent));
    }
    Ok((record, next))
}

fn check_flags(flags: u16) -> Result<(), Flaw> {
    if flags & ENCRYPTED != 0 {
        return Err(Flaw::Encrypted);
    }
    if flags & !HARMLESS != 0 { Err(Flaw::Flags) } else { Ok(()) }
}

/// 4.5: a chain of fields, each with an id and a length. Two of them would give the entry other sizes or another name.
fn check_extra(extra: &[u8]) -> Result<(), Flaw> {
    const ZIP64: u16 = 0x0001;
    const UNICODE_PATH: u16 = 0x7075;
    let fields = Bytes(extra);
    let mut at = 0;
    while at < extra.len() {
        let (id, length) = fields.u16(at).zip(fields.u16(at + 2)).ok_or(Flaw::Extra)?;
        match id {
            ZIP64 => return Err(Flaw::Zip64),
            UNICODE_PATH => return Err(Flaw::SecondName),
            _ => at += 4 + usize::from(length),
        }
    }
    if at == extra.len() { Ok(()) } else { Err(Flaw::Extra) }
}

/// The data of `record`, after its local header (4.3.7) was found to agree and to end, with its descriptor, at `end`.
fn data(archive: Bytes<'_>, record: &Record, end: usize) -> Result<Range<usize>, Flaw> {
    let at = record.offset;
    let field16 = |offset| archive.u16(at + offset).ok_or(Flaw::LocalHeader);
    let field32 = |offset| archive.u32(at + offset).ok_or(Flaw::LocalHeader);
    let name_at = at + 30;
    let extra_at = name_at + usize::from(field16(26)?);
    let start = extra_at + usize::from(field16(28)?);
    let stop = start.checked_add(record.packed as usize).ok_or(Flaw::LocalHeader)?;
    if archive.get(name_at..extra_at).ok_or(Flaw::LocalHeader)? != record.name.as_bytes() {
        return Err(Flaw::LocalName);
    }
    if field16(6)? != record.flags {
        return Err(Flaw::LocalFlags);
    }
    if field16(8)? != record.method {
        return Err(Flaw::LocalMethod);
    }
    let stated = [field32(14)?, field32(18)?, field32(22)?];
    let known = [record.checksum, record.packed, record.size];
    let deferred = record.flags & DEFERRED != 0;
    // With a descriptor the local header may leave each of them at zero.
    let agree = |(local, central): (u32, u32)| local == central || (deferred && local == 0);
    if !stated.into_iter().zip(known).all(agree) {
        return Err(Flaw::LocalSize);
    }
    check_extra(archive.get(extra_at..start).ok_or(Flaw::LocalHeader)?)?;
    if record.method == STORED && record.packed != record.size {
        return Err(Flaw::Size);
    }
    let after = match end.checked_sub(stop) {
        None => return Err(Flaw::Overlap),
        Some(_) if deferred => stop + descriptor(archive, stop, end, known)?,
        Some(_) => stop,
    };
    match archive.u32(after) {
        _ if after == end => Ok(start..stop),
        _ if after > end => Err(Flaw::Overlap),
        Some(LOCAL) => Err(Flaw::HiddenEntry),
        _ => Err(Flaw::StrayBytes),
    }
}

/// The length of the data descriptor (4.3.9) at `at`, with or without its signature.
fn descriptor(archive: Bytes<'_>, at: usize, end: usize, known: [u32; 3]) -> Result<usize, Flaw> {
    let states = |at: usize| (0..3).all(|i| archive.u32(at + 4 * i) == Some(known[i]));
    let room = end - at;
    if room >= 16 && archive.u32(at) == Some(DESCRIPTOR) && states(at + 4) {
        Ok(16)
    } else if room >= 12 && states(at) {
        Ok(12)
    } else {
        Err(Flaw::Descriptor)
    }
}
