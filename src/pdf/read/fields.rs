//! The interactive form's fields (ISO 32000-1, 12.7).
//!
//! In: a [`View`]. Out: [`Field`]s, the terminal ones, with what they inherit. Invariant: each object of the tree is entered once.

use std::collections::HashSet;

use super::error::ReadError;
use super::file::View;
use super::object::{Dictionary, Id, Object};
use super::string;

/// How deep fields may lie in one another.
const DEPTH: usize = 32;

/// A field without further fields below.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its object.
    pub id: Id,
    /// Its name with those of its parents, joined by periods.
    pub name: String,
    /// /FT: `Sig`, `Tx`, `Btn`, `Ch`.
    pub kind: Vec<u8>,
    /// Its value, unresolved.
    pub value: Option<Object>,
    /// Where it shows: itself, or its kids.
    pub widgets: Vec<Id>,
}

impl Field {
    /// Whether it is a signature field.
    pub fn is_signature(&self) -> bool {
        self.kind == b"Sig"
    }
}

/// The dictionary of the interactive form, if the document has one.
///
/// # Errors
/// The catalog or the form cannot be read.
pub fn form(view: &View<'_, '_>) -> Result<Option<Dictionary>, ReadError> {
    let catalog = super::document::catalog(view)?.1;
    match view.value(&catalog, "AcroForm")? {
        Object::Dictionary(form) => Ok(Some(form)),
        Object::Null => Ok(None),
        _ => Err(ReadError::Unsupported("an interactive form that is no dictionary".into())),
    }
}

/// The fields of the document, in the order of its form.
///
/// # Errors
/// A field cannot be read, or lies in the tree twice.
pub fn fields(view: &View<'_, '_>) -> Result<Vec<Field>, ReadError> {
    let Some(form) = form(view)? else { return Ok(Vec::new()) };
    let mut walk = Walk { view, seen: HashSet::new(), fields: Vec::new() };
    let Object::Array(roots) = view.value(&form, "Fields")? else { return Ok(Vec::new()) };
    let none = Inherited { name: String::new(), kind: Vec::new(), value: None };
    for root in &roots {
        walk.enter(root, &none, 0)?;
    }
    Ok(walk.fields)
}

struct Walk<'v, 'f, 'a> {
    view: &'v View<'f, 'a>,
    seen: HashSet<Id>,
    fields: Vec<Field>,
}

/// What a field has from its parents.
#[derive(Clone)]
struct Inherited {
    name: String,
    kind: Vec<u8>,
    value: Option<Object>,
}

impl Walk<'_, '_, '_> {
    fn enter(&mut self, reference: &Object, above: &Inherited, depth: usize) -> Result<(), ReadError> {
        let Object::Reference(id) = *reference else {
            return Err(ReadError::Unsupported("a field that is no object of its own".into()));
        };
        if !self.seen.insert(id) {
            return Err(ReadError::object(id, "a field that lies in the form twice"));
        }
        if depth > DEPTH {
            return Err(ReadError::object(id, "fields nested too deep"));
        }
        let Object::Dictionary(entries) = self.view.get(id)? else { return Ok(()) };
        let mut own = above.clone();
        if let Object::String(part) = self.view.value(&entries, "T")? {
            if !own.name.is_empty() {
                own.name.push('.');
            }
            own.name.push_str(&string::text(&part));
        }
        if let Object::Name(kind) = self.view.value(&entries, "FT")? {
            own.kind = kind;
        }
        if let Some(value) = entries.get("V") {
            own.value = Some(value.clone());
        }
        let kids = match self.view.value(&entries, "Kids")? {
            Object::Array(kids) => kids,
            _ => Vec::new(),
        };
        let mut widgets = Vec::new();
        let mut is_terminal = true;
        for kid in &kids {
            let is_field = match self.view.resolve(kid)? {
                Object::Dictionary(entries) => entries.has("T"),
                _ => false,
            };
            if is_field {
                is_terminal = false;
                self.enter(kid, &own, depth + 1)?;
            } else if let Some(id) = kid.reference() {
                widgets.push(id);
            }
        }
        if is_terminal {
            if kids.is_empty() {
                widgets.push(id);
            }
            let Inherited { name, kind, value } = own;
            self.fields.push(Field { id, name, kind, value, widgets });
        }
        Ok(())
    }
}
