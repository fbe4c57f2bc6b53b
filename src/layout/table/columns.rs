//! How wide columns are whose contents decide.

use super::super::error::{LayoutError, LayoutErrorKind};
use super::super::place::Placer;
use super::Line;
use crate::compile::expression::scope::Scope;
use crate::compile::program::{CellContent, CellPlan, ColumnPlan, TablePlan, TooWide};
use crate::diag::Span;
use crate::text::TextBlock;
use crate::unit::Length;

impl Placer<'_> {
    /// The edges of the columns of a table with these rows.
    pub(super) fn edges<'l, 'p: 'l>(
        &mut self,
        span: &Span,
        plan: &TablePlan,
        lines: impl Iterator<Item = &'l Line<'p>>,
        scope: &Scope<'_>,
    ) -> Result<Vec<Length>, LayoutError> {
        let mut natural = vec![Length::ZERO; plan.columns.len()];
        if plan.needs_measuring() {
            for line in lines.filter(|line| !line.is_blank) {
                let measured = |cell: &&CellPlan| {
                    cell.columns == 1 && matches!(plan.columns[cell.column], ColumnPlan::Content { .. })
                };
                for cell in line.plan.cells.iter().filter(measured) {
                    let width =
                        self.in_turn(line.turn, scope, |placer, scope| placer.natural_width(cell, scope))?;
                    natural[cell.column] = natural[cell.column].max(width);
                }
            }
        }
        plan.edges(&natural).map_err(|TooWide { needed, available }| {
            self.error(span, None, LayoutErrorKind::TableTooWide { needed, available })
        })
    }

    /// How wide the cell is if no line of it is broken.
    fn natural_width(&self, cell: &CellPlan, scope: &Scope<'_>) -> Result<Length, LayoutError> {
        let CellContent::Text(text) = &cell.content else { return Ok(Length::ZERO) };
        let block = TextBlock { width: None, height: None, ..text.block.clone() };
        let setting = self.set(&cell.span, text, &block, scope)?;
        Ok(setting.width + text.block.indent.max(Length::ZERO) + cell.padding[1] * 2)
    }
}
