//! Text objects: TextObject, TextCode, CGTransform. GB/T 33190-2016, chapter 11.
//!
//! In: a [`GlyphRun`] and its font. Out: as many objects as readers need to show each glyph where it was placed.
//! Invariant: the characters of TextCode are the source text; where the font's cmap would not give the glyph that was placed,
//! CGTransform names it; positions never drift by more than [`TOLERANCE`].

use std::ops::Range;

use super::Ids;
use super::font::EmbeddedFont;
use super::outline::{color, snap};
use super::xml::{Value, Xml};
use crate::geom::{Affine, Point, Rect};
use crate::page::{Glyph, GlyphRun};
use crate::unit::{Length, write_whole};

/// How far a glyph may stand from its place so that equal advances can be told as one run: half a micrometre.
const TOLERANCE: Length = Length::from_raw(180);

/// What a cluster without source text stands for.
const NO_TEXT: &str = "\u{FFFD}";

/// Writes the run as one object for each of its [`pieces`].
pub(super) fn write(run: &GlyphRun, font: &EmbeddedFont, ids: &mut Ids, xml: &mut Xml) {
    for piece in pieces(run) {
        write_piece(run, &piece, font, ids, xml);
    }
}

/// Glyphs that one TextObject holds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    glyphs: Range<usize>,
    text: Range<usize>,
}

/// Cuts a run. A character beyond the BMP, and a cluster that is not one character and one glyph, stands in an object of its own:
/// mixed into longer text, most readers lose the former and disagree about the latter. Space at either end of a piece is left
/// out, since some readers trim text but not its deltas.
fn pieces(run: &GlyphRun) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut joins = false;
    for cluster in clusters(run) {
        let plain = is_plain(run, &cluster);
        match pieces.last_mut() {
            Some(last) if joins && plain => {
                last.glyphs.end = cluster.glyphs.end;
                last.text.end = cluster.text.end;
            }
            _ => pieces.push(cluster),
        }
        joins = plain;
    }
    pieces.iter_mut().for_each(|piece| trim(run, piece));
    pieces.retain(|piece| !piece.glyphs.is_empty());
    pieces
}

/// Glyphs with the same source characters, in order.
fn clusters(run: &GlyphRun) -> Vec<Piece> {
    let mut clusters: Vec<Piece> = Vec::with_capacity(run.glyphs.len());
    for (i, glyph) in run.glyphs.iter().enumerate() {
        let start = glyph.text as usize;
        match clusters.last_mut() {
            Some(last) if last.text.start == start => last.glyphs.end = i + 1,
            last => {
                if let Some(last) = last {
                    last.text.end = start;
                }
                clusters.push(Piece { glyphs: i..i + 1, text: start..run.text.len() });
            }
        }
    }
    clusters
}

fn is_plain(run: &GlyphRun, cluster: &Piece) -> bool {
    let mut characters = source(run, cluster).chars();
    let one = characters.next().is_some_and(|c| u32::from(c) <= 0xFFFF);
    one && characters.next().is_none() && cluster.glyphs.len() == 1
}

/// Drops space from both ends of a piece of one glyph a character.
fn trim(run: &GlyphRun, piece: &mut Piece) {
    let text = source(run, piece);
    if text.chars().count() != piece.glyphs.len() {
        return;
    }
    let start = text.trim_start();
    let kept = start.trim_end();
    piece.glyphs.start += text.chars().count() - start.chars().count();
    piece.text.start += text.len() - start.len();
    piece.glyphs.end -= start.chars().count() - kept.chars().count();
    piece.text.end -= start.len() - kept.len();
}

fn source<'a>(run: &'a GlyphRun, piece: &Piece) -> &'a str {
    run.text.get(piece.text.clone()).unwrap_or("")
}

