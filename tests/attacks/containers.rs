//! Containers that two readers could read differently.

use certpress::verify::Verdict::{Malformed, Resource};

use super::attack::Attack;
use super::originals::Originals;
use super::package::{PAGE, SIGNATURE};
use super::zip::{Entry, Header, Zip, end_record};

const RULE: &str = "ofd.container";

const fn malformed(name: &'static str, make: fn(&Originals) -> Vec<u8>, place: &'static str) -> Attack {
    Attack::new(name, make, Malformed, RULE, place)
}

fn changed(o: &Originals, change: impl FnOnce(&mut Zip)) -> Vec<u8> {
    let mut zip = o.one.ofd.zip();
    change(&mut zip);
    zip.build()
}

/// The entry of the page's content, what a forger wants to show differently.
fn page(zip: &mut Zip) -> &mut Entry {
    zip.entries.iter_mut().find(|entry| entry.local.name == PAGE.as_bytes()).unwrap()
}

fn page_at(zip: &Zip) -> usize {
    zip.entries.iter().position(|entry| entry.local.name == PAGE.as_bytes()).unwrap()
}

/// The page of another holder's certificate.
fn forged_page(o: &Originals) -> Entry {
    Entry::deflated(PAGE, o.other.ofd.get(PAGE))
}

fn on_page(o: &Originals, change: impl FnOnce(&mut Entry)) -> Vec<u8> {
    changed(o, |zip| change(page(zip)))
}

fn added(o: &Originals, name: &[u8]) -> Vec<u8> {
    changed(o, |zip| {
        let mut entry = forged_page(o);
        entry.both(|h| h.name = name.to_vec());
        zip.entries.push(entry);
    })
}

