//! Copying outlines: simple glyphs byte by byte, composite glyphs with the ids of their parts rewritten.
//!
//! In: one glyph of `glyf`. Out: the same outline without its hinting program (OpenType 1.9, "glyf — Glyph Data").
//! Hinting goes because it calls on fpgm, prep and cvt, which a subset leaves out.

use super::tables::be16;

/// Numbers of the composite glyph description.
mod flag {
    pub(super) const ARGS_ARE_WORDS: u16 = 0x0001;
    pub(super) const HAS_SCALE: u16 = 0x0008;
    pub(super) const MORE_COMPONENTS: u16 = 0x0020;
    pub(super) const HAS_X_AND_Y_SCALE: u16 = 0x0040;
    pub(super) const HAS_TWO_BY_TWO: u16 = 0x0080;
    pub(super) const HAS_INSTRUCTIONS: u16 = 0x0100;
}

/// numberOfContours, xMin, yMin, xMax, yMax.
const HEADER: usize = 10;

/// Appends `glyph` to `out`; `renumber` gives the new id of a part. A glyph that makes no sense is left blank, as readers would.
pub(super) fn copy(glyph: &[u8], out: &mut Vec<u8>, renumber: impl FnMut(u16) -> u16) {
    let start = out.len();
    let copied = match glyph.get(..2) {
        None => Some(()),
        Some([high, _]) if high & 0x80 == 0 => copy_simple(glyph, out),
        Some(_) => copy_composite(glyph, out, renumber),
    };
    if copied.is_none() {
        out.truncate(start);
    }
    // Offsets in a short loca count in twos.
    if (out.len() - start) % 2 == 1 {
        out.push(0);
    }
}

fn copy_simple(glyph: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let contours = usize::from(be16(glyph, 0));
    // endPtsOfContours, then instructionLength.
    let program_length_at = HEADER + contours * 2;
    let length = glyph.get(program_length_at..program_length_at + 2)?;
    let flags_at = program_length_at + 2 + usize::from(be16(length, 0));
    let flags = glyph.get(flags_at..)?;
    out.extend_from_slice(&glyph[..program_length_at]);
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(flags);
    Some(())
}

fn copy_composite(glyph: &[u8], out: &mut Vec<u8>, mut renumber: impl FnMut(u16) -> u16) -> Option<()> {
    out.extend_from_slice(glyph.get(..HEADER)?);
    let mut rest = &glyph[HEADER..];
    loop {
        let head = rest.get(..4)?;
        let (flags, part) = (be16(head, 0), be16(head, 2));
        let arguments = if flags & flag::ARGS_ARE_WORDS != 0 { 4 } else { 2 };
        let transform = if flags & flag::HAS_SCALE != 0 {
            2
        } else if flags & flag::HAS_X_AND_Y_SCALE != 0 {
            4
        } else if flags & flag::HAS_TWO_BY_TWO != 0 {
            8
        } else {
            0
        };
        let placement = rest.get(4..4 + arguments + transform)?;
        out.extend_from_slice(&(flags & !flag::HAS_INSTRUCTIONS).to_be_bytes());
        out.extend_from_slice(&renumber(part).to_be_bytes());
        out.extend_from_slice(placement);
        if flags & flag::MORE_COMPONENTS == 0 {
            return Some(());
        }
        rest = &rest[4 + placement.len()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(glyph: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        copy(glyph, &mut out, |id| id + 100);
        out
    }

    #[test]
    fn a_simple_glyph_loses_its_program_and_keeps_its_points() {
        let glyph = [
            0, 1, 0, 0, 0, 0, 0, 9, 0, 9, 0, 0, /* 3 bytes of program */ 0, 3, 7, 7, 7,
            /* points */ 0x37, 5, 5,
        ];
        assert_eq!(copied(&glyph), [0, 1, 0, 0, 0, 0, 0, 9, 0, 9, 0, 0, 0, 0, 0x37, 5, 5, /* even */ 0]);
    }

    #[test]
    fn a_composite_glyph_names_its_parts_by_their_new_ids() {
        let header = [0xff, 0xff, 0, 0, 0, 0, 0, 9, 0, 9];
        let more_words = [0x00, 0x21, 0, 2, 0, 1, 0, 1];
        let last_scaled_with_program = [0x01, 0x08, 0, 3, 1, 1, 0x40, 0, /* program */ 0, 1, 9];
        let expected_last = [0x00, 0x08, 0, 103, 1, 1, 0x40, 0];
        let glyph = [&header[..], &more_words, &last_scaled_with_program].concat();
        let expected = [&header[..], &[0x00, 0x21, 0, 102, 0, 1, 0, 1], &expected_last].concat();
        assert_eq!(copied(&glyph), expected);
    }

    #[test]
    fn a_glyph_cut_short_becomes_a_blank() {
        assert!(copied(&[0, 1, 0, 0]).is_empty());
        assert!(copied(&[0xff, 0xff, 0, 0, 0, 0, 0, 9, 0, 9, 0, 0x20, 0, 1]).is_empty());
    }
}
