//! Text objects: TextObject, TextCode, CGTransform. GB/T 33190-2016, chapter 11.
//!
//! In: a TextObject. Out: a [`GlyphRun`] for each TextCode.
//! Invariant: every character has a glyph of the embedded font and a place; what the font cannot show is refused.

use super::budget::Budget;
use super::error::ReadError;
use super::font::EmbeddedFont;
use super::paint::{Unit, flag, only_default};
use super::resources::ResourceTable;
use super::value;
use super::xml::Element;
use crate::color::Color;
use crate::geom::Point;
use crate::page::{Glyph, GlyphRun, Ref};
use crate::unit::Length;

/// Attributes of CT_Text. Weight and Italic help whoever must substitute the font.
const OWN: [&str; 9] =
    ["Font", "Size", "Stroke", "Fill", "HScale", "ReadDirection", "CharDirection", "Weight", "Italic"];

/// What stands for a cluster without source text.
const NO_TEXT: char = '\u{FFFD}';

/// Reads the object.
pub(super) fn read(
    object: Element<'_>,
    resources: &mut ResourceTable<'_>,
    budget: &mut Budget,
) -> Result<Vec<GlyphRun>, ReadError> {
    let unit = Unit::read(object, &OWN)?;
    only_default(object, "HScale", 1.0)?;
    only_default(object, "ReadDirection", 0.0)?;
    only_default(object, "CharDirection", 0.0)?;
    if !flag(object, "Fill", true)? || flag(object, "Stroke", false)? {
        return Err(object.unsupported("text that is not filled, or has a line around it"));
    }
    let size = value::length(object, object.need_attr("Size")?)?;
    if size <= Length::ZERO {
        return Err(object.malformed("text without size"));
    }
    let color = unit.color(object, "FillColor")?.unwrap_or(unit.fade(Color::BLACK));
    let (index, font) = resources.font(object, object.id("Font")?, budget)?;

    let mut runs = Vec::new();
    let mut transforms = Vec::new();
    let (mut x, mut y) = (Length::ZERO, Length::ZERO);
    for child in object.children() {
        if child.is("CGTransform") {
            transforms.push(Transform::read(child)?);
        } else if child.is("TextCode") {
            let place = |name, before| child.attr(name).map_or(Ok(before), |text| value::length(child, text));
            (x, y) = (place("X", x)?, place("Y", y)?);
            let Shown { text, glyphs } = shown(child, &std::mem::take(&mut transforms), font, budget)?;
            let glyphs = placed(child, &glyphs, font, size)?;
            let Some(last) = glyphs.last() else { continue };
            let advance = last.x + font.advance(last.id, size);
            let origin = unit.to_page.apply(Point::new(x, y));
            let map = unit.to_page.linear();
            runs.push(GlyphRun { font: Ref::Master(index), size, color, origin, map, glyphs, text, advance });
        } else if !child.is("FillColor") && !child.is("Actions") {
            return Err(child.unsupported(format!("TextObject with {}", child.name())));
        }
    }
    Ok(if unit.visible { runs } else { Vec::new() })
}

/// CT_CGTransform, 11.4: the glyphs of some characters, in place of what the font's map gives.
struct Transform {
    position: usize,
    characters: usize,
    glyphs: Vec<u16>,
}

impl Transform {
    fn read(element: Element<'_>) -> Result<Transform, ReadError> {
        let count = |name, default: usize| match element.attr(name) {
            None => Ok(default),
            Some(text) => {
                text.trim().parse().map_err(|_| element.malformed(format!("{name} is no number: {text}")))
            }
        };
        let text = element.text_of("Glyphs");
        let glyphs: Result<Vec<u16>, _> = text.split_ascii_whitespace().map(str::parse).collect();
        let glyphs = glyphs.map_err(|_| element.malformed(format!("Glyphs are no numbers: {text}")))?;
        if count("GlyphCount", 1)? != glyphs.len() {
            return Err(element.malformed(format!("GlyphCount does not count Glyphs: {text}")));
        }
        let position = usize::try_from(element.id("CodePosition")?).unwrap_or(usize::MAX);
        Ok(Transform { position, characters: count("CodeCount", 1)?, glyphs })
    }
}

/// The text that glyphs show, and each glyph with the byte at which its characters start.
struct Shown {
    text: String,
    glyphs: Vec<(u16, u32)>,
}

