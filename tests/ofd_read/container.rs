//! Containers that two readers could read differently, each made from a good one, each refused for its own reason; and good
//! ones of other producers.

use certpress::ofd::read::{Flaw, Limits, Package, ReadError};

use super::zip::{Entry, Zip, end_record};

fn good() -> Zip {
    Zip::of(vec![
        Entry::deflated("OFD.xml", b"<OFD>the first part, the first part</OFD>"),
        Entry::stored("Doc_0/Document.xml", b"<Document/>"),
        Entry::deflated("Doc_0/Res/Image_1.png", &[7; 3000]),
    ])
}

fn open(bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    let package = Package::open(bytes, &Limits::default())?;
    Ok(package.parts().map(|(name, _)| name.to_owned()).collect())
}

fn changed(change: impl FnOnce(&mut Zip)) -> Vec<u8> {
    let mut zip = good();
    change(&mut zip);
    zip.build()
}

fn named(name: &[u8]) -> Vec<u8> {
    changed(|zip| zip.entries[1].both(|h| h.name = name.to_vec()))
}

#[test]
fn the_good_one_is_read() {
    let bytes = good().build();
    let package = Package::open(&bytes, &Limits::default()).unwrap();
    assert_eq!(package.part("OFD.xml"), Some(&b"<OFD>the first part, the first part</OFD>"[..]));
    assert_eq!(package.part("Doc_0/Res/Image_1.png"), Some(&[7; 3000][..]));
    assert_eq!(package.part("doc_0/Document.xml"), None, "names are case-sensitive");
    assert_eq!(package.parts().count(), 3);
}

#[test]
fn packages_of_other_producers_are_read() {
    let deferred =
        |with| Zip::of(good().entries.into_iter().map(|entry| entry.deferred(with)).collect()).build();
    let filled = changed(|zip| {
        zip.entries[0] = zip.entries[0].clone().deferred(true);
        zip.entries[0].local.checksum = zip.entries[0].central.checksum;
    });
    let folders = changed(|zip| {
        let mut folder = Entry::stored("Doc_0/", b"");
        folder.attributes = 0o40_755 << 16 | 0x10;
        zip.entries.insert(1, folder);
    });
    let cases = [
        ("a data descriptor with its signature", deferred(true)),
        ("a data descriptor without it", deferred(false)),
        ("a data descriptor that repeats the local header", filled),
        ("stored entries", Zip::of(vec![Entry::stored("a", b"1"), Entry::stored("b", b"")]).build()),
        ("a directory in another order", changed(|zip| zip.order = vec![2, 0, 1])),
        ("folders", folders),
        ("names in UTF-8", named("Doc_0/Attachs/附件.xml".as_bytes())),
        ("names flagged as UTF-8", changed(|zip| zip.entries[1].both(|h| h.flags |= 1 << 11))),
        ("a maker that states no mode", changed(|zip| zip.entries[0].attributes = 0)),
        ("another maker", changed(|zip| (zip.entries[0].made_by, zip.entries[0].attributes) = (20, 0x20))),
        (
            "time stamps in extra fields",
            changed(|zip| zip.entries[1].both(|h| h.extra = b"UT\x05\0\x01aaaa".to_vec())),
        ),
        ("an empty archive", Zip::default().build()),
        ("a ZIP inside", changed(|zip| zip.entries[1] = Entry::stored("Doc_0/a.zip", &good().build()))),
    ];
    for (what, bytes) in cases {
        assert!(open(&bytes).is_ok(), "{what}: {}", open(&bytes).unwrap_err());
    }
}

