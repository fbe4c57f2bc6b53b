//! The seal's picture: drawn from its words, or taken as it was supplied.
//!
//! In: a [`Design`] and faces, or an SVG or PNG. Out: [`SealArtwork`]: outlines in mm for the PDF, a PNG with opacity for the seal's
//! data. Invariant: what is drawn here always says 测试 or 样本, so that it never passes for an official seal.

mod draw;
mod lettering;
mod raster;
mod svg;

use std::sync::Arc;

use super::SealError;
use crate::geom::Size;
use crate::page::{Image, SealArtwork};
use crate::text::Fonts;
use crate::unit::Length;

pub use draw::{Design, TestMark};
pub use svg::{read as read_svg, write as write_svg};

impl Design {
    /// Draws the seal with `fonts`.
    pub fn draw(&self, fonts: &Fonts) -> Result<SealArtwork, SealError> {
        let size = Size::new(self.diameter, self.diameter);
        let items = draw::draw(self, fonts)?;
        let png = raster::draw(&items, size)?;
        Ok(SealArtwork { size, items, png: Arc::new(png) })
    }
}

/// The artwork of a supplied picture, `width` across; its height follows from its pixels.
pub fn from_png(data: &[u8], width: Length) -> Result<SealArtwork, SealError> {
    let png = raster::read(data)?;
    let height = width.scale(f64::from(png.height) / f64::from(png.width));
    Ok(SealArtwork { size: Size::new(width, height), items: Vec::new(), png: Arc::new(png) })
}

/// The artwork of outlines with a picture that was drawn from them.
pub(super) fn from_svg_and_png(svg: &str, png: &[u8]) -> Result<SealArtwork, SealError> {
    let (size, items) = svg::read(svg)?;
    let png: Image = raster::read(png)?;
    Ok(SealArtwork { size, items, png: Arc::new(png) })
}

#[cfg(test)]
mod tests;
