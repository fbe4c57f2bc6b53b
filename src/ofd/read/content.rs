//! Pages and page templates: Content.xml. GB/T 33190-2016, 7.7.
//!
//! In: a page's part. Out: [`Content`]: its sheet, its templates, its items in painting order.
//! Invariant: an object that is not understood is refused; none is left out but those that say they do not show.

use std::collections::BTreeMap;

use super::budget::Budget;
use super::document::sheet;
use super::error::ReadError;
use super::resources::ResourceTable;
use super::xml::{Element, Xml};
use super::{outline, picture, text};
use crate::geom::Size;
use crate::page::{Item, ItemKind};

/// What a Content.xml says.
pub(super) struct Content {
    /// The sheet, if it states one.
    pub(super) size: Option<Size>,
    /// Templates by ID, and whether each lies over the page.
    pub(super) templates: Vec<(u32, bool)>,
    /// In painting order.
    pub(super) items: Vec<Item>,
}

/// Reads pages with what they share.
pub(super) struct ContentReader<'p> {
    pub(super) resources: ResourceTable<'p>,
    pub(super) budget: Budget,
}

impl ContentReader<'_> {
    /// Reads a Content.xml. `tags` are the fields that its objects show, by the objects' IDs.
    pub(super) fn read(&mut self, xml: &Xml<'_>, tags: &BTreeMap<u32, u16>) -> Result<Content, ReadError> {
        let page = xml.root("Page")?;
        if let Some(resources) = page.child("PageRes") {
            return Err(resources.unsupported("resources of a single page (PageRes)"));
        }
        let template = |t: Element<'_>| Ok((t.id("TemplateID")?, t.attr("ZOrder") == Some("Foreground")));
        let mut layers: Vec<Element<'_>> =
            page.all("Content").flat_map(|content| content.all("Layer")).collect();
        // Layers are painted by their type, then in order (7.7, figure 16).
        layers.sort_by_key(|layer| match layer.attr("Type") {
            Some("Background") => 0,
            Some("Foreground") => 2,
            _ => 1,
        });
        let mut items = Vec::new();
        for layer in layers {
            if let Some(drawing) = layer.attr("DrawParam") {
                return Err(layer.unsupported(format!("a layer with DrawParam {drawing}")));
            }
            self.block(layer, tags, &mut items)?;
        }
        Ok(Content {
            size: page.child("Area").map(sheet).transpose()?,
            templates: page.all("Template").map(template).collect::<Result<_, ReadError>>()?,
            items,
        })
    }

    /// The objects of a layer or a page block. The XML's depth bounds the recursion.
    fn block(
        &mut self,
        block: Element<'_>,
        tags: &BTreeMap<u32, u16>,
        items: &mut Vec<Item>,
    ) -> Result<(), ReadError> {
        for object in block.children() {
            if object.is("PageBlock") {
                self.block(object, tags, items)?;
                continue;
            }
            let tag = tags.get(&object.id("ID")?).copied();
            let mut add = |kind| items.push(Item { tag, ..Item::from(kind) });
            if object.is("TextObject") {
                let runs = text::read(object, &mut self.resources, &mut self.budget)?;
                runs.into_iter().map(ItemKind::Glyphs).for_each(add);
            } else if object.is("PathObject") {
                outline::read(object, &mut self.budget)?.map(ItemKind::Path).into_iter().for_each(add);
            } else if object.is("ImageObject") {
                let image = picture::read(object, &mut self.resources, &mut self.budget)?;
                image.map(ItemKind::Image).into_iter().for_each(&mut add);
            } else {
                return Err(object.unsupported(format!("an object of the kind {}", object.name())));
            }
        }
        Ok(())
    }
}
