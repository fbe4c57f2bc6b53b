//! The note on conversions, for layouts that have none of their own.
//!
//! In: a sheet. Out: a static text at its foot, below everything that stands on the page.

use crate::color::Color;
use crate::compile::Compiler;
use crate::compile::expression::content::Content;
use crate::compile::program::{Element, ElementKind, Piece, TextPlan};
use crate::geom::{Point, Rect, Size};
use crate::text::{Align, FitLadder, Fonts, Rung, TextBlock, TextStyle, VAlign};
use crate::unit::Length;

/// "Any re-converted electronic version has no equal force": what a conversion says on its face.
pub const CONVERSION_NOTE: &str = "本文件由电子证照原件（OFD）转换而来，不具备与原件同等法律效力";

const SIZE_PT: f64 = 7.0;
const GREY: Color = Color::rgb(0x77, 0x77, 0x77);
/// From the edges of the sheet.
const MARGIN_MM: f64 = 3.0;

/// The face and size of the note; `None` where there is no face at all.
pub fn note_style(fonts: &Fonts) -> Option<TextStyle> {
    let face = fonts.find("hei").or_else(|| fonts.find(fonts.names().next()?))?;
    Some(TextStyle { color: GREY, ..TextStyle::new(face, Length::pt(SIZE_PT)) })
}

/// The box of the note on a sheet of `size`, and where it stands: in the middle of the sheet's foot, on one line unless the sheet
/// is narrow.
pub fn note_block(size: Size) -> (Point, TextBlock) {
    let margin = Length::mm(MARGIN_MM);
    let block = TextBlock {
        width: Some(size.width - margin * 2),
        height: Some(size.height - margin),
        align: Align::Center,
        valign: VAlign::Bottom,
        leading: 1.2,
        fit: FitLadder::new([Rung::Shrink(Length::pt(5.0)), Rung::Wrap]),
        ..TextBlock::default()
    };
    (Point::new(margin, Length::ZERO), block)
}

impl Compiler<'_> {
    /// The note on a sheet of `size`.
    pub(in crate::compile) fn note(&self, size: Size) -> Option<Element> {
        let style = note_style(self.fonts)?;
        let (origin, block) = note_block(size);
        let span = self.root_span.clone();
        let content = Content::literal(CONVERSION_NOTE, span.clone());
        let bounds = Rect::new(origin.x, origin.y, size.width - origin.x * 2, size.height - origin.x);
        let pieces = vec![Piece::new(content, style)];
        let kind = ElementKind::Text(TextPlan { span: span.clone(), origin, block, pieces });
        Some(Element { span, id: None, when: Vec::new(), is_static: true, bounds, kind })
    }
}
