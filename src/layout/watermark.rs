//! Where the repetitions of a watermark stand.
//!
//! In: the box, the extent of the turned words, the least gap. Out: the middle of each repetition.
//! Invariant: the words are whole wherever they stand, and as far from one another as from their neighbours' neighbours: rows
//! are spread evenly over the box, and every other one is shifted by half a step.

use crate::geom::{Point, Rect, Size};
use crate::unit::Length;

/// The most repetitions along either side of the box.
const MOST: i64 = 40;

/// The middles of all words of this extent; none where the box is too small for one.
pub(super) fn middles(room: Rect, word: Size, gap: Length) -> Vec<Point> {
    let (across, down) = (count(room.width, word.width, gap), count(room.height, word.height, gap));
    let step = |whole: Length, count: i64| Length::from_raw(whole.raw() / count.max(1));
    let (dx, dy) = (step(room.width, across), step(room.height, down));
    let mut middles = Vec::new();
    for row in 0..down {
        let shifted = row % 2 == 1 && across > 1;
        let start = if shifted { dx } else { dx / 2 };
        middles.extend((0..across - i64::from(shifted)).map(|column| {
            let (x, y) = (dx * column + start, dy * row + dy / 2);
            room.origin().shift(x, y)
        }));
    }
    middles
}

/// How many of `extent` lie within `whole` with `gap` between them.
fn count(whole: Length, extent: Length, gap: Length) -> i64 {
    let step = (extent + gap).raw().max(1);
    ((whole + gap).raw() / step).clamp(0, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(room: Rect, width: f64, height: f64, gap: f64) -> Vec<(f64, f64)> {
        let middles = middles(room, Size::mm(width, height), Length::mm(gap));
        middles.iter().map(|p| (p.x.to_mm(), p.y.to_mm())).collect()
    }

    #[test]
    fn rows_are_spread_evenly_and_every_other_one_stands_between() {
        let found = of(Rect::mm(10.0, 0.0, 100.0, 60.0), 30.0, 15.0, 5.0);
        let rows = [
            (10.0, [1.0 / 6.0, 0.5, 5.0 / 6.0].as_slice()),
            (30.0, &[1.0 / 3.0, 2.0 / 3.0]),
            (50.0, &[1.0 / 6.0, 0.5, 5.0 / 6.0]),
        ];
        let expected = rows.iter().flat_map(|(y, xs)| xs.iter().map(move |x| (10.0 + 100.0 * x, *y)));
        for (found, expected) in found.iter().zip(expected.clone()) {
            assert!((found.0 - expected.0).abs() < 0.01 && (found.1 - expected.1).abs() < 0.01, "{found:?}");
        }
        assert_eq!(found.len(), expected.count());
    }

    #[test]
    fn one_that_fits_stands_in_the_middle_and_one_that_does_not_stands_nowhere() {
        assert_eq!(of(Rect::mm(0.0, 0.0, 40.0, 20.0), 38.0, 18.0, 5.0), [(20.0, 10.0)]);
        assert_eq!(of(Rect::mm(0.0, 0.0, 40.0, 20.0), 41.0, 18.0, 5.0), []);
        assert_eq!(of(Rect::mm(0.0, 0.0, 40.0, 20.0), 38.0, 21.0, 5.0), []);
    }

    #[test]
    fn no_words_however_small_fill_more_than_the_limit() {
        let most = MOST as usize * MOST as usize;
        assert!(of(Rect::mm(0.0, 0.0, 2000.0, 2000.0), 0.0, 0.0, 0.0).len() <= most);
    }
}
