//! A small document by hand: everything the OFD writer can be asked for, on two pages of different size.

use std::path::Path as FilePath;
use std::sync::Arc;

use certpress::color::Color;
use certpress::geom::{Affine, Path, Point, Rect, Size};
use certpress::ofd::{Provider, SignatureRequest};
use certpress::page::{
    Attachment, Document, Fill, FillRule, Glyph, GlyphRun, Image, ImageFormat, ImageItem, Info, Item,
    ItemKind, LineCap, LineJoin, Master, MasterPage, Page, PathItem, Ref, Resources, SealPlace, Standing,
    Standings, Stroke, Timestamp,
};
use certpress::text::{FaceId, Fonts, SubsetBuilder};
use certpress::unit::Length;

pub(crate) const BLUE: Color = Color::rgb(0x1d, 0x4f, 0x91);
/// Who makes the sample's signatures.
pub(crate) fn provider() -> Provider {
    Provider { name: "certpress".into(), version: "0".into(), company: String::new() }
}

/// The faces that ship.
pub(crate) fn fonts() -> Fonts {
    Fonts::open(&FilePath::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap()
}

/// Sets text without shaping: one glyph a character, each after the other's advance.
pub(crate) struct Typesetter<'f> {
    pub(crate) fonts: &'f Fonts,
    pub(crate) face: FaceId,
    pub(crate) subset: SubsetBuilder,
}

