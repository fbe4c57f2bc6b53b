//! Loops over the rows of a list.

use super::error::{LayoutError, LayoutErrorKind};
use super::place::Placer;
use crate::compile::expression::scope::{Scope, Turn};
use crate::compile::program::{Element, RepeatPlan};
use crate::geom::Rect;
use crate::page::Item;
use crate::unit::TOLERANCE;

impl Placer<'_> {
    /// What `lay` does in one turn of a loop, or outside of any; an error there names the row.
    pub(super) fn in_turn<T>(
        &mut self,
        turn: Option<Turn>,
        scope: &Scope<'_>,
        lay: impl FnOnce(&mut Self, &Scope<'_>) -> Result<T, LayoutError>,
    ) -> Result<T, LayoutError> {
        let Some(turn) = turn else { return lay(self, scope) };
        lay(self, &scope.at(turn)).map_err(|e| e.in_row(self.field_name(turn.list), turn.row))
    }

    /// A group once for each row, shifted.
    pub(super) fn repeat(
        &mut self,
        element: &Element,
        plan: &RepeatPlan,
        scope: &Scope<'_>,
        items: &mut Vec<Item>,
    ) -> Result<(), LayoutError> {
        for row in 0..scope.rows(plan.list) {
            let first = items.len();
            let turn = Some(Turn { list: plan.list, row });
            let shift = plan.shift(row);
            self.in_turn(turn, scope, |placer, scope| {
                for inner in &plan.elements {
                    placer.element(inner, scope, items)?;
                }
                let frame = Rect { x: plan.frame.x + shift.x, y: plan.frame.y + shift.y, ..plan.frame };
                let most = frame.beyond(&plan.room);
                if items.len() > first && most > TOLERANCE {
                    return Err(placer.error(&element.span, None, LayoutErrorKind::OffPage(most)));
                }
                Ok(())
            })?;
            items[first..].iter_mut().for_each(|item| item.shift(shift.x, shift.y));
        }
        Ok(())
    }
}
