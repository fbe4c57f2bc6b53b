//! Pages and template pages: Content.xml. GB/T 33190-2016, 7.7.
//!
//! In: items in painting order. Out: one layer of page objects, and which object shows which field.
//! Invariant: the order of objects is the order of items; every object has an ID of its own.

use super::package::Part;
use super::res::Lookup;
use super::xml::Xml;
use super::{Ids, PackagePath, WriteError, outline, picture, text};
use crate::geom::{Rect, Size};
use crate::page::{Item, ItemKind};
use crate::unit::Length;

/// Which of the three floors of a page a layer paints (CT_Layer/@Type).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Floor {
    Background,
    Body,
    Foreground,
}

impl Floor {
    /// The value of Type and ZOrder.
    pub(super) fn name(self) -> &'static str {
        match self {
            Floor::Background => "Background",
            Floor::Body => "Body",
            Floor::Foreground => "Foreground",
        }
    }
}

/// A template that a page lies over or under.
#[derive(Clone, Debug)]
pub(super) struct Template {
    /// TemplatePage/@ID.
    pub(super) id: u32,
    pub(super) floor: Floor,
    pub(super) path: PackagePath,
}

/// A page object that shows a field: the tag's index and the object's ID.
pub(super) type Tagged = (u16, u32);

/// What one Content.xml is made of.
#[derive(Debug)]
pub(super) struct Content<'a> {
    pub(super) path: PackagePath,
    pub(super) size: Size,
    pub(super) floor: Floor,
    pub(super) templates: &'a [Template],
    pub(super) items: &'a [Item],
}

impl Content<'_> {
    /// Writes the part; objects that show a field are added to `tagged`.
    pub(super) fn write(
        self,
        lookup: Lookup<'_>,
        ids: &mut Ids,
        tagged: &mut Vec<Tagged>,
    ) -> Result<Part, WriteError> {
        /// What the object of one line of text takes.
        const ROOM: usize = 384;
        let mut xml = Xml::new();
        xml.reserve(self.items.len() * ROOM);
        xml.root("ofd:Page").open();
        for template in self.templates {
            xml.element("ofd:Template")
                .attr("TemplateID", template.id)
                .attr("ZOrder", template.floor.name())
                .empty();
        }
        area(&mut xml, "ofd:Area", self.size);
        if !self.items.is_empty() {
            xml.element("ofd:Content").open();
            xml.element("ofd:Layer").attr("Type", self.floor.name()).attr("ID", ids.next()).open();
            for item in self.items {
                let first = ids.max() + 1;
                match &item.kind {
                    ItemKind::Glyphs(run) => {
                        text::write(run, lookup.font(run.font, &self.path)?, ids, &mut xml);
                    }
                    ItemKind::Path(path) => outline::write(path, ids, &mut xml),
                    ItemKind::Figure(figure) => outline::write_figure(figure, ids, &mut xml),
                    ItemKind::Image(image) => {
                        picture::write(image, lookup.image(image.image, &self.path)?, ids, &mut xml);
                    }
                }
                if let Some(tag) = item.tag {
                    tagged.extend((first..=ids.max()).map(|id| (tag, id)));
                }
            }
            xml.close("ofd:Layer");
            xml.close("ofd:Content");
        }
        xml.close("ofd:Page");
        let data = xml.finish(&self.path)?;
        Ok(Part::plain(self.path, data))
    }
}

/// CT_PageArea: the sheet.
pub(super) fn area(xml: &mut Xml, name: &'static str, size: Size) {
    xml.element(name).open();
    xml.leaf("ofd:PhysicalBox", Rect::new(Length::ZERO, Length::ZERO, size.width, size.height));
    xml.close(name);
}
