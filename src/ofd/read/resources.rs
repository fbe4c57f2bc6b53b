//! Resource files: fonts and images by their IDs, opened when an object first asks for them. GB/T 33190-2016, 7.9 and 11.1.
//!
//! In: PublicRes and DocumentRes. Out: indices into a master's [`Resources`], and in the end those.
//! Invariant: each file is opened once, whatever the number of IDs for it, and all together stay within the limits.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::budget::Budget;
use super::error::ReadError;
use super::font::EmbeddedFont;
use super::package::Package;
use super::xml::Element;
use crate::inflated::Known;
use crate::page::{Image, Resources};

/// The fonts and images of a document.
pub(super) struct ResourceTable<'p> {
    package: &'p Package<'p>,
    definitions: BTreeMap<u32, Definition>,
    by_part: BTreeMap<String, u16>,
    /// IDs of fonts, and which was asked for first, second, …
    asked: BTreeMap<u32, usize>,
    fonts: Vec<EmbeddedFont<'p>>,
    images: Vec<Arc<Image>>,
}

/// What a resource file says of one ID.
pub(super) enum Definition {
    /// CT_Font.
    Font { name: String, family: String, bold: bool, serif: bool, file: Option<String> },
    /// CT_MultiMedia of type Image.
    Image { file: String },
}

impl<'p> ResourceTable<'p> {
    /// Reads the lists; no font and no image is opened yet.
    pub(super) fn read(package: &'p Package<'p>, lists: &[String]) -> Result<ResourceTable<'p>, ReadError> {
        let mut definitions = BTreeMap::new();
        each_definition(package, lists, |entry, definition| {
            match definitions.insert(entry.id("ID")?, definition) {
                None => Ok(()),
                Some(_) => Err(entry.malformed(format!("two resources with the ID {}", entry.id("ID")?))),
            }
        })?;
        Ok(ResourceTable {
            package,
            definitions,
            by_part: BTreeMap::new(),
            asked: BTreeMap::new(),
            fonts: Vec::new(),
            images: Vec::new(),
        })
    }

    /// The font that `object` asks for by `id`, and its index.
    pub(super) fn font(
        &mut self,
        object: Element<'_>,
        id: u32,
        budget: &mut Budget,
    ) -> Result<(u16, &mut EmbeddedFont<'p>), ReadError> {
        let Some(Definition::Font { name, file, .. }) = self.definitions.get(&id) else {
            return Err(object.malformed(format!("there is no font {id}")));
        };
        if file.is_none() {
            return Err(object.unsupported(format!("a font that is not embedded: {name}")));
        }
        let index = self.open(id, budget)?.unwrap_or_default();
        let font = self.fonts.get_mut(usize::from(index));
        font.map(|font| (index, font))
            .ok_or_else(|| object.malformed(format!("the file of font {id} is an image")))
    }

    /// The index of the embedded font `id`, opened when it is asked for first; `None` if there is none.
    pub(super) fn open(&mut self, id: u32, budget: &mut Budget) -> Result<Option<u16>, ReadError> {
        let Some(Definition::Font { name, family, bold, serif, file: Some(file) }) =
            self.definitions.get(&id)
        else {
            return Ok(None);
        };
        let count = self.asked.len();
        self.asked.entry(id).or_insert(count);
        if let Some(&index) = self.by_part.get(file) {
            return Ok(Some(index));
        }
        let data = self.package.need(file)?;
        let font = EmbeddedFont::open(name, family, *bold, *serif, data)
            .map_err(|why| ReadError::unsupported(file, why))?;
        budget.spend(font.glyph_count().into(), file)?;
        let index = index(self.fonts.len(), file)?;
        self.by_part.insert(file.clone(), index);
        self.fonts.push(font);
        Ok(Some(index))
    }

    /// The fonts that were asked for, by ID, in the order of their first use.
    pub(super) fn asked(&self) -> Vec<u32> {
        let mut all: Vec<(usize, u32)> = self.asked.iter().map(|(&id, &place)| (place, id)).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, id)| id).collect()
    }

    /// The file of the font `id`, if earlier packages had it.
    pub(super) fn font_part(&self, id: u32) -> Option<&'p Arc<Known>> {
        match self.definitions.get(&id)? {
            Definition::Font { file: Some(file), .. } => self.package.known(file),
            _ => None,
        }
    }

    /// By font: what its glyphs stand for.
    pub(super) fn texts(&self) -> Vec<Vec<String>> {
        self.fonts.iter().map(|font| font.texts().to_vec()).collect()
    }

    /// The same, as it was told before.
    pub(super) fn set_texts(&mut self, texts: &[Vec<String>]) {
        self.fonts.iter_mut().zip(texts).for_each(|(font, texts)| font.set_texts(texts));
    }

    /// The glyphs of all its fonts.
    pub(super) fn glyph_count(&self) -> usize {
        self.fonts.iter().map(|font| usize::from(font.glyph_count())).sum()
    }

    /// Whether an image was asked for.
    pub(super) fn has_images(&self) -> bool {
        !self.images.is_empty()
    }

    /// The index of the image that `object` asks for by `id`.
    pub(super) fn image(
        &mut self,
        object: Element<'_>,
        id: u32,
        budget: &mut Budget,
    ) -> Result<u16, ReadError> {
        let Some(Definition::Image { file }) = self.definitions.get(&id) else {
            return Err(object.malformed(format!("there is no image {id}")));
        };
        if let Some(&index) = self.by_part.get(file) {
            return Ok(index);
        }
        let data = self.package.need(file)?;
        let image =
            Image::read(data).map_err(|e| ReadError::unsupported(file, format!("an image that {e}")))?;
        budget.spend_pixels(u64::from(image.width) * u64::from(image.height), file)?;
        let index = index(self.images.len(), file)?;
        self.by_part.insert(file.clone(), index);
        self.images.push(Arc::new(image));
        Ok(index)
    }

    /// What was asked for, in the order of the indices.
    pub(super) fn finish(self) -> Resources {
        let fonts = self.fonts.into_iter().map(EmbeddedFont::finish).collect();
        Resources { fonts, images: self.images }
    }
}