fn shown(
    code: Element<'_>,
    transforms: &[Transform],
    font: &mut EmbeddedFont<'_>,
    budget: &mut Budget,
) -> Result<Shown, ReadError> {
    let characters: Vec<char> = code.text().chars().collect();
    budget.spend(characters.len(), code.part())?;
    let mut transforms = transforms.iter().peekable();
    let mut shown = Shown { text: String::new(), glyphs: Vec::with_capacity(characters.len()) };
    let mut at = 0;
    while let Some(&c) = characters.get(at) {
        let Some(transform) = transforms.next_if(|t| t.position == at) else {
            let glyph = font.glyph(c).ok_or_else(|| {
                code.unsupported(format!("a character that its font does not have, U+{:04X}", u32::from(c)))
            })?;
            shown.push(&[c], &[glyph], font, code)?;
            at += 1;
            continue;
        };
        let covered = characters.get(at..at.saturating_add(transform.characters));
        let covered = covered.filter(|c| !c.is_empty());
        let covered = covered.ok_or_else(|| code.malformed("CGTransform beyond the end of its text"))?;
        budget.spend(transform.glyphs.len(), code.part())?;
        if covered.len() == transform.glyphs.len() {
            for (c, glyph) in covered.iter().zip(&transform.glyphs) {
                shown.push(std::slice::from_ref(c), std::slice::from_ref(glyph), font, code)?;
            }
        } else {
            shown.push(covered, &transform.glyphs, font, code)?;
        }
        at += covered.len();
    }
    if transforms.next().is_some() {
        return Err(code.malformed("CGTransform beyond the end of its text, or out of order"));
    }
    Ok(shown)
}

impl Shown {
    /// Adds a cluster: characters, and the glyphs that show them together.
    fn push(
        &mut self,
        characters: &[char],
        glyphs: &[u16],
        font: &mut EmbeddedFont<'_>,
        code: Element<'_>,
    ) -> Result<(), ReadError> {
        if let Some(unknown) = glyphs.iter().find(|&&glyph| glyph >= font.glyph_count()) {
            return Err(code.malformed(format!("a glyph that its font does not have: {unknown}")));
        }
        let start = self.text.len();
        self.glyphs.extend(glyphs.iter().map(|&glyph| (glyph, start as u32)));
        self.text.extend(characters);
        if let [glyph] = *glyphs {
            font.stands_for(glyph, &self.text[start..]);
        }
        if characters == [NO_TEXT] {
            self.text.truncate(start);
        }
        Ok(())
    }
}

/// The glyphs at their places: DeltaX and DeltaY (11.3) from one to the next, or the font's advances where there is no DeltaX.
fn placed(
    code: Element<'_>,
    shown: &[(u16, u32)],
    font: &EmbeddedFont<'_>,
    size: Length,
) -> Result<Vec<Glyph>, ReadError> {
    let steps = |name| code.attr(name).map(|text| deltas(code, text, shown.len())).transpose();
    let (across, down) = (steps("DeltaX")?, steps("DeltaY")?.unwrap_or_default());
    let mut glyphs: Vec<Glyph> = Vec::with_capacity(shown.len());
    let (mut x, mut y) = (Length::ZERO, Length::ZERO);
    for &(id, text) in shown {
        if let Some(before) = glyphs.last() {
            let i = glyphs.len() - 1;
            x += match &across {
                Some(steps) => steps.get(i).copied().unwrap_or_default(),
                None => font.advance(before.id, size),
            };
            y += down.get(i).copied().unwrap_or_default();
        }
        glyphs.push(Glyph { id, x, y, text });
    }
    Ok(glyphs)
}

/// A list of steps, `g COUNT VALUE` for a run of equal ones; no more than there are glyphs.
fn deltas(code: Element<'_>, text: &str, most: usize) -> Result<Vec<Length>, ReadError> {
    let mut steps = Vec::new();
    let mut words = text.split_ascii_whitespace();
    while let Some(word) = words.next() {
        let (count, value) = if word == "g" {
            let count = words.next().and_then(|count| count.parse::<usize>().ok());
            let (Some(count), Some(value)) = (count, words.next()) else {
                return Err(code.malformed(format!("a broken run in its deltas: {text}")));
            };
            (count, value)
        } else {
            (1, word)
        };
        let value = value::length(code, value)?;
        steps.extend(std::iter::repeat_n(value, count.min(most - steps.len())));
    }
    Ok(steps)
}
