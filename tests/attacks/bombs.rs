//! Files that ask for more than they are worth.

use certpress::verify::Verdict::{Malformed, Resource};

use super::attack::Attack;
use super::originals::Originals;
use super::package::{LIST, PAGE};
use super::zip::{Entry, Zip};

const LIMITS: &str = "file.limits";

fn with(o: &Originals, entry: Entry) -> Vec<u8> {
    let mut zip = o.one.ofd.zip();
    zip.entries.push(entry);
    zip.build()
}

/// An entry that says it inflates to so much.
fn claims(packed: &[u8], size: u32) -> Entry {
    let mut entry = Entry::deflated("Doc_0/Res/bomb.bin", packed);
    entry.both(|h| h.size = size);
    entry
}

pub(crate) const ATTACKS: &[Attack] = &[
    Attack::new(
        "eight megabytes of nothing",
        |o| with(o, Entry::deflated("Doc_0/Res/bomb.bin", &vec![0; 8 << 20])),
        Resource,
        LIMITS,
        "bomb.bin",
    ),
    Attack::new(
        "a part that says it is four gigabytes",
        |o| with(o, claims(b"x", u32::MAX - 1)),
        Resource,
        LIMITS,
        "bomb.bin",
    ),
    Attack::new(
        "a part that inflates to more than it says",
        |o| with(o, claims(&vec![0; 1 << 20], 1 << 10)),
        Malformed,
        "ofd.container",
        "bomb.bin",
    ),
    Attack::new(
        "many parts that are too much together",
        |o| {
            let mut zip = o.one.ofd.zip();
            // Stored, and told to be larger than they are: what counts is what the headers ask for.
            zip.entries.extend((0..4).map(|i| {
                let mut entry = claims(&[7; 64], 255 << 20);
                entry.both(|h| {
                    h.name = format!("Doc_0/Res/{i}.bin").into_bytes();
                });
                entry
            }));
            zip.build()
        },
        Resource,
        LIMITS,
        "",
    ),
    Attack::new(
        "a list of a million elements",
        |o| {
            let many = format!("{}</ofd:Signatures>", "<ofd:x/>".repeat(1_000_001));
            let list = o.one.ofd.clone().replace(LIST, "</ofd:Signatures>", &many);
            Zip::of(list.0.iter().map(|(name, data)| Entry::stored(name, data)).collect()).build()
        },
        Resource,
        LIMITS,
        LIST,
    ),
    Attack::new(
        "five million glyphs on a page",
        |o| {
            let codes = format!("<ofd:TextCode X=\"0\" Y=\"0\">{}</ofd:TextCode>", "a".repeat(5_000_000));
            let page = o.one.ofd.text(PAGE);
            let start = page.find("<ofd:TextCode").unwrap();
            let end = start + page[start..].find("</ofd:TextCode>").unwrap() + "</ofd:TextCode>".len();
            let page = format!("{}{codes}{}", &page[..start], &page[end..]);
            let parts = o.one.ofd.clone().set(PAGE, page);
            Zip::of(parts.0.iter().map(|(name, data)| Entry::stored(name, data)).collect()).build()
        },
        Resource,
        LIMITS,
        PAGE,
    ),
];
