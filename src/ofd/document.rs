//! Document.xml: what the document consists of. GB/T 33190-2016, 7.5.
//!
//! In: the parts that were written. Out: the part that names them.
//! Invariant: MaxUnitID is at least the largest ID of any part.

use super::content::{Template, area};
use super::package::Part;
use super::res::ResourceLists;
use super::xml::Xml;
use super::{Ids, PackagePath, WriteError};
use crate::geom::Size;

/// The folder of the one document.
pub(super) const FOLDER: &str = "Doc_0";

/// A page that was written.
#[derive(Clone, Debug)]
pub(super) struct PageEntry {
    /// Page/@ID.
    pub(super) id: u32,
    pub(super) path: PackagePath,
}

/// What Document.xml names.
#[derive(Debug)]
pub(super) struct Contents<'a> {
    /// The default sheet; each page states its own.
    pub(super) size: Size,
    pub(super) resources: &'a ResourceLists,
    pub(super) templates: &'a [Template],
    pub(super) pages: &'a [PageEntry],
    pub(super) tags: Option<&'a PackagePath>,
    pub(super) attachments: Option<&'a PackagePath>,
}

impl Contents<'_> {
    /// Writes the part.
    pub(super) fn write(&self, ids: Ids) -> Result<Part, WriteError> {
        let path = path();
        let mut xml = Xml::new();
        xml.root("ofd:Document").open();
        xml.element("ofd:CommonData").open();
        xml.leaf("ofd:MaxUnitID", ids.max());
        area(&mut xml, "ofd:PageArea", self.size);
        if let Some(public) = &self.resources.public {
            xml.leaf("ofd:PublicRes", public.within(FOLDER));
        }
        if let Some(document) = &self.resources.document {
            xml.leaf("ofd:DocumentRes", document.within(FOLDER));
        }
        for template in self.templates {
            xml.element("ofd:TemplatePage")
                .attr("ID", template.id)
                .attr("ZOrder", template.floor.name())
                .attr("BaseLoc", template.path.within(FOLDER))
                .empty();
        }
        xml.close("ofd:CommonData");
        xml.element("ofd:Pages").open();
        for page in self.pages {
            xml.element("ofd:Page").attr("ID", page.id).attr("BaseLoc", page.path.within(FOLDER)).empty();
        }
        xml.close("ofd:Pages");
        if let Some(tags) = self.tags {
            xml.leaf("ofd:CustomTags", tags.within(FOLDER));
        }
        if let Some(attachments) = self.attachments {
            xml.leaf("ofd:Attachments", attachments.within(FOLDER));
        }
        xml.close("ofd:Document");
        let data = xml.finish(&path)?;
        Ok(Part::plain(path, data))
    }
}

/// DocRoot.
pub(super) fn path() -> PackagePath {
    PackagePath::known("Doc_0/Document.xml")
}
