//! The page: the intermediate representation between layout and writers, with nothing left to decide.
//!
//! In: placed glyphs, outlines and images from `layout`. Out: [`Master`] (what the layout alone determines, made
//! once) and [`Document`] (what one record adds to it), which `ofd`, `pdf` and `png` only translate.
//! Invariant: every glyph run names a subset font by its index and glyphs by their ids *in that subset*; a record's
//! pages may use the master's fonts and images, never the other way round.

mod bind;
mod dump;
mod image;
mod info;
mod paint;
mod part;

use std::sync::Arc;

use crate::color::Color;
use crate::geom::{Affine, Point, Rect, Size};
use crate::text::subset::SubsetFont;
use crate::unit::Length;

pub(crate) use bind::bind;
pub use dump::{dump_document, dump_master};
pub use image::{Image, ImageFlaw, ImageFormat, MAX_PIXELS};
pub use info::{Attachment, Info, Standing, Standings, Timestamp};
pub use paint::{FigureItem, Fill, FillRule, LineCap, LineJoin, PathItem, Stroke};
pub use part::{Part, Role};

/// What the layout alone determines; shared by all records.
#[derive(Debug, Default)]
pub struct Master {
    /// The pages in the layout's order.
    pub pages: Vec<MasterPage>,
    /// Static subsets and images.
    pub resources: Resources,
    /// Whether items say which [`Part`] of their page they belong to. Without that, nobody can tell ornament from text.
    pub has_parts: bool,
    /// How many of the subsets, the last ones, conversions alone use.
    pub conversion_fonts: usize,
    /// The names that [`Item::tag`] and [`Document`] items refer to: field names of the layout.
    pub tags: Vec<String>,
    /// Whose seals the pages keep places for, in the order of signing: `issuer` and others. [`SealPlace::role`] counts here.
    pub seal_roles: Vec<String>,
}

/// The static content of one page (模板页).
#[derive(Debug, Default)]
pub struct MasterPage {
    /// The sheet.
    pub size: Size,
    /// Painted below the record's items.
    pub background: Vec<Item>,
    /// Painted above the record's items.
    pub foreground: Vec<Item>,
    /// Painted last, and on conversions alone: what says that they are no original.
    pub conversion: Vec<Item>,
}

/// What one record adds to its master.
#[derive(Debug)]
pub struct Document {
    /// What lies under and over the pages.
    pub master: Arc<Master>,
    /// The pages in reading order.
    pub pages: Vec<Page>,
    /// Record subsets and images.
    pub resources: Resources,
    /// Title, identifiers, metadata, attachments.
    pub info: Info,
}

impl Document {
    /// What the layout alone determines, each page once, without a record: nothing to issue.
    pub fn of_master(master: &Arc<Master>) -> Document {
        let pages = (0..master.pages.len()).map(|master| Page { master, ..Page::default() });
        Document {
            master: Arc::clone(master),
            pages: pages.collect(),
            resources: Resources::default(),
            info: Info::default(),
        }
    }
}

/// One page of a record.
#[derive(Debug, Default)]
pub struct Page {
    /// Index into [`Master::pages`].
    pub master: usize,
    /// The record's own items, in painting order.
    pub items: Vec<Item>,
    /// The record's own items that are painted last, and on conversions alone.
    pub conversion: Vec<Item>,
    /// Where seals stand.
    pub seals: Vec<SealPlace>,
}

/// Fonts and images that items refer to by index.
#[derive(Debug, Default)]
pub struct Resources {
    /// Subset fonts.
    pub fonts: Vec<SubsetFont>,
    /// Raster images.
    pub images: Vec<Arc<Image>>,
}

/// Whether a resource belongs to the master or to the record, and its index there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ref {
    /// Index into the master's resources.
    Master(u16),
    /// Index into the document's own resources.
    Own(u16),
}

