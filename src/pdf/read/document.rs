//! What a document says and shows: catalog, metadata, attached files, pages (ISO 32000-1, 7.7, 7.11.4 and 14.3).
//!
//! In: a [`View`]. Out: [`Document`]. Invariant: each node of a tree is entered once, and the number of pages is the one that the tree states.

use std::collections::HashSet;

use super::content::{self, Sheet};
use super::error::ReadError;
use super::file::View;
use super::object::{Dictionary, Id, Object};
use super::string;
use super::xmp::{Xmp, parse};

/// How deep pages and names may lie in one another.
const DEPTH: usize = 64;

/// The most attached files that are read.
const MOST_FILES: usize = 64;

/// What a document says and shows.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The XMP packet, if it has one.
    pub xmp: Option<Xmp>,
    /// The information dictionary, texts alone.
    pub information: Vec<(String, String)>,
    /// The pages.
    pub pages: Vec<Id>,
    /// Whether its form is one of XFA, which shows another document than the pages (12.7.8).
    pub has_xfa: bool,
}

/// A file inside the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedFile {
    /// Its name.
    pub name: String,
    /// Its MIME type; empty if it states none.
    pub media_type: String,
    /// Its bytes.
    pub data: Vec<u8>,
}

/// The catalog and its object.
///
/// # Errors
/// There is none.
pub fn catalog(view: &View<'_, '_>) -> Result<(Id, Dictionary), ReadError> {
    let root = view.trailer().get("Root").and_then(Object::reference);
    let root = root.ok_or_else(|| ReadError::Unsupported("a trailer without /Root".into()))?;
    match view.get(root)? {
        Object::Dictionary(catalog) => Ok((root, catalog)),
        _ => Err(ReadError::object(root, "the catalog is no dictionary")),
    }
}

/// The XMP packet of the document, if it has one.
///
/// # Errors
/// It cannot be read.
pub fn xmp(view: &View<'_, '_>) -> Result<Option<Xmp>, ReadError> {
    let (_, catalog) = catalog(view)?;
    match view.value(&catalog, "Metadata")? {
        Object::Stream(stream) => match view.data(&stream).and_then(|data| parse(&data)) {
            Err(ReadError::Unsupported(_)) => Ok(Some(Xmp::default())),
            read => read.map(Some),
        },
        _ => Ok(None),
    }
}

/// Reads what the document says.
///
/// # Errors
/// A part of it cannot be read.
pub fn document(view: &View<'_, '_>) -> Result<Document, ReadError> {
    let (_, catalog) = catalog(view)?;
    let mut information = Vec::new();
    if let Some(info) = view.trailer().get("Info")
        && let Object::Dictionary(entries) = view.resolve(info)?
    {
        for (key, value) in entries.iter() {
            if let Object::String(value) = view.resolve(value)? {
                information.push((string::text(key), string::text(&value)));
            }
        }
    }
    let has_xfa = match view.value(&catalog, "AcroForm")? {
        Object::Dictionary(form) => form.has("XFA"),
        _ => false,
    };
    Ok(Document { xmp: self::xmp(view)?, information, pages: pages(view)?, has_xfa })
}

/// The pages in their order.
///
/// # Errors
/// The tree of pages is broken, or has more than the limits allow.
pub fn pages(view: &View<'_, '_>) -> Result<Vec<Id>, ReadError> {
    let (root, catalog) = catalog(view)?;
    let Some(Object::Reference(tree)) = catalog.get("Pages") else {
        return Err(ReadError::object(root, "the catalog has no /Pages"));
    };
    let (mut seen, mut pages) = (HashSet::new(), Vec::new());
    enter_pages(view, *tree, 0, &mut seen, &mut pages)?;
    Ok(pages)
}

fn enter_pages(
    view: &View<'_, '_>,
    id: Id,
    depth: usize,
    seen: &mut HashSet<Id>,
    pages: &mut Vec<Id>,
) -> Result<(), ReadError> {
    if !seen.insert(id) {
        return Err(ReadError::object(id, "a node that lies in the tree of pages twice"));
    }
    if depth > DEPTH {
        return Err(ReadError::object(id, "pages nested too deep"));
    }
    let Object::Dictionary(node) = view.get(id)? else {
        return Err(ReadError::object(id, "a node of the tree of pages that is no dictionary"));
    };
    if !node.is("Type", "Pages") {
        if node.has("Kids") {
            return Err(ReadError::object(id, "a page for some, a node of the tree of pages for others"));
        }
        pages.push(id);
        let limit = view.limits().pages;
        return if pages.len() > limit {
            Err(ReadError::Limit { what: "pages", limit: limit as u64 })
        } else {
            Ok(())
        };
    }
    let before = pages.len();
    if let Object::Array(kids) = view.value(&node, "Kids")? {
        for kid in &kids {
            let kid = kid.reference().ok_or_else(|| ReadError::object(id, "a page that is no object"))?;
            enter_pages(view, kid, depth + 1, seen, pages)?;
        }
    }
    // Programs that go by the count would miss pages, or show others.
    let stated = view.value(&node, "Count")?.integer();
    let counted = pages.len() - before;
    if stated.and_then(|count| usize::try_from(count).ok()) != Some(counted) {
        return Err(ReadError::object(id, format!("/Count is not the number of pages, {counted}")));
    }
    Ok(())
}

/// A page's content, with what its nodes above it give it.
pub(super) struct PageContent {
    pub(super) operators: Vec<u8>,
    pub(super) resources: Dictionary,
    pub(super) media_box: Object,
}

/// What the page `id` shows.
///
/// # Errors
/// Its content cannot be read.
pub fn sheet(view: &View<'_, '_>, id: Id) -> Result<Sheet, ReadError> {
    let page = content_of(view, id)?;
    content::read(view, &page.operators, &page.resources, &page.media_box)
}

