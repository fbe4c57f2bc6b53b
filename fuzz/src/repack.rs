//! Mutations of one part of an OFD: the package is packed again, with right checksums, so that what lies behind them is reached.

use std::io::{Cursor, Write as _};

use certpress::ofd::read::Package;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::drive::limits;

/// `bytes[..size]` mutated in place; one time in four as plain bytes, else in one part of the package that they are. The new size.
pub fn mutate(bytes: &mut [u8], size: usize, seed: u32) -> usize {
    let plain = |bytes: &mut [u8]| libfuzzer_sys::fuzzer_mutate(bytes, size, bytes.len());
    if seed % 4 == 0 {
        return plain(bytes);
    }
    match packed(&bytes[..size], seed / 4) {
        Some(new) if new.len() <= bytes.len() => {
            bytes[..new.len()].copy_from_slice(&new);
            new.len()
        }
        _ => plain(bytes),
    }
}

/// The package with one part mutated, dropped, doubled under another name, or given the content of another.
fn packed(bytes: &[u8], seed: u32) -> Option<Vec<u8>> {
    let package = Package::open(bytes, &limits()).ok()?;
    let mut parts: Vec<(String, Vec<u8>)> =
        package.parts().map(|(name, data)| (name.to_owned(), data.to_vec())).collect();
    let seed = seed as usize;
    let chosen = seed / 16 % parts.len().max(1);
    let other = seed / 1024 % parts.len().max(1);
    match seed % 16 {
        0 => drop(parts.remove(chosen)),
        1 => parts.push((format!("{}x", parts[chosen].0), parts[chosen].1.clone())),
        2 => parts[chosen].1 = parts[other].1.clone(),
        _ => {
            let (_, data) = parts.get_mut(chosen)?;
            let size = data.len();
            data.resize(size + 256, 0);
            let size = libfuzzer_sys::fuzzer_mutate(data, size, size + 256);
            data.truncate(size);
        }
    }
    pack(&parts)
}

/// A package of stored parts.
pub fn pack(parts: &[(String, Vec<u8>)]) -> Option<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, data) in parts {
        writer.start_file(name.as_str(), options).ok()?;
        writer.write_all(data).ok()?;
    }
    writer.finish().ok().map(Cursor::into_inner)
}