pub(crate) const ATTACKS: &[Attack] = &[
    malformed("a second entry of the same name behind the first", |o| added(o, PAGE.as_bytes()), PAGE),
    malformed(
        "a second entry of the same name before the first",
        |o| changed(o, |zip| zip.entries.insert(0, forged_page(o))),
        PAGE,
    ),
    malformed("a case twin of a part", |o| added(o, b"Doc_0/Pages/Page_0/content.xml"), "ontent.xml"),
    malformed("a case twin of a folder", |o| added(o, b"doc_0/Pages/Page_0/Other.xml"), "oc_0"),
    malformed("a part with an absolute name", |o| added(o, b"/Doc_0/Pages/Page_0/Content.xml"), "/Doc_0"),
    malformed("a part above the root", |o| added(o, b"../Doc_0/Content.xml"), ".."),
    malformed("a part by a detour", |o| added(o, b"Doc_0/./Pages/Page_0/Content.xml"), "./"),
    malformed("a part in an unnamed folder", |o| added(o, b"Doc_0//Pages/Content.xml"), "//"),
    malformed("a part with a backslash", |o| added(o, b"Doc_0\\Pages\\Page_0\\Content.xml"), "\\"),
    malformed("a part on a drive", |o| added(o, b"C:/Content.xml"), "C:"),
    malformed("a name that ends in NUL", |o| added(o, b"Doc_0/Pages/Page_0/Content.xml\0"), "Content.xml"),
    malformed("a name that is not UTF-8", |o| added(o, b"Doc_0/\xd6\xa4\xca\xe9.xml"), "Doc_0"),
    malformed("a file where a folder is", |o| added(o, b"Doc_0/Pages"), "Doc_0/Pages"),
    malformed("a part inside a part", |o| added(o, b"Doc_0/Pages/Page_0/Content.xml/Content.xml"), PAGE),
    malformed(
        "a folder with content",
        |o| {
            changed(o, |zip| {
                let mut folder = Entry::stored("Doc_0/Pages/", b"content");
                folder.attributes = 0o40_755 << 16 | 0x10;
                zip.entries.push(folder);
            })
        },
        "Doc_0/Pages",
    ),
    malformed(
        "another name in the local header",
        |o| on_page(o, |e| e.local.name = b"Doc_0/Pages/Page_0/Content.xmL".to_vec()),
        PAGE,
    ),
    malformed(
        "another part behind the same record",
        |o| {
            changed(o, |zip| {
                let at = page_at(zip);
                let mut forged = forged_page(o);
                forged.hidden = true;
                let length = 30 + forged.local.name.len() + forged.data.len();
                zip.entries.insert(at, forged);
                zip.entries[at + 1].offset = -(length as i64);
            })
        },
        PAGE,
    ),
    malformed(
        "an entry that the directory does not name",
        |o| {
            changed(o, |zip| {
                let mut forged = forged_page(o);
                forged.hidden = true;
                zip.entries.insert(1, forged);
            })
        },
        "",
    ),
    malformed(
        "two entries with the same data",
        |o| {
            changed(o, |zip| {
                let at = page_at(zip);
                let length = 30 + zip.entries[at].local.name.len() + zip.entries[at].data.len();
                zip.entries[at].both(|h| h.name = b"Doc_0/Pages/Page_0/Twin000.xml".to_vec());
                zip.entries[at + 1].offset = -(length as i64);
            })
        },
        "",
    ),
    malformed(
        "a local header that claims its successor",
        |o| on_page(o, |e| e.both(|h| h.packed += 40)),
        PAGE,
    ),
    malformed("a smaller size in the local header", |o| on_page(o, |e| e.local.size -= 1), PAGE),
    malformed("a smaller packed size in the local header", |o| on_page(o, |e| e.local.packed -= 1), PAGE),
    malformed("a smaller size in both headers", |o| on_page(o, |e| e.both(|h| h.size -= 1)), PAGE),
    malformed("a larger size in both headers", |o| on_page(o, |e| e.both(|h| h.size += 1)), PAGE),
    malformed("another checksum in the local header", |o| on_page(o, |e| e.local.checksum ^= 1), PAGE),
    malformed("a wrong checksum in both headers", |o| on_page(o, |e| e.both(|h| h.checksum ^= 1)), PAGE),
    malformed("stored in one header and deflated in the other", |o| on_page(o, |e| e.local.method = 0), PAGE),
    malformed("deflate64", |o| on_page(o, |e| e.both(|h| h.method = 9)), PAGE),
    malformed("LZMA", |o| on_page(o, |e| e.both(|h| h.method = 14)), PAGE),
    malformed("an encrypted part", |o| on_page(o, |e| e.both(|h| h.flags |= 1)), PAGE),
    malformed("a strongly encrypted part", |o| on_page(o, |e| e.both(|h| h.flags |= 1 << 6)), PAGE),
    malformed("patched data", |o| on_page(o, |e| e.both(|h| h.flags |= 1 << 5)), PAGE),
    malformed("masked headers", |o| on_page(o, |e| e.both(|h| h.flags |= 1 << 13)), PAGE),
    malformed("other flags in the local header", |o| on_page(o, |e| e.local.flags |= 1 << 3), PAGE),
    malformed(
        "a descriptor that says something else",
        |o| {
            on_page(o, |e| {
                *e = e.clone().deferred(true);
                e.descriptor[8] ^= 1;
            })
        },
        PAGE,
    ),
    malformed("bytes between two entries", |o| on_page(o, |e| e.stray = b"stray".to_vec()), PAGE),
    malformed(
        "bytes behind the last deflate block",
        |o| {
            on_page(o, |e| {
                e.data.extend(b"more");
                let packed = e.data.len() as u32;
                e.both(|h| h.packed = packed);
            })
        },
        PAGE,
    ),
    malformed(
        "a deflate stream without its end",
        |o| {
            on_page(o, |e| {
                e.data.pop();
                let packed = e.data.len() as u32;
                e.both(|h| h.packed = packed);
            })
        },
        PAGE,
    ),
    malformed("a symbolic link", |o| on_page(o, |e| e.attributes = 0o120_777 << 16), PAGE),
    malformed("a device", |o| on_page(o, |e| e.attributes = 0o020_666 << 16), PAGE),
    malformed("a file that says it is a folder", |o| on_page(o, |e| e.attributes = 0o40_755 << 16), PAGE),
    malformed(
        "a second name in an extra field",
        |o| on_page(o, |e| e.both(|h: &mut Header| h.extra = b"up\x06\0\x01aaaaa".to_vec())),
        PAGE,
    ),
    malformed(
        "sizes of ZIP64 in an extra field",
        |o| {
            on_page(o, |e| {
                e.central.size = u32::MAX;
                e.central.extra = b"\x01\0\x08\0\x10\0\0\0\0\0\0\0".to_vec();
            })
        },
        PAGE,
    ),
    malformed(
        "an end record of ZIP64",
        |o| {
            changed(o, |zip| {
                zip.before_end = b"PK\x06\x06and 52 bytes more, as the record has; the locator".to_vec()
            })
        },
        "",
    ),
    malformed(
        "a locator of ZIP64",
        |o| changed(o, |zip| zip.before_end = b"PK\x06\x07aaaaaaaaaaaaaaaa".to_vec()),
        "",
    ),
    Attack::new(
        "a prefix",
        |o| changed(o, |zip| zip.prefix = b"MZ, a program".to_vec()),
        Malformed,
        "file.format",
        "",
    ),
    malformed(
        "a prefix of which the offsets know nothing",
        |o| [b"PK\x03\x04, not a part", &o.one.ofd.build()[..]].concat(),
        "",
    ),
    malformed("a suffix", |o| changed(o, |zip| zip.suffix = b"more".to_vec()), ""),
    malformed("a comment", |o| changed(o, |zip| zip.comment = b"hello".to_vec()), ""),
    malformed(
        "an archive in the comment",
        |o| {
            changed(o, |zip| {
                zip.comment = o.other.ofd.build()[..60_000.min(o.other.ofd.build().len())].to_vec()
            })
        },
        "",
    ),
    malformed("another archive behind it", |o| [o.one.ofd.build(), o.other.ofd.build()].concat(), ""),
    malformed("another archive before it", |o| [o.other.ofd.build(), o.one.ofd.build()].concat(), ""),
    malformed("a second end record", |o| changed(o, |zip| zip.before_end = end_record(0, 0, 0, 0, 0)), ""),
    malformed("an end record that counts one entry less", |o| changed(o, |zip| zip.count = -1), ""),
    malformed("an end record that counts one entry more", |o| changed(o, |zip| zip.count = 1), ""),
    malformed("a second disk", |o| changed(o, |zip| zip.disk = 1), ""),
    malformed(
        "a file cut short",
        |o| {
            let mut bytes = o.one.ofd.build();
            bytes.truncate(bytes.len() / 2);
            bytes
        },
        "",
    ),
    malformed(
        "a directory without its last record",
        |o| changed(o, |zip| zip.entries.last_mut().unwrap().hidden = true),
        "",
    ),
    malformed(
        "a description of the signature twice",
        |o| changed(o, |zip| zip.entries.push(Entry::stored(SIGNATURE, o.other.ofd.get(SIGNATURE)))),
        SIGNATURE,
    ),
    Attack::new(
        "five thousand entries",
        |o| {
            changed(o, |zip| {
                zip.entries.extend((0..5000).map(|i| Entry::stored(&format!("Doc_0/Res/{i}.bin"), b"")));
            })
        },
        Resource,
        "file.limits",
        "",
    ),
];
