//! Page templates that were read before: the static half of what one certificate of a layout after the other shows.
//!
//! In: a document's templates and the fonts that they ask for. Out: what the templates show, where all of these are the very bytes of an
//! earlier package. Invariant: what is recalled leaves items, fonts and budget as reading the parts would have; number and size are bounded.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::budget::Budget;
use super::limits::Limits;
use super::pages::Template;
use super::resources::ResourceTable;
use crate::inflated::Known;

/// Most documents whose templates are kept.
const MOST: usize = 8;
/// Most glyphs and path steps in the templates of one: they take a megabyte or two.
const MOST_STEPS: usize = 10_000;
/// Most bytes of its templates and their fonts.
const LARGEST: usize = 2 << 20;

/// The templates of documents, for all who share them; those kept last come last.
#[derive(Debug, Default)]
pub(crate) struct Grounds(Mutex<Vec<Arc<Ground>>>);

/// All templates of a document, read one after the other before anything else.
#[derive(Debug)]
struct Ground {
    /// IDs and parts, in order.
    parts: Vec<(u32, Arc<Known>)>,
    /// What they were read within.
    limits: Limits,
    /// The fonts that they ask for, by ID, in the order of their first use.
    fonts: Vec<(u32, Arc<Known>)>,
    /// By font: what each of its glyphs stands for.
    texts: Vec<Vec<String>>,
    templates: BTreeMap<u32, Template>,
    /// Glyphs and path steps, those of the fonts included.
    cost: usize,
}

impl Grounds {
    /// What the templates `parts` show, as [`Grounds::keep`] was told; `None`, and nothing changed, where anything differs.
    pub(super) fn recall(
        &self,
        parts: &[(u32, Arc<Known>)],
        resources: &mut ResourceTable<'_>,
        budget: &mut Budget,
    ) -> Option<BTreeMap<u32, Template>> {
        let all = self.lock().clone();
        let ground = all.iter().rev().find(|ground| are_same(&ground.parts, parts))?;
        let same_fonts = ground
            .fonts
            .iter()
            .all(|(id, part)| resources.font_part(*id).is_some_and(|p| Arc::ptr_eq(p, part)));
        if !same_fonts || ground.limits != *budget.limits() || ground.cost > budget.left() {
            return None;
        }
        for (id, _) in &ground.fonts {
            // They opened before, and there is budget for them.
            resources.open(*id, budget).ok()?;
        }
        resources.set_texts(&ground.texts);
        budget.spend(ground.cost - resources.glyph_count(), "").ok()?;
        Some(ground.templates.clone())
    }

    /// Keeps what the templates `parts` show, before pages are read. `cost` is what they took of the budget.
    pub(super) fn keep(
        &self,
        parts: Vec<(u32, Arc<Known>)>,
        resources: &ResourceTable<'_>,
        budget: &Budget,
        templates: &BTreeMap<u32, Template>,
        cost: usize,
    ) {
        let font = |id: u32| Some((id, Arc::clone(resources.font_part(id)?)));
        let fonts: Option<Vec<_>> = resources.asked().into_iter().map(font).collect();
        let Some(fonts) = fonts.filter(|_| cost <= MOST_STEPS && !resources.has_images()) else { return };
        if parts.iter().chain(&fonts).map(|(_, part)| part.plain.len()).sum::<usize>() > LARGEST {
            return;
        }
        let (texts, templates) = (resources.texts(), templates.clone());
        let ground = Ground { parts, limits: *budget.limits(), fonts, texts, templates, cost };
        let mut all = self.lock();
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push(Arc::new(ground));
    }

    /// A poisoned list is as good as before: it is changed by whole entries.
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Ground>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the two are the same bytes under the same IDs: parts that are known are known once.
fn are_same(a: &[(u32, Arc<Known>)], b: &[(u32, Arc<Known>)]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && Arc::ptr_eq(&a.1, &b.1))
}
