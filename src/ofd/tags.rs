//! CustomTags.xml and the tag file: which page objects show which field. GB/T 33190-2016, chapter 16.
//!
//! In: tagged objects, page by page. Out: a list with one tag file. The list is as in the schema CustomTags.xsd of annex A (CustomTag
//! with NameSpace and FileLoc); the standard leaves the tag file's elements to its namespace, and ours follows the published
//! invoices: an element a field, `ObjectRef` with `PageRef` in it for each object.
//! Invariant: fields come in the layout's order, objects in painting order.

use super::content::Tagged;
use super::package::Part;
use super::xml::Xml;
use super::{PackagePath, WriteError, res};

/// The namespace of the field elements.
const NAMESPACE: &str = "urn:certpress:fields:1";

/// Writes both parts; None when no object shows a field. `pages` holds a page's ID and its tagged objects.
pub(super) fn write(
    names: &[String],
    pages: &[(u32, Vec<Tagged>)],
    parts: &mut Vec<Part>,
) -> Result<Option<PackagePath>, WriteError> {
    let mut objects: Vec<(usize, u32, u32)> = Vec::new();
    for (page, tagged) in pages {
        objects.extend(tagged.iter().map(|&(tag, object)| (usize::from(tag), *page, object)));
    }
    if objects.is_empty() {
        return Ok(None);
    }
    objects.sort_by_key(|&(tag, ..)| tag);

    let list = PackagePath::known("Doc_0/Tags/CustomTags.xml");
    let file = PackagePath::known("Doc_0/Tags/Fields.xml");
    let mut xml = Xml::new();
    xml.root("ofd:CustomTags").open();
    xml.element("ofd:CustomTag").attr("NameSpace", NAMESPACE).open();
    xml.leaf("ofd:FileLoc", file.absolute());
    xml.close("ofd:CustomTag");
    xml.close("ofd:CustomTags");
    let data = xml.finish(&list)?;
    parts.push(Part::plain(list.clone(), data));

    let mut xml = Xml::new();
    xml.root("Fields").attr("xmlns", NAMESPACE).open();
    for group in objects.chunk_by(|a, b| a.0 == b.0) {
        let tag = group[0].0;
        let name = names.get(tag).ok_or_else(|| res::dangling(&file, "tag", tag))?;
        if !is_element_name(name) {
            return Err(WriteError::TagName(name.clone()));
        }
        xml.element(name).open();
        for &(_, page, object) in group {
            xml.element("ofd:ObjectRef").attr("PageRef", page).value(object);
        }
        xml.close(name);
    }
    xml.close("Fields");
    let data = xml.finish(&file)?;
    parts.push(Part::plain(file, data));
    Ok(Some(list))
}

/// An NCName of ASCII letters.
fn is_element_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}
