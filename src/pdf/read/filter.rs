//! Decoding streams (ISO 32000-1, 7.4): FlateDecode with its predictors, which is what structure and text are kept in.
//!
//! In: a stream's dictionary and data. Out: its bytes. Invariant: nothing becomes longer than the budget allows, however short it was.

use flate2::{Decompress, FlushDecompress, Status};

use super::budget::Budget;
use super::error::{Flaw, ReadError};
use super::object::{Dictionary, Object};
use crate::inflated::{Inflated, Plain};

/// How much is inflated at once.
const PIECE: usize = 64 << 10;

/// Decodes `data`, which begin at `at` in the file; sooner where they are those of an earlier file.
pub(super) fn decode(
    dictionary: &Dictionary,
    data: &[u8],
    at: usize,
    budget: &Budget,
    known: &Inflated,
) -> Result<Plain, ReadError> {
    let one = |object: Option<&Object>| match object {
        Some(Object::Array(elements)) if elements.len() <= 1 => Ok(elements.first().cloned()),
        Some(Object::Array(_)) => Err(ReadError::Unsupported("a stream with several filters".into())),
        other => Ok(other.cloned()),
    };
    if dictionary.has("F") {
        return Err(ReadError::Unsupported("a stream whose data lie in another file".into()));
    }
    let parameters = one(dictionary.get("DecodeParms"))?;
    match one(dictionary.get("Filter"))? {
        None | Some(Object::Null) => {
            budget.spend_inflated(data.len() as u64)?;
            Ok(Plain::New(data.to_vec()))
        }
        Some(Object::Name(name)) if name == b"FlateDecode" => {
            let most = budget.inflatable();
            let plain = known.get(data, || inflate(data, at, most))?;
            if plain.len() as u64 > most {
                return Err(too_long(most));
            }
            budget.spend_inflated(plain.len() as u64)?;
            match parameters {
                Some(Object::Dictionary(parameters)) => predict(plain, &parameters, at),
                None | Some(Object::Null) => Ok(plain),
                Some(_) => Err(Flaw::Predictor.at(at)),
            }
        }
        Some(Object::Name(name)) => {
            Err(ReadError::Unsupported(format!("the filter {}", String::from_utf8_lossy(&name))))
        }
        Some(_) => Err(Flaw::Deflate.at(at)),
    }
}

/// RFC 1950. Bytes after the end of the compressed data, such as an end of line that /Length counts, are left alone.
fn inflate(data: &[u8], at: usize, most: u64) -> Result<Vec<u8>, ReadError> {
    let mut state = Decompress::new(true);
    let mut plain = Vec::with_capacity(PIECE.min(data.len().saturating_mul(4)));
    loop {
        if plain.len() == plain.capacity() {
            plain.reserve(PIECE.max(plain.len() / 2).min(most as usize + 1));
        }
        let (read, before) = (state.total_in() as usize, plain.len());
        let rest = data.get(read..).unwrap_or_default();
        let status = state.decompress_vec(rest, &mut plain, FlushDecompress::Finish);
        if plain.len() as u64 > most {
            return Err(too_long(most));
        }
        match status {
            Ok(Status::StreamEnd) => break,
            Ok(_) if plain.len() > before || plain.len() == plain.capacity() => {}
            _ => return Err(Flaw::Deflate.at(at)),
        }
    }
    Ok(plain)
}

fn too_long(most: u64) -> ReadError {
    ReadError::Limit { what: "bytes in a stream", limit: most }
}

