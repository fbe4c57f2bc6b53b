//! What stands at an angle, and what a certificate looks like as original, as conversion and on paper.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod picture;
mod turned;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use certpress::Fonts;
use certpress::page::Timestamp;

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| Arc::new(Fonts::open(Path::new("fonts")).unwrap()));

fn time() -> Timestamp {
    Timestamp::parse("2026-03-05T08:00:00Z").unwrap()
}

/// A file for a program to read; each test has its own.
fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}
