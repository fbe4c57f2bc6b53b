//! `table`: columns, rows and cells, held against one another.
//!
//! In: a `table` element. Out: [`TablePlan`].
//! Invariant: in the rows of a head, body or foot, each place belongs to exactly one cell; what is wrong with a cell never
//! makes its neighbours look wrong.

mod cells;
mod rows;

use crate::color::Color;
use crate::compile::Compiler;
use crate::compile::place::{Look, Place};
use crate::compile::program::{
    CellContent, CellPlan, ColumnPlan, ElementKind, Inner, Outer, RowHeight, RowPlan, RulesPlan, TablePlan,
    TooWide,
};
use crate::diag::Diagnostic;
use crate::geom::{Point, Rect};
use crate::template::tree::Node;
use crate::template::value::{self, ColumnWidth, Dimension};
use crate::template::vocabulary::Tag;
use crate::text::{Align, FitLadder, VAlign};
use crate::unit::{Length, TOLERANCE};

/// The most columns of a table.
const MAX_COLUMNS: usize = 64;

const INNER_WIDTH_MM: f64 = 0.2;
const OUTER_WIDTH_MM: f64 = 0.4;
const PADDING_MM: f64 = 1.0;

/// What cells inherit from the row, head, column and table around them.
#[derive(Clone)]
struct CellStyle {
    look: Look,
    align: Align,
    valign: VAlign,
    fit: FitLadder,
    padding: [Length; 2],
    fill: Option<Color>,
}

/// The columns of a table while its rows compile.
struct Columns {
    /// What the table says for its cells.
    common: CellStyle,
    /// What each says for the cells that cover it alone.
    styles: Vec<CellStyle>,
    /// Their left edges and the last one's right edge, unless what cells hold decides.
    edges: Option<Vec<Length>>,
}

