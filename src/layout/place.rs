//! One element of the layout becomes page items.

use std::sync::Arc;

use super::error::{LayoutError, LayoutErrorKind};
use super::fonts::FontBinder;
use super::signing::Signing;
use super::trace::{MarkFacts, Trace};
use super::watermark;
use crate::compile::expression::content::Condition;
use crate::compile::expression::scope::Scope;
use crate::compile::program::{
    Element, ElementKind, ImageFit, ImagePlan, ImageSource, Program, QrPlan, QrSays, StampPlan, TextPlan,
    WatermarkPlan,
};
use crate::diag::Span;
use crate::geom::{Affine, Path, Point, Rect, Size};
use crate::mark::{self, payload::PayloadError};
use crate::page::{FigureItem, Fill, FillRule, Image, ImageItem, Item, ItemKind, Part, PathItem, Ref, Role};
use crate::record::{Entry, Value};
use crate::text::{self, Axis, Setting, TextBlock, TextError, TextSpan};
use crate::unit::Length;

/// What is said of a QR mark to those who cannot see it.
const MARK: &str = "二维码";

/// Sets elements one after another and gathers the fonts and images that they use.
pub(super) struct Placer<'a> {
    program: &'a Program,
    /// The record, once there is one.
    pub(super) entry: Option<&'a Entry>,
    pub(super) fonts: FontBinder<'a>,
    pub(super) images: Vec<Arc<Image>>,
    /// What signed payloads are made of, for a record.
    pub(super) signing: Option<Signing<'a>>,
    /// What was placed, for who asks.
    pub(super) trace: Option<&'a mut Trace>,
    /// The part of the page that is being painted.
    pub(super) part: u32,
    /// The cell that is being painted: texts of a row belong to one part.
    pub(super) cell: Option<u32>,
}

