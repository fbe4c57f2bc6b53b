use std::path::Path as FilePath;
use std::sync::Arc;

use super::*;
use crate::color::Color;
use crate::geom::{Affine, Path, Point, Rect, Size};
use crate::page::{
    Fill, FillRule, Glyph, GlyphRun, Image, ImageFormat, ImageItem, Info, Item, ItemKind, Master, MasterPage,
    Page, PathItem, Ref, Resources, SealPlace, Stroke, Timestamp,
};
use crate::text::Fonts;
use crate::text::subset::SubsetBuilder;
use crate::unit::Length;

const RED: Color = Color::rgb(200, 0, 0);
const BLUE: Color = Color::rgb(0, 0, 200);
/// 10 pixels a millimetre.
const FINE: Options<'static> = Options { dpi: 254.0, seals: &[] };

/// A document with one page of 20 × 10 mm.
fn document(background: Vec<Item>, items: Vec<Item>, foreground: Vec<Item>, own: Resources) -> Document {
    let page = MasterPage { size: Size::mm(20.0, 10.0), background, foreground, ..MasterPage::default() };
    let master = Master { pages: vec![page], ..Master::default() };
    let info = Info {
        id: String::new(),
        title: String::new(),
        author: String::new(),
        subject: String::new(),
        created: Timestamp { seconds: 0 },
        custom: Vec::new(),
        standings: Default::default(),
        attachments: Vec::new(),
    };
    let page = Page { items, ..Page::default() };
    Document { master: Arc::new(master), pages: vec![page], resources: own, info }
}

fn filled(path: Path, color: Color, rule: FillRule) -> Item {
    ItemKind::Path(PathItem { path, fill: Some(Fill { color, rule }), stroke: None }).into()
}

fn square(x: f64, y: f64, side: f64) -> Path {
    Path::rect(Rect::mm(x, y, side, side))
}

impl Picture {
    /// The colour at a place given in millimetres, at 10 pixels a millimetre.
    fn at(&self, x: f64, y: f64) -> [u8; 3] {
        let i = ((y * 10.0) as usize * self.width as usize + (x * 10.0) as usize) * 3;
        [self.rgb[i], self.rgb[i + 1], self.rgb[i + 2]]
    }
}

const WHITE: [u8; 3] = [255; 3];

#[test]
fn items_are_painted_in_order_on_white() {
    let d = document(
        vec![filled(square(1.0, 1.0, 4.0), RED, FillRule::NonZero)],
        vec![filled(square(3.0, 3.0, 4.0), BLUE, FillRule::NonZero)],
        vec![filled(square(6.0, 6.0, 2.0), Color::BLACK, FillRule::NonZero)],
        Resources::default(),
    );
    let picture = page(&d, 0, &FINE).unwrap();
    assert_eq!((picture.width, picture.height), (200, 100));
    assert_eq!(picture.at(2.0, 2.0), [200, 0, 0]);
    assert_eq!(picture.at(4.0, 4.0), [0, 0, 200]);
    assert_eq!(picture.at(6.5, 6.5), [0, 0, 0]);
    assert_eq!(picture.at(15.0, 5.0), WHITE);
}

#[test]
fn even_odd_leaves_holes_that_non_zero_fills() {
    let mut path = square(1.0, 1.0, 6.0);
    path.segments.extend(square(3.0, 3.0, 2.0).segments);
    for (rule, hole) in [(FillRule::EvenOdd, WHITE), (FillRule::NonZero, [200, 0, 0])] {
        let item = filled(path.clone(), RED, rule);
        let d = document(vec![], vec![item], vec![], Resources::default());
        assert_eq!(page(&d, 0, &FINE).unwrap().at(4.0, 4.0), hole);
    }
}

#[test]
fn a_line_is_as_wide_as_its_stroke_and_dashes_leave_gaps() {
    let mut stroke = Stroke::solid(BLUE, Length::mm(1.0));
    stroke.dash = vec![Length::mm(3.0)];
    let line =
        Path::line(Point::new(Length::ZERO, Length::mm(5.0)), Point::new(Length::mm(20.0), Length::mm(5.0)));
    let item = ItemKind::Path(PathItem { path: line, fill: None, stroke: Some(stroke) }).into();
    let picture = page(&document(vec![], vec![item], vec![], Resources::default()), 0, &FINE).unwrap();
    assert_eq!(picture.at(1.0, 4.55), [0, 0, 200]);
    assert_eq!(picture.at(1.0, 4.45), WHITE);
    assert_eq!(picture.at(4.5, 5.0), WHITE);
    assert_eq!(picture.at(7.5, 5.0), [0, 0, 200]);
}

#[test]
fn opacity_mixes_with_the_paper() {
    let item = filled(square(1.0, 1.0, 4.0), RED.fade(0.5), FillRule::NonZero);
    let d = document(vec![], vec![item], vec![], Resources::default());
    let [r, g, b] = page(&d, 0, &FINE).unwrap().at(2.0, 2.0);
    assert!((226..=229).contains(&r) && (126..=129).contains(&g) && g == b, "{r} {g} {b}");
}