#[test]
fn each_malformed_container_is_refused_for_its_own_reason() {
    let whole = good().build();
    let second_directory = {
        let mut bytes = whole.clone();
        let start = bytes.len();
        bytes.extend(end_record(0, 0, 0, start, 0));
        bytes
    };
    let cases: Vec<(&str, Vec<u8>, Flaw)> = vec![
        ("nothing", Vec::new(), Flaw::NoEnd),
        ("no ZIP", b"%PDF-1.7 and so on, long enough for a record".to_vec(), Flaw::NoEnd),
        ("cut off", whole[..whole.len() - 1].to_vec(), Flaw::NoEnd),
        ("a suffix", changed(|zip| zip.suffix = b"x".to_vec()), Flaw::Suffix),
        ("a comment", changed(|zip| zip.comment = b"hello".to_vec()), Flaw::Comment),
        (
            "an end record in the comment",
            changed(|zip| zip.comment = end_record(0, 0, 0, 0, 0)),
            Flaw::DirectoryPlace,
        ),
        (
            "a second end record before the last",
            changed(|zip| zip.before_end = end_record(0, 0, 0, 0, 0)),
            Flaw::SecondEnd,
        ),
        ("a second, empty directory", second_directory, Flaw::Prefix),
        (
            "a record of ZIP64",
            changed(|zip| zip.before_end = b"PK\x06\x06 and 52 more bytes".to_vec()),
            Flaw::Zip64,
        ),
        (
            "a locator of ZIP64",
            changed(|zip| zip.before_end = b"PK\x06\x07aaaaaaaaaaaaaaaa".to_vec()),
            Flaw::Zip64,
        ),
        ("a count of ZIP64", changed(|zip| zip.count = 0xffff - 3), Flaw::Zip64),
        ("sizes of ZIP64", changed(|zip| zip.entries[1].central.size = u32::MAX), Flaw::Zip64),
        (
            "an extra field of ZIP64",
            changed(|zip| zip.entries[1].central.extra = b"\x01\0\x08\0aaaaaaaa".to_vec()),
            Flaw::Zip64,
        ),
        (
            "an extra field of ZIP64 in the local header",
            changed(|zip| zip.entries[1].local.extra = b"\x01\0\x08\0aaaaaaaa".to_vec()),
            Flaw::Zip64,
        ),
        ("several disks", changed(|zip| zip.disk = 1), Flaw::Disks),
        (
            "bytes behind the directory",
            changed(|zip| zip.before_end = b"stray".to_vec()),
            Flaw::DirectoryPlace,
        ),
        ("one entry more in the directory", changed(|zip| zip.count = -1), Flaw::EntryCount),
        ("one entry less in the directory", changed(|zip| zip.count = 1), Flaw::EntryCount),
        ("an encrypted entry", changed(|zip| zip.entries[0].both(|h| h.flags |= 1)), Flaw::Encrypted),
        ("strong encryption", changed(|zip| zip.entries[0].both(|h| h.flags |= 1 << 6)), Flaw::Flags),
        ("patched data", changed(|zip| zip.entries[0].both(|h| h.flags |= 1 << 5)), Flaw::Flags),
        ("an unknown method", changed(|zip| zip.entries[0].both(|h| h.method = 12)), Flaw::Method),
        ("a name that is not UTF-8", named(b"\xd6\xa4\xca\xe9.xml"), Flaw::NameEncoding),
        ("a NUL in a name", named(b"Doc_0/a.xml\0.png"), Flaw::NameControl),
        ("a backslash", named(b"Doc_0\\a.xml"), Flaw::NameBackslash),
        ("an absolute name", named(b"/Doc_0/a.xml"), Flaw::NameAbsolute),
        ("a drive", named(b"C:a.xml"), Flaw::NameAbsolute),
        ("a way out", named(b"Doc_0/../../a.xml"), Flaw::NameDots),
        ("a detour", named(b"./OFD.xml"), Flaw::NameDots),
        ("an empty folder name", named(b"Doc_0//a.xml"), Flaw::NameEmpty),
        ("an empty name", named(b""), Flaw::NameEmpty),
        ("a long name", named(&[b'a'; 600]), Flaw::NameLength),
        ("many folders", named("a/".repeat(20).as_bytes()), Flaw::NameLength),
        (
            "a second name",
            changed(|zip| zip.entries[1].central.extra = b"up\x06\0\x01aaaaa".to_vec()),
            Flaw::SecondName,
        ),
        (
            "broken extra fields",
            changed(|zip| zip.entries[1].central.extra = b"UT\xff\0".to_vec()),
            Flaw::Extra,
        ),
        ("a symbolic link", changed(|zip| zip.entries[1].attributes = 0o120_777 << 16), Flaw::NotAFile),
        (
            "a file that says it is a folder",
            changed(|zip| zip.entries[1].attributes = 0o40_755 << 16),
            Flaw::NotAFile,
        ),
        ("a duplicate", named(b"OFD.xml"), Flaw::Duplicate),
        ("a case twin", named(b"ofd.XML"), Flaw::CaseTwin),
        ("a case twin of a folder", named(b"doc_0/a.xml"), Flaw::CaseTwin),
        ("a file that is a folder", named(b"Doc_0/Res"), Flaw::FileAndFolder),
        (
            "a folder with content",
            changed(|zip| zip.entries[1] = folder(b"content")),
            Flaw::FolderWithContent,
        ),
        ("no local header", changed(|zip| zip.entries[1].offset = 1), Flaw::LocalHeader),
        ("a local header beyond the end", changed(|zip| zip.entries[1].offset = 1 << 30), Flaw::LocalHeader),
        (
            "another name in the local header",
            changed(|zip| zip.entries[1].local.name = b"Doc_0/Document.xmL".to_vec()),
            Flaw::LocalName,
        ),
        ("other flags in the local header", changed(|zip| zip.entries[1].local.flags = 2), Flaw::LocalFlags),
        (
            "another method in the local header",
            changed(|zip| zip.entries[1].local.method = 8),
            Flaw::LocalMethod,
        ),
        ("another size in the local header", changed(|zip| zip.entries[0].local.size += 1), Flaw::LocalSize),
        (
            "sizes of zero without a descriptor",
            changed(|zip| zip.entries[0].local.packed = 0),
            Flaw::LocalSize,
        ),
        (
            "another checksum in the local header",
            changed(|zip| zip.entries[0].local.checksum ^= 1),
            Flaw::LocalSize,
        ),
        (
            "a descriptor that says something else",
            changed(|zip| {
                zip.entries[0] = zip.entries[0].clone().deferred(true);
                zip.entries[0].descriptor[5] ^= 1;
            }),
            Flaw::Descriptor,
        ),
        ("no descriptor", changed(|zip| zip.entries[0].both(|h| h.flags |= 8)), Flaw::Descriptor),
        (
            "an entry that reaches into the next",
            changed(|zip| zip.entries[0].both(|h| h.packed += 9)),
            Flaw::Overlap,
        ),
        (
            "an entry that reaches into the directory",
            changed(|zip| zip.entries[2].both(|h| h.packed += 9)),
            Flaw::Overlap,
        ),
        (
            "two names for the same data",
            changed(|zip| {
                let length = 30 + zip.entries[0].local.name.len() + zip.entries[0].data.len();
                zip.entries[1].offset = -(length as i64);
            }),
            Flaw::Overlap,
        ),
        ("a prefix", changed(|zip| zip.prefix = b"#!/bin/sh\n".to_vec()), Flaw::Prefix),
        (
            "an entry that the directory leaves out",
            changed(|zip| zip.entries[1].hidden = true),
            Flaw::HiddenEntry,
        ),
        (
            "a first entry that the directory leaves out",
            changed(|zip| zip.entries[0].hidden = true),
            Flaw::Prefix,
        ),
        ("bytes between entries", changed(|zip| zip.entries[0].stray = b"stray".to_vec()), Flaw::StrayBytes),
        (
            "bytes behind the last entry",
            changed(|zip| zip.entries[2].stray = b"stray".to_vec()),
            Flaw::StrayBytes,
        ),
        ("data that do not inflate", changed(|zip| zip.entries[0].data[0] = 0xff), Flaw::Deflate),
        (
            "bytes behind the deflated data",
            changed(|zip| {
                zip.entries[0].data.extend(b"hidden");
                zip.entries[0].both(|h| h.packed += 6);
            }),
            Flaw::Deflate,
        ),
        ("a size too small", changed(|zip| zip.entries[2].both(|h| h.size -= 1)), Flaw::Size),
        ("a size too large", changed(|zip| zip.entries[2].both(|h| h.size += 1)), Flaw::Size),
        ("a stored entry with two sizes", changed(|zip| zip.entries[1].both(|h| h.size += 1)), Flaw::Size),
        ("a wrong checksum", changed(|zip| zip.entries[2].both(|h| h.checksum ^= 1)), Flaw::Checksum),
        ("a changed stored part", changed(|zip| zip.entries[1].data[3] ^= 1), Flaw::Checksum),
    ];
    for (what, bytes, expected) in cases {
        match open(&bytes) {
            Err(ReadError::Container { flaw, .. }) => assert_eq!(flaw, expected, "{what}"),
            other => panic!("{what}: {other:?}"),
        }
    }
}

