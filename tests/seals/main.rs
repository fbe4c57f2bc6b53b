//! Where seals stand: at coordinates, elements and words, over the edges of several pages, and what authors and records are told.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod anchors;
mod straddle;

use std::path::Path;
use std::sync::{Arc, LazyLock};

use certpress::page::{Document, Timestamp};
use certpress::seal::{NewSeal, Nonce, create};
use certpress::unit::Length;
use certpress::{Fonts, Layout, Press, PressError, Record, RenderError, RenderOptions, Sealer, Seals};

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| Arc::new(Fonts::open(Path::new("fonts")).unwrap()));

fn options() -> RenderOptions {
    RenderOptions {
        time: Timestamp::parse("2026-03-05T08:00:00Z"),
        nonce: Nonce::Deterministic,
        ..RenderOptions::default()
    }
}

/// A layout with the fields `name` and `note` and one A4 page that holds `elements`.
fn page(elements: &str) -> Result<Press, PressError> {
    let text = format!(
        r#"<layout id="t" font="song" size="10pt"><fields><field name="name" type="text"/><field name="note" type="text"/>
        </fields><page size="A4">{elements}</page></layout>"#
    );
    Layout::from_text("t.xml", &text).unwrap().compile(&FONTS)
}

/// Three pages, a straddling seal of each role, and both again on the last page.
fn three_pages() -> Press {
    Layout::open(Path::new("tests/layouts/straddle.xml")).unwrap().compile(&FONTS).unwrap()
}

fn record() -> Record {
    Record::new().with("name", "欧阳样例")
}

fn lay(press: &Press, record: &Record) -> Result<Document, RenderError> {
    let entry = press.bind(record, &options()).unwrap();
    press.lay(&entry, options().time.unwrap(), &options())
}

/// The refusal of a record, by its code.
fn refusal(press: &Press, record: &Record) -> (String, String) {
    let error = lay(press, record).unwrap_err();
    (error.code().to_owned(), error.to_string())
}

/// A test seal so large.
fn seal(unit: &str, mm: f64) -> Sealer {
    let dir = tempfile::tempdir().unwrap();
    let mut new = NewSeal::new(unit, options().time.unwrap());
    new.design.diameter = Length::mm(mm);
    create(&new, &FONTS, dir.path(), "pw").unwrap();
    Sealer::open(dir.path(), "pw").unwrap()
}

/// The demonstration seal for the issuer, another one for the reviewer.
fn both() -> Seals {
    Seals::new().with("issuer", Sealer::demo().unwrap()).with("reviewer", seal("样例评审委员会", 38.0))
}