impl Compiler<'_> {
    pub(super) fn table(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let outer = CellStyle {
            look: place.look.clone(),
            align: Align::Start,
            valign: VAlign::Middle,
            fit: FitLadder::wrap(),
            padding: [Length::mm(PADDING_MM); 2],
            fill: None,
        };
        let style = self.cell_style(node, place, &outer);
        let (origin, width, height) = self.area(node, place, style.look.size);
        let room = Point::new(place.frame.right() - origin.x, place.frame.bottom() - origin.y);
        let (columns, styles) = self.columns(node, place, &style, width.unwrap_or(room.x));
        let rules = self.rules(node, place);
        let mut plan = TablePlan {
            origin,
            width,
            height,
            room,
            columns,
            head: Vec::new(),
            body: Vec::new(),
            foot: Vec::new(),
            rules,
        };
        let edges = if plan.needs_measuring() { None } else { self.edges(node, &plan) };
        let columns = Columns { common: style, styles, edges };
        let usual = self.row_height(node, place, "row-height", "min-row-height", columns.common.look.size);

        plan.body = self.rows(node, place, &columns, usual);
        for (tag, section) in [(Tag::Head, &mut plan.head), (Tag::Foot, &mut plan.foot)] {
            for (i, rows) in node.nodes_of(tag).enumerate() {
                if i > 0 {
                    self.report.push(rows.error(format!("the table has another {}", rows.spec.name)));
                }
                let columns = self.columns_within(rows, place, &columns);
                *section = self.rows(rows, place, &columns, usual);
            }
        }
        if plan.rows().next().is_none() && node.nodes().all(|n| n.tag() == Tag::Column) {
            let error = node.error("the table has no row");
            self.report.push(error.hint("write <row><cell>…</cell></row>"));
        }
        let exact = exact_height(plan.rows());
        if let (Some(height), Some(rows)) = (height, exact)
            && (height - rows).abs() > TOLERANCE
        {
            let message =
                format!("the rows are {}mm tall together, the table is {}mm", rows.fmt_mm(), height.fmt_mm());
            self.report.push(node.error(message).hint("give the table no height, or one row none"));
        }
        let bounds = Rect::new(
            origin.x,
            origin.y,
            width.or_else(|| columns.edges.as_ref()?.last().copied()).unwrap_or_default(),
            height.or(exact).unwrap_or_default(),
        );
        Some((ElementKind::Table(plan), bounds))
    }

    /// What `node` says for the cells in it.
    fn cell_style(&mut self, node: &Node, place: &Place, outer: &CellStyle) -> CellStyle {
        CellStyle {
            look: self.look(node, place, &outer.look, "size"),
            align: self.align(node, place).unwrap_or(outer.align),
            valign: self.valign(node, place).unwrap_or(outer.valign),
            fit: self.fit(node, place).unwrap_or_else(|| outer.fit.clone()),
            padding: self
                .read(node, "padding", place, |t| value::padding("padding", t))
                .unwrap_or(outer.padding),
            fill: self.read(node, "fill", place, |t| value::paint("fill", t)).unwrap_or(outer.fill),
        }
    }

    /// The columns, and what each says for its cells. % is of `whole`.
    fn columns(
        &mut self,
        table: &Node,
        place: &Place,
        style: &CellStyle,
        whole: Length,
    ) -> (Vec<ColumnPlan>, Vec<CellStyle>) {
        let (mut plans, mut styles) = (Vec::new(), Vec::new());
        for node in table.nodes_of(Tag::Column) {
            let plan = self.column(node, place, style, whole);
            let style = self.cell_style(node, place, style);
            let count = self.count(node, "count", place, MAX_COLUMNS);
            plans.extend((0..count).map(|_| plan));
            styles.extend((0..count).map(|_| style.clone()));
        }
        if plans.is_empty() {
            let error = table.error("the table has no column");
            self.report.push(error.hint("write <column width=\"*\"/> for each"));
        }
        if plans.len() > MAX_COLUMNS {
            self.report.push(table.error(format!("the table has more than {MAX_COLUMNS} columns")));
            plans.truncate(MAX_COLUMNS);
            styles.truncate(MAX_COLUMNS);
        }
        (plans, styles)
    }

    /// The same columns in a head or foot, which may say something for its cells as well.
    fn columns_within(&mut self, section: &Node, place: &Place, columns: &Columns) -> Columns {
        Columns {
            common: self.cell_style(section, place, &columns.common),
            styles: columns.styles.iter().map(|style| self.cell_style(section, place, style)).collect(),
            edges: columns.edges.clone(),
        }
    }

    fn column(&mut self, node: &Node, place: &Place, style: &CellStyle, whole: Length) -> ColumnPlan {
        let width = self.read(node, "width", place, |t| value::column_width("width", t));
        let [min, max] = ["min", "max"].map(|name| self.length(node, name, place, whole, style.look.size));
        if width.is_some_and(|w| w != ColumnWidth::Content) {
            for attribute in ["min", "max"].into_iter().filter_map(|name| node.attribute(name)) {
                let message = format!("{} says nothing about a column that is not auto", attribute.name);
                self.report.push(Diagnostic::error(attribute.name_span.clone(), message).hint("remove it"));
            }
        }
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            self.report.push(node.error("min is above max").hint("no width would do"));
        }
        match width {
            Some(ColumnWidth::Fixed(Dimension::Fixed(length))) => ColumnPlan::Fixed(length),
            Some(ColumnWidth::Fixed(Dimension::Part(part) | Dimension::Em(part))) => {
                ColumnPlan::Fixed(whole.scale(part))
            }
            Some(ColumnWidth::Share(shares)) => ColumnPlan::Share(shares),
            Some(ColumnWidth::Content) => ColumnPlan::Content { min: min.unwrap_or_default(), max },
            // Its mistake is reported; any width stands in.
            None => ColumnPlan::Share(1.0),
        }
    }

    /// A whole number from 1 to `most`; 1 if it is not said.
    pub(super) fn count(&mut self, node: &Node, name: &str, place: &Place, most: usize) -> usize {
        let Some(text) = self.fixed(node, name, place) else { return 1 };
        // What is no number at all has been reported.
        let Ok(number) = value::integer(name, &text.text) else { return 1 };
        match usize::try_from(number).ok().filter(|n| (1..=most).contains(n)) {
            Some(count) => count,
            None => {
                let message = format!("{name} is not a number from 1 to {most}: {}", text.text);
                self.report.push(Diagnostic::error(text.whole(), message));
                1
            }
        }
    }

    fn rules(&mut self, node: &Node, place: &Place) -> RulesPlan {
        let [inner_width, outer_width] =
            ["rule-width", "frame-width"].map(|name| self.length(node, name, place, Length::ZERO, None));
        RulesPlan {
            inner: match self.keyword(node, "rules", place) {
                Some("rows") => Inner::Rows,
                Some("columns") => Inner::Columns,
                Some("head") => Inner::Head,
                Some("none") => Inner::None,
                _ => Inner::All,
            },
            outer: match self.keyword(node, "frame", place) {
                Some("rows") => Outer::Rows,
                Some("columns") => Outer::Columns,
                Some("none") => Outer::None,
                _ => Outer::All,
            },
            inner_width: inner_width.unwrap_or(Length::mm(INNER_WIDTH_MM)),
            outer_width: outer_width.unwrap_or(Length::mm(OUTER_WIDTH_MM)),
            color: self
                .read(node, "rule-color", place, |t| value::color("rule-color", t))
                .unwrap_or(Color::BLACK),
        }
    }

    /// The edges of columns that no content decides.
    fn edges(&mut self, node: &Node, plan: &TablePlan) -> Option<Vec<Length>> {
        match plan.edges(&[]) {
            Ok(edges) => {
                let whole = edges.last().copied().unwrap_or_default();
                if let Some(width) = plan.width
                    && whole + TOLERANCE < width
                    && !plan.columns.is_empty()
                {
                    let message = format!(
                        "the columns are {}mm wide together, the table is {}mm",
                        whole.fmt_mm(),
                        width.fmt_mm()
                    );
                    let hint = "give one column what is left: width=\"*\"";
                    self.report.push(node.error(message).hint(hint));
                }
                Some(edges)
            }
            Err(TooWide { needed, available }) => {
                let message =
                    format!("the columns need {}mm, the table has {}mm", needed.fmt_mm(), available.fmt_mm());
                let hint = "make one narrower, or give it what is left: width=\"*\"";
                self.report.push(node.error(message).hint(hint));
                None
            }
        }
    }

    fn row_height(
        &mut self,
        node: &Node,
        place: &Place,
        exact: &'static str,
        least: &'static str,
        em: Option<Length>,
    ) -> RowHeight {
        let whole = place.frame.height;
        let given = self.length(node, exact, place, whole, em);
        if let (Some(_), Some(other)) = (node.attribute(exact), node.attribute(least)) {
            let error = Diagnostic::error(
                other.name_span.clone(),
                format!("{exact} and {least} exclude one another"),
            );
            self.report.push(error.hint("remove one of them"));
        }
        match given {
            Some(height) => RowHeight::Exact(height),
            None => RowHeight::AtLeast(self.length(node, least, place, whole, em).unwrap_or_default()),
        }
    }
}

/// How tall these rows are for every record, if that is known.
fn exact_height<'p>(rows: impl Iterator<Item = &'p RowPlan>) -> Option<Length> {
    let rows: Vec<&RowPlan> = rows.collect();
    let heights: Vec<RowHeight> = rows.iter().map(|row| row.height).collect();
    rows::exact(&heights).filter(|_| rows.iter().all(|row| row.when.is_empty() && row.list.is_none()))
}

impl TablePlan {
    /// Whether it is the same for every record.
    pub(super) fn is_static(&self) -> bool {
        let is_static = |cell: &CellPlan| match &cell.content {
            CellContent::Empty => true,
            CellContent::Text(text) => text.is_static(),
            CellContent::Elements(elements) => elements.iter().all(|e| e.is_static),
        };
        self.rows().all(|row| row.when.is_empty() && row.list.is_none()) && self.cells().all(is_static)
    }
}
