//! Which of three layers an element is painted in.
//!
//! In: a page's elements in painting order. Out: a [`Layer`] for each. Invariant: wherever two elements overlap, the later one in the
//! layout is painted over the earlier one.

use crate::compile::program::{Element, ElementKind, PagePlan};
use crate::geom::Rect;
use crate::unit::Length;

/// Where an element is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// Once for all records, below their content.
    Background,
    /// With each record's content.
    Record,
    /// Once for all records, above their content.
    Foreground,
}

/// The layer of each element: static ones below the record's content, or above it where they cover some that comes before
/// them, or with it where they lie between.
pub(super) fn layers(page: &PagePlan) -> Vec<Layer> {
    let rooms: Vec<Rect> = page.elements.iter().map(|e| room(e, page)).collect();
    let statics: Vec<bool> = page.elements.iter().map(|e| e.is_static).collect();
    assign(&rooms, &statics)
}

fn assign(rooms: &[Rect], statics: &[bool]) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::with_capacity(rooms.len());
    for i in 0..rooms.len() {
        let meets = |j: usize| rooms[j].overlaps(&rooms[i]);
        let over = (0..i).any(|j| layers[j] != Layer::Background && meets(j));
        let under = (i + 1..rooms.len()).any(|j| !statics[j] && meets(j));
        layers.push(match (statics[i], over, under) {
            (true, false, _) => Layer::Background,
            (true, true, false) => Layer::Foreground,
            _ => Layer::Record,
        });
    }
    // What lies under an element that is painted with the record cannot be above all records.
    for i in (0..rooms.len()).rev() {
        let under = (i + 1..rooms.len()).any(|j| layers[j] == Layer::Record && rooms[j].overlaps(&rooms[i]));
        if layers[i] == Layer::Foreground && under {
            layers[i] = Layer::Record;
        }
    }
    layers
}

/// Where an element may paint: its bounds; for a text or a table without width or height all that lies right of it or below; for a seal
/// nothing, because it stands beside the page's content.
fn room(element: &Element, page: &PagePlan) -> Rect {
    let b = element.bounds;
    let rest = |given: Length, all: Length| if given == Length::ZERO { all.max(Length::ZERO) } else { given };
    match element.kind {
        ElementKind::Text(_) | ElementKind::Table(_) => {
            Rect::new(b.x, b.y, rest(b.width, page.size.width - b.x), rest(b.height, page.size.height - b.y))
        }
        // Its rows may reach anywhere.
        ElementKind::Repeat(_) => Rect::new(Length::ZERO, Length::ZERO, page.size.width, page.size.height),
        ElementKind::Seal(_) => Rect::default(),
        _ => b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Layer::{Background, Foreground, Record};

    /// Layers of elements given as left edge, right edge, and whether they are static.
    fn layers_of(elements: &[(f64, f64, bool)]) -> Vec<Layer> {
        let rooms: Vec<Rect> =
            elements.iter().map(|&(from, to, _)| Rect::mm(from, 0.0, to - from, 1.0)).collect();
        let statics: Vec<bool> = elements.iter().map(|e| e.2).collect();
        assign(&rooms, &statics)
    }

    #[test]
    fn static_elements_apart_from_all_records_are_background_even_after_them() {
        assert_eq!(layers_of(&[(0.0, 5.0, false), (5.0, 9.0, true)]), [Record, Background]);
    }

    #[test]
    fn a_static_element_over_a_record_is_foreground() {
        assert_eq!(layers_of(&[(0.0, 5.0, false), (4.0, 9.0, true)]), [Record, Foreground]);
    }

    #[test]
    fn a_static_element_between_two_records_is_painted_with_them() {
        let elements = [(0.0, 5.0, false), (4.0, 9.0, true), (8.0, 12.0, false)];
        assert_eq!(layers_of(&elements), [Record, Record, Record]);
    }

    #[test]
    fn a_static_element_over_a_foreground_one_follows_it() {
        let elements = [(0.0, 5.0, false), (4.0, 9.0, true), (8.0, 12.0, true)];
        assert_eq!(layers_of(&elements), [Record, Foreground, Foreground]);
    }

    #[test]
    fn a_foreground_element_under_one_that_moved_to_the_record_moves_with_it() {
        let elements = [(0.0, 5.0, false), (4.0, 9.0, true), (8.0, 12.0, true), (11.0, 15.0, false)];
        assert_eq!(layers_of(&elements), [Record, Record, Record, Record]);
    }
}
