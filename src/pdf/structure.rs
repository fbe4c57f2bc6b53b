//! Structure: the pages as they are read aloud (ISO 32000-1, 14.7 and 14.8).
//!
//! In: which marked content of each page belongs to which of its parts. Out: structure elements, the tree that orders them, and the parent
//! tree that leads back from content.
//! Invariant: what is painted is marked either as an artifact or as content of exactly one element; elements follow one another in the
//! layout's order, whichever stream paints them.

use lopdf::ObjectId;

use super::entries::{Entries, Value, Written, entries, name, text_string};
use super::object::Body;
use crate::page::{Part, Role};

/// The content of a stream that belongs to one part of its page.
#[derive(Clone, Debug)]
pub(super) struct Marked {
    pub(super) part: Part,
    /// Marked-content identifiers, counted over all streams of the page.
    pub(super) contents: Vec<i64>,
}

/// The structure type of a role (14.8.4).
pub(super) fn tag(role: &Role) -> &'static str {
    match role {
        Role::Heading => "H1",
        Role::Paragraph => "P",
        Role::Figure(_) => "Figure",
    }
}

/// Writes a structure element (table 323) for each part; `document` is to be its parent, `page` shows it.
pub(super) fn write(body: &mut Body, parts: &[Marked], document: ObjectId, page: ObjectId) -> Vec<ObjectId> {
    let write = |marked: &Marked| {
        let mut element = entries! { "S" => name(tag(&marked.part.role)), "P" => document, "Pg" => page };
        if let Role::Figure(alternative) = &marked.part.role {
            element.set("Alt", text_string(alternative));
        }
        match marked.contents[..] {
            [only] => element.set("K", only),
            _ => element.set("K", &marked.contents),
        }
        body.add(element)
    };
    parts.iter().map(write).collect()
}

/// The tree of a file under construction.
#[derive(Debug)]
pub(super) struct Structure {
    /// The element that holds all others.
    pub(super) document: ObjectId,
    kids: Vec<ObjectId>,
    /// By the numbers that pages and annotations go by in the parent tree.
    parents: Vec<Parents>,
}

/// What leads back to the elements.
#[derive(Debug)]
enum Parents {
    /// Of a page, by marked-content identifier.
    Page(Vec<Option<ObjectId>>),
    Annotation(ObjectId),
}

impl Structure {
    pub(super) fn new(document: ObjectId) -> Structure {
        Structure { document, kids: Vec::new(), parents: Vec::new() }
    }

    /// Adds the elements of a page; the answer is for its /StructParents.
    pub(super) fn add_page(&mut self, mut parts: Vec<(&Marked, ObjectId)>) -> i64 {
        parts.sort_by_key(|(marked, _)| (marked.part.element, marked.part.number));
        self.kids.extend(parts.iter().map(|(_, element)| *element));
        let last = parts.iter().flat_map(|(marked, _)| &marked.contents).max();
        let mut parents = vec![None; last.map_or(0, |last| *last as usize + 1)];
        for (marked, element) in parts {
            marked.contents.iter().for_each(|content| parents[*content as usize] = Some(element));
        }
        self.parents.push(Parents::Page(parents));
        self.parents.len() as i64 - 1
    }

    /// Adds the element of a form field (14.8.4.5); the answer is for the /StructParent of its widget.
    pub(super) fn add_field(&mut self, body: &mut Body, widget: ObjectId, page: ObjectId) -> i64 {
        let content = entries! { "Type" => name("OBJR"), "Obj" => widget };
        let form = entries! { "S" => name("Form"), "P" => self.document, "Pg" => page, "K" => content };
        let element = body.add(form);
        self.kids.push(element);
        self.parents.push(Parents::Annotation(element));
        self.parents.len() as i64 - 1
    }

    /// Writes the tree; the entries are for the catalog.
    pub(super) fn close(self, body: &mut Body, catalog: &mut Entries) {
        let root = body.reserve();
        let document = entries! { "S" => name("Document"), "P" => root, "K" => self.kids };
        body.put(self.document, document);
        let mut numbers = vec![b'['];
        for (number, parents) in (0i64..).zip(&self.parents) {
            number.write(&mut numbers);
            parents.write(&mut numbers);
        }
        numbers.push(b']');
        let parent_tree = entries! { "Nums" => Written(numbers) };
        let entries =
            entries! { "Type" => name("StructTreeRoot"), "K" => self.document, "ParentTree" => parent_tree };
        body.put(root, entries);
        catalog.set("MarkInfo", entries! { "Marked" => true });
        catalog.set("StructTreeRoot", root);
    }
}

impl Parents {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Parents::Page(elements) => {
                out.push(b'[');
                for element in elements {
                    match element {
                        Some(element) => element.write(out),
                        None => out.extend_from_slice(b"null"),
                    }
                    out.push(b' ');
                }
                out.push(b']');
            }
            Parents::Annotation(element) => {
                out.push(b' ');
                element.write(out);
                out.push(b' ');
            }
        }
    }
}
