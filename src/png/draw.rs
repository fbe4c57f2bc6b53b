//! Items onto pixels.
//!
//! In: items in painting order. Out: the painted pixmap. Lengths become pixels in one place, [`Drawing::scale`].

use std::collections::BTreeMap;

use tiny_skia::{
    FillRule as Winding, FilterQuality, LineCap as Cap, LineJoin as Join, Mask, Paint, Path, PathBuilder,
    Pattern, Pixmap, Rect as Area, Shader, SpreadMode, StrokeDash, Transform,
};
use ttf_parser::Face;

use super::{PngError, image, outline};
use crate::color::Color;
use crate::geom::{Affine, Rect};
use crate::page::{
    Document, FillRule, GlyphRun, Image, ImageItem, Item, ItemKind, LineCap, LineJoin, PathItem, Ref,
    SealArtwork, SealPlace, Stroke,
};

/// A page being painted.
pub(super) struct Drawing<'a> {
    document: &'a Document,
    canvas: Pixmap,
    /// Pixels a millimetre.
    scale: f64,
    /// Each font's face and the outlines drawn so far.
    fonts: BTreeMap<Ref, Font<'a>>,
    /// Where paths show, if not everywhere.
    window: Option<Mask>,
}

struct Font<'a> {
    face: Face<'a>,
    glyphs: BTreeMap<u16, Option<Path>>,
}

impl<'a> Drawing<'a> {
    /// Starts on `canvas`.
    pub(super) fn new(document: &'a Document, dpi: f64, canvas: Pixmap) -> Drawing<'a> {
        Drawing { document, canvas, scale: dpi / 25.4, fonts: BTreeMap::new(), window: None }
    }

    /// The painted pixels.
    pub(super) fn finish(self) -> Pixmap {
        self.canvas
    }

    /// Paints one item.
    pub(super) fn item(&mut self, item: &Item) -> Result<(), PngError> {
        match &item.kind {
            ItemKind::Glyphs(run) => self.glyphs(run)?,
            ItemKind::Path(path) => self.path(path, Transform::identity()),
            ItemKind::Figure(figure) => self.path(&figure.to_path(), Transform::identity()),
            ItemKind::Image(item) => self.placed_image(item)?,
        }
        Ok(())
    }

    /// Paints a seal into its place, or what of it shows there.
    pub(super) fn seal(&mut self, seal: &SealArtwork, place: &SealPlace) -> Result<(), PngError> {
        let SealPlace { rect, clip, .. } = *place;
        if seal.items.is_empty() {
            return self.image(&seal.png, rect, place.visible(), "the seal's picture");
        }
        let to_place = Transform::from_translate(rect.x.to_mm() as f32, rect.y.to_mm() as f32)
            .pre_scale(rect.width.ratio(seal.size.width) as f32, rect.height.ratio(seal.size.height) as f32);
        if let Some(clip) = clip {
            let Some(window) = self.window(clip) else { return Ok(()) };
            self.window = Some(window);
        }
        for item in &seal.items {
            self.path(item, to_place);
        }
        self.window = None;
        Ok(())
    }

    /// The pixels of `clip`, if it has any.
    fn window(&self, clip: Rect) -> Option<Mask> {
        let mut mask = Mask::new(self.canvas.width(), self.canvas.height())?;
        let [left, top, right, bottom] =
            [clip.x, clip.y, clip.right(), clip.bottom()].map(|l| l.to_mm() as f32);
        let outline = PathBuilder::from_rect(Area::from_ltrb(left, top, right, bottom)?);
        mask.fill_path(&outline, Winding::Winding, true, self.to_pixels());
        Some(mask)
    }

    /// Millimetres to pixels.
    fn to_pixels(&self) -> Transform {
        Transform::from_scale(self.scale as f32, self.scale as f32)
    }

    fn glyphs(&mut self, run: &GlyphRun) -> Result<(), PngError> {
        let document = self.document;
        let font = match self.fonts.entry(run.font) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => new.insert(Font::open(document, run.font)?),
        };
        let em = run.size.to_mm() / f64::from(font.face.units_per_em().max(1));
        let map = Affine { e: run.origin.x, f: run.origin.y, ..run.map };
        let run_to_pixels =
            Transform::from_scale(self.scale as f32, self.scale as f32).pre_concat(transform(&map));
        for glyph in &run.glyphs {
            let path = font.glyphs.entry(glyph.id).or_insert_with(|| outline::of_glyph(&font.face, glyph.id));
            if let Some(path) = path {
                let place = run_to_pixels
                    .pre_translate(glyph.x.to_mm() as f32, glyph.y.to_mm() as f32)
                    .pre_scale(em as f32, -em as f32);
                self.canvas.fill_path(path, &solid(run.color), Winding::Winding, place, None);
            }
        }
        Ok(())
    }

