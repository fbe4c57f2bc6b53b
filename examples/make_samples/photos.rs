//! The photographs: flat silhouettes on a plain ground, in the size of a one-inch portrait at 300 dpi.

use jpeg_encoder::{ColorType, Encoder};
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Transform};

const WIDTH: u16 = 295;
const HEIGHT: u16 = 413;
const QUALITY: u8 = 82;

/// What makes the portraits differ; all drawn from its index.
struct Look {
    ground: [u8; 3],
    coat: [u8; 3],
    hair: Hair,
}

#[derive(Clone, Copy)]
enum Hair {
    Short,
    Long,
    Bun,
    Bald,
}

/// The portrait `index` as a JPEG file.
pub(crate) fn portrait(index: u32) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let canvas = draw(&look(index)).ok_or("the canvas and its shapes are not empty")?;
    let rgb: Vec<u8> = canvas.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
    let mut file = Vec::new();
    Encoder::new(&mut file, QUALITY).encode(&rgb, WIDTH, HEIGHT, ColorType::Rgb)?;
    Ok(file)
}

fn look(index: u32) -> Look {
    const GROUNDS: [[u8; 3]; 3] = [[232, 238, 245], [103, 156, 205], [246, 246, 244]];
    const COATS: [[u8; 3]; 4] = [[42, 54, 78], [78, 84, 92], [96, 58, 62], [48, 82, 76]];
    const HAIRS: [Hair; 4] = [Hair::Short, Hair::Long, Hair::Bun, Hair::Bald];
    let i = index as usize;
    Look { ground: GROUNDS[i % 3], coat: COATS[(i / 2) % 4], hair: HAIRS[i % 4] }
}

fn draw(look: &Look) -> Option<Pixmap> {
    const SKIN: [u8; 3] = [222, 190, 166];
    const SHADE: [u8; 3] = [204, 168, 144];
    const HAIR: [u8; 3] = [52, 46, 44];
    const SHIRT: [u8; 3] = [250, 250, 250];
    let mut canvas = Pixmap::new(WIDTH.into(), HEIGHT.into())?;
    let [r, g, b] = look.ground;
    canvas.fill(Color::from_rgba8(r, g, b, 255));
    let mut fill = |path: Path, color| {
        canvas.fill_path(&path, &paint(color), FillRule::Winding, Transform::identity(), None)
    };

    match look.hair {
        Hair::Long => fill(rounded(62.0, 66.0, 171.0, 250.0, 80.0)?, HAIR),
        Hair::Bun => fill(ellipse(112.0, 28.0, 72.0, 62.0)?, HAIR),
        Hair::Short | Hair::Bald => {}
    }
    fill(shoulders()?, look.coat);
    fill(rounded(114.0, 230.0, 67.0, 92.0, 26.0)?, SHADE);
    fill(triangle([(108.0, 296.0), (187.0, 296.0), (147.5, 380.0)])?, SHIRT);
    fill(ellipse(114.0, 262.0, 67.0, 66.0)?, SHADE);
    fill(ellipse(79.0, 78.0, 137.0, 188.0)?, SKIN);
    match look.hair {
        Hair::Short => fill(cap(150.0)?, HAIR),
        Hair::Long | Hair::Bun => fill(cap(138.0)?, HAIR),
        Hair::Bald => {}
    }
    Some(canvas)
}

fn paint(color: [u8; 3]) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(color[0], color[1], color[2], 255);
    paint
}

fn ellipse(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    PathBuilder::from_oval(Rect::from_xywh(x, y, width, height)?)
}

/// A rectangle whose corners are quarter ellipses as wide and as high as `radius`.
fn rounded(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Option<Path> {
    let (right, bottom) = (x + width, y + height);
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.quad_to(right, y, right, y + radius);
    path.line_to(right, bottom - radius);
    path.quad_to(right, bottom, right - radius, bottom);
    path.line_to(x + radius, bottom);
    path.quad_to(x, bottom, x, bottom - radius);
    path.line_to(x, y + radius);
    path.quad_to(x, y, x + radius, y);
    path.close();
    path.finish()
}

fn triangle(corners: [(f32, f32); 3]) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(corners[0].0, corners[0].1);
    path.line_to(corners[1].0, corners[1].1);
    path.line_to(corners[2].0, corners[2].1);
    path.close();
    path.finish()
}

fn shoulders() -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(8.0, 413.0);
    path.cubic_to(10.0, 338.0, 44.0, 322.0, 108.0, 296.0);
    path.line_to(187.0, 296.0);
    path.cubic_to(251.0, 322.0, 285.0, 338.0, 287.0, 413.0);
    path.close();
    path.finish()
}

/// Hair over the top of the head, its edge at `brow`.
fn cap(brow: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(74.0, brow + 26.0);
    path.cubic_to(62.0, 92.0, 96.0, 58.0, 147.5, 58.0);
    path.cubic_to(199.0, 58.0, 233.0, 92.0, 221.0, brow + 26.0);
    path.cubic_to(212.0, brow - 6.0, 196.0, brow - 24.0, 172.0, brow - 30.0);
    path.cubic_to(136.0, brow - 16.0, 98.0, brow - 22.0, 74.0, brow + 26.0);
    path.close();
    path.finish()
}
