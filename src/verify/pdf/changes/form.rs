//! What a revision changes of the form, its fields and what they show.
//!
//! In: the two documents. Out: explanations of the form, of fields that are new or have another value, and of their appearances.
//! ISO 32000-1, 12.7.
//! Invariant: a signature that was there stays as it was, and a new field shows nothing; all else is [`Class::Other`].

use std::collections::{BTreeSet, HashMap};

use super::{Class, Comparison, differing};
use crate::pdf::read::{Dictionary, Field, Id, Object, ReadError, View, fields};

impl Comparison<'_, '_> {
    /// 12.7.2.
    pub(super) fn form(&mut self, of: Id, old: &Dictionary, new: &Dictionary) -> Result<(), ReadError> {
        let read = |view: &View<'_, '_>, catalog: &Dictionary| -> Result<Dictionary, ReadError> {
            Ok(match view.value(catalog, "AcroForm")? {
                Object::Dictionary(form) => form,
                _ => Dictionary::default(),
            })
        };
        let (before, after) = (read(&self.old, old)?, read(&self.new, new)?);
        let id = new.get("AcroForm").and_then(Object::reference).unwrap_or(of);
        for key in differing(&before, &after) {
            let class = match key.as_str() {
                // The list itself is looked at below.
                "Fields" | "SigFlags" => Class::Harmless,
                "DR" | "DA" => Class::Filling,
                "NeedAppearances" if after.get(&key) != Some(&Object::Bool(true)) => Class::Filling,
                _ => Class::Other,
            };
            self.explain_or_note(id, class, &format!("the form's /{key}"));
        }
        if id != of {
            self.explain_single(id, Class::Harmless, "the form");
        }
        let list = |view: &View<'_, '_>, form: &Dictionary| -> Result<Vec<Object>, ReadError> {
            Ok(view.value(form, "Fields")?.array().unwrap_or_default().to_vec())
        };
        let (olds, news) = (list(&self.old, &before)?, list(&self.new, &after)?);
        if !news.starts_with(&olds) {
            self.explain_or_note(id, Class::Other, "fields that are gone, or in another order");
        }
        if let Some(list) = after.get("Fields").and_then(Object::reference) {
            self.explain_single(list, Class::Harmless, "the list of fields");
        }
        let known: BTreeSet<Id> = olds.iter().filter_map(Object::reference).collect();
        let added: BTreeSet<Id> = news.iter().filter_map(Object::reference).collect();
        for field in fields(&self.new)? {
            if added.contains(&field.id) && !known.contains(&field.id) {
                let class = self.new_field(&field)?;
                self.new_fields.insert(field.id, class);
                self.new_fields.extend(field.widgets.iter().map(|widget| (*widget, class)));
                self.explain_or_note(field.id, class, &format!("a new field, {}", field.name));
            }
        }
        Ok(())
    }

    /// A field that the older document does not have may sign, but not show anything.
    fn new_field(&self, field: &Field) -> Result<Class, ReadError> {
        let is_new = |id: &Id| !self.old.has(id.number);
        if !field.is_signature() || !is_new(&field.id) || !field.widgets.iter().all(is_new) {
            return Ok(Class::Other);
        }
        for widget in &field.widgets {
            let object = self.new.get(*widget)?;
            let entries = object.dictionary().cloned().unwrap_or_default();
            if !is_invisible(&self.new, &entries)? {
                return Ok(Class::Other);
            }
        }
        Ok(match &field.value {
            Some(value) => self.signing(value)?,
            None => Class::Filling,
        })
    }

    /// Whether the value of a signature field is one that the older document did not have.
    fn signing(&self, value: &Object) -> Result<Class, ReadError> {
        let Some(id) = value.reference().filter(|id| !self.old.has(id.number)) else {
            return Ok(Class::Other);
        };
        let object = self.new.get(id)?;
        Ok(match object.dictionary() {
            Some(entries) if entries.is("SubFilter", "ETSI.RFC3161") => Class::Archiving,
            Some(entries) if entries.has("ByteRange") && entries.has("Contents") => Class::Signing,
            _ => Class::Other,
        })
    }

    /// 12.7.4: the fields of the older document.
    pub(super) fn fields(&mut self) -> Result<(), ReadError> {
        let after: HashMap<Id, Field> =
            fields(&self.new)?.into_iter().map(|field| (field.id, field)).collect();
        for field in fields(&self.old)? {
            let mut objects = field.widgets.clone();
            objects.push(field.id);
            let Some(now) = after.get(&field.id) else {
                self.explain_or_note(field.id, Class::Other, &format!("the field {} is gone", field.name));
                continue;
            };
            let class = match (field.is_signature(), &field.value, &now.value) {
                (true, None | Some(Object::Null), Some(value)) => self.signing(value)?,
                (true, _, _) => Class::Other,
                (false, _, _) => Class::Filling,
            };
            let what = match class {
                Class::Other => format!("the field {}, which was signed or is not", field.name),
                _ => format!("the field {}", field.name),
            };
            for id in objects {
                if !self.changed.contains(&id.number) {
                    continue;
                }
                let (old, new) = (self.old.get(id)?, self.new.get(id)?);
                let (Some(old), Some(new)) = (old.dictionary(), new.dictionary()) else {
                    self.explain(id, Class::Other, &what);
                    continue;
                };
                let allowed = |key: &String| match key.as_str() {
                    "V" | "AP" | "M" => true,
                    "AS" | "I" | "MK" => !field.is_signature(),
                    _ => false,
                };
                let strange = differing(old, new).into_iter().find(|key| !allowed(key));
                match strange {
                    Some(key) => self.explain(id, Class::Other, format!("{what}: its /{key}")),
                    None => self.explain(id, class, &what),
                }
                self.appearance(old, class, &what)?;
            }
        }
        Ok(())
    }

    /// 12.5.5: the streams of a field's appearance may be written anew with it.
    fn appearance(&mut self, widget: &Dictionary, class: Class, what: &str) -> Result<(), ReadError> {
        let appearances = self.old.value(widget, "AP")?;
        let mut streams = Vec::new();
        for (_, value) in appearances.dictionary().into_iter().flat_map(Dictionary::iter) {
            streams.push(value.clone());
            if let Object::Dictionary(states) = self.old.resolve(value)? {
                streams.extend(states.iter().map(|(_, state)| state.clone()));
            }
        }
        for stream in streams.iter().filter_map(Object::reference) {
            self.explain_single(stream, class, &format!("{what}: its appearance"));
        }
        Ok(())
    }
}

/// Whether a widget shows nothing: it has no extent, or is hidden (table 165, bit 2).
fn is_invisible(view: &View<'_, '_>, widget: &Dictionary) -> Result<bool, ReadError> {
    let rect = view.value(widget, "Rect")?;
    let corners: Vec<f64> = rect.array().unwrap_or_default().iter().filter_map(Object::number).collect();
    let is_empty = matches!(corners[..], [x, y, u, v] if x == u || y == v);
    let flags = view.value(widget, "F")?.integer().unwrap_or(0);
    Ok(is_empty || flags & 1 << 1 != 0)
}
