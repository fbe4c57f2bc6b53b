//! A certificate small enough to read and large enough to use everything that the PDF writer writes.

use std::path::Path as FilePath;
use std::sync::Arc;

use certpress::color::Color;
use certpress::geom::{Affine, Path, Point, Rect, Size};
use certpress::page::{
    Attachment, Document, Fill, FillRule, Glyph, GlyphRun, Image, ImageFormat, ImageItem, Info, Item,
    ItemKind, Master, MasterPage, Page, PathItem, Ref, Resources, SealArtwork, SealPlace, Standing,
    Standings, Stroke, Timestamp,
};
use certpress::pdf::{SignatureRequest, SubFilter};
use certpress::text::Fonts;
use certpress::text::subset::{FontMetrics, SubsetBuilder, SubsetFont, SubsetGlyph};
use certpress::unit::Length;

pub(crate) const TITLE: &str = "专业技术职称证书";
pub(crate) const HOLDER: &str = "姓名 张三䶮 Zhang San, 第 2026-001 号";

pub(crate) fn fonts() -> Fonts {
    Fonts::open(&FilePath::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap()
}

/// The layout's part: a frame, a tint, the title, a half transparent PNG, and a line above the record.
pub(crate) fn master(fonts: &Fonts) -> Arc<Master> {
    let face = fonts.find("song-bold").or_else(|| fonts.find("song")).unwrap();
    let mut subset = SubsetBuilder::new(face);
    let title =
        run(fonts, &mut subset, TITLE, Ref::Master(0), 28.0, Point::new(Length::mm(40.0), Length::mm(50.0)));
    let frame = PathItem {
        path: Path::rect(Rect::mm(10.0, 10.0, 190.0, 277.0)),
        fill: Some(Fill { color: Color::rgb(0xfd, 0xfb, 0xf4), rule: FillRule::NonZero }),
        stroke: Some(Stroke::solid(Color::rgb(0x1d, 0x4f, 0x91), Length::mm(1.2))),
    };
    let mut dashed = Stroke::solid(Color::rgb(0x1d, 0x4f, 0x91).fade(0.5), Length::mm(0.4));
    dashed.dash = vec![Length::mm(2.0), Length::mm(1.0)];
    let tint = PathItem {
        path: Path::ellipse(Rect::mm(80.0, 120.0, 50.0, 50.0)),
        fill: Some(Fill { color: Color::rgb(0x1d, 0x4f, 0x91).fade(0.1), rule: FillRule::EvenOdd }),
        stroke: Some(dashed),
    };
    let rule = PathItem {
        path: Path::line(
            Point::new(Length::mm(30.0), Length::mm(100.0)),
            Point::new(Length::mm(180.0), Length::mm(100.0)),
        ),
        fill: None,
        stroke: Some(Stroke::solid(Color::BLACK, Length::mm(0.2))),
    };
    let emblem = ImageItem { image: Ref::Master(0), rect: Rect::mm(20.0, 20.0, 20.0, 20.0), clip: None };
    Arc::new(Master {
        seal_roles: vec!["issuer".to_owned()],
        pages: vec![MasterPage {
            size: Size::mm(210.0, 297.0),
            background: vec![
                ItemKind::Path(frame).into(),
                ItemKind::Path(tint).into(),
                ItemKind::Image(emblem).into(),
                ItemKind::Glyphs(title).into(),
            ],
            foreground: vec![ItemKind::Path(rule).into()],
            ..MasterPage::default()
        }],
        resources: Resources { fonts: vec![subset.build(fonts)], images: vec![Arc::new(png_with_opacity())] },
        tags: vec!["name".to_owned(), "photo".to_owned()],
        ..Master::default()
    })
}

/// The record's part: text that the seal covers, a condensed run, a turned run, a photo and an opaque PNG.
pub(crate) fn document(fonts: &Fonts, master: &Arc<Master>) -> Document {
    let face = fonts.find("kai").unwrap();
    let mut subset = SubsetBuilder::new(face);
    let at = |x: f64, y: f64| Point::new(Length::mm(x), Length::mm(y));
    let holder = run(fonts, &mut subset, HOLDER, Ref::Own(0), 15.0, at(30.0, 90.0));
    let mut condensed = run(fonts, &mut subset, "压缩的一行文字", Ref::Own(0), 15.0, at(30.0, 110.0));
    condensed.map = Affine::scale(0.75, 1.0);
    let mut turned = run(fonts, &mut subset, "斜", Ref::Own(0), 40.0, at(150.0, 150.0));
    turned.map = Affine::rotate(30.0);
    turned.color = Color::rgb(200, 0, 0).fade(0.25);
    let mut eight = run(fonts, &mut subset, "VIII", Ref::Own(0), 15.0, at(30.0, 120.0));
    // Four glyphs for one character, and the last two raised.
    eight.text = "Ⅷ".to_owned();
    eight.glyphs.iter_mut().for_each(|g| g.text = 0);
    eight.glyphs[2..].iter_mut().for_each(|g| g.y = Length::mm(-0.5));

    let photo = ImageItem {
        image: Ref::Own(0),
        rect: Rect::mm(150.0, 60.0, 30.0, 40.0),
        clip: Some(Rect::mm(152.0, 60.0, 26.0, 40.0)),
    };
    let chart = ImageItem { image: Ref::Own(1), rect: Rect::mm(30.0, 130.0, 20.0, 20.0), clip: None };
    let tagged = |kind, tag| Item { tag: Some(tag), ..Item::from(kind) };
    Document {
        master: Arc::clone(master),
        pages: vec![Page {
            master: 0,
            items: vec![
                tagged(ItemKind::Glyphs(holder), 0),
                ItemKind::Glyphs(condensed).into(),
                ItemKind::Glyphs(turned).into(),
                ItemKind::Glyphs(eight).into(),
                tagged(ItemKind::Image(photo), 1),
                ItemKind::Image(chart).into(),
            ],
            seals: vec![SealPlace { role: 0, rect: Rect::mm(130.0, 225.0, 42.0, 42.0), clip: None }],
            ..Page::default()
        }],
        resources: Resources {
            fonts: vec![subset.build(fonts)],
            images: vec![Arc::new(jpeg()), Arc::new(palette_png())],
        },
        info: info(),
    }
}

/// A font by hand, without outlines: `.notdef` and these glyphs, each with its text and its advance in thousandths of the em.
pub(crate) fn hand_font(glyphs: &[(&str, u16)]) -> SubsetFont {
    let glyph =
        |original, &(text, advance): &(&str, u16)| SubsetGlyph { original, advance, text: text.to_owned() };
    SubsetFont {
        name: "HANDED+Sample-Regular".to_owned(),
        family: "HANDED+Sample".to_owned(),
        data: b"no outlines".to_vec().into(),
        glyphs: [("", 500)].iter().chain(glyphs).zip(0..).map(|(g, id)| glyph(id, g)).collect(),
        metrics: FontMetrics {
            units_per_em: 1000,
            ascent: 880,
            descent: -120,
            cap_height: 733,
            bbox: [-50, -120, 1000, 880],
            serif: true,
            weight: 400,
        },
    }
}

/// A sheet of 100 pt by 100 pt with nothing on it.
pub(crate) fn blank_master() -> Arc<Master> {
    let size = Size::mm(100.0, 100.0);
    Arc::new(Master { pages: vec![MasterPage { size, ..MasterPage::default() }], ..Master::default() })
}

/// A record of one page with these items and resources.
pub(crate) fn record(master: &Arc<Master>, items: Vec<ItemKind>, resources: Resources) -> Document {
    let items = items.into_iter().map(Item::from).collect();
    Document {
        master: Arc::clone(master),
        pages: vec![Page { items, ..Page::default() }],
        resources,
        info: info(),
    }
}

pub(crate) fn info() -> Info {
    let custom = [
        ("ZZMC", "职称证书 <样例> & 说明"),
        ("ZZBFRQ", "20260305"),
        ("关联证照标识", "无"),
        ("KZ 1", "带空格的名字"),
    ];
    Info {
        id: "00112233445566778899aabbccddeeff".to_owned(),
        title: "职称证书（高级）".to_owned(),
        author: "样例市人力资源和社会保障局".to_owned(),
        subject: "张三 2026-001".to_owned(),
        created: Timestamp::parse("2026-03-05T08:00:00Z").unwrap(),
        custom: custom.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        standings: Standings { pdf: Standing::Conversion, ..Standings::default() },
        attachments: vec![Attachment {
            name: "record.json".to_owned(),
            media_type: "application/json".to_owned(),
            description: "结构化数据".to_owned(),
            data: b"{\"name\":\"\xe5\xbc\xa0\xe4\xb8\x89\"}".to_vec().into(),
        }],
    }
}

/// A ring with the word 样本 left out: enough of a seal for a writer.
pub(crate) fn seal() -> SealArtwork {
    let red = Color::rgb(0xd0, 0x10, 0x10).fade(0.85);
    let ring = PathItem {
        path: Path::ellipse(Rect::mm(1.0, 1.0, 40.0, 40.0)),
        fill: None,
        stroke: Some(Stroke::solid(red, Length::mm(1.3))),
    };
    let dot = PathItem {
        path: Path::rect(Rect::mm(14.0, 14.0, 14.0, 10.0)),
        fill: Some(Fill { color: red, rule: FillRule::NonZero }),
        stroke: None,
    };
    SealArtwork { size: Size::mm(42.0, 42.0), items: vec![ring, dot], png: Arc::new(png_with_opacity()) }
}

pub(crate) fn request() -> SignatureRequest {
    SignatureRequest {
        role: 0,
        sub_filter: SubFilter::AdbePkcs7Detached,
        signer_name: "样例市人力资源和社会保障局".to_owned(),
        time: Timestamp::parse("2026-03-05T08:00:00Z").unwrap(),
        contents_len: 1024,
    }
}

/// One glyph a character, set solid.
pub(crate) fn run(
    fonts: &Fonts,
    subset: &mut SubsetBuilder,
    text: &str,
    font: Ref,
    pt: f64,
    origin: Point,
) -> GlyphRun {
    let face = fonts.face(subset.face());
    let (size, per_em) = (Length::pt(pt), face.metrics().units_per_em);
    let mut x = Length::ZERO;
    let mut glyphs = Vec::new();
    for (start, c) in text.char_indices() {
        let original = face.glyph(c).unwrap();
        let id = subset.add(original, &text[start..start + c.len_utf8()]);
        glyphs.push(Glyph { id, x, y: Length::ZERO, text: start as u32 });
        x += size.of_em(i32::from(face.advance(original)), per_em);
    }
    GlyphRun {
        font,
        size,
        color: Color::BLACK,
        origin,
        map: Affine::IDENTITY,
        glyphs,
        text: text.to_owned(),
        advance: x,
    }
}

pub(crate) fn jpeg() -> Image {
    let data = include_bytes!("gradient.jpg");
    Image { format: ImageFormat::Jpeg, data: data[..].into(), width: 24, height: 32, components: 3 }
}

pub(crate) fn png_with_opacity() -> Image {
    let pixels: Vec<u8> = (0..64u8).flat_map(|i| [200, 16, 16, i * 4]).collect();
    png(png::ColorType::Rgba, png::BitDepth::Eight, 8, 8, None, &pixels)
}

pub(crate) fn palette_png() -> Image {
    let palette = [255, 255, 255, 200, 0, 0, 0, 160, 0, 0, 0, 220];
    // Four pixels of two bits a byte.
    png(png::ColorType::Indexed, png::BitDepth::Two, 4, 4, Some(&palette), &[0x1b, 0x6c, 0xb1, 0xc6])
}

pub(crate) fn png(
    color: png::ColorType,
    depth: png::BitDepth,
    width: u32,
    height: u32,
    palette: Option<&[u8]>,
    rows: &[u8],
) -> Image {
    let mut data = Vec::new();
    let mut encoder = png::Encoder::new(&mut data, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if let Some(palette) = palette {
        encoder.set_palette(palette.to_vec());
    }
    encoder.write_header().unwrap().write_image_data(rows).unwrap();
    Image { format: ImageFormat::Png, data: data.into(), width, height, components: 0 }
}
