//! What a revision changes of pages and their annotations.
//!
//! In: the two documents, and the new fields. Out: explanations of the pages, their lists of annotations, and the annotations in them.
//! Invariant: a page's own content never changes.

use std::collections::BTreeSet;

use super::{Change, Class, Comparison, differing};
use crate::pdf::read::{Dictionary, Id, Object, ReadError, View, pages};

impl Comparison<'_, '_> {
    /// 7.7.3.3: of a page nothing but its annotations may change.
    pub(super) fn pages(&mut self) -> Result<(), ReadError> {
        let (before, after) = (pages(&self.old)?, pages(&self.new)?);
        if before != after {
            self.of_trailer.push(Change {
                place: String::new(),
                what: format!("{} pages became {}, or others", before.len(), after.len()),
                class: Class::Other,
            });
        }
        for page in before {
            let (old, new) = (self.old.get(page)?, self.new.get(page)?);
            let (Some(old), Some(new)) = (old.dictionary(), new.dictionary()) else { continue };
            for key in differing(old, new) {
                let class = if key == "Annots" { Class::Harmless } else { Class::Other };
                self.explain(page, class, format!("a page's /{key}"));
            }
            self.explain(page, Class::Harmless, "a page");
            let list = |view: &View<'_, '_>, page: &Dictionary| -> Result<Vec<Object>, ReadError> {
                Ok(view.value(page, "Annots")?.array().unwrap_or_default().to_vec())
            };
            let (olds, news) = (list(&self.old, old)?, list(&self.new, new)?);
            let owner = new.get("Annots").and_then(Object::reference).unwrap_or(page);
            if owner != page {
                self.explain_single(owner, Class::Harmless, "a page's list of annotations");
            }
            self.annotations(owner, &olds, &news)?;
            for annotation in olds.iter().filter_map(Object::reference) {
                let is_plain = !self.is_widget(&self.old, &Object::Reference(annotation))?;
                if is_plain && self.changed.contains(&annotation.number) {
                    self.explain(annotation, Class::Annotating, "an annotation");
                }
            }
        }
        Ok(())
    }

    /// What became of a page's list.
    fn annotations(&mut self, owner: Id, olds: &[Object], news: &[Object]) -> Result<(), ReadError> {
        let ids = |list: &[Object]| list.iter().filter_map(Object::reference).collect::<BTreeSet<Id>>();
        let direct = |list: &[Object]| {
            list.iter().filter(|o| o.reference().is_none()).cloned().collect::<Vec<Object>>()
        };
        if direct(olds) != direct(news) {
            self.explain_or_note(owner, Class::Other, "annotations that are no objects of their own");
        }
        let (before, after) = (ids(olds), ids(news));
        for gone in before.difference(&after) {
            let is_widget = self.is_widget(&self.old, &Object::Reference(*gone))?;
            let class = if is_widget { Class::Other } else { Class::Annotating };
            self.explain_or_note(owner, class, "an annotation that is gone");
        }
        for added in after.difference(&before) {
            let class = match self.new_fields.get(added) {
                Some(class) => *class,
                None if self.old.has(added.number) => Class::Other,
                None if self.is_widget(&self.new, &Object::Reference(*added))? => Class::Other,
                None => Class::Annotating,
            };
            self.explain_or_note(owner, class, "a new annotation");
        }
        Ok(())
    }

    fn is_widget(&self, view: &View<'_, '_>, annotation: &Object) -> Result<bool, ReadError> {
        let object = view.resolve(annotation)?;
        Ok(object.dictionary().is_none_or(|entries| entries.is("Subtype", "Widget") || entries.has("FT")))
    }
}