fn folder(content: &[u8]) -> Entry {
    Entry { attributes: 0o40_755 << 16, ..Entry::stored("Doc_0/Folder/", content) }
}

#[test]
fn the_entry_is_named() {
    let bytes = changed(|zip| zip.entries[1].both(|h| h.flags |= 1));
    let message = open(&bytes).unwrap_err().to_string();
    assert_eq!(message, "the package is malformed, entry \"Doc_0/Document.xml\": the entry is encrypted");
}

#[test]
fn what_would_take_too_much_is_refused_before_it_is_inflated() {
    let many = Zip::of((0..5000).map(|i| Entry::stored(&format!("{i}"), b"")).collect()).build();
    let bomb = Zip::of(vec![Entry::deflated("bomb", &vec![0; 20 << 20])]).build();
    let lie = changed(|zip| zip.entries[2].both(|h| h.size = 4_000_000_000));
    let limits = Limits { total: 3000, ..Limits::default() };
    let small = Limits { part: 2999, ..Limits::default() };
    let cases = [
        (many, Limits::default(), "more than 4096 entries"),
        (bomb, Limits::default(), "entry \"bomb\": more than 200 bytes inflated from each deflated one"),
        (lie, Limits::default(), "entry \"Doc_0/Res/Image_1.png\": more than 67108864 bytes in a part"),
        (good().build(), limits, "more than 3000 bytes in all parts"),
        (good().build(), small, "more than 2999 bytes in a part"),
    ];
    for (bytes, limits, expected) in cases {
        let error = Package::open(&bytes, &limits).unwrap_err();
        assert!(matches!(error, ReadError::Limit { .. }), "{error}");
        assert!(error.to_string().ends_with(expected), "{error}");
    }
}

#[test]
fn no_changed_or_missing_byte_makes_it_panic_or_read_something_else() {
    let whole = good().build();
    let parts = |bytes: &[u8]| {
        let package = Package::open(bytes, &Limits::default()).ok()?;
        Some(package.parts().map(|(name, data)| (name.to_owned(), data.to_vec())).collect::<Vec<_>>())
    };
    let expected = parts(&whole).unwrap();
    for at in 0..whole.len() {
        assert_eq!(parts(&whole[..at]), None, "cut off at {at}");
        for value in [0, 1, 0x7f, 0xff, whole[at] ^ 0x20] {
            let mut twin = whole.clone();
            twin[at] = value;
            // Names alone are told nowhere else than in the two headers.
            if let Some(read) = parts(&twin) {
                assert_eq!(read, expected, "byte {at} became {value}");
            }
        }
    }
}
