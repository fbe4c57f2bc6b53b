//! Resource files: PublicRes.xml with the fonts, DocumentRes.xml with the images, and the files they name. GB/T 33190-2016, 7.9.
//!
//! In: [`page::Resources`](crate::page::Resources), the master's once and a record's. Out: [`ResourceSet`], by which content finds
//! IDs; the font and image files; and both lists.
//! Invariant: fonts stand in public resources, images in document resources (GB/T 42133), each file once. A document has one list of
//! either kind, the master's entries first: the schema allows more, but some readers open these two names alone.

use std::sync::Arc;

use super::font::EmbeddedFont;
use super::package::{Part, PartData};
use super::xml::Xml;
use super::{Ids, PackagePath, WriteError};
use crate::page::{Image, ImageFormat, Ref};
use crate::text::subset::SubsetFont;

/// The fonts and images of one owner, by their index in its [`Resources`].
#[derive(Debug)]
pub(super) struct ResourceSet {
    pub(super) fonts: Vec<EmbeddedFont>,
    /// MultiMedia/@ID.
    pub(super) images: Vec<u32>,
    /// Its Font elements.
    font_list: Xml,
    /// Its MultiMedia elements.
    image_list: Xml,
}

/// Where content looks up its [`Ref`]s.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lookup<'a> {
    pub(super) master: &'a ResourceSet,
    /// None while the master itself is written.
    pub(super) own: Option<&'a ResourceSet>,
}

impl<'a> Lookup<'a> {
    /// The font that content of `part` means.
    pub(super) fn font(self, r: Ref, part: &PackagePath) -> Result<&'a EmbeddedFont, WriteError> {
        let (set, index) = self.set(r);
        set.and_then(|s| s.fonts.get(index)).ok_or_else(|| dangling(part, "font", index))
    }

    /// The ID of the image that content of `part` means.
    pub(super) fn image(self, r: Ref, part: &PackagePath) -> Result<u32, WriteError> {
        let (set, index) = self.set(r);
        set.and_then(|s| s.images.get(index)).copied().ok_or_else(|| dangling(part, "image", index))
    }

    fn set(self, r: Ref) -> (Option<&'a ResourceSet>, usize) {
        match r {
            Ref::Master(i) => (Some(self.master), i.into()),
            Ref::Own(i) => (self.own, i.into()),
        }
    }
}

pub(super) fn dangling(part: &PackagePath, what: &'static str, index: usize) -> WriteError {
    WriteError::Dangling { part: part.as_str().to_owned(), what, index }
}

impl ResourceSet {
    /// Writes the files of one owner.
    pub(super) fn new(
        fonts: &[SubsetFont],
        images: &[Arc<Image>],
        ids: &mut Ids,
        parts: &mut Vec<Part>,
    ) -> ResourceSet {
        let mut font_list = Xml::fragment();
        let fonts = fonts.iter().map(|font| write_font(font, ids.next(), &mut font_list, parts)).collect();
        let mut image_list = Xml::fragment();
        let images =
            images.iter().map(|image| write_image(image, ids.next(), &mut image_list, parts)).collect();
        ResourceSet { fonts, images, font_list, image_list }
    }
}

/// The lists of a document: its master's resources and its own.
#[derive(Debug, Default)]
pub(super) struct ResourceLists {
    /// PublicRes.xml, if there are fonts.
    pub(super) public: Option<PackagePath>,
    /// DocumentRes.xml, if there are images.
    pub(super) document: Option<PackagePath>,
}

impl ResourceLists {
    /// Writes them.
    pub(super) fn write(sets: [&ResourceSet; 2], parts: &mut Vec<Part>) -> Result<ResourceLists, WriteError> {
        let mut lists = ResourceLists::default();
        if sets.iter().any(|set| !set.fonts.is_empty()) {
            let path = PackagePath::known("Doc_0/PublicRes.xml");
            parts.push(write_list(&path, "ofd:Fonts", sets.map(|set| &set.font_list))?);
            lists.public = Some(path);
        }
        if sets.iter().any(|set| !set.images.is_empty()) {
            let path = PackagePath::known("Doc_0/DocumentRes.xml");
            parts.push(write_list(&path, "ofd:MultiMedias", sets.map(|set| &set.image_list))?);
            lists.document = Some(path);
        }
        Ok(lists)
    }
}

fn write_list(path: &PackagePath, group: &'static str, entries: [&Xml; 2]) -> Result<Part, WriteError> {
    let mut xml = Xml::new();
    xml.root("ofd:Res").attr("BaseLoc", "Res").open();
    xml.element(group).open();
    entries.into_iter().for_each(|entries| xml.append(entries));
    xml.close(group);
    xml.close("ofd:Res");
    let data = xml.finish(path)?;
    Ok(Part::plain(path.clone(), data))
}

/// CT_Font, 11.1. Bold and Serif help whoever must substitute the font; they do not change how the embedded one is drawn.
fn write_font(font: &SubsetFont, id: u32, xml: &mut Xml, parts: &mut Vec<Part>) -> EmbeddedFont {
    let file = format!("Font_{id}.ttf");
    xml.element("ofd:Font")
        .attr("ID", id)
        .attr("FontName", &font.name)
        .attr("FamilyName", &font.family)
        .attr_if("Bold", (font.metrics.weight >= 600).then_some("true"))
        .attr_if("Serif", font.metrics.serif.then_some("true"))
        .open();
    xml.leaf("ofd:FontFile", &file);
    xml.close("ofd:Font");
    parts.push(Part::shared(PackagePath::known(format!("Doc_0/Res/{file}")), font.data.clone()));
    EmbeddedFont::new(id, font)
}

/// CT_MultiMedia, 7.9.
fn write_image(image: &Image, id: u32, xml: &mut Xml, parts: &mut Vec<Part>) -> u32 {
    let file = format!("Image_{id}.{}", image.format.extension());
    let format = match image.format {
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::Png => "PNG",
    };
    xml.element("ofd:MultiMedia").attr("ID", id).attr("Type", "Image").attr("Format", format).open();
    xml.leaf("ofd:MediaFile", &file);
    xml.close("ofd:MultiMedia");
    let path = PackagePath::known(format!("Doc_0/Res/{file}"));
    parts.push(Part { path, data: PartData::Dense(image.data.clone()) });
    id
}