impl<'a> Placer<'a> {
    pub(super) fn new(program: &'a Program, fonts: FontBinder<'a>) -> Placer<'a> {
        Placer {
            program,
            entry: None,
            fonts,
            images: Vec::new(),
            signing: None,
            trace: None,
            part: 0,
            cell: None,
        }
    }

    /// Whether all conditions of `element` hold.
    pub(super) fn shown(&self, element: &Element, scope: &Scope<'_>) -> Result<bool, LayoutError> {
        self.all_hold(&element.span, &element.when, scope)
    }

    /// Whether all conditions of what stands at `span` hold.
    pub(super) fn all_hold(
        &self,
        span: &Span,
        when: &[Condition],
        scope: &Scope<'_>,
    ) -> Result<bool, LayoutError> {
        for condition in when {
            let holds = condition
                .holds(scope)
                .map_err(|e| self.error(span, None, LayoutErrorKind::Expression(e.to_string())))?;
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Appends what `element` paints to `items`.
    pub(super) fn element(
        &mut self,
        element: &Element,
        scope: &Scope<'_>,
        items: &mut Vec<Item>,
    ) -> Result<(), LayoutError> {
        if !self.shown(element, scope)? {
            return Ok(());
        }
        let before = items.len();
        self.kind(element, scope, items)?;
        if let Some(trace) = &mut self.trace {
            trace.element(element, &mut items[before..]);
        }
        Ok(())
    }

    fn kind(
        &mut self,
        element: &Element,
        scope: &Scope<'_>,
        items: &mut Vec<Item>,
    ) -> Result<(), LayoutError> {
        match &element.kind {
            ElementKind::Text(plan) => {
                let setting = self.set(&element.span, plan, &plan.block, scope)?;
                self.paint(plan, &setting, &Affine::shift(plan.origin.x, plan.origin.y), items);
                Ok(())
            }
            ElementKind::Repeat(plan) => self.repeat(element, plan, scope, items),
            ElementKind::Table(plan) => self.table(element, plan, scope, items),
            ElementKind::Paths(paths) => {
                items.extend(paths.iter().cloned().map(|p| Item::from(ItemKind::Path(p))));
                Ok(())
            }
            ElementKind::Image(plan) => self.image(element, plan, items),
            ElementKind::Qr(plan) => self.qr(element, plan, scope, items),
            ElementKind::Stamp(plan) => self.stamp(element, plan, scope, items),
            ElementKind::Watermark(plan) => self.watermark(element, plan, scope, items),
            // Seals are not painted: they stand beside the items; flows are laid before all else, see lay_record.
            ElementKind::Seal(_) | ElementKind::Flow(_) | ElementKind::Space(_) => Ok(()),
        }
    }

    /// The text of `plan`, an element or a cell at `span`, in a box as `block` says.
    pub(super) fn set(
        &self,
        span: &Span,
        plan: &TextPlan,
        block: &TextBlock,
        scope: &Scope<'_>,
    ) -> Result<Setting, LayoutError> {
        let mut texts = Vec::with_capacity(plan.pieces.len());
        for piece in &plan.pieces {
            let field = piece.content.field();
            let text = piece
                .content
                .eval(scope)
                .map_err(|e| self.error(span, field, LayoutErrorKind::Expression(e.to_string())))?;
            texts.push(text);
        }
        let spans: Vec<TextSpan<'_>> = plan
            .pieces
            .iter()
            .zip(&texts)
            .enumerate()
            .map(|(i, (piece, text))| TextSpan { text, style: piece.style, tag: u16::try_from(i).ok() })
            .collect();
        text::set(&self.program.fonts, &spans, block).map_err(|e| {
            let mut fields = plan.pieces.iter().filter_map(|p| p.content.field());
            let field = match (&e, fields.next(), fields.next()) {
                (TextError::NoFace { tag, .. } | TextError::RightToLeft { tag, .. }, ..) => {
                    plan.field_of(*tag)
                }
                // Of several fields in one box, none alone is to blame.
                (_, only, None) => only,
                _ => None,
            };
            self.error(span, field, e.into())
        })
    }

    /// What is painted now belongs to another part of the page than what was before; its element is not yet known.
    pub(super) fn begin(&mut self, role: Role) -> Part {
        self.part += 1;
        Part { element: 0, number: self.part, role, cell: 0 }
    }

    /// Appends the glyphs and rules of `setting`, whose box `to_page` puts on the page.
    pub(super) fn paint(
        &mut self,
        plan: &TextPlan,
        setting: &Setting,
        to_page: &Affine,
        items: &mut Vec<Item>,
    ) {
        let before = items.len();
        let is_printed = |tag: Option<u16>| {
            tag.and_then(|piece| plan.pieces.get(usize::from(piece))).is_none_or(|p| p.is_printed)
        };
        for rule in setting.rules.iter().filter(|rule| is_printed(rule.tag)) {
            let path = Path::rect(rule.rect).transform(to_page);
            let fill = Fill { color: rule.color, rule: FillRule::NonZero };
            let kind = ItemKind::Path(PathItem { path, fill: Some(fill), stroke: None });
            items.push(Item { tag: plan.field_of(rule.tag).map(|f| f as u16), ..Item::from(kind) });
        }
        for run in setting.runs.iter().filter(|run| is_printed(run.tag)) {
            let tag = plan.field_of(run.tag).map(|f| f as u16);
            let runs = self.fonts.runs(run, to_page);
            items.extend(runs.into_iter().map(|r| Item { tag, ..Item::from(ItemKind::Glyphs(r)) }));
        }
        let part = match self.cell {
            Some(cell) => Part { element: 0, number: self.part, role: Role::Paragraph, cell },
            None => self.begin(Role::Paragraph),
        };
        items[before..].iter_mut().for_each(|item| item.part = Some(part.clone()));
        if let Some(trace) = &mut self.trace {
            trace.words(plan, setting, &mut items[before..]);
        }
    }

    /// Whether the words among `items`, which `element` has painted, stay on the `paper`: what has no box may grow beyond it.
    pub(super) fn check_on(
        &self,
        (paper, room): (&'static str, Rect),
        span: &Span,
        items: &[Item],
    ) -> Result<(), LayoutError> {
        for item in items {
            let ItemKind::Glyphs(run) = &item.kind else { continue };
            let end = run.map.apply(Point::new(run.advance, Length::ZERO)).shift(run.origin.x, run.origin.y);
            // A space or the white half of a mark may stand over the edge.
            let words = Rect::from_corners(run.origin, end);
            let by = words.beyond(&room);
            if by > run.size / 2 {
                let kind = LayoutErrorKind::OffPaper { paper, by };
                return Err(self.error(span, item.tag.map(usize::from), kind));
            }
        }
        Ok(())
    }

    fn stamp(
        &mut self,
        element: &Element,
        plan: &StampPlan,
        scope: &Scope<'_>,
        items: &mut Vec<Item>,
    ) -> Result<(), LayoutError> {
        let words = &plan.words;
        let setting = self.set(&element.span, words, &words.block, scope)?;
        items.extend(plan.frame.iter().cloned().map(|line| Item::from(ItemKind::Path(line))));
        let to_page = Affine::shift(words.origin.x, words.origin.y).then(&plan.turn);
        self.paint(words, &setting, &to_page, items);
        Ok(())
    }

    fn watermark(
        &mut self,
        element: &Element,
        plan: &WatermarkPlan,
        scope: &Scope<'_>,
        items: &mut Vec<Item>,
    ) -> Result<(), LayoutError> {
        let setting = self.set(&element.span, &plan.words, &plan.words.block, scope)?;
        if setting.runs.is_empty() {
            return Ok(());
        }
        let own = Rect::new(Length::ZERO, Length::ZERO, setting.width, setting.height);
        let turned = Path::rect(own).transform(&plan.turn.about(own.middle())).bounds().unwrap_or_default();
        let middles = watermark::middles(plan.room, Size::new(turned.width, turned.height), plan.gap);
        if middles.is_empty() {
            let (axis, needed, available) = if turned.width > plan.room.width {
                (Axis::Width, turned.width, plan.room.width)
            } else {
                (Axis::Height, turned.height, plan.room.height)
            };
            let text = setting.runs.iter().map(|run| run.text.as_str()).collect();
            let error = TextError::DoesNotFit { axis, needed, available, text };
            return Err(self.error(&element.span, None, error.into()));
        }
        let about_middle = Affine::shift(-own.width / 2, -own.height / 2).then(&plan.turn);
        let first = items.len();
        for middle in middles {
            self.paint(&plan.words, &setting, &about_middle.then(&Affine::shift(middle.x, middle.y)), items);
        }
        // A field is shown where it is read, not where it is scattered; nor is it read aloud again and again.
        items[first..].iter_mut().for_each(|item| (item.tag, item.part) = (None, None));
        Ok(())
    }

    fn image(
        &mut self,
        element: &Element,
        plan: &ImagePlan,
        items: &mut Vec<Item>,
    ) -> Result<(), LayoutError> {
        let (image, tag) = match &plan.source {
            ImageSource::Fixed(image) => (image, None),
            ImageSource::Field(field) => match self.entry.map(|e| e.value(*field)) {
                Some(Value::Image(image)) => (image, Some(*field as u16)),
                _ => return Ok(()),
            },
        };
        let known = self.images.iter().position(|other| Arc::ptr_eq(other, image));
        let index = u16::try_from(known.unwrap_or(self.images.len()))
            .map_err(|_| self.error(&element.span, None, LayoutErrorKind::TooMany("images")))?;
        if known.is_none() {
            self.images.push(Arc::clone(image));
        }
        let reference = if self.entry.is_some() { Ref::Own(index) } else { Ref::Master(index) };
        let rect = fit(plan.rect, image, plan.fit);
        let clip = (plan.fit == ImageFit::Cover && rect != plan.rect).then_some(plan.rect);
        let kind = ItemKind::Image(ImageItem { image: reference, rect, clip });
        // The layout's own pictures are ornament; a record's says whose face it is.
        let label = tag.and_then(|field| self.program.schema.fields.get(usize::from(field)));
        let part = label.map(|field| self.begin(Role::Figure(field.called().into())));
        items.push(Item { tag, part, ..Item::from(kind) });
        Ok(())
    }

    fn qr(
        &mut self,
        element: &Element,
        plan: &QrPlan,
        scope: &Scope<'_>,
        items: &mut Vec<Item>,
    ) -> Result<(), LayoutError> {
        let (field, content) = match &plan.says {
            QrSays::Content(content) => {
                let field = content.field();
                let text = content.eval(scope).map_err(|e| {
                    self.error(&element.span, field, LayoutErrorKind::Expression(e.to_string()))
                })?;
                (field, text)
            }
            QrSays::Payload => {
                let text = self.signing.as_ref().ok_or(PayloadError::NoSigner).and_then(Signing::payload);
                (None, text.map_err(|e| self.error(&element.span, None, e.into()))?.into())
            }
        };
        let mut mark =
            mark::qr_around(&content, plan.level, plan.rect.width, plan.logo.map(|logo| logo.width))
                .map_err(|e| self.error(&element.span, field, e.into()))?;
        mark.figure.origin = mark.figure.origin.shift(plan.rect.x, plan.rect.y);
        let figure = FigureItem { figure: mark.figure, color: plan.color };
        let part = Some(self.begin(Role::Figure(MARK.into())));
        let mut item = Item { tag: field.map(|f| f as u16), part, ..Item::from(ItemKind::Figure(figure)) };
        if let Some(trace) = &mut self.trace {
            let (version, module, bits) = (mark.version, mark.module, mark.bits);
            let facts = MarkFacts { bits, version, level: plan.level, module, side: plan.rect.width };
            trace.mark(&element.span, facts, &mut item);
        }
        items.push(item);
        Ok(())
    }

    pub(super) fn field_name(&self, field: usize) -> &'a str {
        self.program.tags.get(field).map_or("", String::as_str)
    }

    pub(super) fn error(&self, span: &Span, field: Option<usize>, kind: LayoutErrorKind) -> LayoutError {
        let field = field.and_then(|f| self.program.tags.get(f)).cloned();
        LayoutError { span: Some(span.clone()), field, kind }
    }
}

/// Where the whole picture goes so that it stretches over, covers, or lies within `area`.
fn fit(area: Rect, image: &Image, fit: ImageFit) -> Rect {
    let (across, down) = (f64::from(image.width.max(1)), f64::from(image.height.max(1)));
    let (by_width, by_height) = (area.width.to_mm() / across, area.height.to_mm() / down);
    let scale = match fit {
        ImageFit::Stretch => return area,
        ImageFit::Cover => by_width.max(by_height),
        ImageFit::Contain => by_width.min(by_height),
    };
    let (width, height) = (Length::mm(across * scale), Length::mm(down * scale));
    let corner = Point::new(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2);
    Rect::new(corner.x, corner.y, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::ImageFormat;

    fn picture(width: u32, height: u32) -> Image {
        Image { format: ImageFormat::Png, data: Vec::new().into(), width, height, components: 3 }
    }

    #[test]
    fn cover_fills_the_area_and_contain_stays_within_it() {
        let area = Rect::mm(10.0, 10.0, 30.0, 40.0);
        assert_eq!(fit(area, &picture(100, 100), ImageFit::Cover), Rect::mm(5.0, 10.0, 40.0, 40.0));
        assert_eq!(fit(area, &picture(100, 100), ImageFit::Contain), Rect::mm(10.0, 15.0, 30.0, 30.0));
        assert_eq!(fit(area, &picture(7, 9), ImageFit::Stretch), area);
    }
}
