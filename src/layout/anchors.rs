//! What seals stand at: elements and words, as they are laid.
//!
//! In: page items. Out: their bounds. Invariant: what is measured is what is painted, not the room the layout gave it.

use crate::compile::program::Element;
use crate::geom::{Point, Rect};
use crate::page::{GlyphRun, Item, ItemKind};
use crate::unit::Length;

/// The bounds of the elements of one page that seals stand at, by id.
#[derive(Debug, Default)]
pub(super) struct Anchors(Vec<(String, Rect)>);

impl Anchors {
    /// Remembers where `element` painted `items`, if it is one of `ids`. Of several with one id the first counts.
    pub(super) fn note(&mut self, ids: &[String], element: &Element, items: &[Item]) {
        let Some(id) = element.id.as_ref().filter(|id| ids.contains(id)) else { return };
        if let Some(bounds) = items.iter().filter_map(bounds).reduce(|a, b| a.union(&b)) {
            self.0.push((id.clone(), bounds));
        }
    }

    /// Where the element `id` is painted.
    pub(super) fn get(&self, id: &str) -> Option<Rect> {
        self.0.iter().find(|(known, _)| known == id).map(|(_, bounds)| *bounds)
    }
}

fn bounds(item: &Item) -> Option<Rect> {
    match &item.kind {
        ItemKind::Glyphs(run) => Some(span(run, Length::ZERO, run.advance)),
        ItemKind::Path(path) => path.path.bounds(),
        ItemKind::Figure(item) => item.figure.bounds(),
        ItemKind::Image(image) => Some(image.clip.unwrap_or(image.rect)),
    }
}

/// How far a Chinese character reaches above the baseline and below it, in ems.
const EM_BOX: (f64, f64) = (0.88, 0.12);

/// The em boxes of a run between two positions of its pen, on the page.
fn span(run: &GlyphRun, from: Length, to: Length) -> Rect {
    let (top, bottom) = (-run.size.scale(EM_BOX.0), run.size.scale(EM_BOX.1));
    let corner = |(x, y)| {
        let point = run.map.apply(Point::new(x, y)).shift(run.origin.x, run.origin.y);
        Rect::from_corners(point, point)
    };
    let corners = [(from, top), (to, top), (from, bottom), (to, bottom)].map(corner);
    corners.into_iter().reduce(|a, b| a.union(&b)).unwrap_or_default()
}

/// Where `words` first stand on a page, in painting order: in one line, which may change its font or colour on the way. White space
/// counts neither in the words nor on the page.
pub(super) fn find(layers: [&[Item]; 3], words: &str) -> Option<Rect> {
    let words: Vec<char> = words.chars().filter(|c| !c.is_whitespace()).collect();
    if words.is_empty() {
        return None;
    }
    layers.into_iter().find_map(|items| {
        let runs: Vec<&GlyphRun> = items
            .iter()
            .filter_map(|item| match &item.kind {
                ItemKind::Glyphs(run) => Some(run),
                _ => None,
            })
            .collect();
        runs.chunk_by(|run, next| continues(run, next)).find_map(|line| in_line(line, &words))
    })
}

/// Whether `next` stands on the line of `run`, right behind it.
fn continues(run: &GlyphRun, next: &GlyphRun) -> bool {
    let end = run.map.apply(Point::new(run.advance, Length::ZERO)).shift(run.origin.x, run.origin.y);
    let near = |a: Length, b: Length, ems: f64| (a - b).abs() <= run.size.max(next.size).scale(ems);
    run.map == next.map && near(end.x, next.origin.x, 1.0) && near(end.y, next.origin.y, 0.1)
}

fn in_line(line: &[&GlyphRun], words: &[char]) -> Option<Rect> {
    let mut said: Vec<(char, Rect)> = Vec::new();
    for run in line {
        for (i, glyph) in run.glyphs.iter().enumerate() {
            let end = run.glyphs.get(i + 1).map_or(run.advance, |next| next.x);
            let characters = run.text_of(i).chars().filter(|c| !c.is_whitespace());
            said.extend(characters.map(|c| (c, span(run, glyph.x, end))));
        }
    }
    let found = said.windows(words.len()).find(|said| said.iter().map(|(c, _)| c).eq(words))?;
    found.iter().map(|(_, bounds)| *bounds).reduce(|a, b| a.union(&b))
}
