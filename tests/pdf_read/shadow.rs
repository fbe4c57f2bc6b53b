//! What can be done to a signed file without a key: each attempt is found, and named.

use certpress::page::Timestamp;
use certpress::verify::{self, Finding, Outcome, Policy, Report, Verdict};

use crate::builder::{Builder, replaced};
use crate::sealed::{ONE, PDF, pdf};

fn report(bytes: &[u8]) -> Report {
    verify::pdf(bytes, &Policy::new(Timestamp::parse("2026-06-01T00:00:00Z").unwrap()))
}

/// What speaks against the file.
fn against(report: &Report) -> Vec<&Finding> {
    let fine = [Outcome::Holds, Outcome::Notice, Outcome::Unknown];
    let bad = |finding: &&Finding| !fine.contains(&finding.outcome);
    report.all_findings().filter(bad).collect()
}

fn assert_found(what: &str, bytes: &[u8], rule: &str, words: &str) {
    let report = report(bytes);
    let found = against(&report);
    assert!(report.verdict.is_refusal(), "{what}: {}", report.verdict);
    let named = found.iter().any(|f| f.rule.id == rule && f.found.contains(words));
    let found: Vec<_> = found.iter().map(|f| (f.rule.id, &f.place, &f.found)).collect();
    assert!(named, "{what}: {rule} {words:?} not in {found:?}");
}

/// The number of the object whose last definition has `word` in it, and what it says.
fn find(bytes: &[u8], word: &str) -> (u32, String) {
    let text = String::from_utf8_lossy(bytes);
    let at = text.rfind(word).unwrap_or_else(|| panic!("{word}"));
    let head = text[..at].rfind(" 0 obj\n").unwrap();
    let number = text[..head].rsplit('\n').next().unwrap().parse().unwrap();
    let body = &text[head + " 0 obj\n".len()..];
    (number, body[..body.find("\nendobj").unwrap()].to_owned())
}

/// `bytes` and a revision more.
fn later(bytes: &[u8], change: impl FnOnce(&mut Builder)) -> Vec<u8> {
    let mut builder = Builder::after(bytes);
    change(&mut builder);
    builder.end();
    builder.bytes
}

/// The last object with `word` in it written anew, with one word replaced.
fn changed(bytes: &[u8], word: &str, from: &str, to: &str) -> Vec<u8> {
    let (number, text) = find(bytes, word);
    assert!(text.contains(from), "{from} in {text}");
    later(bytes, |b| b.object(number, &text.replacen(from, to, 1)))
}

#[test]
fn two_seals_in_two_revisions_hold() {
    let report = report(&PDF);
    let found: Vec<_> = against(&report).iter().map(|f| (f.rule.id, &f.place, &f.found)).collect();
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(report.verdict, Verdict::Indeterminate, "nobody is trusted");
    assert_eq!(report.signatures.len(), 2);
    let signing = report.all_findings().find(|f| f.rule.id == "pdf.doc-mdp").unwrap();
    assert_eq!((signing.outcome, &*signing.found), (Outcome::Holds, "adds a signature"));
}