/// The rectangle of dark pixels, in millimetres.
fn ink(picture: &Picture) -> [f64; 4] {
    let dark = |x: u32, y: u32| picture.rgb[((y * picture.width + x) * 3) as usize] < 128;
    let (mut l, mut t, mut r, mut b) = (u32::MAX, u32::MAX, 0, 0);
    for (x, y) in (0..picture.height).flat_map(|y| (0..picture.width).map(move |x| (x, y))) {
        if dark(x, y) {
            (l, t, r, b) = (l.min(x), t.min(y), r.max(x + 1), b.max(y + 1));
        }
    }
    [l, t, r, b].map(|v| f64::from(v) / 10.0)
}

#[test]
fn glyphs_of_the_subset_stand_where_the_face_puts_them() {
    let fonts = Fonts::open(FilePath::new("fonts")).unwrap();
    let id = fonts.find("song").unwrap();
    let face = fonts.face(id);
    let original = face.glyph('永').unwrap();
    let mut subset = SubsetBuilder::new(id);
    let glyph = subset.add(original, "永");
    let (size, origin) = (Length::mm(8.0), Point::new(Length::mm(3.0), Length::mm(8.0)));
    let run = GlyphRun {
        font: Ref::Own(0),
        size,
        color: Color::BLACK,
        origin,
        map: Affine::scale(0.8, 1.0),
        glyphs: vec![Glyph { id: glyph, x: Length::ZERO, y: Length::ZERO, text: 0 }],
        text: "永".to_owned(),
        advance: size,
    };
    let own = Resources { fonts: vec![subset.build(&fonts)], images: vec![] };
    let d = document(vec![], vec![ItemKind::Glyphs(run).into()], vec![], own);
    let ink = ink(&page(&d, 0, &FINE).unwrap());

    let outline = face.outline(original, size).transform(&Affine::scale(0.8, 1.0));
    let bounds = outline.transform(&Affine::shift(origin.x, origin.y)).bounds().unwrap();
    let expected = [bounds.x, bounds.y, bounds.right(), bounds.bottom()].map(Length::to_mm);
    for (drawn, expected) in ink.iter().zip(expected) {
        assert!((drawn - expected).abs() < 0.15, "{ink:?} for {expected:?}");
    }
}

/// A PNG: the left half red, the right half blue at half opacity.
fn two_halves(width: u32, height: u32) -> Arc<Image> {
    let mut data = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut data, width, height);
    encoder.set_color(::png::ColorType::Rgba);
    let mut writer = encoder.write_header().unwrap();
    let pixels: Vec<u8> = (0..width * height)
        .flat_map(|i| if i % width < width / 2 { [200, 0, 0, 255] } else { [0, 0, 200, 128] })
        .collect();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    Arc::new(Image { format: ImageFormat::Png, data: data.into(), width, height, components: 3 })
}

fn with_image(image: Arc<Image>, clip: Option<Rect>) -> Document {
    let item = ImageItem { image: Ref::Own(0), rect: Rect::mm(2.0, 2.0, 8.0, 4.0), clip };
    let own = Resources { fonts: vec![], images: vec![image] };
    document(vec![], vec![ItemKind::Image(item).into()], vec![], own)
}

#[test]
fn an_image_fills_its_rectangle_at_any_number_of_pixels() {
    for (width, height) in [(8, 4), (80, 40), (803, 401)] {
        let picture = page(&with_image(two_halves(width, height), None), 0, &FINE).unwrap();
        assert_eq!(picture.at(2.5, 2.5), [200, 0, 0], "{width} × {height}");
        assert_eq!(picture.at(1.9, 4.0), WHITE);
        let [r, g, b] = picture.at(9.5, 5.5);
        assert!(r == g && (126..=128).contains(&r) && b > 220, "{r} {g} {b}");
    }
}

#[test]
fn a_photograph_is_decoded() {
    let data = std::fs::read("examples/photos/01.jpg").unwrap();
    let photo =
        Image { format: ImageFormat::Jpeg, data: data.into(), width: 295, height: 413, components: 3 };
    let picture = page(&with_image(Arc::new(photo), None), 0, &FINE).unwrap();
    // A portrait on a pale ground: light in the corner, darker in the middle of the shoulders.
    let [corner, shoulders] = [(2.2, 2.2), (6.0, 5.8)].map(|(x, y)| u32::from(picture.at(x, y)[1]));
    assert!(corner > 150 && shoulders < corner, "{corner} {shoulders}");
    assert_eq!(picture.at(1.9, 2.2), WHITE);
}

#[test]
fn a_clipped_image_shows_only_what_is_within() {
    let clip = Some(Rect::mm(4.0, 0.0, 4.0, 4.0));
    let picture = page(&with_image(two_halves(80, 40), clip), 0, &FINE).unwrap();
    assert_eq!(picture.at(3.5, 3.0), WHITE);
    assert_eq!(picture.at(5.0, 3.0), [200, 0, 0]);
    assert_eq!(picture.at(5.0, 5.0), WHITE);
}

