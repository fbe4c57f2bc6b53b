//! Fills in `docs/language/README.md`: the tables of attributes, from the parser's own; the pictures, from the lines above them.
//!
//! Run `cargo run --example make_reference` in the repository after the language or the way a page is set has changed.

#[path = "../picture/mod.rs"]
mod picture;
mod reference;

use std::error::Error;
use std::path::Path;

use picture::{beside, indexed};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language");
    let page = folder.join("README.md");
    let text = std::fs::read_to_string(&page)?;
    std::fs::write(&page, reference::with_tables(&text))?;
    for example in reference::examples(&text) {
        let pages = reference::draw(&example).map_err(|e| format!("line {}: {e}", example.line))?;
        if let Some(name) = example.picture {
            std::fs::write(folder.join(name), indexed(&beside(&pages))?)?;
        }
    }
    Ok(())
}
