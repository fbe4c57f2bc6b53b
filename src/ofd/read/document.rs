//! Document.xml: what the document consists of. GB/T 33190-2016, 7.5.
//!
//! In: a [`Package`]. Out: [`Structure`]: the names of the parts that make the document, in reading order.
//! Invariant: every part it names is there.

use super::body;
use super::error::ReadError;
use super::package::Package;
use super::xml::Element;

/// A page, or a page template, and its part.
#[derive(Clone, Debug)]
pub(super) struct PagePart {
    pub(super) id: u32,
    pub(super) part: String,
}

/// What Document.xml names.
#[derive(Clone, Debug)]
pub(super) struct Structure {
    pub(super) pages: Vec<PagePart>,
    pub(super) tags: Option<String>,
    pub(super) attachments: Option<String>,
}

impl Structure {
    /// Reads OFD.xml and Document.xml.
    pub(super) fn read(package: &Package<'_>) -> Result<Structure, ReadError> {
        let body = body::body(package)?;
        let xml = package.xml(&body.root)?;
        let root = xml.root("Document")?;
        let part_of = |location: &str| package.locate(&body.root, location).map(str::to_owned);
        let page = |element: Element<'_>| {
            Ok(PagePart { id: element.id("ID")?, part: part_of(element.need_attr("BaseLoc")?)? })
        };
        let single = |name| root.child(name).map(|element| part_of(&element.text())).transpose();
        Ok(Structure {
            pages: root.need("Pages")?.all("Page").map(page).collect::<Result<_, ReadError>>()?,
            tags: single("CustomTags")?,
            attachments: single("Attachments")?,
        })
    }
}