#[test]
fn what_a_later_revision_changes_is_found() {
    let file: &[u8] = &PDF;
    let text = String::from_utf8_lossy(file).into_owned();
    let page = "/Type/Page/";
    let (widget, _) = find(file, "/FT/Sig");
    let content = |b: &mut Builder| {
        let number = b.next();
        b.stream(number, "", b"0 0 50 50 re f");
        number
    };
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "a page's content exchanged",
            {
                let (number, page) = find(file, page);
                let at = page.find("/Contents[").unwrap();
                let end = at + page[at..].find(']').unwrap();
                later(file, |b| {
                    let new = content(b);
                    b.object(number, &format!("{}/Contents[{new} 0 R{}", &page[..at], &page[end..]));
                })
            },
            "a page's /Contents",
        ),
        (
            "a content stream exchanged in place",
            {
                let (_, page) = find(file, page);
                let first: u32 =
                    page.split("/Contents[").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
                later(file, |b| b.stream(first, "", b"0 0 50 50 re f"))
            },
            "a stream, changed",
        ),
        (
            "a page appended",
            {
                let (tree, text) = find(file, "/Type/Pages");
                later(file, |b| {
                    let new = b.next();
                    b.object(new, &format!("<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 9 9]>>"));
                    let text =
                        text.replace("/Count 1", "/Count 2").replace(" 0 R]", &format!(" 0 R {new} 0 R]"));
                    b.object(tree, &text);
                })
            },
            "pages became",
        ),
        (
            "the picture of a seal exchanged",
            {
                let (_, field) = find(file, "/FT/Sig");
                let form: u32 =
                    field.split("/N ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
                later(file, |b| b.stream(form, "/Type/XObject/Subtype/Form/BBox[0 0 1 1]", b""))
            },
            "/Form, changed",
        ),
        (
            "a signed field with another appearance",
            {
                let (number, field) = find(file, "/FT/Sig");
                let form = field.split("/N ").nth(1).unwrap().split('>').next().unwrap().to_owned();
                later(file, |b| {
                    let new = content(b);
                    b.object(number, &field.replace(&form, &format!("{new} 0 R")));
                })
            },
            "which was signed",
        ),
        (
            "a signature taken out of its field",
            {
                let (_, field) = find(file, "/FT/Sig");
                let value = field.split("/V ").nth(1).unwrap().split("R").next().unwrap().to_owned();
                changed(file, "/FT/Sig", &format!("/V {value}R"), "")
            },
            "which was signed",
        ),
        ("a field moved", changed(file, "/FT/Sig", "/Rect[", "/Rect[1 1 9 9]/Was["), "its /"),
        (
            "an annotation over the page",
            {
                let (number, page) = find(file, page);
                later(file, |b| {
                    let new = b.next();
                    b.object(new, "<</Type/Annot/Subtype/FreeText/Rect[0 0 99 99]>>");
                    b.object(number, &page.replace("/Annots[", &format!("/Annots[{new} 0 R ")));
                })
            },
            "a new annotation",
        ),
        (
            "a field that shows something",
            {
                let (catalog, text) = find(file, "/Type/Catalog");
                let (number, page) = find(file, page);
                later(file, |b| {
                    let new = b.next();
                    b.object(new, "<</Type/Annot/Subtype/Widget/FT/Sig/T(New)/Rect[0 0 99 99]>>");
                    b.object(catalog, &text.replacen(" 0 R]", &format!(" 0 R {new} 0 R]"), 1));
                    b.object(number, &page.replace("/Annots[", &format!("/Annots[{new} 0 R ")));
                })
            },
            "annotation",
        ),
        (
            "an action when it is opened",
            changed(file, "/Type/Catalog", "/Type/Catalog", "/Type/Catalog/OpenAction<</S/JavaScript>>"),
            "/OpenAction",
        ),
        (
            "another catalog",
            {
                let (_, text) = find(file, "/Type/Catalog");
                later(file, |b| {
                    let new = b.next();
                    b.object(new, &text);
                    b.trailer = format!("/Root {new} 0 R");
                })
            },
            "another catalog",
        ),
        (
            "the seal's field deleted",
            later(file, |b| {
                let at = b.bytes.len();
                let (size, previous) = (b.next(), b.previous.unwrap());
                b.raw(format!("xref\n{widget} 1\n0000000000 00001 f \ntrailer\n<</Size {size}/Prev {previous}{}>>\nstartxref\n{at}\n%%EOF\n", b.trailer).as_bytes());
                b.previous = Some(at);
            }),
            "is gone",
        ),
        (
            "an attached file exchanged",
            {
                let (number, _) = find(file, "/Type/EmbeddedFile");
                later(file, |b| b.stream(number, "/Type/EmbeddedFile", b"{}"))
            },
            "EmbeddedFile, changed",
        ),
    ];
    assert!(text.contains("/DocMDP"));
    for (what, bytes, words) in cases {
        assert_found(what, &bytes, "pdf.doc-mdp", words);
    }
}

#[test]
fn an_unsigned_field_shows_no_seal() {
    // The first revision alone: the second office has not sealed yet.
    let end = PDF.windows(5).position(|part| part == b"%%EOF").unwrap() + 6;
    let first = &PDF[..end];
    assert_eq!(against(&report(first)).len(), 0);
    let (number, field) = find(first, "/T(Seal_2)");
    let (_, signed) = find(first, "/T(Seal)");
    let appearance = signed.split("/AP").nth(1).unwrap().split(">>").next().unwrap();
    let twin = later(first, |b| {
        b.object(number, &field.replacen("/FT/Sig", &format!("/FT/Sig/AP{appearance}>>"), 1));
    });
    assert_found("a seal without a signature", &twin, "pdf.doc-mdp", "which was signed or is not");
}

#[test]
fn what_archives_need_may_be_added_later() {
    let (number, catalog) = find(&PDF, "/Type/Catalog");
    let file = later(&PDF, |b| {
        let new = b.next();
        b.stream(new, "", b"a certificate");
        b.object(new + 1, &format!("<</Certs[{new} 0 R]>>"));
        b.object(
            number,
            &catalog.replacen("/Type/Catalog", &format!("/Type/Catalog/DSS {} 0 R", new + 1), 1),
        );
    });
    let report = report(&file);
    assert_eq!(against(&report).len(), 0, "{:?}", against(&report));
    let last = report.all_findings().filter(|f| f.rule.id == "pdf.doc-mdp").last().unwrap();
    assert_eq!(last.found, "adds a timestamp, or data for later verification");
}

