//! What holds for every certificate: every layout whose records may be reissues.

use certpress::ofd::read::{Limits, Package};
use certpress::verify::contents;
use certpress::{Press, RenderError};

use super::{PLAIN, REISSUE, SHIPPED, lay, metadata, options, samples, words};

fn certificates() -> impl Iterator<Item = (&'static String, &'static Press)> {
    SHIPPED.iter().filter(|(_, press)| press.schema().index("reissue_of").is_some())
}

#[test]
fn files_stay_small_without_the_photo() {
    for (name, press) in certificates() {
        // A scope of use is long, and a cover is a page more: each costs glyphs or curves of its own.
        let most_of_pdf =
            if name.starts_with("title-") && !name.ends_with("-scope") { 100_000 } else { 125_000 };
        let record = samples(name)[PLAIN].clone().with("photo", "");
        let certificate = press.render_with(&record, &options()).unwrap();
        let (ofd, pdf) = (certificate.ofd().unwrap().len(), certificate.pdf().unwrap().len());
        assert!(ofd <= 120_000 && pdf <= most_of_pdf, "{name}: {ofd} bytes of OFD, {pdf} of PDF");
    }
}

#[test]
fn metadata_are_complete_and_agree_with_each_other() {
    for (name, press) in certificates() {
        let document = lay(press, &samples(name)[PLAIN]);
        let says = |entry: &str| metadata(&document, entry);
        for entry in ["ZZMC", "ZZBH", "ZZBFJG", "ZZBFRQ", "ZZYXQQSRQ", "CZZT", "CZZTDM", "CZZTDMLX"] {
            assert_ne!(says(entry), "", "{name} {entry}");
        }
        let of_identifier: Vec<&str> = says("ZZBS").split('.').collect();
        assert_eq!(of_identifier[5..7], [says("ZZLXDM"), says("ZZBFJGDM")], "{name}");
        assert_eq!(says("CZZTDMLXDM"), "111", "{name}");
    }
}

#[test]
fn a_reissue_says_so_on_its_last_page_and_in_its_metadata() {
    for (name, press) in certificates() {
        let [plain, reissue] = [PLAIN, REISSUE].map(|row| lay(press, &samples(name)[row]));
        let [said_plain, said] = [&plain, &reissue].map(|document| words(document, document.pages.len() - 1));
        let old_number = metadata(&reissue, "KZ_YZZBH");
        assert!(said.contains("补发") && said.contains(old_number), "{name}: {said}");
        assert_eq!(metadata(&reissue, "KZ_BFBZ"), "补发", "{name}");
        assert!(metadata(&reissue, "GLZZBS").contains(".001."), "{name}");
        assert!(metadata(&reissue, "ZZBS").contains(".002."), "{name}");
        assert!(!said_plain.contains("补发") && !said_plain.contains("原"), "{name}: {said_plain}");
        for entry in ["GLZZBS", "KZ_BFBZ", "KZ_YZZBH"] {
            assert_eq!(metadata(&plain, entry), "", "{name}");
        }
    }
}

#[test]
fn the_mark_of_a_reissue_says_so() {
    for (name, press) in certificates() {
        for row in [PLAIN, REISSUE] {
            let certificate = press.render_with(&samples(name)[row], &options()).unwrap();
            let package = Package::open(certificate.ofd().unwrap(), &Limits::default()).unwrap();
            let marks = contents(&package).unwrap().marks;
            let says_so: Vec<bool> = marks.iter().map(|mark| mark.content.ends_with("?reissue")).collect();
            assert_eq!(says_so, [row == REISSUE], "{name} row {row}");
        }
    }
}

#[test]
fn a_row_that_nobody_provided_or_approved_is_refused() {
    for (name, press) in certificates() {
        let without = |field: &str| {
            let record = samples(name)[PLAIN].clone().with(field, "");
            let Err(RenderError::Fields(errors)) = press.render_with(&record, &options()) else {
                panic!("{name} renders without {field}")
            };
            errors[0].code
        };
        assert_eq!(without("approval"), "field.unapproved", "{name}");
        for field in ["provider", "approver"] {
            assert_eq!(without(field), "field.missing", "{name}");
        }
    }
}
