//! The names in expressions: the record's fields, the layout's `let`s and metadata, a part's parameters, `layout` and `page`.
//!
//! In: what each name stands for, and a [`Scope`](super::scope::Scope)'s values. Out: what the interpreter looks names up in.
//! Invariant: a name means the same thing for every record; only the fields' values differ.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use minijinja::value::{Object, ValueKind};

use super::content::{self, Content};
use super::scope::{Facts, LOOP_FACTS};
use super::value::Decimal;

/// Metadata entries by name, in the author's order.
pub(in crate::compile) type Metadata = Arc<[(String, Arc<Content>)]>;

/// The content of the entry `name`.
pub(in crate::compile) fn entry<'m>(metadata: &'m Metadata, name: &str) -> Option<&'m Arc<Content>> {
    metadata.iter().find(|(n, _)| n == name).map(|(_, content)| content)
}

/// Metadata in expressions: texts, as they travel in the document.
#[derive(Debug)]
struct MetadataTexts {
    entries: Metadata,
    evaluation: Arc<Evaluation>,
}

impl Object for MetadataTexts {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        let value = self.evaluation.value_of(entry(&self.entries, key.as_str()?)?);
        let failed = value.kind() == ValueKind::Invalid;
        Some(if failed { value } else { content::text_of(&value).into() })
    }
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(in crate::compile) enum Binding {
    /// A field of the record.
    Field(usize),
    /// A `let`, a parameter, or one of the layout's own facts.
    Fixed(minijinja::Value),
    /// The present row of a loop over this field.
    Row(usize),
    /// Where a loop over this field stands.
    Loop(usize),
    /// The page that is being laid.
    Page,
    /// A `let` or a parameter that depends on the record.
    Content(Arc<Content>),
    /// The layout's metadata, by name.
    Metadata(Metadata),
    /// The metadata in what they are made of themselves.
    MetadataToCome,
    /// A `let` or a parameter with a mistake, which is reported: what uses it is not reported again.
    Broken,
}

impl Binding {
    /// A name for `content`.
    pub(in crate::compile) fn of(content: Option<Content>) -> Binding {
        let Some(content) = content else { return Binding::Broken };
        match content.as_literal() {
            Some(text) => Binding::Fixed(text.into()),
            None => Binding::Content(Arc::new(content)),
        }
    }
}

/// The names in one place of the layout.
#[derive(Clone, Debug, Default)]
pub(in crate::compile) struct Names {
    bindings: BTreeMap<String, Binding>,
    /// Which of the compiler's declarations a name is.
    declarations: BTreeMap<String, usize>,
}

impl Names {
    pub(in crate::compile) fn bind(&mut self, name: impl Into<String>, binding: Binding) {
        self.bindings.insert(name.into(), binding);
    }

    pub(in crate::compile) fn get(&self, name: &str) -> Option<&Binding> {
        self.bindings.get(name)
    }

    /// Says which declaration `name` is.
    pub(in crate::compile) fn declare(&mut self, name: &str, declaration: usize) {
        self.declarations.insert(name.to_owned(), declaration);
    }

    /// Which declaration `name` is, if it is one.
    pub(in crate::compile) fn declaration(&self, name: &str) -> Option<usize> {
        self.declarations.get(name).copied()
    }

    /// Takes over what `names` stand for in `other`.
    pub(in crate::compile) fn extend_from<'n>(
        &mut self,
        other: &Names,
        names: impl IntoIterator<Item = &'n str>,
    ) {
        for name in names {
            if let Some(binding) = other.get(name) {
                self.bind(name, binding.clone());
            }
        }
    }

    /// The names that may be used here.
    pub(in crate::compile) fn known(&self) -> impl Iterator<Item = &str> {
        let usable = self.bindings.iter().filter(|(_, binding)| !matches!(binding, Binding::MetadataToCome));
        usable.map(|(name, _)| name.as_str())
    }

    /// What the interpreter looks names up in.
    pub(in crate::compile) fn context(names: &Arc<Names>, evaluation: &Arc<Evaluation>) -> minijinja::Value {
        let (names, evaluation) = (Arc::clone(names), Arc::clone(evaluation));
        minijinja::Value::from_object(Context(Arc::new(AsGiven { names, evaluation })))
    }
}