/// One painted thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What is painted.
    pub kind: ItemKind,
    /// The field it shows, as an index into [`Master::tags`].
    pub tag: Option<u16>,
    /// Which part of the page it belongs to for those who cannot see it; `None` for ornament.
    pub part: Option<Part>,
    /// Which placement of layout's trace painted it, counted from 1; 0 where no trace is kept. No writer looks at it.
    pub placement: u32,
}

impl From<ItemKind> for Item {
    fn from(kind: ItemKind) -> Item {
        Item { kind, tag: None, part: None, placement: 0 }
    }
}

impl Item {
    /// Moves it by `dx`, `dy`.
    pub fn shift(&mut self, dx: Length, dy: Length) {
        match &mut self.kind {
            ItemKind::Glyphs(run) => run.origin = run.origin.shift(dx, dy),
            ItemKind::Path(item) => item.path = item.path.transform(&Affine::shift(dx, dy)),
            ItemKind::Figure(item) => item.figure.origin = item.figure.origin.shift(dx, dy),
            ItemKind::Image(image) => {
                let rects = std::iter::once(&mut image.rect).chain(&mut image.clip);
                rects.for_each(|r| (r.x, r.y) = (r.x + dx, r.y + dy));
            }
        }
    }
}

/// The things a page can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// Text.
    Glyphs(GlyphRun),
    /// A filled or stroked outline.
    Path(PathItem),
    /// A QR mark. Readers of files give it as a path.
    Figure(FigureItem),
    /// A raster image.
    Image(ImageItem),
}

/// Glyphs of one subset font on one baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct GlyphRun {
    /// The subset.
    pub font: Ref,
    /// The em.
    pub size: Length,
    /// Fill colour.
    pub color: Color,
    /// The baseline origin of the run on the page.
    pub origin: Point,
    /// The linear part maps run space (x along the baseline, y downwards) to the page: identity unless the run is condensed or
    /// turned. Its shift is zero.
    pub map: Affine,
    /// In visual order; never empty.
    pub glyphs: Vec<Glyph>,
    /// The source text, cut by [`Glyph::text`].
    pub text: String,
    /// How far the pen moves over the whole run, in run space.
    pub advance: Length,
}

/// One glyph of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyph {
    /// Glyph id in the subset font.
    pub id: u16,
    /// Pen position in run space.
    pub x: Length,
    /// Offset in run space, downwards; 0 for nearly all.
    pub y: Length,
    /// Byte of [`GlyphRun::text`] at which this glyph's characters start. Ascending; glyphs of one cluster share it.
    pub text: u32,
}

impl GlyphRun {
    /// The source characters of glyph `i`; empty for the later glyphs of a cluster.
    pub fn text_of(&self, i: usize) -> &str {
        let start = self.glyphs[i].text as usize;
        if i > 0 && self.glyphs[i - 1].text as usize == start {
            return "";
        }
        let end =
            self.glyphs[i..].iter().map(|g| g.text as usize).find(|&t| t > start).unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or("")
    }
}

/// A raster image on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageItem {
    /// The image.
    pub image: Ref,
    /// Where its unit square goes.
    pub rect: Rect,
    /// What of it shows, if not all.
    pub clip: Option<Rect>,
}

/// Where a seal stands on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealPlace {
    /// Whose seal: an index into [`Master::seal_roles`].
    pub role: u16,
    /// Upright, as large as the seal. A seal that shows in part may reach beyond the page.
    pub rect: Rect,
    /// What of the page the seal shows in, within `rect`; `None` where all of it shows.
    pub clip: Option<Rect>,
}

impl SealPlace {
    /// What of the page it covers.
    pub fn visible(&self) -> Rect {
        self.clip.unwrap_or(self.rect)
    }
}

/// A seal's picture, for writers that show it as part of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct SealArtwork {
    /// The seal's true size.
    pub size: Size,
    /// The drawing, its origin at the seal's top left; empty where only a picture was supplied.
    pub items: Vec<PathItem>,
    /// The picture with its opacity.
    pub png: Arc<Image>,
}
