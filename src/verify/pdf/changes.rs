//! What a revision changes of the document before it, and whether a signature may let it pass (ISO 32000-1, 12.8.2.2; ISO 32000-2, 12.8.2.2.2).
//!
//! In: a file and the number of a revision. Out: a [`Change`] for each object that it writes or frees.
//! Invariant: an object is explained by what it is in the older document, from the catalog down; what nothing explains is
//! [`Class::Other`]. An object that two places of the older document use is never explained by one of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::pdf::read::{
    Dictionary, Field, File, Id, Object, ReadError, View, Xmp, catalog, fields, pages, xmp,
};

/// A change, from what no signature minds to what each does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// Nothing that shows or means something: new objects for the others, dates of the file, a copy of what was there.
    Harmless,
    /// A document timestamp, or what later verification needs (DSS, ISO 32000-2, 12.8.4.3).
    Archiving,
    /// A signature in a field that waited for it, or in a new one that shows nothing.
    Signing,
    /// A value of another field.
    Filling,
    /// What the document says of itself.
    Metadata,
    /// An annotation that is no field.
    Annotating,
    /// Anything else.
    Other,
}

/// What a revision does to one object.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// The object, or `trailer`.
    pub(super) place: String,
    /// What kind of object it is, and what became of it.
    pub(super) what: String,
    pub(super) class: Class,
}

/// The changes of revision `index`, which is not the first.
pub(super) fn changes(file: &File<'_>, index: usize) -> Result<Vec<Change>, ReadError> {
    let (old, new) = (file.view(index - 1), file.view(index));
    let mut comparison = Comparison {
        changed: file.revisions()[index].changed.iter().copied().collect(),
        uses: uses(&old)?,
        old,
        new,
        explained: BTreeMap::new(),
        of_trailer: Vec::new(),
        new_fields: HashMap::new(),
    };
    comparison.trailer()?;
    comparison.catalog()?;
    comparison.fields()?;
    comparison.pages()?;
    comparison.finish()
}

/// How often the objects of a document refer to each of them.
fn uses(view: &View<'_, '_>) -> Result<HashMap<u32, u32>, ReadError> {
    let mut uses = HashMap::new();
    for number in view.numbers() {
        let object = view.by_number(number)?;
        // A cross-reference stream is its revision's trailer.
        if object.dictionary().is_some_and(|entries| entries.is("Type", "XRef")) {
            continue;
        }
        object.references(&mut |id| *uses.entry(id.number).or_insert(0) += 1);
    }
    Ok(uses)
}

struct Comparison<'f, 'a> {
    old: View<'f, 'a>,
    new: View<'f, 'a>,
    changed: BTreeSet<u32>,
    uses: HashMap<u32, u32>,
    explained: BTreeMap<u32, (Class, String)>,
    of_trailer: Vec<Change>,
    /// Signature fields that are new, and their widgets.
    new_fields: HashMap<Id, Class>,
}

impl Comparison<'_, '_> {
    /// Explains `id`, if it changed; of two explanations the worse one counts.
    fn explain(&mut self, id: Id, class: Class, what: impl Into<String>) {
        if !self.changed.contains(&id.number) {
            return;
        }
        let what = what.into();
        match self.explained.get(&id.number) {
            Some((known, _)) if *known >= class => {}
            _ => {
                self.explained.insert(id.number, (class, what));
            }
        }
    }

    /// The same for an object that may stand in one place alone.
    fn explain_single(&mut self, id: Id, class: Class, what: &str) {
        if self.uses.get(&id.number).copied().unwrap_or(0) > 1 {
            self.explain(id, Class::Other, format!("{what} which other objects use too"));
        } else {
            self.explain(id, class, what);
        }
    }

