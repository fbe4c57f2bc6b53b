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
use crate::geom::{Affine, Size};
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

impl SealArtwork {
    /// The outlines scaled to `size`, which is theirs but for rounding to whole millimetres.
    pub(super) fn fit(mut self, size: Size) -> Result<SealArtwork, SealError> {
        let near = |is: Length, meant: Length| (is - meant).abs() <= Length::mm(0.5) && is > Length::ZERO;
        if !near(self.size.width, size.width) || !near(self.size.height, size.height) {
            return Err(SealError::Artwork(format!(
                "the SVG is {:?} and the seal {size:?}: it must be as large as the seal",
                self.size
            )));
        }
        if self.size != size {
            let factor = |from: Length, to: Length| to.to_mm() / from.to_mm();
            let across = factor(self.size.width, size.width);
            let map = Affine::scale(across, factor(self.size.height, size.height));
            for item in &mut self.items {
                item.path = item.path.transform(&map);
                if let Some(stroke) = &mut item.stroke {
                    stroke.width = stroke.width.scale(across);
                }
            }
            self.size = size;
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
