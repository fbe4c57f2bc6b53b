//! Seals over the edge of several pages (骑缝章), a slice on each.
//!
//! In: the seal's size and the pages. Out: where the whole seal would stand on each page, and which slice of it the page shows.
//! Invariant: the slices of a seal are the whole seal, without gap or overlap.

use std::ops::Range;

use crate::compile::program::Edge;
use crate::geom::{Rect, Size};
use crate::unit::Length;

/// The narrowest slice; where more pages come than this allows, they share several seals.
const NARROWEST_MM: f64 = 4.0;

/// The slices by page; none for a single page, which nothing holds together. When the pages are fanned out towards the edge, the first
/// one uppermost, the slices make the seal.
pub(super) fn slices(seal: Size, edge: Edge, along: Length, sheets: &[Size]) -> Vec<(usize, Rect, Rect)> {
    let whole = match edge {
        Edge::Left | Edge::Right => seal.width,
        Edge::Top | Edge::Bottom => seal.height,
    };
    let mut slices = Vec::with_capacity(sheets.len());
    for group in groups(sheets.len(), whole) {
        let cut = |i: usize| Length::from_raw(whole.raw() * i as i64 / group.len().max(1) as i64);
        for page in group.clone() {
            // Of a seal over the left or the top edge the uppermost page shows the last slice.
            let i = match edge {
                Edge::Right | Edge::Bottom => page - group.start,
                Edge::Left | Edge::Top => group.end - 1 - page,
            };
            let (rect, clip) = stand(seal, edge, along, sheets[page], cut(i), cut(i + 1));
            slices.push((page, rect, clip));
        }
    }
    slices
}

/// Where the seal stands so that its slice `from` … `to` ends at the edge of the `sheet`, and where that slice is.
fn stand(seal: Size, edge: Edge, along: Length, sheet: Size, from: Length, to: Length) -> (Rect, Rect) {
    let Size { width, height } = seal;
    let (x, y) = match edge {
        Edge::Left => (-from, along - height / 2),
        Edge::Right => (sheet.width - to, along - height / 2),
        Edge::Top => (along - width / 2, -from),
        Edge::Bottom => (along - width / 2, sheet.height - to),
    };
    let rect = Rect::new(x, y, width, height);
    let clip = match edge {
        Edge::Left | Edge::Right => Rect { x: x + from, width: to - from, ..rect },
        Edge::Top | Edge::Bottom => Rect { y: y + from, height: to - from, ..rect },
    };
    (rect, clip)
}

/// The pages that share one seal, as evenly as can be.
fn groups(pages: usize, whole: Length) -> impl Iterator<Item = Range<usize>> {
    let most = (whole.ratio(Length::mm(NARROWEST_MM)) as usize).max(2);
    let count = if pages < 2 { 0 } else { pages.div_ceil(most) };
    (0..count).map(move |group| group * pages / count..(group + 1) * pages / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A4: fn() -> Size = || Size::mm(210.0, 297.0);

    fn of(edge: Edge, pages: usize) -> Vec<(usize, Rect, Rect)> {
        slices(Size::mm(42.0, 42.0), edge, Length::mm(150.0), &vec![A4(); pages])
    }

    /// A rectangle within another, from its corner.
    fn within(clip: &Rect, rect: &Rect) -> Rect {
        Rect { x: clip.x - rect.x, y: clip.y - rect.y, ..*clip }
    }

    #[test]
    fn three_pages_show_a_third_each_at_their_right_edge() {
        let shown = of(Edge::Right, 3);
        for ((page, rect, clip), i) in shown.iter().zip(0..) {
            assert_eq!(*page, i);
            assert_eq!(clip.right(), Length::mm(210.0));
            assert_eq!(within(clip, rect), Rect::mm(14.0 * i as f64, 0.0, 14.0, 42.0));
        }
        assert_eq!(shown[0].1, Rect::mm(196.0, 129.0, 42.0, 42.0));
    }

    #[test]
    fn at_the_left_edge_the_first_page_shows_the_last_slice() {
        let shown = of(Edge::Left, 2);
        assert!(shown.iter().all(|(_, _, clip)| clip.x == Length::ZERO));
        assert_eq!(within(&shown[0].2, &shown[0].1), Rect::mm(21.0, 0.0, 21.0, 42.0));
    }

    #[test]
    fn the_slices_of_seven_pages_are_the_whole_seal() {
        for edge in [Edge::Left, Edge::Right, Edge::Top, Edge::Bottom] {
            let mut parts: Vec<Rect> = of(edge, 7).iter().map(|(_, r, c)| within(c, r)).collect();
            parts.sort_by_key(|p| (p.x, p.y));
            for pair in parts.windows(2) {
                let (end, start) = if pair[0].x == pair[1].x {
                    (pair[0].bottom(), pair[1].y)
                } else {
                    (pair[0].right(), pair[1].x)
                };
                assert_eq!(end, start, "{edge:?}");
            }
            let whole = parts.iter().copied().reduce(|a, b| a.union(&b)).unwrap();
            assert_eq!(whole, Rect::mm(0.0, 0.0, 42.0, 42.0), "{edge:?}");
        }
    }

    #[test]
    fn many_pages_share_several_seals_and_one_page_none() {
        assert!(of(Edge::Right, 1).is_empty());
        let shown = of(Edge::Right, 2000);
        assert_eq!(shown.len(), 2000);
        assert!(shown.iter().all(|(_, _, clip)| clip.width >= Length::mm(NARROWEST_MM)));
        assert!(shown.iter().enumerate().all(|(i, (page, ..))| i == *page));
    }
}
