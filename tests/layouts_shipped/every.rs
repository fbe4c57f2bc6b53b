//! What holds for every layout that ships.

use certpress::page::dump_document;

use super::{REISSUE, SHIPPED, lay, options, samples};

#[test]
fn every_sample_becomes_an_ofd_and_a_pdf() {
    for (name, press) in &*SHIPPED {
        for (row, record) in samples(name).iter().enumerate() {
            let certificate = press.render_with(record, &options());
            let certificate = certificate.unwrap_or_else(|e| panic!("{name} row {row}: {e}"));
            assert!(certificate.ofd().is_some_and(|ofd| ofd.starts_with(b"PK")), "{name} row {row}");
            assert!(certificate.pdf().is_some_and(|pdf| pdf.starts_with(b"%PDF-1.7")), "{name} row {row}");
        }
    }
}

#[test]
fn the_fourth_record_of_each_is_as_it_was() {
    for (name, press) in &*SHIPPED {
        let document = lay(press, &samples(name)[REISSUE]);
        insta::assert_snapshot!(name.as_str(), dump_document(&document));
    }
}
