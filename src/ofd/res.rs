//! Resource files: PublicRes.xml with the fonts, DocumentRes.xml with the images, and the files they name. GB/T 33190-2016, 7.9.
//!
//! In: [`page::Resources`](crate::page::Resources), the master's or a record's. Out: [`ResourceSet`], by which content finds IDs,
//! and the parts.
//! Invariant: fonts stand in public resources, images in document resources (GB/T 42133), each file once.

use super::font::EmbeddedFont;
use super::package::{Part, PartData};
use super::xml::Xml;
use super::{Ids, PackagePath, WriteError};
use crate::page::{Image, ImageFormat, Ref, Resources};
use crate::text::subset::SubsetFont;

/// The fonts and images of one owner, by their index in its [`Resources`].
#[derive(Debug, Default)]
pub(super) struct ResourceSet {
    pub(super) fonts: Vec<EmbeddedFont>,
    /// MultiMedia/@ID.
    pub(super) images: Vec<u32>,
    /// The resource file of the fonts, if there are any.
    pub(super) public: Option<PackagePath>,
    /// The resource file of the images, if there are any.
    pub(super) document: Option<PackagePath>,
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

/// Writes the resource files of one owner; `suffix` tells the record's apart from the master's.
pub(super) fn write(
    resources: &Resources,
    suffix: &str,
    ids: &mut Ids,
    parts: &mut Vec<Part>,
) -> Result<ResourceSet, WriteError> {
    let mut set = ResourceSet::default();
    if !resources.fonts.is_empty() {
        let path = PackagePath::known(format!("Doc_0/PublicRes{suffix}.xml"));
        let mut xml = open_res();
        xml.element("ofd:Fonts").open();
        for font in &resources.fonts {
            set.fonts.push(write_font(font, ids.next(), &mut xml, parts));
        }
        xml.close("ofd:Fonts");
        parts.push(close_res(xml, &path)?);
        set.public = Some(path);
    }
    if !resources.images.is_empty() {
        let path = PackagePath::known(format!("Doc_0/DocumentRes{suffix}.xml"));
        let mut xml = open_res();
        xml.element("ofd:MultiMedias").open();
        for image in &resources.images {
            set.images.push(write_image(image, ids.next(), &mut xml, parts));
        }
        xml.close("ofd:MultiMedias");
        parts.push(close_res(xml, &path)?);
        set.document = Some(path);
    }
    Ok(set)
}

fn open_res() -> Xml {
    let mut xml = Xml::new();
    xml.root("ofd:Res").attr("BaseLoc", "Res").open();
    xml
}

fn close_res(mut xml: Xml, path: &PackagePath) -> Result<Part, WriteError> {
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
    parts.push(Part::plain(PackagePath::known(format!("Doc_0/Res/{file}")), font.data.clone()));
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