/// The content of the page `id`.
pub(super) fn content_of(view: &View<'_, '_>, id: Id) -> Result<PageContent, ReadError> {
    let inherited = |key: &str| -> Result<Object, ReadError> {
        let mut node = id;
        for _ in 0..DEPTH {
            let Object::Dictionary(entries) = view.get(node)? else { break };
            match view.value(&entries, key)? {
                Object::Null => {}
                found => return Ok(found),
            }
            let Some(Object::Reference(parent)) = entries.get("Parent") else { break };
            node = *parent;
        }
        Ok(Object::Null)
    };
    let Object::Dictionary(page) = view.get(id)? else {
        return Err(ReadError::object(id, "a page that is no dictionary"));
    };
    let streams = match view.value(&page, "Contents")? {
        Object::Array(parts) => parts,
        single => vec![single],
    };
    let mut operators = Vec::new();
    for part in &streams {
        if let Object::Stream(stream) = view.resolve(part)? {
            operators.extend_from_slice(&view.plain(&stream)?);
            // 7.7.3.3: streams divide between tokens.
            operators.push(b'\n');
        }
    }
    let resources = inherited("Resources")?;
    let media_box = inherited("MediaBox")?;
    let resources = resources.dictionary().cloned().unwrap_or_default();
    Ok(PageContent { operators, resources, media_box })
}

/// The attached file `name`, of /EmbeddedFiles.
///
/// # Errors
/// The tree of names or the file cannot be read, or there are two of this name.
pub fn attached(view: &View<'_, '_>, name: &str) -> Result<Option<AttachedFile>, ReadError> {
    let mut attached = None;
    for specification in &specifications(view)? {
        let specification = view.resolve(specification)?;
        let Some(entries) = specification.dictionary() else { continue };
        let [unicode, plain] = file_names(view, entries)?;
        if ![&unicode, &plain].contains(&&Some(name.to_owned())) {
            continue;
        }
        if attached.is_some() || unicode.is_some() && plain.is_some() && unicode != plain {
            return Err(ReadError::Unsupported(format!("attached files with the name {name} and others")));
        }
        attached = Some(attachment(view, name, entries)?);
    }
    Ok(attached)
}

/// The names of the files in /EmbeddedFiles, in their order.
///
/// # Errors
/// The tree of names cannot be read.
pub fn attached_names(view: &View<'_, '_>) -> Result<Vec<String>, ReadError> {
    let mut names = Vec::new();
    for specification in &specifications(view)? {
        if let Some(entries) = view.resolve(specification)?.dictionary() {
            let [unicode, plain] = file_names(view, entries)?;
            names.extend(unicode.or(plain));
        }
    }
    Ok(names)
}

/// The file specifications of /EmbeddedFiles.
fn specifications(view: &View<'_, '_>) -> Result<Vec<Object>, ReadError> {
    let (_, catalog) = catalog(view)?;
    let mut found = Vec::new();
    if let Object::Dictionary(names) = view.value(&catalog, "Names")?
        && let Some(tree) = names.get("EmbeddedFiles")
    {
        enter_names(view, tree, 0, &mut HashSet::new(), &mut found)?;
    }
    Ok(found)
}

/// /UF and /F of a file specification.
fn file_names(view: &View<'_, '_>, entries: &Dictionary) -> Result<[Option<String>; 2], ReadError> {
    let name = |key| view.value(entries, key).map(|object| object.string().map(string::text));
    Ok([name("UF")?, name("F")?])
}

/// 7.9.6: the values of a name tree.
fn enter_names(
    view: &View<'_, '_>,
    node: &Object,
    depth: usize,
    seen: &mut HashSet<Id>,
    found: &mut Vec<Object>,
) -> Result<(), ReadError> {
    if let Some(id) = node.reference()
        && !seen.insert(id)
    {
        return Err(ReadError::object(id, "a node that lies in the tree of names twice"));
    }
    if depth > DEPTH {
        return Err(ReadError::Unsupported("names nested too deep".into()));
    }
    let Object::Dictionary(node) = view.resolve(node)? else { return Ok(()) };
    if let Object::Array(pairs) = view.value(&node, "Names")? {
        for pair in pairs.chunks_exact(2) {
            if found.len() == MOST_FILES {
                return Err(ReadError::Limit { what: "attached files", limit: MOST_FILES as u64 });
            }
            found.push(pair[1].clone());
        }
    }
    if let Object::Array(kids) = view.value(&node, "Kids")? {
        for kid in &kids {
            enter_names(view, kid, depth + 1, seen, found)?;
        }
    }
    Ok(())
}

/// 7.11.3 and 7.11.4.
fn attachment(view: &View<'_, '_>, name: &str, entries: &Dictionary) -> Result<AttachedFile, ReadError> {
    let files = view.value(entries, "EF")?;
    let files = files.dictionary().cloned().unwrap_or_default();
    if let (Some(one), Some(two)) = (files.get("F"), files.get("UF"))
        && one != two
    {
        return Err(ReadError::Unsupported(format!("two attached files of one name: {name}")));
    }
    let Object::Stream(file) = view.value(&files, if files.has("UF") { "UF" } else { "F" })? else {
        return Err(ReadError::Unsupported(format!("an attached file without data: {name}")));
    };
    let media_type = view.value(&file.dictionary, "Subtype")?;
    Ok(AttachedFile {
        name: name.to_owned(),
        media_type: media_type.name().map(|n| String::from_utf8_lossy(n).into_owned()).unwrap_or_default(),
        data: view.data(&file)?,
    })
}