    /// Table 15: the entries that decide what the document is.
    fn trailer(&mut self) -> Result<(), ReadError> {
        let (old, new) = (self.old.trailer(), self.new.trailer());
        let mut add = |what: &str, class| {
            self.of_trailer.push(Change { place: "trailer".into(), what: what.into(), class });
        };
        if old.get("Root") != new.get("Root") {
            add("another catalog", Class::Other);
        }
        if old.get("Info").is_some() && new.get("Info").is_none() {
            add("no information dictionary any more", Class::Metadata);
        }
        let info = |view: &View<'_, '_>, trailer: &Dictionary| -> Result<Dictionary, ReadError> {
            let mut entries = match view.value(trailer, "Info")? {
                Object::Dictionary(entries) => entries,
                _ => Dictionary::default(),
            };
            // What a program notes down that saves a file.
            for key in ["ModDate", "Producer", "Creator", "CreationDate"] {
                entries.remove(key);
            }
            Ok(entries)
        };
        let same = info(&self.old, old)? == info(&self.new, new)?;
        let class = if same { Class::Harmless } else { Class::Metadata };
        if let Some(Object::Reference(id)) = new.get("Info") {
            self.explain_single(*id, class, "the information dictionary");
        }
        if !same && old.get("Info") != new.get("Info") {
            self.of_trailer.push(Change {
                place: "trailer".into(),
                what: "another information dictionary".into(),
                class,
            });
        }
        Ok(())
    }

    fn catalog(&mut self) -> Result<(), ReadError> {
        let ((id, old), (_, new)) = (catalog(&self.old)?, catalog(&self.new)?);
        for key in differing(&old, &new) {
            let class = match key.as_str() {
                "AcroForm" => Class::Harmless,
                "DSS" | "Extensions" | "Version" => Class::Archiving,
                "Metadata" => Class::Harmless,
                _ => Class::Other,
            };
            self.explain(id, class, format!("the catalog's /{key}"));
        }
        self.explain(id, Class::Harmless, "the catalog");
        self.metadata(&old, &new)?;
        self.security_store(&old)?;
        self.form(id, &old, &new)
    }

    /// 14.3.2: a packet that says the same in what is read of it is the same.
    fn metadata(&mut self, old: &Dictionary, new: &Dictionary) -> Result<(), ReadError> {
        let of = |catalog: &Dictionary| catalog.get("Metadata").and_then(Object::reference);
        let (before, after) = (of(old), of(new));
        if before == after && before.is_none_or(|id| !self.changed.contains(&id.number)) {
            return Ok(());
        }
        let nothing = Xmp { is_read: true, ..Xmp::default() };
        let said = |view| xmp(view).map(|packet| packet.unwrap_or_else(|| nothing.clone()));
        let (was, is) = (said(&self.old)?, said(&self.new)?);
        // One that cannot be read is never the same.
        let same = was == is && was.is_read;
        let class = if same { Class::Harmless } else { Class::Metadata };
        match after.or(before) {
            Some(id) if self.changed.contains(&id.number) && self.old.has(id.number) => {
                self.explain_single(id, class, "the metadata");
            }
            _ => {
                let (catalog, _) = catalog(&self.new)?;
                self.explain(catalog, class, "the catalog's /Metadata");
            }
        }
        Ok(())
    }

    /// ISO 32000-2, 12.8.4.3: its dictionaries and arrays may grow; the streams in them are new.
    fn security_store(&mut self, old: &Dictionary) -> Result<(), ReadError> {
        let mut containers: Vec<Object> = old.get("DSS").cloned().into_iter().collect();
        let mut depth = 0;
        // DSS, then VRI and the arrays, then the entries of VRI, then their arrays.
        while depth < 4 && !containers.is_empty() {
            let mut inside = Vec::new();
            for container in &containers {
                let object = self.old.resolve(container)?;
                if !matches!(object, Object::Dictionary(_) | Object::Array(_)) {
                    continue;
                }
                if let Some(id) = container.reference() {
                    self.explain_single(id, Class::Archiving, "the document's security store");
                }
                if let Object::Dictionary(entries) = object {
                    inside.extend(entries.iter().map(|(_, value)| value.clone()));
                }
            }
            containers = inside;
            depth += 1;
        }
        Ok(())
    }