fn write_piece(run: &GlyphRun, piece: &Piece, font: &EmbeddedFont, ids: &mut Ids, xml: &mut Xml) {
    let glyphs = &run.glyphs[piece.glyphs.clone()];
    let end = run.glyphs.get(piece.glyphs.end).map_or(run.advance, |next| next.x);
    let extent = extent(run, glyphs, end, font);
    let place = Place::new(run, extent, glyphs[0]);

    xml.element("ofd:TextObject")
        .attr("ID", ids.next())
        .attr("Boundary", place.boundary)
        .attr_if("CTM", place.ctm)
        .attr("Font", font.id)
        .attr("Size", run.size)
        .open();
    color(xml, "ofd:FillColor", run.color);
    let text = match source(run, piece) {
        "" => NO_TEXT,
        text => text,
    };
    transforms(xml, text, glyphs, font);
    xml.element("ofd:TextCode")
        .attr("X", place.start.x)
        .attr("Y", place.start.y)
        .attr_if("DeltaX", (glyphs.len() > 1).then_some(Deltas { glyphs, position: |g| g.x }))
        .attr_if(
            "DeltaY",
            glyphs.iter().any(|g| g.y != glyphs[0].y).then_some(Deltas { glyphs, position: |g| g.y }),
        )
        .value(text);
    xml.close("ofd:TextObject");
}

/// The rectangle in run space that holds the glyphs: from pen to pen, from the highest ascent to the lowest descent, and a tenth of
/// an em on either side for glyphs that overhang their advance.
fn extent(run: &GlyphRun, glyphs: &[Glyph], end: Length, font: &EmbeddedFont) -> Rect {
    let over = run.size / 10;
    let left = glyphs.iter().map(|g| g.x).min().unwrap_or_default() - over;
    let right = glyphs.iter().map(|g| g.x).max().unwrap_or_default().max(end) + over;
    let top = glyphs.iter().map(|g| g.y).min().unwrap_or_default() - font.ascent(run.size);
    let bottom = glyphs.iter().map(|g| g.y).max().unwrap_or_default() - font.descent(run.size);
    Rect::from_corners(Point::new(left, top), Point::new(right, bottom))
}

/// Where a piece stands: its Boundary on the page, the CTM if there is any, and the first glyph's pen position under it.
struct Place {
    boundary: Rect,
    ctm: Option<Affine>,
    start: Point,
}

impl Place {
    fn new(run: &GlyphRun, extent: Rect, first: Glyph) -> Place {
        let to_page = Affine { e: run.origin.x, f: run.origin.y, ..run.map };
        let corners = [
            (extent.x, extent.y),
            (extent.right(), extent.y),
            (extent.x, extent.bottom()),
            (extent.right(), extent.bottom()),
        ]
        .map(|(x, y)| to_page.apply(Point::new(x, y)));
        let hull = |a: Rect, p: &Point| a.union(&Rect::new(p.x, p.y, Length::ZERO, Length::ZERO));
        let boundary = snap(
            corners.iter().fold(Rect::new(corners[0].x, corners[0].y, Length::ZERO, Length::ZERO), hull),
        );
        let pen = to_page.apply(Point::new(first.x, first.y)).shift(-boundary.x, -boundary.y);
        if run.map == Affine::IDENTITY {
            Place { boundary, ctm: None, start: pen }
        } else {
            let ctm = Affine { e: pen.x, f: pen.y, ..run.map };
            Place { boundary, ctm: Some(ctm), start: Point::default() }
        }
    }
}

/// CT_CGTransform, 11.4: neighbours whose glyphs the cmap would not give, as one transform of n characters to n glyphs.
fn transforms(xml: &mut Xml, text: &str, glyphs: &[Glyph], font: &EmbeddedFont) {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() != glyphs.len() {
        // A ligature or a sequence: always in an object of its own.
        transform(xml, 0, characters.len(), glyphs);
        return;
    }
    // A reader that takes UTF-16 units for characters finds no cmap entry beyond the BMP.
    let named = |i: usize| characters[i] > '\u{FFFF}' || font.glyph(characters[i]) != Some(glyphs[i].id);
    let mut i = 0;
    while i < glyphs.len() {
        let start = i;
        while i < glyphs.len() && named(i) {
            i += 1;
        }
        if i > start {
            transform(xml, start, i - start, &glyphs[start..i]);
        } else {
            i += 1;
        }
    }
}