impl<'f> Typesetter<'f> {
    pub(crate) fn new(fonts: &'f Fonts, name: &str) -> Typesetter<'f> {
        let face = fonts.find(name).unwrap();
        Typesetter { fonts, face, subset: SubsetBuilder::new(face) }
    }

    pub(crate) fn run(&mut self, font: Ref, text: &str, size: Length, x: f64, y: f64) -> GlyphRun {
        let face = self.fonts.face(self.face);
        let per_em = face.metrics().units_per_em;
        let mut pen = Length::ZERO;
        let mut glyphs = Vec::new();
        for (at, c) in text.char_indices() {
            let id = face.glyph(c).unwrap_or_else(|| panic!("{} has no {c}", face.name()));
            glyphs.push(Glyph {
                id: self.subset.add(id, &c.to_string()),
                x: pen,
                y: Length::ZERO,
                text: at as u32,
            });
            pen += size.of_em(face.advance(id).into(), per_em);
        }
        GlyphRun {
            font,
            size,
            color: Color::BLACK,
            origin: Point::new(Length::mm(x), Length::mm(y)),
            map: Affine::IDENTITY,
            glyphs,
            text: text.to_owned(),
            advance: pen,
        }
    }
}

fn path(path: Path, fill: Option<Fill>, stroke: Option<Stroke>) -> Item {
    ItemKind::Path(PathItem { path, fill, stroke }).into()
}

fn tagged(tag: u16, kind: ItemKind) -> Item {
    Item { tag: Some(tag), ..Item::from(kind) }
}

/// Borders, a pattern and a title on A4; a dark cover on B5.
pub(crate) fn master(fonts: &Fonts) -> Arc<Master> {
    let mut song = Typesetter::new(fonts, "song-bold");
    let mut title = song.run(Ref::Master(0), "专业技术职称证书", Length::pt(32.0), 55.0, 60.0);
    title.color = BLUE;
    let mut narrow = song.run(Ref::Master(0), "Certificate & licence", Length::pt(14.0), 75.0, 72.0);
    narrow.map = Affine::scale(0.8, 1.0);
    let border = Stroke { width: Length::mm(1.2), ..Stroke::solid(BLUE, Length::mm(1.2)) };
    let dashes = Stroke {
        cap: LineCap::Round,
        join: LineJoin::Round,
        dash: vec![Length::mm(2.0), Length::mm(1.0)],
        ..Stroke::solid(Color { a: 128, ..BLUE }, Length::mm(0.3))
    };
    let mut ring = Path::ellipse(Rect::mm(80.0, 120.0, 50.0, 50.0));
    ring.segments.extend(Path::ellipse(Rect::mm(90.0, 130.0, 30.0, 30.0)).segments);
    let faint = Fill { color: BLUE.fade(0.1), rule: FillRule::EvenOdd };
    let line = Path::line(
        Point::new(Length::mm(30.0), Length::mm(270.0)),
        Point::new(Length::mm(180.0), Length::mm(270.0)),
    );
    let cover = Fill { color: Color::rgb(0x6b, 0x14, 0x1c), rule: FillRule::NonZero };
    Arc::new(Master {
        seal_roles: vec!["issuer".into(), "reviewer".into()],
        pages: vec![
            MasterPage {
                size: Size::mm(210.0, 297.0),
                background: vec![
                    path(Path::rect(Rect::mm(12.0, 12.0, 186.0, 273.0)), None, Some(border)),
                    path(Path::rect(Rect::mm(15.0, 15.0, 180.0, 267.0)), None, Some(dashes)),
                    path(ring, Some(faint), None),
                    ItemKind::Glyphs(title).into(),
                    ItemKind::Glyphs(narrow).into(),
                ],
                foreground: vec![path(line, None, Some(Stroke::solid(BLUE, Length::mm(0.2))))],
                ..MasterPage::default()
            },
            MasterPage {
                size: Size::mm(176.0, 250.0),
                background: vec![path(Path::rect(Rect::mm(0.0, 0.0, 176.0, 250.0)), Some(cover), None)],
                ..MasterPage::default()
            },
        ],
        resources: Resources { fonts: vec![song.subset.build(fonts)], images: Vec::new() },
        tags: ["name", "photo", "number"].map(str::to_owned).to_vec(),
        ..Master::default()
    })
}

/// One record: a rare character, a turned text, a clipped photo, metadata and an attachment.
pub(crate) fn document(fonts: &Fonts, master: &Arc<Master>, name: &str) -> Document {
    let mut kai = Typesetter::new(fonts, "kai");
    let mut rare = Typesetter::new(fonts, "rare");
    let size = Length::pt(18.0);
    let (common, beyond): (Vec<char>, Vec<char>) = name.chars().partition(|&c| c <= '\u{FFFF}');
    let holder = kai.run(Ref::Own(0), &common.iter().collect::<String>(), size, 40.0, 100.0);
    let after = Length::mm(40.0) + holder.advance;
    let surname = rare.run(Ref::Own(1), &beyond.iter().collect::<String>(), size, after.to_mm(), 100.0);
    let number = kai.run(Ref::Own(0), "  证书编号 No. 2026-0001 ", Length::pt(12.0), 40.0, 110.0);
    let mut turned = kai.run(Ref::Own(0), "补发", Length::pt(40.0), 150.0, 200.0);
    turned.map = Affine::rotate(-30.0);
    turned.color = Color { a: 90, ..Color::rgb(200, 0, 0) };
    let photo = ImageItem {
        image: Ref::Own(0),
        rect: Rect::mm(150.0, 80.0, 40.0, 40.0),
        clip: Some(Rect::mm(155.0, 80.0, 30.0, 40.0)),
    };
    let mut items = vec![tagged(0, ItemKind::Glyphs(holder))];
    if !surname.glyphs.is_empty() {
        items.push(tagged(0, ItemKind::Glyphs(surname)));
    }
    items.push(tagged(2, ItemKind::Glyphs(number)));
    items.push(tagged(1, ItemKind::Image(photo)));
    items.push(ItemKind::Glyphs(turned).into());
    Document {
        master: Arc::clone(master),
        pages: vec![
            Page {
                master: 0,
                items,
                seals: vec![SealPlace { role: 0, rect: Rect::mm(130.0, 225.0, 42.0, 42.0), clip: None }],
                ..Page::default()
            },
            Page { master: 1, ..Page::default() },
        ],
        resources: Resources {
            fonts: vec![kai.subset.build(fonts), rare.subset.build(fonts)],
            images: vec![Arc::new(portrait())],
        },
        info: Info {
            id: "0123456789abcdef0123456789abcdef".into(),
            title: "职称证书 <样例>".into(),
            author: "某省\"人社厅\"".into(),
            subject: format!("{name} & 2026-0001"),
            created: Timestamp::parse("2026-03-05T08:00:00Z").unwrap(),
            custom: vec![("ZZMC".into(), "职称证书".into()), ("CZZT".into(), name.into())],
            standings: Standings { pdf: Standing::Conversion, ..Standings::default() },
            attachments: vec![Attachment {
                name: "record.json".into(),
                media_type: "application/json".into(),
                description: "结构化数据".into(),
                data: format!("{{\"name\":\"{name}\"}}").into_bytes().into(),
            }],
        },
    }
}

/// A face of two discs, as PNG.
fn portrait() -> Image {
    const SIDE: u32 = 96;
    let mut pixels = Vec::new();
    for y in 0..SIDE {
        for x in 0..SIDE {
            let within = |cx: i32, cy: i32, r: i32| {
                let (dx, dy) = (x as i32 - cx, y as i32 - cy);
                dx * dx + dy * dy <= r * r
            };
            let dark = within(48, 36, 18) || within(48, 96, 36);
            pixels.extend(if dark { [70, 70, 90] } else { [200, 210, 230] });
        }
    }
    let mut data = Vec::new();
    let mut encoder = png::Encoder::new(&mut data, SIDE, SIDE);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    Image { format: ImageFormat::Png, data: data.into(), width: SIDE, height: SIDE, components: 3 }
}

/// A request of the first role.
pub(crate) fn request(provider: &Provider) -> SignatureRequest<'_> {
    SignatureRequest {
        role: 0,
        provider,
        time: Timestamp::parse("2026-03-05T08:00:05Z").unwrap(),
        seal_esl: Some(b"a seal"),
    }
}
