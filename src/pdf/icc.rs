//! The output intent: what DeviceRGB means (ISO 32000-1, 14.11.5; ISO 19005-3, 6.2.3).
//!
//! In: the definition of sRGB (IEC 61966-2-1). Out: an ICC profile of version 4.2 (ISO 15076-1) of some 500 bytes, made here.
//! Invariant: the primaries add up to the white of the profile connection space, so that grey stays grey.

use lopdf::ObjectId;

use super::entries::{entries, name, text_string};
use super::object::{Body, deflated};
use crate::deflate::Effort;

/// D50, the white of the profile connection space.
const D50: [f64; 3] = [0.9642, 1.0, 0.8249];
/// Red, green and blue of sRGB as XYZ, adapted from D65 to D50 by the Bradford transform.
const PRIMARIES: [[f64; 3]; 3] =
    [[0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.71410]];
/// The Bradford transform from D65 to D50, by rows.
const ADAPTATION: [f64; 9] =
    [1.047_882, 0.022_919, -0.050_201, 0.029_587, 0.990_479, -0.017_059, -0.009_232, 0.015_076, 0.751_678];
/// g, a, b, c, d of Y = (aX + b)^g from X = d on, and Y = cX below.
const CURVE: [f64; 5] = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045];

const NAME: &str = "sRGB";

/// Writes the profile and the dictionary that points to it.
pub(super) fn write_output_intent(body: &mut Body) -> ObjectId {
    let stream = entries! { "N" => 3, "Alternate" => name("DeviceRGB") };
    let profile = body.add(deflated(stream, srgb(), Effort::Static));
    body.add(entries! {
        "Type" => name("OutputIntent"),
        "S" => name("GTS_PDFA1"),
        "OutputConditionIdentifier" => text_string(NAME),
        "Info" => text_string(NAME),
        "DestOutputProfile" => profile,
    })
}

/// The profile: a header of 128 bytes, the tag table, the tags.
fn srgb() -> Vec<u8> {
    let [red, green, blue] = PRIMARIES.map(|p| numbers(b"XYZ ", &p));
    let curve = curve();
    let tags: [(&[u8; 4], Vec<u8>); 10] = [
        (b"desc", text(NAME)),
        (b"cprt", text("Public domain")),
        (b"wtpt", numbers(b"XYZ ", &D50)),
        (b"chad", numbers(b"sf32", &ADAPTATION)),
        (b"rXYZ", red),
        (b"gXYZ", green),
        (b"bXYZ", blue),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];

    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let start = 128 + 4 + 12 * tags.len();
    for (signature, tag) in &tags {
        // Equal neighbours, such as the three curves, share their data (7.3.1).
        let offset = if data.ends_with(tag) { data.len() - tag.len() } else { data.len() };
        data.truncate(offset);
        data.extend_from_slice(tag);
        table.extend_from_slice(*signature);
        table.extend_from_slice(&((start + offset) as u32).to_be_bytes());
        table.extend_from_slice(&(tag.len() as u32).to_be_bytes());
    }

    let mut profile = header((start + data.len()) as u32);
    profile.extend_from_slice(&table);
    profile.extend_from_slice(&data);
    profile
}

/// 7.2: the header of a display profile from RGB to XYZ.
fn header(size: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(128);
    header.extend_from_slice(&size.to_be_bytes());
    header.extend_from_slice(&[0; 4]);
    header.extend_from_slice(&[4, 0x20, 0, 0]);
    header.extend_from_slice(b"mntrRGB XYZ ");
    // Creation: 2026-01-01T00:00:00, the day of this definition, whenever the file is made.
    header.extend([2026u16, 1, 1, 0, 0, 0].iter().flat_map(|n| n.to_be_bytes()));
    header.extend_from_slice(b"acsp");
    header.resize(68, 0);
    header.extend(D50.iter().flat_map(|&v| fixed(v)));
    header.resize(128, 0);
    header
}

/// 10.15: one text, in English.
fn text(text: &str) -> Vec<u8> {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut tag = b"mluc\0\0\0\0".to_vec();
    for number in [1, 12] {
        tag.extend_from_slice(&u32::to_be_bytes(number));
    }
    tag.extend_from_slice(b"enUS");
    for number in [utf16.len() as u32, 28] {
        tag.extend_from_slice(&number.to_be_bytes());
    }
    tag.extend_from_slice(&utf16);
    padded(tag)
}

/// 10.18: function type 3, with five parameters.
fn curve() -> Vec<u8> {
    let mut tag = b"para\0\0\0\0\0\x03\0\0".to_vec();
    tag.extend(CURVE.iter().flat_map(|&v| fixed(v)));
    tag
}

/// 10.31 and 10.22: s15Fixed16 numbers.
fn numbers(kind: &[u8; 4], values: &[f64]) -> Vec<u8> {
    let mut tag = kind.to_vec();
    tag.extend_from_slice(&[0; 4]);
    tag.extend(values.iter().flat_map(|&v| fixed(v)));
    tag
}

/// s15Fixed16 (4.6).
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0).round() as i32).to_be_bytes()
}

/// 7.1: tags begin on four-byte boundaries.
fn padded(mut tag: Vec<u8>) -> Vec<u8> {
    tag.resize(tag.len().next_multiple_of(4), 0);
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primaries_add_up_to_white() {
        for (i, white) in D50.iter().enumerate() {
            let sum: f64 = PRIMARIES.iter().map(|p| p[i]).sum();
            assert!((sum - white).abs() < 3e-4, "{i}: {sum}");
        }
    }

    #[test]
    fn every_tag_lies_within_the_profile_on_a_boundary_of_four() {
        let profile = srgb();
        let number = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(number(0), profile.len());
        for i in 0..number(128) {
            let (offset, len) = (number(132 + 12 * i + 4), number(132 + 12 * i + 8));
            assert!(offset.is_multiple_of(4) && offset + len <= profile.len());
        }
    }

    #[test]
    fn the_three_curves_are_stored_once() {
        let profile = srgb();
        assert_eq!(profile.windows(4).filter(|w| w == b"para").count(), 1);
    }
}
