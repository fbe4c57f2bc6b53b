//! Descriptions of a signature that cover other parts, in other ways, or with other digests.

use certpress::verify::Verdict::{Invalid, Malformed};

use super::attack::Attack;
use super::originals::Originals;
use super::package::{DOCUMENT, LIST, PAGE, Parts, SIGNATURE, VALUE};

const HASH: &str = "ofd.data-hash";
const DIGEST: &str = "ofd.reference.digest";
const VALUE_RULE: &str = "signature.value";

fn one(o: &Originals) -> Parts {
    o.one.ofd.clone()
}

/// The page of another holder.
fn forged(o: &Originals) -> Parts {
    one(o).set(PAGE, o.other.ofd.get(PAGE))
}

/// The whole element that covers `part`.
fn element(parts: &Parts, part: &str) -> String {
    let text = parts.text(SIGNATURE);
    let at = text.find(&format!("FileRef=\"/{part}\"")).unwrap();
    let start = text[..at].rfind("<ofd:Reference").unwrap();
    let end = start + text[start..].find("</ofd:Reference>").unwrap() + "</ofd:Reference>".len();
    text[start..end].to_owned()
}

fn check_value(parts: &Parts, part: &str) -> String {
    let element = element(parts, part);
    let start = element.find("CheckValue>").unwrap() + "CheckValue>".len();
    element[start..start + 44].to_owned()
}

