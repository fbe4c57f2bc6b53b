//! Pages of other producers: outlines of every command are read, what the page cannot say is refused by name, and nothing panics.

use certpress::geom::{Point, Segment};
use certpress::ofd::read::{self, Limits, Package, ReadError};
use certpress::page::{Document, ItemKind, PathItem};
use certpress::unit::Length;
use certpress::verify;

use super::parts::{sealed, with};
use super::zip::{Entry, Zip};

const PAGE: &str = "Doc_0/Pages/Page_0/Content.xml";

fn document(bytes: &[u8]) -> Result<Document, ReadError> {
    read::document(&Package::open(bytes, &Limits::default()).unwrap())
}

/// The first outline of a page to which `object` was added at the bottom.
fn outline(object: &str) -> PathItem {
    let bytes = with(&sealed(), PAGE, |text| {
        let (head, tail) = text.split_once("<ofd:TextObject").unwrap();
        format!("{head}{object}<ofd:TextObject{tail}")
    });
    let document = document(&bytes).unwrap();
    match &document.pages[0].items[0].kind {
        ItemKind::Path(path) => path.clone(),
        other => panic!("not an outline: {other:?}"),
    }
}

fn mm(x: f64, y: f64) -> Point {
    Point::new(Length::mm(x), Length::mm(y))
}

#[test]
fn every_path_command_is_read() {
    let path = outline(
        "<ofd:PathObject ID='900' Boundary='10 20 50 50'><ofd:AbbreviatedData>\
         S 0 0 L 10 0 Q 20 0 20 10 B 20 15 15 20 10 20 A 10 10 0 0 1 0 10 C M 30 30 L 40 40</ofd:AbbreviatedData></ofd:PathObject>",
    );
    let segments = &path.path.segments;
    assert_eq!(segments[..2], [Segment::Move(mm(10.0, 20.0)), Segment::Line(mm(20.0, 20.0))]);
    assert!(matches!(segments[2], Segment::Cubic(_, _, end) if end == mm(30.0, 30.0)), "{segments:?}");
    assert_eq!(segments[3], Segment::Cubic(mm(30.0, 35.0), mm(25.0, 40.0), mm(20.0, 40.0)));
    let close = segments.iter().position(|s| *s == Segment::Close).unwrap();
    assert!(
        matches!(segments[close - 1], Segment::Cubic(_, _, end) if end == mm(10.0, 30.0)),
        "the arc ends there"
    );
    assert_eq!(segments[close + 1..], [Segment::Move(mm(40.0, 50.0)), Segment::Line(mm(50.0, 60.0))]);
    let stroke = path.stroke.unwrap();
    assert_eq!(
        (stroke.width, path.fill),
        (Length::mm(0.353), None),
        "what the standard says where nothing is said"
    );
}

#[test]
fn a_matrix_moves_the_outline_and_widens_its_line() {
    let path = outline(
        "<ofd:PathObject ID='900' Boundary='10 20 50 50' CTM='0 2 -2 0 20 0' LineWidth='0.5' Alpha='128'>\
         <ofd:AbbreviatedData>M 0 0 L 10 0</ofd:AbbreviatedData></ofd:PathObject>",
    );
    assert_eq!(path.path.segments, [Segment::Move(mm(30.0, 20.0)), Segment::Line(mm(30.0, 40.0))]);
    let stroke = path.stroke.unwrap();
    assert_eq!((stroke.width, stroke.color.a), (Length::mm(1.0), 128));
}