#[test]
fn a_broken_or_missing_image_is_an_error() {
    let whole = two_halves(80, 40);
    for (data, width) in [(&whole.data[..40], 80), (&whole.data[..], 81), (&b"not a picture"[..], 80)] {
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let broken = Image { format, data: data.into(), width, ..(*whole).clone() };
            let result = page(&with_image(Arc::new(broken), None), 0, &FINE);
            assert!(matches!(result, Err(PngError::Resource { .. })), "{format:?}");
        }
    }
    let mut d = with_image(whole, None);
    d.resources.images.clear();
    assert!(matches!(page(&d, 0, &FINE), Err(PngError::Resource { .. })));
}

#[test]
fn the_seal_is_stretched_into_its_place() {
    let mut d = document(vec![], vec![], vec![], Resources::default());
    d.pages[0].seals = vec![SealPlace { role: 0, rect: Rect::mm(10.0, 2.0, 6.0, 6.0), clip: None }];
    let disc = Path::ellipse(Rect::mm(0.0, 0.0, 42.0, 42.0));
    let ring =
        PathItem { path: disc, fill: Some(Fill { color: RED, rule: FillRule::NonZero }), stroke: None };
    for items in [vec![ring], vec![]] {
        let seal = SealArtwork { size: Size::mm(42.0, 42.0), items, png: two_halves(42, 42) };
        let picture = page(&d, 0, &Options { seals: &[&seal], ..FINE }).unwrap();
        assert_eq!(picture.at(12.0, 5.0), [200, 0, 0]);
        assert_eq!(picture.at(9.9, 5.0), WHITE);
        d.pages[0].seals[0].clip = Some(Rect::mm(13.0, 2.0, 3.0, 6.0));
        let half = page(&d, 0, &Options { seals: &[&seal], ..FINE }).unwrap();
        assert_eq!(half.at(12.9, 5.0), WHITE, "what the clip leaves out");
        assert_eq!(half.at(13.1, 5.0), picture.at(13.1, 5.0));
        d.pages[0].seals[0].clip = None;
    }
    assert_eq!(page(&d, 0, &FINE).unwrap().at(12.0, 5.0), WHITE);
}

#[test]
fn absurd_resolutions_and_pages_are_errors() {
    let d = document(vec![], vec![], vec![], Resources::default());
    for dpi in [0.0, -1.0, f64::NAN, f64::INFINITY, 5_000.0] {
        assert!(matches!(page(&d, 0, &Options { dpi, seals: &[] }), Err(PngError::Size { .. })), "{dpi}");
    }
    assert!(matches!(page(&d, 1, &FINE), Err(PngError::NoPage(1))));
}

#[test]
fn a_resolution_that_is_too_fine_names_the_finest() {
    let mut d = document(vec![], vec![], vec![], Resources::default());
    Arc::get_mut(&mut d.master).unwrap().pages[0].size = Size::mm(210.0, 297.0);
    let told = page(&d, 0, &Options { dpi: 1200.0, seals: &[] }).unwrap_err().to_string();
    assert_eq!(told, "a page of 210 × 297 mm has no picture at 1200 dpi, but from 10 to 833 dpi");
}

#[test]
fn the_file_says_its_resolution_and_what_it_is() {
    let d = document(vec![], vec![], vec![], Resources::default());
    let picture = page(&d, 0, &Options { dpi: 300.0, seals: &[] }).unwrap();
    let file = picture.to_png("预览，不具备法律效力").unwrap();
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
    let dims = reader.info().pixel_dims.unwrap();
    assert_eq!((dims.xppu, dims.yppu, dims.unit), (11_811, 11_811, ::png::Unit::Meter));
    assert_eq!(reader.info().utf8_text[0].get_text().unwrap(), "预览，不具备法律效力");
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels, picture.rgb);
}

#[test]
fn pictures_are_shrunk_by_their_mean_and_pasted_within_bounds() {
    let picture = |width: u32, height: u32, tone: fn(u32) -> u8| Picture {
        width,
        height,
        rgb: (0..width * height).flat_map(|i| [tone(i); 3]).collect(),
        per_metre: 6000,
    };
    let small = picture(5, 2, |i| if i % 2 == 0 { 10 } else { 30 }).shrunk(2);
    assert_eq!((small.width, small.height, small.per_metre), (2, 1, 3000));
    assert_eq!(small.rgb, [20; 6]);
    let mut sheet = picture(3, 3, |_| 0);
    sheet.paste(&picture(2, 2, |_| 9), 2, 1);
    let tones: Vec<u8> = sheet.rgb.iter().step_by(3).copied().collect();
    assert_eq!(tones, [0, 0, 0, 0, 0, 9, 0, 0, 9]);
    sheet.paste(&picture(2, 2, |_| 9), 7, 7);
}