    /// 12.7.2.
    fn form(&mut self, of: Id, old: &Dictionary, new: &Dictionary) -> Result<(), ReadError> {
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

    /// Explains an object that changed, or else tells that its owner did.
    fn explain_or_note(&mut self, id: Id, class: Class, what: &str) {
        if self.changed.contains(&id.number) {
            self.explain(id, class, what);
        } else if class > Class::Harmless {
            self.of_trailer.push(Change { place: id.to_string(), what: what.to_owned(), class });
        }
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
    fn fields(&mut self) -> Result<(), ReadError> {
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

    /// 7.7.3.3: of a page nothing but its annotations may change.
    fn pages(&mut self) -> Result<(), ReadError> {
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

    /// What has not been explained yet.
    fn finish(mut self) -> Result<Vec<Change>, ReadError> {
        let mut changes = std::mem::take(&mut self.of_trailer);
        for &number in &self.changed {
            let (was, is) = (self.old.has(number), self.new.has(number));
            let is_used = self.uses.get(&number).copied().unwrap_or(0) > 0;
            let (old, new) = (self.old.by_number(number)?, self.new.by_number(number)?);
            let (class, what) = match self.explained.remove(&number) {
                Some((class, what)) => (class, what),
                None if was && !is && is_used => (Class::Other, format!("{}, deleted", kind(&old))),
                None if !was && is_used => (
                    Class::Other,
                    format!("{}, which the document referred to before it was there", kind(&new)),
                ),
                None if !was || !is => (Class::Harmless, format!("{}, added", kind(&new))),
                None if same(&self.old, &old, &new) => {
                    (Class::Harmless, format!("{}, as before", kind(&new)))
                }
                None => (Class::Other, format!("{}, changed", kind(&new))),
            };
            changes.push(Change { place: number.to_string(), what, class });
        }
        changes.sort_by_key(|change| std::cmp::Reverse(change.class));
        Ok(changes)
    }
}

/// The keys whose values differ.
fn differing(old: &Dictionary, new: &Dictionary) -> Vec<String> {
    let keys = old.iter().chain(new.iter()).map(|(key, _)| String::from_utf8_lossy(key).into_owned());
    let keys: BTreeSet<String> = keys.collect();
    keys.into_iter().filter(|key| old.get(key) != new.get(key)).collect()
}

/// Whether a widget shows nothing: it has no extent, or is hidden (table 165, bit 2).
fn is_invisible(view: &View<'_, '_>, widget: &Dictionary) -> Result<bool, ReadError> {
    let rect = view.value(widget, "Rect")?;
    let corners: Vec<f64> = rect.array().unwrap_or_default().iter().filter_map(Object::number).collect();
    let is_empty = matches!(corners[..], [x, y, u, v] if x == u || y == v);
    let flags = view.value(widget, "F")?.integer().unwrap_or(0);
    Ok(is_empty || flags & 1 << 1 != 0)
}

fn same(view: &View<'_, '_>, old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Stream(a), Object::Stream(b)) if a.dictionary.is("Type", "XRef") => {
            b.dictionary.is("Type", "XRef")
        }
        (Object::Stream(a), Object::Stream(b)) => {
            let bytes = view.file().bytes();
            a.dictionary == b.dictionary && bytes.get(a.data.clone()) == bytes.get(b.data.clone())
        }
        (Object::Stream(_), _) | (_, Object::Stream(_)) => false,
        (a, b) => a == b,
    }
}

/// What an object is, for a message.
fn kind(object: &Object) -> String {
    let word = match object {
        Object::Null => "nothing",
        Object::Bool(_) | Object::Integer(_) | Object::Real(_) => "a number",
        Object::String(_) => "a string",
        Object::Name(_) => "a name",
        Object::Array(_) => "an array",
        Object::Dictionary(_) => "a dictionary",
        Object::Reference(_) => "a reference",
        Object::Stream(_) => "a stream",
    };
    let name = |key: &str| {
        let name = object.dictionary().and_then(|entries| entries.get(key)).and_then(Object::name);
        name.map(|name| format!(" /{}", String::from_utf8_lossy(name))).unwrap_or_default()
    };
    format!("{word}{}{}", name("Type"), name("Subtype"))
}
