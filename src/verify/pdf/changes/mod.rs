//! What a revision changes of the document before it, and whether a signature may let it pass (ISO 32000-1, 12.8.2.2; ISO 32000-2, 12.8.2.2.2).
//!
//! In: a file and the number of a revision. Out: a [`Change`] for each object that it writes or frees.
//! Invariant: an object is explained by what it is in the older document, from the catalog down; what nothing explains is
//! [`Class::Other`]. An object that two places of the older document use is never explained by one of them.

mod catalog;
mod form;
mod pages;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::pdf::read::{Dictionary, File, Id, Object, ReadError, View};

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

    /// Explains an object that changed, or else tells that its owner did.
    fn explain_or_note(&mut self, id: Id, class: Class, what: &str) {
        if self.changed.contains(&id.number) {
            self.explain(id, class, what);
        } else if class > Class::Harmless {
            self.of_trailer.push(Change { place: id.to_string(), what: what.to_owned(), class });
        }
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
