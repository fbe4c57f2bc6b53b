//! Tables from end to end: what is laid where, and what authors and records are told.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod flows;
mod forms;
mod lists;
mod mistakes;

use std::path::Path;
use std::sync::{Arc, LazyLock};

use certpress::diag::Diagnostic;
use certpress::layout::LayoutError;
use certpress::page::{Document, Timestamp};
use certpress::record::ImageRoot;
use certpress::{Fonts, Layout, Press, PressError, Record, RenderError, RenderOptions};

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| Arc::new(Fonts::open(Path::new("fonts")).unwrap()));

/// The press of a layout of `tests/layouts`.
fn press(name: &str) -> Press {
    let layout = Layout::open(Path::new("tests/layouts").join(name)).unwrap();
    layout.compile(&FONTS).unwrap_or_else(|e| panic!("{e}"))
}

/// A layout with the fields `name`, `note` and the list `rows` of `a`, and one page of 100 mm square that holds `elements`.
fn page(elements: &str) -> Result<Press, PressError> {
    let text = format!(
        r#"<layout id="t" font="song" size="10pt"><fields><field name="name" type="text"/><field name="note" type="text"/>
        <field name="rows" type="list"><field name="a" type="text"/></field></fields><page size="100x100mm">{elements}</page></layout>"#
    );
    Layout::from_text("t.xml", &text).unwrap().compile(&FONTS)
}

fn lay(press: &Press, record: &Record) -> Result<Document, RenderError> {
    let options =
        RenderOptions { image_root: Some(ImageRoot::open("examples").unwrap()), ..RenderOptions::default() };
    let entry = press.bind(record, &options).unwrap();
    press.lay(&entry, Timestamp::parse("2026-03-05T08:00:00Z").unwrap(), &options)
}

/// Where and what, without the hint.
fn first_line(error: &LayoutError) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// One line for each: place, message, hints.
fn told(diagnostics: &[Diagnostic]) -> String {
    let line = |d: &Diagnostic| {
        let hints: String = d.hints.iter().map(|h| format!(" ({h})")).collect();
        format!("{:?} {:?} {}{hints}\n", d.span, d.severity, d.message)
    };
    diagnostics.iter().map(line).collect()
}