    fn path(&mut self, item: &PathItem, place: Transform) {
        let Some(path) = outline::of_path(&item.path) else { return };
        let place = self.to_pixels().pre_concat(place);
        if let Some(fill) = &item.fill {
            let rule = match fill.rule {
                FillRule::NonZero => Winding::Winding,
                FillRule::EvenOdd => Winding::EvenOdd,
            };
            self.canvas.fill_path(&path, &solid(fill.color), rule, place, self.window.as_ref());
        }
        if let Some(stroke) = &item.stroke {
            self.canvas.stroke_path(&path, &solid(stroke.color), &pen(stroke), place, self.window.as_ref());
        }
    }

    fn placed_image(&mut self, item: &ImageItem) -> Result<(), PngError> {
        let (images, index) = match item.image {
            Ref::Master(i) => (&self.document.master.resources.images, i),
            Ref::Own(i) => (&self.document.resources.images, i),
        };
        let what = format!("image {index}");
        let image = images
            .get(usize::from(index))
            .ok_or_else(|| PngError::Resource { what: what.clone(), why: "it is missing".to_owned() })?;
        self.image(image, item.rect, item.clip.unwrap_or(item.rect), &what)
    }

    /// Paints `image`, stretched over `rect`, within `shown`.
    fn image(&mut self, image: &Image, rect: Rect, shown: Rect, what: &str) -> Result<(), PngError> {
        let (across, down) = (rect.width.to_mm() * self.scale, rect.height.to_mm() * self.scale);
        let left = shown.x.max(rect.x);
        let top = shown.y.max(rect.y);
        let area = Area::from_ltrb(
            left.to_mm() as f32,
            top.to_mm() as f32,
            shown.right().min(rect.right()).to_mm() as f32,
            shown.bottom().min(rect.bottom()).to_mm() as f32,
        );
        let Some(area) = area.filter(|_| across > 0.0 && down > 0.0) else { return Ok(()) };
        let pixels = image::decode(image, across, down)
            .map_err(|why| PngError::Resource { what: what.to_owned(), why })?;
        let stretch = Transform::from_translate(rect.x.to_mm() as f32, rect.y.to_mm() as f32).pre_scale(
            rect.width.to_mm() as f32 / pixels.width() as f32,
            rect.height.to_mm() as f32 / pixels.height() as f32,
        );
        let paint = Paint {
            shader: Pattern::new(pixels.as_ref(), SpreadMode::Pad, FilterQuality::Bilinear, 1.0, stretch),
            ..Paint::default()
        };
        let to_pixels = self.to_pixels();
        self.canvas.fill_rect(area, &paint, to_pixels, None);
        Ok(())
    }
}

impl<'a> Font<'a> {
    fn open(document: &'a Document, font: Ref) -> Result<Font<'a>, PngError> {
        let (fonts, index) = match font {
            Ref::Master(i) => (&document.master.resources.fonts, i),
            Ref::Own(i) => (&document.resources.fonts, i),
        };
        let subset = fonts.get(usize::from(index)).ok_or_else(|| PngError::Resource {
            what: format!("font {index}"),
            why: "it is missing".to_owned(),
        })?;
        let face = Face::parse(&subset.data, 0)
            .map_err(|e| PngError::Resource { what: subset.name.clone(), why: e.to_string() })?;
        Ok(Font { face, glyphs: BTreeMap::new() })
    }
}

/// A map of the page, its shift in millimetres.
fn transform(map: &Affine) -> Transform {
    Transform::from_row(
        map.a as f32,
        map.b as f32,
        map.c as f32,
        map.d as f32,
        map.e.to_mm() as f32,
        map.f.to_mm() as f32,
    )
}

fn solid(color: Color) -> Paint<'static> {
    let color = tiny_skia::Color::from_rgba8(color.r, color.g, color.b, color.a);
    Paint { shader: Shader::SolidColor(color), ..Paint::default() }
}

/// The pen of `stroke`, in millimetres.
fn pen(stroke: &Stroke) -> tiny_skia::Stroke {
    let mut dash: Vec<f32> = stroke.dash.iter().map(|l| l.to_mm() as f32).collect();
    // PDF and OFD repeat a pattern of odd length, with on and off swapped; tiny-skia wants it written out.
    if dash.len() % 2 == 1 {
        dash.extend_from_within(..);
    }
    tiny_skia::Stroke {
        width: stroke.width.to_mm() as f32,
        miter_limit: stroke.miter_limit as f32,
        line_cap: match stroke.cap {
            LineCap::Butt => Cap::Butt,
            LineCap::Round => Cap::Round,
            LineCap::Square => Cap::Square,
        },
        line_join: match stroke.join {
            LineJoin::Miter => Join::Miter,
            LineJoin::Round => Join::Round,
            LineJoin::Bevel => Join::Bevel,
        },
        dash: StrokeDash::new(dash, 0.0),
    }
}
