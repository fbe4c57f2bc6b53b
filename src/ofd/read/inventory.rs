//! What a package consists of: the parts that Document.xml and the lists name, and how many objects each page has.
//!
//! In: a [`Package`]. Out: [`Inventory`], [`Objects`], [`Resource`]s. GB/T 33190-2016, 7.4, 7.5, 7.7 and 7.9.
//! Invariant: objects are counted and not read, so that a page which this program cannot show can still be told of.

use super::document::{PagePart, Structure, sheet};
use super::error::ReadError;
use super::package::Package;
use super::resources::{Definition, each_definition};
use super::xml::Element;
use crate::geom::Size;

/// The parts of a document by what they are.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// Version of OFD.xml.
    pub version: String,
    /// DocType: `OFD`, `OFD-A`.
    pub profile: String,
    /// Document.xml.
    pub document: String,
    /// PublicRes and DocumentRes, in order.
    pub resources: Vec<String>,
    /// The list of attachments.
    pub attachments: Option<String>,
    /// The list of custom tags.
    pub tags: Option<String>,
    /// The list of signatures.
    pub signatures: Option<String>,
    /// The files that the list of custom tags names.
    pub tag_files: Vec<String>,
    /// Page templates.
    pub templates: Vec<String>,
    /// Pages in reading order.
    pub pages: Vec<String>,
    template_ids: Vec<u32>,
    size: Option<Size>,
}

/// What a page, or a page template, consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageObjects {
    /// Its sheet; for a page that states none the document's.
    pub size: Option<Size>,
    /// Indices of the templates that it shows.
    pub templates: Vec<usize>,
    /// Its own objects.
    pub objects: Objects,
}

/// How many objects of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Objects {
    /// TextObject.
    pub texts: usize,
    /// PathObject.
    pub paths: usize,
    /// ImageObject.
    pub images: usize,
    /// CompositeObject and whatever else.
    pub others: usize,
}

/// A font or an image that a resource file defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its ID.
    pub id: u32,
    /// FontName; `None` for an image.
    pub font: Option<String>,
    /// The part that holds it; `None` for a font that is not embedded.
    pub part: Option<String>,
}

/// Reads OFD.xml, Document.xml and the list of custom tags.
///
/// # Errors
/// One of them is missing or broken.
pub fn inventory(package: &Package<'_>) -> Result<Inventory, ReadError> {
    let structure = Structure::of(package)?.clone();
    let entry = package.xml("OFD.xml")?;
    let entry = entry.root("OFD")?;
    let mut tag_files = Vec::new();
    if let Some(list) = &structure.tags {
        for tag in package.xml(list)?.root("CustomTags")?.all("CustomTag") {
            tag_files.push(package.locate(list, &tag.need("FileLoc")?.text())?.to_owned());
        }
    }
    let names = |parts: &[PagePart]| parts.iter().map(|page| page.part.clone()).collect();
    Ok(Inventory {
        version: entry.attr("Version").unwrap_or_default().to_owned(),
        profile: entry.attr("DocType").unwrap_or_default().to_owned(),
        templates: names(&structure.templates),
        template_ids: structure.templates.iter().map(|template| template.id).collect(),
        pages: names(&structure.pages),
        document: structure.body.root,
        resources: structure.resources,
        attachments: structure.attachments,
        tags: structure.tags,
        signatures: structure.body.signatures,
        tag_files,
        size: structure.size,
    })
}

/// The fonts and images that the resource files define, in order; none is opened.
///
/// # Errors
/// A resource file is broken.
pub fn resources(package: &Package<'_>, inventory: &Inventory) -> Result<Vec<Resource>, ReadError> {
    let mut resources = Vec::new();
    each_definition(package, &inventory.resources, |entry, definition| {
        let (font, part) = match definition {
            Definition::Font { name, file, .. } => (Some(name), file),
            Definition::Image { file } => (None, Some(file)),
        };
        resources.push(Resource { id: entry.id("ID")?, font, part });
        Ok(())
    })?;
    Ok(resources)
}

impl Inventory {
    /// Counts the objects of the page, or page template, in `part`.
    ///
    /// # Errors
    /// The part is missing or broken.
    pub fn objects(&self, package: &Package<'_>, part: &str) -> Result<PageObjects, ReadError> {
        let xml = package.xml(part)?;
        let page = xml.root("Page")?;
        let area = page.child("Area").and_then(|area| sheet(area).ok());
        let mut found = PageObjects { size: area.or(self.size), ..PageObjects::default() };
        for template in page.all("Template") {
            let id = template.id("TemplateID")?;
            let index = self.template_ids.iter().position(|known| *known == id);
            found
                .templates
                .push(index.ok_or_else(|| template.malformed(format!("there is no template {id}")))?);
        }
        for layer in page.all("Content").flat_map(|content| content.all("Layer")) {
            found.objects.count(layer);
        }
        Ok(found)
    }
}

impl Objects {
    /// Counts those of a layer or a page block. The XML's depth bounds the recursion.
    fn count(&mut self, block: Element<'_>) {
        for object in block.children() {
            match object.name() {
                "PageBlock" => self.count(object),
                "TextObject" => self.texts += 1,
                "PathObject" => self.paths += 1,
                "ImageObject" => self.images += 1,
                _ => self.others += 1,
            }
        }
    }
}