fn index(count: usize, file: &str) -> Result<u16, ReadError> {
    u16::try_from(count).map_err(|_| ReadError::unsupported(file, "more than 65536 fonts or images"))
}

/// Calls `found` for each font and image that the lists define.
pub(super) fn each_definition(
    package: &Package<'_>,
    lists: &[String],
    mut found: impl FnMut(Element<'_>, Definition) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    for list in lists {
        let xml = package.xml(list)?;
        let root = xml.root("Res")?;
        let base = root.attr("BaseLoc").unwrap_or_default();
        for entry in root.children().flat_map(Element::children) {
            if let Some(definition) = define(package, list, base, entry)? {
                found(entry, definition)?;
            }
        }
    }
    Ok(())
}

/// What `entry` of the list defines; `None` for what no object of a certificate asks for.
fn define(
    package: &Package<'_>,
    list: &str,
    base: &str,
    entry: Element<'_>,
) -> Result<Option<Definition>, ReadError> {
    let locate = |file: Element<'_>| {
        let file = file.text();
        let location = if file.starts_with('/') || base.is_empty() {
            file
        } else {
            format!("{}/{file}", base.trim_end_matches('/'))
        };
        package.locate(list, &location).map(str::to_owned)
    };
    if entry.is("Font") {
        let name = entry.need_attr("FontName")?;
        return Ok(Some(Definition::Font {
            name: name.to_owned(),
            family: entry.attr("FamilyName").unwrap_or(name).to_owned(),
            bold: entry.attr("Bold") == Some("true"),
            serif: entry.attr("Serif") == Some("true"),
            file: entry.child("FontFile").map(locate).transpose()?,
        }));
    }
    if entry.is("MultiMedia") && entry.attr("Type") == Some("Image") {
        return Ok(Some(Definition::Image { file: locate(entry.need("MediaFile")?)? }));
    }
    Ok(None)
}
