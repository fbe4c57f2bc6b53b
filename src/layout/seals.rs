//! Where seals stand.
//!
//! In: the places that the layout keeps, and the true sizes of the seals. Out: [`SealPlace`]s with nothing left to decide.
//! Invariant: a seal has one size, its own; a place only says where.

use crate::compile::program::SealPlan;
use crate::geom::{Rect, Size};
use crate::page::SealPlace;

/// The seal of `plan` in the middle of its place.
pub(super) fn place(plan: &SealPlan, sizes: &[Size]) -> SealPlace {
    let kept = plan.rect;
    let Size { width, height } =
        sizes.get(usize::from(plan.role)).copied().unwrap_or(Size::new(kept.width, kept.height));
    let corner = kept.origin().shift((kept.width - width) / 2, (kept.height - height) / 2);
    SealPlace { role: plan.role, rect: Rect::new(corner.x, corner.y, width, height), clip: None }
}