pub(crate) const ATTACKS: &[Attack] = &[
    Attack::new("another holder's page", |o| forged(o).build(), Invalid, DIGEST, PAGE),
    Attack::new(
        "a digest made to fit the forged page",
        |o| forged(o).fit_references().build(),
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "both digests made to fit the forged page",
        |o| forged(o).fit_references().fit_hash().build(),
        Invalid,
        VALUE_RULE,
        VALUE,
    ),
    Attack::new(
        "a reference to the forged page left out",
        |o| {
            let element = element(&o.one.ofd, PAGE);
            forged(o).replace(SIGNATURE, &element, "").build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "a reference left out leaves its part uncovered",
        |o| {
            let element = element(&o.one.ofd, PAGE);
            forged(o).replace(SIGNATURE, &element, "").build()
        },
        Invalid,
        "ofd.coverage",
        PAGE,
    ),
    Attack::new(
        "a reference to the forged page beside the old one",
        |o| {
            let (old, new) = (element(&o.one.ofd, PAGE), element(&o.other.ofd, PAGE));
            forged(o).replace(SIGNATURE, &old, &format!("{new}{old}")).build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "references in another order",
        |o| {
            let (a, b) = (element(&o.one.ofd, PAGE), element(&o.one.ofd, DOCUMENT));
            let swapped = one(o).replace(SIGNATURE, &a, "<swap/>").replace(SIGNATURE, &b, &a);
            swapped.replace(SIGNATURE, "<swap/>", &b).build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "the digests of two references swapped with their parts",
        |o| {
            let (page, document) = (o.one.ofd.get(PAGE), o.one.ofd.get(DOCUMENT));
            one(o).set(PAGE, document).set(DOCUMENT, page).fit_references().build()
        },
        Malformed,
        "ofd.structure",
        "",
    ),
    Attack::new(
        "a description that refers to itself",
        |o| {
            let old = element(&o.one.ofd, PAGE);
            let own = old.replace(PAGE, SIGNATURE);
            one(o).replace(SIGNATURE, &old, &format!("{old}{own}")).build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "a reference to a part that is not there",
        |o| {
            let old = element(&o.one.ofd, PAGE);
            let none = old.replace(PAGE, "Doc_0/none.xml");
            one(o).replace(SIGNATURE, &old, &format!("{old}{none}")).build()
        },
        Invalid,
        DIGEST,
        "none.xml",
    ),
    Attack::new(
        "a reference that leaves the package",
        |o| {
            let old = element(&o.one.ofd, PAGE);
            let none = old.replace(&format!("/{PAGE}"), "../../etc/passwd");
            one(o).replace(SIGNATURE, &old, &format!("{old}{none}")).build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "a reference relative to its part",
        |o| {
            let old = element(&o.one.ofd, PAGE);
            one(o).replace(SIGNATURE, &old, &old.replace("/Doc_0/", "../../")).build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "digests by SHA-256",
        |o| {
            one(o)
                .replace(
                    SIGNATURE,
                    "CheckMethod=\"1.2.156.10197.1.401\"",
                    "CheckMethod=\"2.16.840.1.101.3.4.2.1\"",
                )
                .build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "digests by MD5",
        |o| one(o).replace(SIGNATURE, "CheckMethod=\"1.2.156.10197.1.401\"", "CheckMethod=\"MD5\"").build(),
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "no method of digesting",
        |o| one(o).replace(SIGNATURE, " CheckMethod=\"1.2.156.10197.1.401\"", "").build(),
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "another signature method in the description",
        |o| one(o).replace(SIGNATURE, "1.2.156.10197.1.501", "1.2.840.113549.1.1.11").build(),
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "a digest in base64 without padding",
        |o| {
            let value = check_value(&o.one.ofd, PAGE);
            one(o).replace(SIGNATURE, &value, value.trim_end_matches('=')).build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "a digest in base64 with stray bits",
        |o| {
            let value = check_value(&o.one.ofd, PAGE);
            let last = value.as_bytes()[42];
            let stray = format!("{}{}=", &value[..42], char::from(last + 1));
            one(o).replace(SIGNATURE, &value, &stray).build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "an empty digest",
        |o| {
            let value = check_value(&o.one.ofd, PAGE);
            forged(o).replace(SIGNATURE, &value, "").build()
        },
        Invalid,
        DIGEST,
        PAGE,
    ),
    Attack::new(
        "a digest cut short",
        |o| {
            let value = check_value(&o.one.ofd, PAGE);
            one(o).replace(SIGNATURE, &value, &value[..20]).build()
        },
        Invalid,
        DIGEST,
        PAGE,
    ),
    Attack::new(
        "no references at all",
        |o| {
            let text = o.one.ofd.text(SIGNATURE);
            let start = text.find("<ofd:Reference ").unwrap();
            let end = text.find("</ofd:References>").unwrap();
            one(o).set(SIGNATURE, format!("{}{}", &text[..start], &text[end..])).build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "a covered part left out",
        |o| {
            let image = o.one.ofd.find("Doc_0/Attachs/", ".json");
            one(o).remove(&image).build()
        },
        Invalid,
        DIGEST,
        "",
    ),
    Attack::new(
        "a covered font left out",
        |o| {
            let font = o.one.ofd.find("Doc_0/Res/", ".ttf");
            one(o).remove(&font).build()
        },
        Invalid,
        DIGEST,
        ".ttf",
    ),
    Attack::new(
        "another record attached",
        |o| {
            let record = o.one.ofd.find("Doc_0/Attachs/", ".json");
            one(o).set(&record, o.other.ofd.get(&record)).build()
        },
        Invalid,
        DIGEST,
        ".json",
    ),
    Attack::new(
        "two parts of one kind swapped",
        |o| {
            let font = o.one.ofd.find("Doc_0/Res/", ".ttf");
            let data = [o.one.ofd.get(&font), b"\0"].concat();
            one(o).set(&font, data).build()
        },
        Invalid,
        DIGEST,
        ".ttf",
    ),
    Attack::new(
        "a part under another name",
        |o| {
            let font = o.one.ofd.find("Doc_0/Res/", ".ttf");
            one(o).rename(&font, "Doc_0/Res/other.ttf").build()
        },
        Invalid,
        DIGEST,
        ".ttf",
    ),
    Attack::new(
        "the stamp moved to another place",
        |o| one(o).replace(SIGNATURE, "Boundary=\"", "Boundary=\"1").build(),
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "another time in the description",
        |o| one(o).replace(SIGNATURE, "20260305", "20250305").build(),
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "a description with a line end behind it",
        |o| {
            let text = format!("{}\n", o.one.ofd.text(SIGNATURE));
            one(o).set(SIGNATURE, text).build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "the signed value of another document",
        |o| one(o).set(VALUE, o.other.ofd.get(VALUE)).build(),
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "the signature of another document",
        |o| one(o).set(VALUE, o.other.ofd.get(VALUE)).set(SIGNATURE, o.other.ofd.get(SIGNATURE)).build(),
        Invalid,
        DIGEST,
        PAGE,
    ),
    Attack::new(
        "all parts of another document under this signature",
        |o| {
            let own = [LIST, SIGNATURE, VALUE];
            let mut parts = o.other.ofd.clone();
            for name in own {
                parts = parts.set(name, o.one.ofd.get(name));
            }
            parts.build()
        },
        Invalid,
        DIGEST,
        PAGE,
    ),
    Attack::new(
        "the first of two signatures left out",
        |o| {
            let text = o.two.ofd.text(LIST);
            let start = text.find("<ofd:Signature ").unwrap();
            let end = start + text[start..].find("/>").unwrap() + 2;
            o.two.ofd.clone().set(LIST, format!("{}{}", &text[..start], &text[end..])).build()
        },
        Invalid,
        "ofd.signatures.list",
        "",
    ),
    Attack::new(
        "the second of two signatures taken from the list",
        |o| {
            let text = o.two.ofd.text(LIST);
            let start = text.rfind("<ofd:Signature ").unwrap();
            let end = start + text[start..].find("/>").unwrap() + 2;
            o.two.ofd.clone().set(LIST, format!("{}{}", &text[..start], &text[end..])).build()
        },
        Invalid,
        "ofd.signatures.list",
        "Sign_1",
    ),
    Attack::new(
        "the second signature's value in place of the first",
        |o| {
            let second = o.two.ofd.get("Doc_0/Signs/Sign_1/SignedValue.dat");
            o.two.ofd.clone().set(VALUE, second).build()
        },
        Invalid,
        HASH,
        "",
    ),
    Attack::new(
        "a second entry for the same signature",
        |o| {
            let text = o.one.ofd.text(LIST);
            let start = text.find("<ofd:Signature ").unwrap();
            let end = start + text[start..].find("/>").unwrap() + 2;
            one(o).set(LIST, format!("{}{}{}", &text[..end], &text[start..end], &text[end..])).build()
        },
        Malformed,
        "ofd.signatures.list",
        "",
    ),
];
