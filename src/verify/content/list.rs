//! The rows of a list, as the pages show them: one after the other, each with its values in the same columns.
//!
//! In: a list's rows, and the text that its objects show in painting order. Out: that they agree, or where they do not.
//! Invariant: time and memory grow with the text and the rows, not with their product: at most [`READINGS`] rows are read in all for each row
//! there is.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::forms::{Forms, comparable};

/// How often a row may be read anew, as part of another reading of the list.
const READINGS: usize = 64;
/// In how many ways one row may be read at one place.
const WAYS: usize = 64;
/// How often the pages may show the whole list: in two tables, or a table and its summary.
const TIMES: usize = 8;

/// A list of the record.
pub(in crate::verify) struct List {
    /// By row and column; `None` for a cell that says nothing.
    rows: Vec<Vec<Option<Forms>>>,
    /// By column: the first row that says something.
    first: Vec<usize>,
}

/// Where the pages and the rows part.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::verify) enum Misplaced {
    /// From here on the text is not this row's; the row, counted from 0, and what stands there.
    At(usize, String),
    /// There are too many ways to read it.
    Unclear,
}

/// Columns in the order in which rows show them.
type Order = Vec<usize>;

impl List {
    /// The values of each row that is an object.
    pub(in crate::verify) fn new(rows: &[Value]) -> List {
        let rows: Vec<&Map<String, Value>> = rows.iter().filter_map(Value::as_object).collect();
        let columns: BTreeSet<&String> = rows.iter().flat_map(|row| row.keys()).collect();
        let cell = |row: &Map<String, Value>, column: &String| {
            Some(Forms::of(row.get(column))).filter(|forms| !forms.is_empty())
        };
        let cells = |row: &&Map<String, Value>| columns.iter().map(|column| cell(row, column)).collect();
        let rows: Vec<Vec<Option<Forms>>> = rows.iter().map(cells).collect();
        let first = |column: usize| rows.iter().position(|row| row[column].is_some()).unwrap_or(rows.len());
        let first = (0..columns.len()).map(first).collect();
        List { rows, first }
    }

    /// Whether `text` is what the rows say, in their order and all of it: some columns, the same in each row, once or more often.
    pub(in crate::verify) fn check(&self, text: &str) -> Result<(), Misplaced> {
        let text = comparable(text);
        let mut furthest = (0, 0);
        let mut starts = BTreeSet::from([0]);
        for _ in 0..TIMES {
            if starts.contains(&text.len()) {
                return Ok(());
            }
            let mut ends = BTreeSet::new();
            for &start in &starts {
                ends.extend(self.once(&text, start, &mut furthest)?);
            }
            ends.retain(|end| !starts.contains(end));
            starts = ends;
        }
        let rest = text.get(furthest.0..).unwrap_or_default().iter().take(32).collect();
        Err(Misplaced::At(furthest.1, rest))
    }

    /// Where the list may end that begins at `start`.
    fn once(
        &self,
        text: &[char],
        start: usize,
        furthest: &mut (usize, usize),
    ) -> Result<BTreeSet<usize>, Misplaced> {
        let mut ends = BTreeSet::new();
        let mut open: Vec<(usize, usize, Order)> = vec![(0, start, Order::new())];
        let mut left = READINGS * (self.rows.len() + 1);
        while let Some((row, at, order)) = open.pop() {
            if at > furthest.0 {
                *furthest = (at, row.min(self.rows.len().saturating_sub(1)));
            }
            if row == self.rows.len() {
                ends.insert(at);
                // What ends where the text does needs no other reading.
                if at == text.len() {
                    break;
                }
                continue;
            }
            left = left.checked_sub(1).ok_or(Misplaced::Unclear)?;
            let mut ways = Vec::new();
            self.read(row, text, at, 0, order, &mut ways);
            // The last is tried first: the way that shows the most.
            open.extend(ways.into_iter().rev().map(|(end, order)| (row + 1, end, order)));
        }
        Ok(ends)
    }