#[test]
fn what_the_page_cannot_say_is_refused_by_name() {
    let first = "<ofd:TextObject";
    let path = |attributes: &str, data: &str| {
        format!("<ofd:PathObject ID='900' Boundary='0 0 9 9' {attributes}>{data}</ofd:PathObject>{first}")
    };
    let line = "<ofd:AbbreviatedData>M 0 0 L 9 9</ofd:AbbreviatedData>";
    let cases = [
        (
            PAGE,
            first,
            format!("<ofd:CompositeObject ID='900'/>{first}"),
            "an object of the kind CompositeObject",
        ),
        (PAGE, first, path("DrawParam='3'", line), "PathObject with DrawParam"),
        (PAGE, first, path("DashOffset='1'", line), "PathObject with DashOffset 1"),
        (PAGE, first, path("CTM='1 0 0 2 0 0'", line), "a line under an uneven CTM"),
        (PAGE, first, path("", &format!("<ofd:Clips/>{line}")), "PathObject with Clips"),
        (
            PAGE,
            first,
            path("", "<ofd:AbbreviatedData>M 0 0 L 90 9</ofd:AbbreviatedData>"),
            "reaches beyond its Boundary",
        ),
        (
            PAGE,
            first,
            path("", "<ofd:AbbreviatedData>M 0 0 X 9</ofd:AbbreviatedData>"),
            "an unknown path command: X",
        ),
        (PAGE, first, path("", "<ofd:AbbreviatedData>M 0 0 L 9</ofd:AbbreviatedData>"), "L lacks numbers"),
        (
            PAGE,
            first,
            path("", &format!("<ofd:StrokeColor Value='0 0 300'/>{line}")),
            "a colour outside of 0 to 255: 300",
        ),
        (
            PAGE,
            first,
            path("", &format!("<ofd:StrokeColor ColorSpace='9' Value='0'/>{line}")),
            "a colour with ColorSpace",
        ),
        (PAGE, " Size=", " HScale='0.5' Size=".into(), "TextObject with HScale 0.5"),
        (PAGE, " Size=", " Stroke='true' Size=".into(), "text that is not filled"),
        (PAGE, "Font=\"", "Font=\"99".into(), "there is no font 99"),
        (PAGE, "CTM=\"40 0 0 40", "CTM=\"40 1 0 40".into(), "an image that is turned or mirrored"),
        (PAGE, "ResourceID=\"", "ResourceID=\"99".into(), "there is no image 99"),
        (PAGE, "CodePosition=\"0\"", "CodePosition=\"7\"".into(), "CGTransform beyond the end of its text"),
        (PAGE, "TemplateID=\"", "TemplateID=\"99".into(), "there is no template 99"),
        (PAGE, "<ofd:Layer ", "<ofd:Layer DrawParam='1' ".into(), "a layer with DrawParam 1"),
        (
            "Doc_0/Document.xml",
            "</ofd:Pages>",
            "</ofd:Pages><ofd:Annotations>a.xml</ofd:Annotations>".into(),
            "annotations on pages",
        ),
        ("Doc_0/Document.xml", "Pages/Page_1", "Pages/Page_0".into(), "the part is a page already"),
        (
            "Doc_0/PublicRes.xml",
            "<ofd:FontFile>",
            "<ofd:FontFile>../../Document.xml".into(),
            "there is no part",
        ),
    ];
    let whole = sealed();
    for (part, from, to, expected) in cases {
        let bytes = with(&whole, part, |text| {
            assert!(text.contains(from), "{part} has no {from}");
            text.replacen(from, &to, 1)
        });
        let error = document(&bytes).err().unwrap_or_else(|| panic!("it was read: {to}")).to_string();
        assert!(error.contains(expected), "{error} does not say {expected}");
    }
}

/// A generator of numbers that look like chance and are the same on every run (Knuth's MMIX).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

#[test]
fn no_damaged_part_makes_any_reader_panic() {
    let bytes = sealed();
    let package = Package::open(&bytes, &Limits::default()).unwrap();
    let parts: Vec<(&str, &[u8])> = package.parts().collect();
    let mut numbers = Numbers(1);
    let pieces: [&[u8]; 12] = [
        b"-",
        b"9999999",
        b"g 9999999999 1",
        b"NaN",
        b"",
        b"\"",
        b"<a>",
        b"/",
        b"\xff",
        b"0",
        b"1e400",
        b" ",
    ];
    let mut read = 0;
    for _ in 0..600 {
        let victim = numbers.below(parts.len());
        let entries = parts.iter().enumerate().map(|(i, (name, data))| {
            let mut data = data.to_vec();
            if i == victim {
                let at = numbers.below(data.len());
                let end = (at + numbers.below(8)).min(data.len());
                data.splice(at..end, pieces[numbers.below(pieces.len())].iter().copied());
            }
            Entry::stored(name, &data)
        });
        let twin = Zip::of(entries.collect()).build();
        let package = Package::open(&twin, &Limits::default()).unwrap();
        read += usize::from(read::document(&package).is_ok());
        let _ = (read::fields(&package), read::attachments(&package), verify::contents(&package));
    }
    assert!(read > 20, "{read} of 600 were still read: the damage is too coarse to reach far");
}
