//! The character map of a subset: (3,1) format 4, and (3,10) format 12 where a character needs it.
//!
//! In: characters with their new glyph ids. Out: the table (OpenType 1.9, "cmap — Character to Glyph Index Mapping Table").

/// Segments that fit a format 4 subtable, whose length is a 16-bit number.
const FORMAT_4_SEGMENTS: usize = 8_000;

/// A range of characters that map to a range of glyphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    first: u32,
    last: u32,
    glyph: u16,
}

/// Appends the table for `map`, which is sorted by character without repeats.
pub(super) fn write(map: &[(u32, u16)], out: &mut Vec<u8>) {
    let ranges = ranges(map);
    // U+FFFF, no character, ends a format 4 map.
    let bmp = ranges.iter().take_while(|r| r.last < 0xffff).take(FORMAT_4_SEGMENTS).count();
    let full = bmp < ranges.len();
    let subtables: u16 = if full { 2 } else { 1 };
    let format_4_length = 16 + 8 * (bmp + 1);
    let first = 4 + 8 * u32::from(subtables);
    put16(out, [0, subtables, 3, 1]);
    put32(out, [first]);
    if full {
        put16(out, [3, 10]);
        put32(out, [first + format_4_length as u32]);
    }
    write_format_4(&ranges[..bmp], format_4_length as u16, out);
    if full {
        write_format_12(&ranges, out);
    }
}

/// Joins neighbours, never across the end of the BMP.
fn ranges(map: &[(u32, u16)]) -> Vec<Range> {
    let mut ranges: Vec<Range> = Vec::with_capacity(map.len());
    for &(c, glyph) in map {
        match ranges.last_mut() {
            Some(r)
                if r.last + 1 == c
                    && c != 0x1_0000
                    && u32::from(r.glyph) + c - r.first == u32::from(glyph) =>
            {
                r.last = c;
            }
            _ => ranges.push(Range { first: c, last: c, glyph }),
        }
    }
    ranges
}

/// Segment mapping to delta values: idDelta alone, no glyphIdArray.
fn write_format_4(ranges: &[Range], length: u16, out: &mut Vec<u8>) {
    let segments = (ranges.len() + 1) as u16;
    let power = 1 << segments.ilog2();
    let end = Range { first: 0xffff, last: 0xffff, glyph: 0 };
    let all = || ranges.iter().copied().chain([end]);
    put16(out, [4, length, 0, segments * 2, power * 2, power.ilog2() as u16, (segments - power) * 2]);
    put16(out, all().map(|r| r.last as u16));
    put16(out, [0]);
    put16(out, all().map(|r| r.first as u16));
    put16(out, all().map(|r| r.glyph.wrapping_sub(r.first as u16)));
    put16(out, all().map(|_| 0));
}

/// Segmented coverage.
fn write_format_12(ranges: &[Range], out: &mut Vec<u8>) {
    put16(out, [12, 0]);
    put32(out, [16 + 12 * ranges.len() as u32, 0, ranges.len() as u32]);
    for r in ranges {
        put32(out, [r.first, r.last, u32::from(r.glyph)]);
    }
}

fn put16(out: &mut Vec<u8>, numbers: impl IntoIterator<Item = u16>) {
    for n in numbers {
        out.extend_from_slice(&n.to_be_bytes());
    }
}

fn put32(out: &mut Vec<u8>, numbers: impl IntoIterator<Item = u32>) {
    for n in numbers {
        out.extend_from_slice(&n.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_up(map: &[(u32, u16)], c: u32) -> Option<u16> {
        let mut table = Vec::new();
        write(map, &mut table);
        let parsed = ttf_parser::cmap::Table::parse(&table).unwrap();
        let found = parsed.subtables.into_iter().find_map(|s| s.glyph_index(c));
        found.map(|g| g.0).filter(|&g| g != 0)
    }

    #[test]
    fn every_character_finds_its_glyph_and_no_other_does() {
        let map = [
            (0x20, 5),
            (0x41, 1),
            (0x42, 2),
            (0x4e00, 9),
            (0x4e01, 3),
            (0xfffd, 4),
            (0x1_0000, 5),
            (0x2_0bb7, 7),
        ];
        for (c, glyph) in map {
            assert_eq!(look_up(&map, c), Some(glyph), "U+{c:04X}");
        }
        for c in [0x21, 0x40, 0x43, 0x4e02, 0xfffe, 0xffff, 0x1_0001, 0x2_0bb8] {
            assert_eq!(look_up(&map, c), None, "U+{c:04X}");
        }
    }

    #[test]
    fn characters_of_the_bmp_need_no_format_12() {
        let mut table = Vec::new();
        write(&[(0x41, 1)], &mut table);
        assert_eq!(table[..4], [0, 0, 0, 1]);
        write(&[], &mut table);
    }

    #[test]
    fn neighbours_share_a_segment() {
        let joined = ranges(&[(0x41, 1), (0x42, 2), (0x43, 4)]);
        assert_eq!(
            joined,
            [Range { first: 0x41, last: 0x42, glyph: 1 }, Range { first: 0x43, last: 0x43, glyph: 4 }]
        );
    }
}