/// 7.4.4.4: undoes the PNG predictors, one of which each row names.
fn predict(plain: Plain, parameters: &Dictionary, at: usize) -> Result<Plain, ReadError> {
    let wrong = || Flaw::Predictor.at(at);
    let value = |key, default| match parameters.get(key) {
        None => Ok(default),
        Some(Object::Integer(value @ 1..=1_000_000)) => Ok(*value as usize),
        Some(_) => Err(wrong()),
    };
    let predictor = value("Predictor", 1)?;
    if predictor == 1 {
        return Ok(plain);
    }
    if !(10..=15).contains(&predictor) {
        return Err(ReadError::Unsupported(format!("predictor {predictor}")));
    }
    let (colors, bits, columns) = (value("Colors", 1)?, value("BitsPerComponent", 8)?, value("Columns", 1)?);
    let bits_a_pixel = colors.checked_mul(bits).ok_or_else(wrong)?;
    let row_len = bits_a_pixel.checked_mul(columns).ok_or_else(wrong)?.div_ceil(8);
    let pixel = bits_a_pixel.div_ceil(8);
    if row_len > plain.len() || !plain.len().is_multiple_of(row_len + 1) {
        return Err(wrong());
    }
    let mut out: Vec<u8> = Vec::with_capacity(plain.len());
    for row in plain.chunks_exact(row_len + 1) {
        let start = out.len();
        for (i, &byte) in row[1..].iter().enumerate() {
            let left = if i >= pixel { out[start + i - pixel] } else { 0 };
            let up = if start > 0 { out[start + i - row_len] } else { 0 };
            let corner = if i >= pixel && start > 0 { out[start + i - row_len - pixel] } else { 0 };
            let guess = match row[0] {
                0 => 0,
                1 => left,
                2 => up,
                3 => u16::midpoint(left.into(), up.into()) as u8,
                4 => paeth(left, up, corner),
                _ => return Err(wrong()),
            };
            out.push(byte.wrapping_add(guess));
        }
    }
    Ok(Plain::New(out))
}

/// ISO/IEC 15948, 9.4.
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, up, corner].map(i16::from);
    let estimate = a + b - c;
    let [to_a, to_b, to_c] = [a, b, c].map(|v| (estimate - v).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::super::limits::Limits;
    use super::*;

    fn zlib(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn flate(entries: &[(&str, Object)]) -> Dictionary {
        let filter = ("Filter", Object::Name(b"FlateDecode".to_vec()));
        let entries = std::iter::once(&filter).chain(entries);
        Dictionary(entries.map(|(key, value)| (key.as_bytes().to_vec(), value.clone())).collect())
    }

    fn decode(
        dictionary: &Dictionary,
        data: &[u8],
        at: usize,
        budget: &Budget,
    ) -> Result<Vec<u8>, ReadError> {
        super::decode(dictionary, data, at, budget, &Inflated::default()).map(Plain::into_vec)
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = zlib(&vec![0; 4 << 20]);
        let budget = Budget::new(&Limits { stream: 1 << 20, ..Limits::default() });
        let error = decode(&flate(&[]), &bomb, 0, &budget).unwrap_err();
        assert_eq!(error, ReadError::Limit { what: "bytes in a stream", limit: 1 << 20 });
        let budget = Budget::new(&Limits { inflated: 6 << 20, ..Limits::default() });
        assert_eq!(decode(&flate(&[]), &bomb, 0, &budget).unwrap().len(), 4 << 20);
        assert!(matches!(decode(&flate(&[]), &bomb, 0, &budget), Err(ReadError::Limit { .. })));
    }

    #[test]
    fn what_is_remembered_stops_at_the_limit_all_the_same() {
        let known = Inflated::default();
        let data = &zlib(&(0..30_000u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
        let read = |stream| {
            let budget = Budget::new(&Limits { stream, ..Limits::default() });
            super::decode(&flate(&[]), data, 0, &budget, &known)
        };
        assert!(matches!(read(1 << 20), Ok(Plain::New(_))));
        assert!(matches!(read(1 << 20), Ok(Plain::Known(_))));
        assert!(matches!(read(1 << 20), Ok(Plain::Known(_))));
        assert!(matches!(read(1 << 16), Err(ReadError::Limit { limit: 65536, .. })));
    }

    #[test]
    fn data_cut_short_or_changed_are_refused() {
        let budget = Budget::new(&Limits::default());
        let whole = zlib(&(0..=255).collect::<Vec<u8>>().repeat(9));
        for end in 0..whole.len() {
            assert_eq!(decode(&flate(&[]), &whole[..end], 7, &budget), Err(Flaw::Deflate.at(7)), "{end}");
        }
    }

    #[test]
    fn predictors_are_undone() {
        let rows = [[0, 1, 2, 3], [1, 1, 1, 1], [2, 1, 1, 1], [3, 1, 1, 1], [4, 1, 1, 1]].concat();
        let parameters = Dictionary(vec![
            (b"Predictor".to_vec(), Object::Integer(15)),
            (b"Columns".to_vec(), Object::Integer(3)),
        ]);
        let data = zlib(&rows);
        let dictionary = flate(&[("DecodeParms", Object::Dictionary(parameters))]);
        let plain = decode(&dictionary, &data, 0, &Budget::new(&Limits::default())).unwrap();
        assert_eq!(plain, [1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5]);
    }
}