fn transform(xml: &mut Xml, position: usize, count: usize, glyphs: &[Glyph]) {
    xml.element("ofd:CGTransform")
        .attr("CodePosition", position as u32)
        .attr("CodeCount", count as u32)
        .attr("GlyphCount", glyphs.len() as u32)
        .open();
    xml.leaf("ofd:Glyphs", GlyphIds(glyphs));
    xml.close("ofd:CGTransform");
}

struct GlyphIds<'a>(&'a [Glyph]);

impl Value for GlyphIds<'_> {
    const IS_PLAIN: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        for (i, glyph) in self.0.iter().enumerate() {
            if i > 0 {
                out.push(b' ');
            }
            u32::from(glyph.id).write(out);
        }
    }
}

/// DeltaX and DeltaY, 11.3: the steps between positions, `g COUNT VALUE` for a run of equal ones. Each step starts from where
/// the steps before it have really led, so that rounding never adds up.
struct Deltas<'a> {
    glyphs: &'a [Glyph],
    position: fn(&Glyph) -> Length,
}

impl Value for Deltas<'_> {
    const IS_PLAIN: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        let mut positions = self.glyphs.iter().map(self.position);
        let Some(mut reached) = positions.next() else { return };
        let mut same: Option<(Length, i64)> = None;
        for position in positions {
            let step = match same {
                Some((value, _)) if (reached + value - position).abs() <= TOLERANCE => value,
                _ => (position - reached).snap_mm(),
            };
            reached += step;
            same = match same {
                Some((value, count)) if value == step => Some((value, count + 1)),
                before => {
                    write_run(out, start, before);
                    Some((step, 1))
                }
            };
        }
        write_run(out, start, same);
    }
}