/// One content or condition being worked out. A `let` that others use is worked out once: thirty `let`s that each use the
/// one before twice would otherwise take 2³⁰ steps.
#[derive(Debug)]
pub(in crate::compile) struct Evaluation {
    fields: Arc<[minijinja::Value]>,
    facts: Facts,
    /// By the content's address, which the names keep in place.
    lets: Mutex<BTreeMap<usize, minijinja::Value>>,
}

impl Evaluation {
    pub(in crate::compile) fn new(fields: &Arc<[minijinja::Value]>, facts: Facts) -> Arc<Evaluation> {
        Arc::new(Evaluation { fields: Arc::clone(fields), facts, lets: Mutex::default() })
    }

    /// The row that a loop stands at, from 0; for sample values the first.
    pub(in crate::compile) fn row(&self) -> usize {
        self.facts.turn.map_or(0, |turn| turn.row)
    }

    /// `loop` in a loop over `list`.
    fn loop_facts(&self, list: usize) -> minijinja::Value {
        let (row, length) = (self.row(), self.field(list).and_then(|rows| rows.len()).unwrap_or(0));
        let values: [minijinja::Value; 4] =
            [(row + 1).into(), (row == 0).into(), (row + 1 == length).into(), length.into()];
        minijinja::Value::from_pairs(LOOP_FACTS.into_iter().zip(values))
    }

    pub(in crate::compile) fn field(&self, index: usize) -> Option<minijinja::Value> {
        self.fields.get(index).cloned()
    }

    fn value_of(self: &Arc<Self>, content: &Arc<Content>) -> minijinja::Value {
        let lets = || self.lets.lock().expect("no evaluation panics while it holds the values");
        let key = Arc::as_ptr(content).addr();
        if let Some(value) = lets().get(&key) {
            return value.clone();
        }
        let value = content.value_in(self).and_then(content::bounded).unwrap_or_else(minijinja::Value::from);
        lets().insert(key, value.clone());
        value
    }
}

/// The name through which an expression prints a decimal with its digits: `as_given.score`. Authors cannot write it.
pub(in crate::compile) const AS_GIVEN: &str = "as_given";

/// The names, and [`AS_GIVEN`]. Decimals are numbers to compute with.
#[derive(Debug)]
struct Context(Arc<AsGiven>);

impl Object for Context {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        if key.as_str() == Some(AS_GIVEN) {
            return Some(minijinja::Value::from_dyn_object(Arc::clone(&self.0)));
        }
        let value = self.0.get_value(key)?;
        Some(value.downcast_object_ref::<Decimal>().map(Decimal::number).unwrap_or(value))
    }
}

/// The names, with decimals as they print.
#[derive(Debug)]
struct AsGiven {
    names: Arc<Names>,
    evaluation: Arc<Evaluation>,
}

impl Object for AsGiven {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        match self.names.get(key.as_str()?)? {
            Binding::Field(index) => self.evaluation.field(*index),
            Binding::Fixed(value) => Some(value.clone()),
            Binding::Row(list) => self.evaluation.field(*list)?.get_item_by_index(self.evaluation.row()).ok(),
            Binding::Loop(list) => Some(self.evaluation.loop_facts(*list)),
            Binding::Page => Some(self.evaluation.facts.page.value()),
            Binding::Metadata(entries) => {
                let (entries, evaluation) = (Arc::clone(entries), Arc::clone(&self.evaluation));
                Some(minijinja::Value::from_object(MetadataTexts { entries, evaluation }))
            }
            Binding::Broken | Binding::MetadataToCome => None,
            Binding::Content(content) => Some(self.evaluation.value_of(content)),
        }
    }
}