    /// The ways to read `row` at `at`, the longest first: where each ends, and the columns' order after it. `next` of `order` is due.
    fn read(
        &self,
        row: usize,
        text: &[char],
        at: usize,
        next: usize,
        order: Order,
        ways: &mut Vec<(usize, Order)>,
    ) {
        if ways.len() >= WAYS {
            return;
        }
        let cells = &self.rows[row];
        // A column of which no earlier row says anything has its place yet to be found.
        let is_new = |column: &usize| self.first[*column] == row && !order.contains(column);
        for column in (0..cells.len()).filter(is_new) {
            for length in cells[column].iter().flat_map(|forms| forms.lengths_at(text, at)) {
                let mut order = order.clone();
                order.insert(next, column);
                self.read(row, text, at + length, next + 1, order, ways);
            }
        }
        let Some(&column) = order.get(next) else {
            ways.push((at, order));
            return;
        };
        let Some(forms) = &cells[column] else { return self.read(row, text, at, next + 1, order, ways) };
        for length in forms.lengths_at(text, at) {
            self.read(row, text, at + length, next + 1, order.clone(), ways);
        }
        // A cell that is joined with the one above it is shown there.
        let above = row.checked_sub(1).and_then(|above| self.rows[above][column].as_ref());
        if above.is_some_and(|above| above.is_same(forms)) {
            self.read(row, text, at, next + 1, order, ways);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(rows: &Value, text: &str) -> Result<(), Misplaced> {
        List::new(rows.as_array().unwrap()).check(text)
    }

    #[test]
    fn rows_are_shown_in_their_order_with_some_columns_or_more_than_once() {
        let rows = json!([{"n": "张三", "s": 85, "u": "样例院"}, {"n": "李四", "s": 91, "u": "样例所"}]);
        for text in [
            "张三85李四91",
            "85张三91李四",
            "张三李四85样例院91样例所",
            "张三85样例院李四91样例所张三李四",
            "张*85李*91",
        ] {
            assert_eq!(check(&rows, text), Ok(()), "{text}");
        }
        assert_eq!(check(&json!([]), ""), Ok(()));
    }

    #[test]
    fn values_swapped_between_rows_are_found() {
        let rows = json!([{"n": "张三", "s": 85}, {"n": "李四", "s": 91}]);
        for text in [
            "张三91李四85",
            "李四91张三85",
            "张三8591李四",
            "张三85李四91王五",
            "张三85李四",
            "张三85",
            "85",
            "",
        ] {
            let found = check(&rows, text);
            // Of two columns one may be shown alone, but not nothing.
            assert_eq!(found.is_ok(), text.is_empty(), "{text}: {found:?}");
        }
        assert_eq!(check(&rows, "张三91李四85"), Err(Misplaced::At(1, "91李四85".into())));
    }

    #[test]
    fn a_cell_that_says_nothing_shows_nothing_wherever_its_column_is() {
        let rows = json!([{"n": "张三"}, {"n": "李四", "no": 7}, {"n": "王五", "no": 8, "s": 77}, {"no": 9, "s": 78}]);
        assert_eq!(check(&rows, "张三7李四8王五77978"), Ok(()));
        assert!(check(&rows, "张三7李四8王五78977").is_err());
        assert!(check(&rows, "张三7李四王五877978").is_err());
    }

    #[test]
    fn equal_rows_and_joined_cells_are_told_apart() {
        let rows = json!([{"n": "样例", "s": 85}, {"n": "样例", "s": 85}, {"n": "样例", "s": 86}]);
        assert_eq!(check(&rows, "样例85样例85样例86"), Ok(()));
        assert_eq!(check(&rows, "样例858586"), Ok(()), "one cell for three rows");
        assert!(check(&rows, "样例858685").is_err());
    }

    #[test]
    fn a_long_list_takes_time_by_its_length() {
        let rows = (0..5000).map(|i| json!({"no": i, "n": format!("样{i}"), "s": 50 + i % 50}));
        let rows = Value::Array(rows.collect());
        let text = |other: usize| -> String {
            let row = |i: usize| format!("{i}样{i}{}", 50 + (if i == other { i + 1 } else { i }) % 50);
            (0..5000).map(row).collect()
        };
        assert_eq!(check(&rows, &text(9999)), Ok(()));
        assert!(
            matches!(check(&rows, &text(4000)), Err(Misplaced::At(4000, _))),
            "{:?}",
            check(&rows, &text(4000))
        );
    }

    #[test]
    fn rows_that_can_be_read_in_endless_ways_are_unclear_and_not_endless() {
        let rows: Vec<Value> =
            (0..200).map(|_| json!({"a": "一", "b": "一一", "c": "一一一", "d": "一一一一"})).collect();
        let text = "一".repeat(200 * 10) + "二";
        assert!(check(&Value::Array(rows), &text).is_err());
    }
}
