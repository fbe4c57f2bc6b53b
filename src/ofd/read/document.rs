//! Document.xml: what the document consists of. GB/T 33190-2016, 7.5.
//!
//! In: a [`Package`]. Out: [`Structure`]: the names of the parts that make the document, in reading order.
//! Invariant: no part is a page or a template twice, so that each is read once. Whether a part is there shows when it is read.

use std::collections::{BTreeMap, BTreeSet};

use super::body::{self, DocBody};
use super::error::ReadError;
use super::name;
use super::package::Package;
use super::value;
use super::xml::Element;
use crate::geom::Size;

/// A page, or a page template, and its part.
#[derive(Clone, Debug)]
pub(super) struct PagePart {
    pub(super) id: u32,
    pub(super) part: String,
}

/// What Document.xml names.
#[derive(Clone, Debug)]
pub(super) struct Structure {
    pub(super) body: DocBody,
    /// The sheet of pages that state none.
    pub(super) size: Option<Size>,
    /// PublicRes and DocumentRes, in order.
    pub(super) resources: Vec<String>,
    pub(super) templates: Vec<PagePart>,
    pub(super) pages: Vec<PagePart>,
    /// The place of each page among them, by its ID.
    page_of: BTreeMap<u32, usize>,
    pub(super) tags: Option<String>,
    pub(super) attachments: Option<String>,
    /// What would show on the pages, or change how they show, and is not read here.
    pub(super) unread: Option<&'static str>,
}

impl Structure {
    /// What OFD.xml and Document.xml say.
    pub(super) fn of<'p>(package: &'p Package<'_>) -> Result<&'p Structure, ReadError> {
        package.read.structure.get(|| Structure::read(package))
    }

    fn read(package: &Package<'_>) -> Result<Structure, ReadError> {
        let body = body::body(package)?.clone();
        let xml = package.xml(&body.root)?;
        let root = xml.root("Document")?;
        let common = root.need("CommonData")?;
        let part_of = |element: Element<'_>, location: &str| {
            let outside = || element.malformed(format!("a location outside of the package: {location}"));
            let name = name::resolve(&body.root, location).ok_or_else(outside)?;
            Ok(package.find(&body.root, &name).map_or(name.clone(), str::to_owned))
        };
        let single = |name| root.child(name).map(|element| part_of(element, &element.text())).transpose();
        let mut seen = BTreeSet::new();
        let mut page = |element: Element<'_>| {
            let page =
                PagePart { id: element.id("ID")?, part: part_of(element, element.need_attr("BaseLoc")?)? };
            if seen.insert(page.part.clone()) {
                Ok(page)
            } else {
                Err(element.malformed(format!("the part is a page already: {}", page.part)))
            }
        };
        let templates = common.all("TemplatePage").map(&mut page).collect::<Result<_, ReadError>>()?;
        let pages: Vec<PagePart> =
            root.need("Pages")?.all("Page").map(&mut page).collect::<Result<_, ReadError>>()?;
        let resources = common.children().filter(|c| c.is("PublicRes") || c.is("DocumentRes"));
        let unread = if common.child("DefaultCS").is_some() {
            Some("a default colour space (DefaultCS)")
        } else {
            root.child("Annotations").map(|_| "annotations on pages (Annotations)")
        };
        Ok(Structure {
            size: common.child("PageArea").map(sheet).transpose()?,
            resources: resources.map(|c| part_of(c, &c.text())).collect::<Result<_, ReadError>>()?,
            templates,
            // Of two pages with one ID the first is meant.
            page_of: pages.iter().enumerate().rev().map(|(index, page)| (page.id, index)).collect(),
            pages,
            tags: single("CustomTags")?,
            attachments: single("Attachments")?,
            unread,
            body,
        })
    }
}

impl Structure {
    /// The index of the page that `element` refers to as PageRef.
    pub(super) fn page_ref(&self, element: Element<'_>) -> Result<usize, ReadError> {
        let id = element.id("PageRef")?;
        let page = self.page_of.get(&id).copied();
        page.ok_or_else(|| element.malformed(format!("there is no page {id}")))
    }
}

/// CT_PageArea: the sheet, which must begin at the origin.
pub(super) fn sheet(area: Element<'_>) -> Result<Size, ReadError> {
    let physical = area.need("PhysicalBox")?;
    let [x, y, width, height] = value::array(physical, &physical.text())?;
    if (x, y) != (0.0, 0.0) {
        return Err(physical.unsupported(format!("a sheet whose corner is at {x} {y}")));
    }
    if width <= 0.0 || height <= 0.0 {
        return Err(physical.malformed(format!("a sheet without size: {width} {height}")));
    }
    Ok(Size::mm(width, height))
}
