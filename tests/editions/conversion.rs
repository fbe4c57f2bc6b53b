//! Original and conversion: what the OFD and the PDF say they are, in their metadata and on their faces.

use std::process::Command;

use certpress::compile::program::ElementKind;
use certpress::compile::{self, CONVERSION_NOTE};
use certpress::{Edition, Layout, png};

use crate::picture::{DPI, Tones};
use crate::{FONTS, lay, mistakes, ofd, pdf, press, standings, words};

#[test]
fn the_ofd_is_the_original_and_the_pdf_a_conversion() {
    let press = press(Edition::Electronic, "", "<text>样例</text>");
    assert_eq!(standings(&press, &lay(&press, &[])), ["原件", "转换件"]);
}

#[test]
fn a_layout_may_make_the_pdf_an_original_which_then_bears_no_note() {
    let press = press(Edition::Electronic, "pdf='original'", "<text>样例</text>");
    let document = lay(&press, &[]);
    assert_eq!(standings(&press, &document), ["原件", "原件"]);
    assert_eq!(document.master.pages[0].conversion, []);
    assert_eq!(document.master.resources.fonts.len(), 1);
}

#[test]
fn a_conversion_says_so_at_its_foot_and_the_original_carries_nothing_of_it() {
    let press = press(Edition::Electronic, "", "<text>样例</text>");
    let document = lay(&press, &[("name", "欧阳")]);
    assert_eq!(words(&document.master.pages[0].conversion), CONVERSION_NOTE);
    let parts = ofd(&press, &document);
    for (path, part) in parts.iter().filter(|(path, _)| path.ends_with(".xml")) {
        assert!(!String::from_utf8_lossy(part).contains("法律效力"), "{path}");
    }
    // 样例 is in song; the note is in hei, whose subset the OFD does without.
    assert_eq!(parts.keys().filter(|path| path.ends_with(".ttf")).count(), 1);
    assert_eq!(document.master.resources.fonts.len(), 2);

    let path = crate::file("conversion.pdf", &pdf(&press, &document));
    let Ok(output) = Command::new("pdftotext").arg(&path).arg("-").output() else { return };
    assert!(String::from_utf8_lossy(&output.stdout).contains(CONVERSION_NOTE));
}

#[test]
fn pictures_show_the_note_where_the_pdf_does() {
    let press = press(Edition::Electronic, "", "<text>样例</text>");
    let document = lay(&press, &[]);
    let options = png::Options { dpi: DPI, ..png::Options::default() };
    let ours = Tones::of(&png::page(&document, 0, &options).unwrap());
    let Some(theirs) = Tones::by_poppler(&crate::file("note.pdf", &pdf(&press, &document))) else { return };
    assert!(ours.differing(&theirs) < 20);
    assert!(ours.darker_than(200) > 500, "{}", ours.darker_than(200));
}

#[test]
fn a_layouts_own_notes_stand_in_for_the_usual_one() {
    let elements = "<text>样例</text><group edition='conversion'>
        <text y='40mm'>转换件，仅供参考</text><text y='50mm'>持证人{{ name }}</text></group>";
    let press = press(Edition::Electronic, "", elements);
    let document = lay(&press, &[("name", "欧阳")]);
    assert_eq!(words(&document.master.pages[0].conversion), "转换件，仅供参考");
    assert_eq!(words(&document.pages[0].conversion), "持证人欧阳");
    assert_eq!(words(&document.pages[0].items), "");
    // The literal's characters are not the record's to carry.
    let carried: String = document.resources.fonts[0].glyphs.iter().map(|g| g.text.as_str()).collect();
    assert_eq!(carried, "欧阳");
}

#[test]
fn a_conversion_bears_no_seal_and_nothing_belongs_to_two_editions() {
    let told = mistakes("<seal edition='conversion'/>");
    assert!(told.contains("a conversion bears no seal of its own"), "{told}");
    let told = mistakes(
        "<table><column width='20mm'/><row height='9mm'><cell><text edition='conversion'>样</text></cell></row></table>",
    );
    assert!(told.contains("what conversions alone show may not stand in a cell"), "{told}");
    let told = mistakes("<group edition='print'><text edition='electronic'>样例</text></group>");
    assert!(told.contains("text is never painted"), "{told}");
    assert!(told.contains("every file says by itself what it is: KZ_BBXZ"), "{told}");
}

#[test]
fn the_note_stands_below_all_text_of_the_layouts_that_ship() {
    let mut seen = 0;
    for file in std::fs::read_dir("layouts").unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".xml") || name.ends_with("-base.xml") {
            continue;
        }
        let program = compile::compile(Layout::open(&path).unwrap(), Edition::Electronic, &FONTS).unwrap();
        for page in &program.pages {
            // Seven points of text, three millimetres above the edge.
            let note = page.size.height - certpress::unit::Length::mm(3.0) - certpress::unit::Length::pt(7.0);
            for element in page.elements.iter().filter(|e| matches!(e.kind, ElementKind::Text(_))) {
                assert!(element.bounds.bottom() < note, "{:?}", element.span);
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen}");
}
