//! Fonts: a subset as CIDFontType2 under Identity-H (ISO 32000-1, 9.7), character codes being glyph ids.
//!
//! In: a [`SubsetFont`]. Out: the five objects of a composite font.
//! Invariant: /W repeats the advances of the font file (ISO 19005-3, 6.2.11.5), and /ToUnicode the source text of each glyph, never a
//! reversed cmap, which would give radicals for characters.

use std::fmt::Write as _;

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use super::object::{Body, deflated, deflated_once, name};
use crate::deflate::Effort;
use crate::text::subset::{FontMetrics, SubsetFont, SubsetGlyph};

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
    let length = dictionary! { "Length1" => font.data.len() as i64 };
    let file = body.add(deflated_once(length, &font.data, effort));
    let to_unicode = to_unicode(&font.glyphs).into_bytes();
    let to_unicode = body.add(deflated(Dictionary::new(), to_unicode, effort));
    let descriptor = body.add(descriptor(font, file));
    let descendant = body.add(dictionary! {
        "Type" => name("Font"),
        "Subtype" => name("CIDFontType2"),
        "BaseFont" => name(&font.name),
        "CIDSystemInfo" => dictionary! {
            "Registry" => Object::string_literal("Adobe"),
            "Ordering" => Object::string_literal("Identity"),
            "Supplement" => 0,
        },
        "CIDToGIDMap" => name("Identity"),
        "FontDescriptor" => descriptor,
        // DW stays at its default of 1000, the width of a Chinese character.
        "W" => widths(font),
    });
    body.add(dictionary! {
        "Type" => name("Font"),
        "Subtype" => name("Type0"),
        "BaseFont" => name(&font.name),
        "Encoding" => name("Identity-H"),
        "DescendantFonts" => vec![descendant.into()],
        "ToUnicode" => to_unicode,
    })
}

/// 9.8: what a reader needs to know before it opens the font file.
fn descriptor(font: &SubsetFont, file: ObjectId) -> Dictionary {
    /// Table 123: bit 2 serif, bit 3 symbolic (glyphs outside the standard Latin set).
    const SERIF: i64 = 1 << 1;
    const SYMBOLIC: i64 = 1 << 2;
    let FontMetrics { units_per_em, ascent, descent, cap_height, bbox, serif, weight } = font.metrics;
    let scale = |v: i16| {
        let (n, d) = (i64::from(v) * 1000, i64::from(units_per_em.max(1)));
        Object::Integer(n.div_euclid(d))
    };
    dictionary! {
        "Type" => name("FontDescriptor"),
        "FontName" => name(&font.name),
        "Flags" => if serif { SERIF | SYMBOLIC } else { SYMBOLIC },
        "FontBBox" => bbox.map(scale).to_vec(),
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
fn widths(font: &SubsetFont) -> Object {
    let mut entries: Vec<Object> = Vec::new();
    let mut run: Vec<Object> = Vec::new();
    for (glyph, gid) in font.glyphs.iter().zip(0i64..) {
        let width = width(glyph.advance, font.metrics.units_per_em);
        if width == MICRO_EM {
            if !run.is_empty() {
                entries.push(std::mem::take(&mut run).into());
            }
            continue;
        }
        if run.is_empty() {
            entries.push(gid.into());
        }
        run.push(thousandths(width));
    }
    if !run.is_empty() {
        entries.push(run.into());
    }
    entries.into()
}

fn thousandths(micro: i64) -> Object {
    if micro % 1000 == 0 { (micro / 1000).into() } else { Object::Real(micro as f32 / 1000.0) }
}

/// 9.10.3: the text of each glyph that stands for some.
fn to_unicode(glyphs: &[SubsetGlyph]) -> String {
    /// A CMap takes at most so many mappings in a block.
    const BLOCK: usize = 100;
    let mut out = String::with_capacity(glyphs.len() * 16 + 512);
    out.push_str(concat!(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n",
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n",
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n",
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    ));
    let mapped: Vec<(usize, &str)> = glyphs
        .iter()
        .enumerate()
        .map(|(gid, g)| (gid, g.text.as_str()))
        .filter(|(_, t)| !t.is_empty())
        .collect();
    for block in mapped.chunks(BLOCK) {
        let _ = writeln!(out, "{} beginbfchar", block.len());
        for (gid, text) in block {
            let _ = write!(out, "<{gid:04X}> <");
            write_utf16(&mut out, text);
            out.push_str(">\n");
        }
        out.push_str("endbfchar\n");
    }
    out.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    out
}

/// Appends the hexadecimal digits of `text` in UTF-16BE.
pub(super) fn write_utf16(out: &mut String, text: &str) {
    for unit in text.encode_utf16() {
        let _ = write!(out, "{unit:04X}");
    }
}
