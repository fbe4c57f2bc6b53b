//! A contact sheet: many pages on one picture, each with its caption.
//!
//! In: pictures of pages and captions. Out: one [`Picture`] on grey paper.

use std::sync::Arc;

use crate::color::Color;
use crate::geom::{Point, Rect, Size};
use crate::page::{Document, Fill, FillRule, Item, ItemKind, Master, MasterPage, PathItem, Ref, bind};
use crate::png::{self, Options, Picture, PngError};
use crate::text::{self, Align, FitLadder, Fonts, Rung, SubsetBuilder, TextBlock, TextSpan, TextStyle};
use crate::unit::Length;

/// The sheet is drawn as if for a screen of this resolution, whatever that of the pages.
const DPI: f64 = 96.0;
/// Between pages and around them, in pixels.
const GAP: u32 = 24;
/// What a caption takes below its page, in pixels.
const CAPTION: u32 = 22;
/// The face of captions, if it is registered.
const FACE: &str = "hei";

const GROUND: Color = Color::rgb(0xe9, 0xea, 0xec);
const INK: Color = Color::rgb(0x44, 0x48, 0x4e);

/// Puts `pages` side by side, so many in a row that the sheet is about as wide as a screen. `fonts` set the captions.
///
/// # Errors
/// The sheet is larger than a picture may be.
pub fn sheet(pages: &[(String, Picture)], fonts: &Fonts) -> Result<Picture, PngError> {
    let widest = pages.iter().map(|(_, p)| p.width).max().unwrap_or(1);
    let tallest = pages.iter().map(|(_, p)| p.height).max().unwrap_or(1);
    check(pages.len(), widest, tallest)?;
    let (across, down) = (widest + GAP, tallest + CAPTION + GAP);
    let columns = columns(pages.len() as u32, widest, tallest);
    let (width, height) = extent(pages.len() as u32, widest, tallest);
    let corner = |i: usize| (GAP + i as u32 % columns * across, GAP + i as u32 / columns * down);
    let captions = pages.iter().enumerate().map(|(i, (caption, page))| {
        let (x, y) = corner(i);
        let middle = (x + (widest - page.width) / 2, y + page.height + 4);
        (caption.as_str(), middle, page.width)
    });
    let ground = ground(width, height, captions, fonts);
    let mut sheet = png::page(&ground, 0, &Options { dpi: DPI, ..Options::default() })?;
    for (i, (_, page)) in pages.iter().enumerate() {
        let (x, y) = corner(i);
        sheet.paste(page, x + (widest - page.width) / 2, y);
    }
    Ok(sheet)
}

/// Whether so many `pages`, none wider or taller than that in pixels, have room on a sheet.
///
/// # Errors
/// They have not: with how many would have.
pub fn check(pages: usize, width: u32, height: u32) -> Result<(), PngError> {
    let has_room = |count: u32| {
        let (across, down) = extent(count, width, height);
        png::is_drawn(across, down)
    };
    // Columns are rounded, so that not every number below one that has room need have it.
    let most = (1..=u32::try_from(pages).unwrap_or(u32::MAX)).take_while(|count| has_room(*count)).count();
    if most < pages { Err(PngError::Sheet { pages, width, height, most }) } else { Ok(()) }
}

/// The size of a sheet of `count` pages.
fn extent(count: u32, width: u32, height: u32) -> (u32, u32) {
    let columns = columns(count, width, height);
    let rows = count.div_ceil(columns).max(1);
    (columns * (width + GAP) + GAP, rows * (height + CAPTION + GAP) + GAP)
}

/// How many pages stand in a row: as on a sheet three wide and two tall.
fn columns(count: u32, width: u32, height: u32) -> u32 {
    let square = f64::from(count) * f64::from(height + CAPTION + GAP) / f64::from(width + GAP);
    ((square * 1.5).sqrt().round() as u32).clamp(1, count.max(1))
}

/// The sheet without its pages.
fn ground<'c>(
    width: u32,
    height: u32,
    captions: impl Iterator<Item = (&'c str, (u32, u32), u32)>,
    fonts: &Fonts,
) -> Document {
    let mm = |pixels: u32| Length::mm(f64::from(pixels) * 25.4 / DPI);
    let size = Size::new(mm(width), mm(height));
    let path = crate::geom::Path::rect(Rect::new(Length::ZERO, Length::ZERO, size.width, size.height));
    let fill = Some(Fill { color: GROUND, rule: FillRule::NonZero });
    let mut items = vec![Item::from(ItemKind::Path(PathItem { path, fill, stroke: None }))];
    let mut subsets: Vec<SubsetBuilder> = Vec::new();
    let face = fonts.find(FACE).or_else(|| fonts.names().next().and_then(|name| fonts.find(name)));
    for (caption, (x, y), room) in captions {
        let Some(face) = face else { break };
        let style = TextStyle { color: INK, ..TextStyle::new(face, Length::pt(9.0)) };
        let block = TextBlock {
            width: Some(mm(room)),
            align: Align::Center,
            fit: FitLadder::new([Rung::Shrink(Length::pt(4.0)), Rung::Wrap]),
            ..TextBlock::default()
        };
        // A caption that cannot be set is left out: the page speaks for itself.
        let Ok(setting) = text::set(fonts, &[TextSpan { text: caption, style, tag: None }], &block) else {
            continue;
        };
        for run in setting.runs {
            let corner = Point::new(mm(x), mm(y));
            items.push(Item::from(ItemKind::Glyphs(bind(run, corner, &mut subsets, Ref::Master))));
        }
    }
    let mut master = Master {
        pages: vec![MasterPage { size, background: items, ..MasterPage::default() }],
        ..Master::default()
    };
    master.resources.fonts = subsets.iter().map(|subset| subset.build(fonts)).collect();
    Document::of_master(&Arc::new(master))
}
