//! Files that two readers could take for two documents, and files that ask for too much: refused, each for its reason.

use std::io::Write as _;

use certpress::pdf::read::{File, Flaw, Limits, ReadError, document, fields, pages, sheet, signatures};
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::builder::{Builder, replaced};

fn open(bytes: &[u8]) -> Result<usize, ReadError> {
    File::open(bytes, &Limits::default()).map(|file| file.revisions().len())
}

/// Reads all there is to read.
pub(crate) fn read_all(bytes: &[u8]) -> Result<(), ReadError> {
    let file = File::open(bytes, &Limits::default())?;
    let view = file.latest();
    document(&view)?;
    fields(&view)?;
    signatures(&view)?;
    for page in pages(&view)? {
        sheet(&view, page)?;
    }
    Ok(())
}

fn flaw(bytes: &[u8]) -> Option<Flaw> {
    match open(bytes) {
        Err(ReadError::Malformed { flaw, .. }) => Some(flaw),
        _ => None,
    }
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_plain_file_is_read_with_its_revisions() {
    let mut file = Builder::page();
    assert_eq!(open(&file.end().bytes), Ok(1));
    file.object(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 50 50]>>");
    file.object(5, "null");
    file.end();
    let read = File::open(&file.bytes, &Limits::default()).unwrap();
    assert_eq!(read.revisions()[1].changed, [3, 5]);
    let boxes = |revision| {
        let view = read.view(revision);
        let page = pages(&view).unwrap()[0];
        format!("{:?}", view.get(page).unwrap().dictionary().unwrap().get("MediaBox").unwrap())
    };
    assert!(boxes(0).contains("100") && boxes(1).contains("50"));
    assert_eq!(sheet(&read.view(0), pages(&read.view(0)).unwrap()[0]).unwrap().fills.len(), 1);
}

#[test]
fn what_readers_take_differently_is_refused() {
    let plain = Builder::finished_page();
    let with = |change: &dyn Fn(&mut Builder)| {
        let mut builder = Builder::page();
        change(&mut builder);
        builder.end();
        builder.bytes
    };
    let later = |change: &dyn Fn(&mut Builder)| {
        let mut builder = Builder::page();
        builder.end();
        change(&mut builder);
        builder.bytes
    };
    let cases = [
        ("bytes before the header", [b"x".as_slice(), &plain].concat(), Flaw::Header),
        ("bytes after the end", [plain.as_slice(), b"y"].concat(), Flaw::Stray),
        ("an object after the end", [plain.as_slice(), b"9 0 obj null endobj\n"].concat(), Flaw::Suffix),
        ("a second header", with(&|b| b.raw(b"%PDF-1.4\n")), Flaw::SecondHeader),
        ("no end mark", plain[..plain.len() - 6].to_vec(), Flaw::NoEnd),
        ("an object twice", with(&|b| b.object(4, "null")), Flaw::Twice),
        (
            "an object twice, the first one not named",
            with(&|b| {
                let at = b.offsets[&4];
                b.object(4, "null");
                b.offsets.insert(4, at);
            }),
            Flaw::Twice,
        ),
        ("an entry beside its object", with(&|b| *b.offsets.get_mut(&4).unwrap() += 1), Flaw::Place),
        (
            "an entry at another object",
            with(&|b| *b.offsets.get_mut(&4).unwrap() = b.offsets[&3]),
            Flaw::Place,
        ),
        ("a key twice", with(&|b| b.object(5, "<</A 1/A 2>>")), Flaw::Key),
        ("bytes between objects", with(&|b| b.raw(b"hidden\n")), Flaw::Stray),
        ("a number between objects", with(&|b| b.raw(b"7\n")), Flaw::Object),
        (
            "a table that no chain names",
            with(&|b| {
                b.table();
            }),
            Flaw::Chain,
        ),
        ("a startxref beside its table", replaced(&plain, "startxref\n", "startxref\n1"), Flaw::StartXref),
        ("a chain in a circle", with(&|b| b.previous = Some(b.bytes.len())), Flaw::Loop),
        (
            "a chain that leaves a revision out",
            later(&|b| {
                let first = b.previous;
                b.object(5, "null");
                b.end();
                b.previous = first;
                b.object(6, "null");
                b.end();
            }),
            Flaw::Chain,
        ),
        (
            "two ends with one table",
            later(&|b| {
                let at = b.previous.unwrap();
                b.raw(format!("startxref\n{at}\n%%EOF\n").as_bytes());
            }),
            Flaw::Chain,
        ),
        (
            "an entry into a later revision",
            later(&|b| {
                b.object(5, "null");
                let later = b.offsets[&5];
                b.end();
                let entry = format!("{:010} 00000 n \n", b.bytes.len());
                let _ = (later, entry);
                b.offsets.insert(5, b.bytes.len() + 400);
                b.end();
            }),
            Flaw::Place,
        ),
        (
            "a stream longer than it says",
            with(&|b| b.raw(b"5 0 obj\n<</Length 1>>stream\nabc\nendstream\nendobj\n")),
            Flaw::Length,
        ),
        (
            "a stream after CR alone",
            with(&|b| b.raw(b"5 0 obj\n<</Length 1>>stream\ra\nendstream\nendobj\n")),
            Flaw::Object,
        ),
        ("an entry beyond /Size", replaced(&plain, "/Size 5", "/Size 4"), Flaw::Xref),
        ("an entry of nineteen bytes", replaced(&plain, "65535 f \n", "65535 f\n"), Flaw::Xref),
        ("an object without its end", with(&|b| b.raw(b"5 0 obj null\n6 0 obj null endobj\n")), Flaw::Object),
    ];
    for (what, bytes, expected) in cases {
        let found = open(&bytes);
        let as_expected = matches!(found, Err(ReadError::Malformed { flaw, .. }) if flaw == expected);
        assert!(as_expected, "{what}: {found:?}");
    }
}

#[test]
fn what_is_deep_wide_or_round_ends() {
    let with = |change: &dyn Fn(&mut Builder)| {
        let mut builder = Builder::page();
        change(&mut builder);
        builder.end();
        read_all(&builder.bytes)
    };
    let bomb = zlib(&vec![b' '; 100 << 20]);
    assert!(matches!(
        with(&|b| b.stream(4, "/Filter/FlateDecode", &bomb)),
        Err(ReadError::Malformed { flaw: Flaw::Twice, .. })
    ));
    let mut builder = Builder::new();
    builder.object(1, "<</Type/Catalog/Pages 2 0 R>>");
    builder.object(2, "<</Type/Pages/Count 1/Kids[3 0 R]>>");
    builder.object(3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>");
    builder.stream(4, "/Filter/FlateDecode", &bomb);
    builder.end();
    assert!(matches!(read_all(&builder.bytes), Err(ReadError::Limit { .. })), "a bomb");

    type Case<'a> = (&'a str, &'a dyn Fn(&mut Builder));
    let cases: [Case<'_>; 6] = [
        ("nested without end", &|b| b.object(5, &"[".repeat(1 << 20))),
        ("too many items", &|b| b.object(5, &format!("[{}]", "1 ".repeat(400_001)))),
        ("a page that is its own parent", &|b| {
            b.offsets.remove(&2);
            b.bytes = replaced(&b.bytes, "/Kids[3 0 R]", "/Kids[2 0 R]");
            b.offsets.insert(2, b.offsets[&1] + "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n".len());
        }),
        ("a length that is its own stream's", &|b| {
            b.offsets.insert(5, b.bytes.len());
            b.raw(b"5 0 obj\n<</Length 5 0 R>>stream\nabc\nendstream\nendobj\n");
        }),
        ("pages miscounted", &|b| b.bytes = replaced(&b.bytes, "/Count 1", "/Count 2")),
        ("encrypted", &|b| b.trailer.push_str("/Encrypt<<>>")),
    ];
    for (what, change) in cases {
        assert!(with(change).is_err(), "{what}");
    }
    assert_eq!(with(cases[5].1), Err(ReadError::Encrypted));
}

#[test]
fn huge_counts_cost_nothing() {
    for table in ["0 4294967295\n", "1 99999999999\n", "0 2000000\n"] {
        let plain = Builder::finished_page();
        let bytes = replaced(&plain, "0 1\n", table);
        assert!(open(&bytes).is_err(), "{table}");
    }
}

#[test]
fn a_file_cut_short_anywhere_is_refused_without_a_panic() {
    let mut builder = Builder::page();
    builder.end();
    let first = builder.bytes.len();
    builder.object(4, "null");
    builder.end();
    for end in 0..builder.bytes.len() {
        // A revision is a file; its last line may lack its end.
        let is_whole = [first, first - 1, builder.bytes.len() - 1].contains(&end);
        assert_eq!(read_all(&builder.bytes[..end]).is_ok(), is_whole, "{end}");
    }
}

#[test]
fn xref_streams_and_object_streams_are_read_and_checked() {
    // Objects 1 and 2 in the object stream 5, behind an index that says where.
    let file = |inside: &str, kinds: &[[u8; 4]]| {
        let mut builder = Builder::new();
        builder.object(3, "<</Type/Page/Parent 2 0 R>>");
        let first = "1 0 2 29 ".len();
        builder.stream(
            5,
            &format!("/Type/ObjStm/N 2/First {first}"),
            format!("1 0 2 29 {inside}").as_bytes(),
        );
        let at = builder.bytes.len();
        let mut rows = Vec::new();
        for kind in kinds {
            let mut row = *kind;
            if row[0] == 1 {
                let offset = if row[3] == 6 { at } else { builder.offsets[&u32::from(row[3])] };
                [row[1], row[2]] = (offset as u16).to_be_bytes();
                row[3] = 0;
            }
            rows.extend(row);
        }
        builder.stream(6, &format!("/Type/XRef/W[1 2 1]/Size {}/Root 1 0 R", kinds.len()), &rows);
        builder.raw(format!("startxref\n{at}\n%%EOF").as_bytes());
        builder.bytes
    };
    let inside = "<</Type/Catalog/Pages 2 0 R>> <</Type/Pages/Count 1/Kids[3 0 R]>>";
    let kinds =
        [[0, 0, 0, 0], [2, 0, 5, 0], [2, 0, 5, 1], [1, 0, 0, 3], [0, 0, 0, 0], [1, 0, 0, 5], [1, 0, 0, 6]];
    assert_eq!(read_all(&file(inside, &kinds)), Ok(()));

    let swapped = [kinds[0], [2, 0, 5, 1], [2, 0, 5, 0], kinds[3], kinds[4], kinds[5], kinds[6]];
    assert_eq!(flaw(&file(inside, &swapped)), Some(Flaw::Place), "entries that name each other's place");
    let nowhere = [kinds[0], [2, 0, 4, 0], kinds[2], kinds[3], kinds[4], kinds[5], kinds[6]];
    assert_eq!(flaw(&file(inside, &nowhere)), Some(Flaw::Place), "an object stream that is not there");
    let reference = "2 0 R                          <</Type/Pages/Count 1/Kids[3 0 R]>>";
    assert!(read_all(&file(reference, &kinds)).is_err(), "an object that is only a reference");
}

/// `cargo test --release --test pdf_read -- --ignored --nocapture memory`
#[test]
#[ignore = "a measurement"]
fn memory() {
    let mut builder = Builder::new();
    builder.object(1, "<</Type/Catalog/Pages 2 0 R>>");
    builder.object(2, "<</Type/Pages/Count 1/Kids[3 0 R]>>");
    builder.object(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>");
    builder.stream(4, "/Filter/FlateDecode", &zlib(&b"1 1 m 2 2 l f ".repeat(400_000)));
    for number in 5..149_000 {
        builder.object(number, "<</A[1 2 3]>>");
    }
    builder.object(149_000, &format!("[{}]", "(a)".repeat(390_000)));
    builder.stream(149_001, "/Type/ObjStm/N 0/First 0/Filter/FlateDecode", &zlib(&vec![b' '; 60 << 20]));
    builder.end();
    let start = std::time::Instant::now();
    let read = read_all(&builder.bytes);
    let peak = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = peak.lines().find(|line| line.starts_with("VmHWM")).unwrap().to_owned();
    println!("{read:?}, a file of {} bytes, {:?}, {peak}", builder.bytes.len(), start.elapsed());
}