#[test]
fn the_range_is_the_whole_revision_but_the_signature() {
    let one = pdf(&ONE, &record_of_one(), certpress::seal::PdfProfile::Cms);
    assert_eq!(against(&report(&one)).len(), 0, "{:?}", against(&report(&one)));
    let find_byte =
        |word: &[u8], from: usize| from + one[from..].windows(word.len()).position(|w| w == word).unwrap();
    let start = find_byte(b"/ByteRange[", 0) + "/ByteRange[".len();
    let end = find_byte(b"]", start);
    let numbers = str::from_utf8(&one[start..end]).unwrap();
    let numbers: Vec<usize> = numbers.split_whitespace().map(|n| n.parse().unwrap()).collect();
    let [_, a, b, c] = numbers[..] else { panic!() };
    let with = |range: String| {
        let mut bytes = one.clone();
        bytes[start..end].fill(b' ');
        bytes[start..start + range.len()].copy_from_slice(range.as_bytes());
        bytes
    };
    for range in [
        format!("1 {} {b} {c}", a - 1),
        format!("0 {} {b} {c}", a - 2),
        format!("0 {a} {} {}", b + 1, c - 1),
        format!("0 {a} {b} {}", c - 9),
        format!("0 {a} {b} 99999999"),
        format!("0 {a} {b} -1"),
        format!("0 {a} {b}"),
        format!("0 {a} {b} {c} 0"),
        format!("0 {a} {b} {c} -1"),
        format!("0 {} {b} {c}", a + 2),
    ] {
        assert_found(&range, &with(range.clone()), "pdf.byte-range", "");
    }
    assert_eq!(against(&report(&with(format!("0 {a} {b} {c}")))).len(), 0);

    // A blank among the digits, which some readers skip.
    let mut blank = one.clone();
    blank[a + 1] = b' ';
    assert_found("a blank in /Contents", &blank, "pdf.byte-range", "hexadecimal digits");
    // A second dictionary that borrows the range of the first.
    let (number, signature) = find(&one, "/SubFilter");
    let (field, widget) = find(&one, "/FT/Sig");
    let twin = later(&one, |b| {
        let new = b.next();
        b.object(new, &signature);
        b.object(field, &widget.replacen(&format!("/V {number} 0 R"), &format!("/V {new} 0 R"), 1));
    });
    assert_found("a second dictionary", &twin, "pdf.byte-range", "");
    // /Contents by reference.
    let contents = signature.split("/Contents").nth(1).unwrap().split('>').next().unwrap().to_owned();
    let twin = later(&one, |b| {
        let new = b.next();
        b.object(new, &format!("{contents}>"));
        b.object(number, &signature.replacen(&format!("{contents}>"), &format!(" {new} 0 R"), 1));
    });
    assert_found("/Contents by reference", &twin, "pdf.byte-range", "");
}

fn record_of_one() -> certpress::Record {
    let fields = [("name", "欧阳样例"), ("number", "样例20260001"), ("issuer_code", "11140000MB99999996")];
    fields.into_iter().fold(certpress::Record::new(), |record, (name, value)| record.with(name, value))
}

#[test]
fn a_reference_that_led_nowhere_may_not_be_filled() {
    // Hide: the signed document refers to an object that comes later.
    let hidden = |filled: bool| {
        let mut builder = Builder::new();
        builder.object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>");
        builder.object(2, "<</Type/Pages/Count 1/Kids[3 0 R]>>");
        builder.object(
            3,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents[4 0 R 7 0 R]/Annots[5 0 R]>>",
        );
        builder.stream(4, "", b"10 10 80 80 re f");
        builder.object(5, "<</Subtype/Widget/FT/Sig/T(A)/V 6 0 R/Rect[0 0 0 0]>>");
        let at = builder.bytes.len();
        builder.object(
            6,
            "<</Type/Sig/SubFilter/adbe.pkcs7.detached/ByteRange[0 AAAA BBBB CCCC]/Contents<3000>>>",
        );
        builder.end();
        let gap = at + builder.bytes[at..].windows(6).position(|w| w == b"<3000>").unwrap();
        let rest = builder.bytes.len() - gap - 6;
        for (name, number) in [("AAAA", gap), ("BBBB", gap + 6), ("CCCC", rest)] {
            builder.bytes = replaced(&builder.bytes, name, &format!("{number:<4}"));
        }
        builder.stream(if filled { 7 } else { 8 }, "", b"0 0 100 100 re f");
        builder.end();
        builder.bytes
    };
    let uncovered = |bytes: &[u8]| {
        let report = report(bytes);
        let found: Vec<_> = report.all_findings().filter(|f| f.outcome == Outcome::Uncovered).collect();
        found.iter().map(|f| f.found.clone()).collect::<Vec<_>>()
    };
    assert_eq!(uncovered(&hidden(false)), Vec::<String>::new());
    assert!(uncovered(&hidden(true))[0].contains("referred to before it was there"));
}

#[test]
fn an_unsigned_file_is_not_signed() {
    let report = report(&Builder::finished_page());
    assert_eq!(report.verdict, Verdict::NotSigned);
}
