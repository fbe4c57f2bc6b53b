//! A twin for each rule that no other table breaks: what only is told stands beside what refuses the file.

use certpress::verify::Verdict::{Indeterminate, Invalid, Partial};

use super::attack::{Attack, attack};
use super::originals::Originals;
use super::package::{PAGE, Parts, RECORD, SIGNATURE};
use super::revision::Pdf;

const ENTRY: &str = "OFD.xml";
/// Signed by RSA, and certified by nobody, so that no DocMDP says what may follow.
const PLAIN: &[u8] = include_bytes!("../vectors/pdf/rsa-adbe.pdf");

fn changed(parts: &Parts, part: &str, from: &str, to: &str) -> Vec<u8> {
    parts.clone().replace(part, from, to).build()
}

fn pdf(o: &Originals, from: &str, to: &str) -> Vec<u8> {
    Pdf::of(&o.one.pdf).replace(from, to).0
}

/// A white box over the number.
const BOX: &str = r#"<ofd:PathObject ID="98" Boundary="9 18 40 8" Stroke="false" Fill="true"><ofd:FillColor Value="255 255 255"/><ofd:AbbreviatedData>M 0 0 L 40 0 L 40 8 L 0 8 C</ofd:AbbreviatedData></ofd:PathObject></ofd:Layer>"#;

pub(crate) const ATTACKS: &[Attack] = &[
    attack("a record that is none", |o| changed(&o.one.ofd, RECORD, "{", "["), Invalid, "licence.record"),
    attack(
        "an original that calls itself a conversion",
        |o| changed(&o.one.ofd, ENTRY, ">原件<", ">转换件<"),
        Invalid,
        "licence.standing",
    ),
    attack(
        "a box over the number",
        |o| changed(&o.one.ofd, PAGE, "</ofd:Layer>", BOX),
        Invalid,
        "licence.face.cover",
    ),
    // licence.metadata.form, licence.identifier and ofd.stamp only tell.
    attack(
        "an issuer's code with another check character",
        |o| changed(&o.one.ofd, ENTRY, "MB99999996<", "MB99999997<"),
        Invalid,
        "licence.metadata",
    ),
    attack(
        "an identifier of no licence",
        |o| changed(&o.title.ofd, ENTRY, "1.2.156.3005.2.", "1.2.156.3005.3."),
        Invalid,
        "licence.metadata",
    ),
    attack(
        "a seal shown at half its size",
        |o| changed(&o.one.ofd, SIGNATURE, "60 20 42 42", "60 20 21 21"),
        Invalid,
        "ofd.data-hash",
    ),
    attack(
        "PDF: another title in the information dictionary",
        |o| pdf(o, "/Title<FEFF6837", "/Title<FEFF6838"),
        Invalid,
        "pdf.information",
    ),
    attack(
        "PDF: a standing that is none",
        |o| pdf(o, "<cert:KZ_BBXZ>转换件", "<cert:KZ_BBXZ>转换体"),
        Invalid,
        "pdf.standing",
    ),
    // pdf.signing-time and pdf.hidden only tell.
    attack(
        "PDF: another time beside the signature",
        |o| pdf(o, "/M(D:2026", "/M(D:2025"),
        Invalid,
        "pdf.digest",
    ),
    attack(
        "PDF: an object that no table names",
        |o| {
            let one = Pdf::of(&o.one.pdf);
            let next = one.number("/Size");
            let hidden = format!("{} 0 obj\n(hidden)\nendobj\n", next + 7);
            one.with_bytes(hidden.as_bytes()).update(&[(next, "null".into())], "").0
        },
        Indeterminate,
        "time.proof",
    ),
    attack(
        "PDF: a page turned after a signature that certifies nothing",
        |_| {
            let plain = Pdf::of(PLAIN);
            let page = plain.object(4).replacen("<<", "<</Rotate 90", 1);
            plain.update(&[(4, page)], "").0
        },
        Partial,
        "pdf.coverage",
    ),
];
