//! Draws the vector art of the shipped layouts: guilloche borders, faint grounds, and the cover of a B5 certificate.
//!
//! Run `cargo run --example make_art` in the repository; it rewrites `layouts/art/*.svg`. Coordinates are
//! millimetres on the sheet. Strands are `currentColor`, so that a layout chooses the colour when it uses the art.

mod border;
mod cover;
mod ground;
mod line;

use std::path::Path;

use border::Border;
use ground::Ground;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts/art");
    std::fs::create_dir_all(&folder)?;
    // Half waves of the borders are 6.9 and 7.4 mm, and 5.8 and 5.62 mm.
    let a4 = Border { width: 210.0, height: 297.0, middle: 15.3, scale: 1.0, waves: (13, 18) };
    let b5 = Border { width: 176.0, height: 250.0, middle: 12.6, scale: 0.8, waves: (13, 20) };
    std::fs::write(folder.join("border-a4.svg"), a4.draw())?;
    std::fs::write(folder.join("border-b5.svg"), b5.draw())?;
    let a4 = Ground {
        width: 210.0,
        height: 297.0,
        inset: (23.0, 24.5),
        center: (105.0, 152.0),
        scale: 1.0,
        lines: 45,
    };
    let b5 = Ground {
        width: 176.0,
        height: 250.0,
        inset: (19.0, 20.4),
        center: (88.0, 122.0),
        scale: 0.8,
        lines: 38,
    };
    std::fs::write(folder.join("ground-a4.svg"), a4.draw())?;
    std::fs::write(folder.join("ground-b5.svg"), b5.draw())?;
    std::fs::write(folder.join("cover-b5.svg"), cover::draw())
}
