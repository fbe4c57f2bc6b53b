//! Custom tags: which page objects show which field, and the text of those objects. GB/T 33190-2016, chapter 16.
//!
//! In: a [`Package`] whose CustomTags name a tag file of certpress. Out: [`TaggedField`]s in the file's order.
//! Invariant: an object that is named is there; one that is not is an error, because what stands for a field must not vanish.

use std::collections::BTreeMap;

use super::document::Structure;
use super::error::ReadError;
use super::package::Package;
use super::page_xml::PageXml;
use super::xml::Element;

/// The namespace of certpress' tag files.
const NAMESPACE: &str = "urn:certpress:fields:1";

/// Tag files of one document; certpress writes one.
const MAX_FILES: usize = 16;

/// A field and the objects that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaggedField {
    /// The field's name in the layout.
    pub name: String,
    /// In painting order.
    pub objects: Vec<TaggedObject>,
}

/// A page object that shows a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaggedObject {
    /// Index of the page.
    pub page: usize,
    /// The object's ID.
    pub id: u32,
    /// The object's characters; `None` for one that is no text.
    pub text: Option<String>,
}

impl TaggedField {
    /// The text of its objects, one after the other. Objects begin and end without space and know no line ends, so compare it
    /// with a value from which white space was taken.
    pub fn text(&self) -> String {
        self.objects.iter().filter_map(|object| object.text.as_deref()).collect()
    }
}

/// What the document's custom tags say; empty without any.
///
/// # Errors
/// A tag file is broken, or names a page or an object that is not there.
pub fn fields(package: &Package<'_>) -> Result<Vec<TaggedField>, ReadError> {
    tagged(&PageXml::new(package))
}

/// As [`fields`], for one who reads the pages as well.
pub(super) fn tagged(pages: &PageXml<'_>) -> Result<Vec<TaggedField>, ReadError> {
    let package = pages.package;
    let structure = Structure::of(package)?;
    let Some(list) = &structure.tags else { return Ok(Vec::new()) };
    let mut objects = ObjectTexts { pages, structure, read: BTreeMap::new() };
    let mut fields = Vec::new();
    let xml = package.xml(list)?;
    let ours = |tag: &Element<'_>| tag.attr("NameSpace") == Some(NAMESPACE);
    for (i, tag) in xml.root("CustomTags")?.all("CustomTag").filter(ours).enumerate() {
        if i == MAX_FILES {
            return Err(ReadError::limit("tag files", MAX_FILES as u64, list));
        }
        let file = package.locate(list, &tag.need("FileLoc")?.text())?;
        let xml = package.xml(file)?;
        for field in xml.any_root().children() {
            fields.push(objects.field(field)?);
        }
    }
    Ok(fields)
}

/// The objects of pages that were asked for, by their IDs: characters, or `None` for what is no text.
struct ObjectTexts<'s, 'p> {
    pages: &'s PageXml<'p>,
    structure: &'s Structure,
    read: BTreeMap<usize, BTreeMap<u32, Option<String>>>,
}

impl ObjectTexts<'_, '_> {
    fn field(&mut self, field: Element<'_>) -> Result<TaggedField, ReadError> {
        let mut objects = Vec::new();
        for reference in field.children().filter(|c| c.is("ObjectRef")) {
            let page = self.structure.page_ref(reference)?;
            let id = reference.text().trim().parse();
            let id: u32 = id.map_err(|_| reference.malformed("an object reference that is no number"))?;
            let text = self.page(page)?.get(&id).cloned();
            let text =
                text.ok_or_else(|| reference.malformed(format!("page {} has no object {id}", page + 1)))?;
            objects.push(TaggedObject { page, id, text });
        }
        Ok(TaggedField { name: field.name().to_owned(), objects })
    }

    fn page(&mut self, page: usize) -> Result<&BTreeMap<u32, Option<String>>, ReadError> {
        if !self.read.contains_key(&page) {
            let part = self.structure.pages.get(page).map_or("", |page| page.part.as_str());
            let xml = self.pages.get(part)?;
            let mut texts = BTreeMap::new();
            for layer in xml.root("Page")?.all("Content").flat_map(|content| content.all("Layer")) {
                collect(layer, &mut texts)?;
            }
            self.read.insert(page, texts);
        }
        Ok(self.read.entry(page).or_default())
    }
}

/// The objects of a layer or a page block, which may hold blocks. The XML's depth bounds the recursion.
fn collect(block: Element<'_>, texts: &mut BTreeMap<u32, Option<String>>) -> Result<(), ReadError> {
    for object in block.children() {
        let text: Option<String> =
            object.is("TextObject").then(|| object.all("TextCode").map(Element::text).collect());
        if object.is("PageBlock") {
            collect(object, texts)?;
        } else if texts.insert(object.id("ID")?, text).is_some() {
            return Err(object.malformed(format!("two objects with the ID {}", object.id("ID")?)));
        }
    }
    Ok(())
}