/// Appends a run of equal steps to those that stand in `out` since `start`.
fn write_run(out: &mut Vec<u8>, start: usize, run: Option<(Length, i64)>) {
    let Some((value, count)) = run else { return };
    let between = |out: &mut Vec<u8>| {
        if out.len() > start {
            out.push(b' ');
        }
    };
    if count > 2 {
        between(out);
        out.extend_from_slice(b"g ");
        write_whole(out, count);
        out.push(b' ');
        value.write_mm(out);
    } else {
        for _ in 0..count {
            between(out);
            value.write_mm(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::color::Color;
    use crate::page::Ref;

    fn deltas(positions: impl Iterator<Item = Length>) -> String {
        let glyphs: Vec<Glyph> = positions.map(|x| Glyph { id: 1, x, y: Length::ZERO, text: 0 }).collect();
        let mut out = Vec::new();
        Deltas { glyphs: &glyphs, position: |g| g.x }.write(&mut out);
        String::from_utf8(out).unwrap()
    }

    fn mm(values: &[f64]) -> String {
        deltas(values.iter().map(|&v| Length::mm(v)))
    }

    /// A run of `clusters`: the text of each and how many glyphs stand for it, all 1 mm wide.
    fn run(clusters: &[(&str, usize)]) -> GlyphRun {
        let mut glyphs = Vec::new();
        let mut text = String::new();
        for &(characters, count) in clusters {
            for _ in 0..count {
                let x = Length::mm(glyphs.len() as f64);
                glyphs.push(Glyph { id: 1, x, y: Length::ZERO, text: text.len() as u32 });
            }
            text.push_str(characters);
        }
        GlyphRun {
            font: Ref::Own(0),
            size: Length::mm(1.0),
            color: Color::BLACK,
            origin: Point::default(),
            map: Affine::IDENTITY,
            advance: Length::mm(glyphs.len() as f64),
            glyphs,
            text,
        }
    }

    fn cut(clusters: &[(&str, usize)]) -> Vec<(String, Range<usize>)> {
        let run = run(clusters);
        pieces(&run).into_iter().map(|p| (source(&run, &p).to_owned(), p.glyphs)).collect()
    }

    #[test]
    fn plain_characters_share_an_object() {
        assert_eq!(cut(&[("证", 1), ("书", 1), ("A", 1)]), [("证书A".to_owned(), 0..3)]);
    }

    #[test]
    fn what_is_not_one_character_and_one_glyph_stands_alone() {
        type Case<'a> = (&'a [(&'a str, usize)], Vec<(&'a str, Range<usize>)>);
        let cases: [Case<'_>; 3] = [
            (&[("a", 1), ("fi", 1), ("b", 1)], vec![("a", 0..1), ("fi", 1..2), ("b", 2..3)]),
            (&[("a", 1), ("é", 2), ("b", 1)], vec![("a", 0..1), ("é", 1..3), ("b", 3..4)]),
            (&[("张", 1), ("𠮷", 1), ("𠮷", 1)], vec![("张", 0..1), ("𠮷", 1..2), ("𠮷", 2..3)]),
        ];
        for (clusters, expected) in cases {
            let expected: Vec<_> = expected.into_iter().map(|(t, g)| (t.to_owned(), g)).collect();
            assert_eq!(cut(clusters), expected);
        }
    }

    #[test]
    fn space_at_the_ends_is_left_out_with_its_glyphs() {
        assert_eq!(
            cut(&[(" ", 1), ("\u{3000}", 1), ("a", 1), (" ", 1), ("b", 1), (" ", 1)]),
            [("a b".to_owned(), 2..5)]
        );
        assert_eq!(cut(&[(" ", 1), (" ", 1)]), []);
    }

    fn written(run: &GlyphRun) -> String {
        let font = EmbeddedFont::without_map(9);
        let mut xml = Xml::fragment();
        write(run, &font, &mut Ids::default(), &mut xml);
        format!("{xml:?}")
    }

    #[test]
    fn glyphs_that_the_cmap_would_not_give_are_named() {
        let text = written(&run(&[("a", 1), ("fi", 1)]));
        assert!(text.contains("<ofd:CGTransform CodePosition=\"0\" CodeCount=\"2\" GlyphCount=\"1\"><ofd:Glyphs>1</ofd:Glyphs>"), "{text}");
        let text = written(&run(&[("a", 1), ("b", 1)]));
        assert!(text.contains("CodeCount=\"2\" GlyphCount=\"2\"><ofd:Glyphs>1 1</ofd:Glyphs>"), "{text}");
    }

    #[test]
    fn a_cluster_without_text_is_still_drawn() {
        let text = written(&run(&[("", 1)]));
        assert!(text.contains(">\u{FFFD}</ofd:TextCode>"), "{text}");
    }

    #[test]
    fn equal_steps_become_one_run() {
        assert_eq!(mm(&[0.0, 5.0, 10.0, 15.0, 18.0, 21.0]), "g 3 5 3 3");
        assert_eq!(mm(&[1.0, 2.5]), "1.5");
    }

    #[test]
    fn steps_of_a_third_never_drift() {
        let em = Length::pt(15.0);
        let positions: Vec<Length> = (0..200).map(|i| em * i).collect();
        let text = deltas(positions.iter().copied());
        let mut reached = Length::ZERO;
        let mut at = 0;
        let mut words = text.split(' ').peekable();
        let number = |w: Option<&str>| w.and_then(|w| w.parse::<f64>().ok()).unwrap();
        while words.peek().is_some() {
            let count = if words.peek() == Some(&"g") {
                words.next();
                number(words.next()) as usize
            } else {
                1
            };
            let step = Length::mm(number(words.next()));
            for _ in 0..count {
                reached += step;
                at += 1;
                assert!((reached - positions[at]).abs() <= TOLERANCE, "glyph {at} in {text}");
            }
        }
        assert_eq!(at, 199);
        assert!(text.split(' ').count() < 100, "{text}");
    }
}
