//! Fonts: a subset as CIDFontType2 under Identity-H (ISO 32000-1, 9.7), character codes being glyph ids.
//!
//! In: a [`SubsetFont`]. Out: the five objects of a composite font.
//! Invariant: /W repeats the advances of the font file (ISO 19005-3, 6.2.11.5), and /ToUnicode the source text of each glyph, never a
//! reversed cmap, which would give radicals for characters.

use lopdf::ObjectId;

use super::entries::Value as _;
use super::entries::{Entries, Factor, Written, entries, name, text_string, write_hex, write_utf16};
use super::object::{Body, deflated, deflated_once};
use crate::deflate::Effort;
use crate::text::subset::{FontMetrics, SubsetFont, SubsetGlyph};
use crate::unit::write_whole;

/// Widths in /W are thousandths of the em; these are thousandths of those, so that sums are exact.
pub(super) const MICRO_EM: i64 = 1_000_000;

/// The advance in millionths of the em, as /W states it.
pub(super) fn width(advance: u16, units_per_em: u16) -> i64 {
    let (n, d) = (i64::from(advance) * MICRO_EM, i64::from(units_per_em.max(1)));
    (n + d / 2) / d
}

/// Writes the font; the answer is the Type 0 dictionary, for /Font.
pub(super) fn write(body: &mut Body, font: &SubsetFont, effort: Effort) -> ObjectId {
    // 9.9 asks only for the tables that draw; the others cost 0.4 kB, and deflating the file anew for this format 70 us.
    let length = entries! { "Length1" => font.data.len() as i64 };
    let file = body.add(deflated_once(length, &font.data, effort));
    let to_unicode = to_unicode(&font.glyphs);
    let to_unicode = body.add(deflated(Entries::new(), to_unicode, effort));
    let descriptor = body.add(descriptor(font, file));
    let descendant = body.add(entries! {
        "Type" => name("Font"),
        "Subtype" => name("CIDFontType2"),
        "BaseFont" => name(&font.name),
        "CIDSystemInfo" => entries! {
            "Registry" => text_string("Adobe"),
            "Ordering" => text_string("Identity"),
            "Supplement" => 0,
        },
        "CIDToGIDMap" => name("Identity"),
        "FontDescriptor" => descriptor,
        // DW stays at its default of 1000, the width of a Chinese character.
        "W" => widths(font),
    });
    body.add(entries! {
        "Type" => name("Font"),
        "Subtype" => name("Type0"),
        "BaseFont" => name(&font.name),
        "Encoding" => name("Identity-H"),
        "DescendantFonts" => [descendant],
        "ToUnicode" => to_unicode,
    })
}

/// 9.8: what a reader needs to know before it opens the font file.
fn descriptor(font: &SubsetFont, file: ObjectId) -> Entries {
    /// Table 123: bit 2 serif, bit 3 symbolic (glyphs outside the standard Latin set).
    const SERIF: i64 = 1 << 1;
    const SYMBOLIC: i64 = 1 << 2;
    let FontMetrics { units_per_em, ascent, descent, cap_height, bbox, serif, weight } = font.metrics;
    let scale = |v: i16| {
        let (n, d) = (i64::from(v) * 1000, i64::from(units_per_em.max(1)));
        n.div_euclid(d)
    };
    entries! {
        "Type" => name("FontDescriptor"),
        "FontName" => name(&font.name),
        "Flags" => if serif { SERIF | SYMBOLIC } else { SYMBOLIC },
        "FontBBox" => bbox.map(scale),
        "ItalicAngle" => 0,
        "Ascent" => scale(ascent),
        "Descent" => scale(descent),
        "CapHeight" => scale(cap_height),
        // No table of a TrueType font says it, and no reader needs it where the font is embedded; this is what the weight suggests.
        "StemV" => i64::from(weight) / 5,
        "FontFile2" => file,
    }
}

/// 9.7.4.3: runs of glyphs that are not 1000 wide, as `first [w w …]`.
fn widths(font: &SubsetFont) -> Written {
    let mut out = vec![b'['];
    let mut run = false;
    for (gid, glyph) in (0i64..).zip(&font.glyphs) {
        let width = width(glyph.advance, font.metrics.units_per_em);
        let differs = width != MICRO_EM;
        if run && !differs {
            out.push(b']');
        }
        if differs {
            if run {
                out.push(b' ');
            } else {
                write_whole(&mut out, gid);
                out.push(b'[');
            }
            Factor(width as f64 / 1000.0).write(&mut out);
        }
        run = differs;
    }
    out.extend_from_slice(if run { b"]]" } else { b"]" });
    Written(out)
}

/// 9.10.3: the text of each glyph that stands for some.
fn to_unicode(glyphs: &[SubsetGlyph]) -> Vec<u8> {
    /// A CMap takes at most so many mappings in a block.
    const BLOCK: usize = 100;
    let mut out = Vec::with_capacity(glyphs.len() * 16 + 512);
    out.extend_from_slice(
        concat!(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n",
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n",
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        )
        .as_bytes(),
    );
    let mapped: Vec<(u16, &str)> =
        (0..).zip(glyphs).map(|(gid, g)| (gid, g.text.as_str())).filter(|(_, t)| !t.is_empty()).collect();
    for block in mapped.chunks(BLOCK) {
        write_whole(&mut out, block.len() as i64);
        out.extend_from_slice(b" beginbfchar\n");
        for (gid, text) in block {
            out.push(b'<');
            write_hex(&mut out, *gid);
            out.extend_from_slice(b"> <");
            write_utf16(&mut out, text);
            out.extend_from_slice(b">\n");
        }
        out.extend_from_slice(b"endbfchar\n");
    }
    out.extend_from_slice(b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    out
}
