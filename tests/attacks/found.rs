//! Whatever fuzzing found, and the small inputs it began with, through the same functions; and what larger runs begin with.

use std::collections::BTreeSet;
use std::path::Path;

use super::drive;
use super::{TABLES, originals::originals};

/// The folder that the corpus is written to.
const CORPUS: &str = "CERTPRESS_FUZZ_CORPUS";

#[test]
fn what_fuzzing_found_is_mended() {
    let seeds = Path::new("fuzz/seeds");
    for (target, driver) in drive::ALL {
        let Ok(folder) = std::fs::read_dir(seeds.join(target)) else { continue };
        for file in folder {
            driver(&std::fs::read(file.unwrap().path()).unwrap());
        }
    }
    let known: BTreeSet<&str> = drive::ALL.iter().map(|(target, _)| *target).collect();
    let targets = std::fs::read_dir("fuzz/targets").unwrap().map(|file| file.unwrap().path());
    for target in targets {
        let name = target.file_stem().unwrap().to_str().unwrap();
        assert!(known.contains(name), "{name} is not fed its seeds");
    }
}

#[test]
#[ignore = "writes files for fuzz/run.sh"]
fn a_corpus_is_written() {
    let Some(corpus) = std::env::var_os(CORPUS) else { return };
    let put = |target: &str, name: &str, data: &[u8]| {
        if data.len() < 256 << 10 {
            let folder = Path::new(&corpus).join(target);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(name), data).unwrap();
        }
    };
    for (number, attack) in TABLES.iter().copied().flatten().enumerate() {
        let forged = attack.forge();
        let targets: &[&str] =
            if forged.starts_with(b"PK") { &["container", "parts", "ofd"] } else { &["pdf"] };
        targets.iter().for_each(|target| put(target, &format!("forgery{number}"), &forged));
    }
    let all = originals();
    let value = all.one.ofd.signed_value().encode();
    put("seal", "signature", &value);
    put("seal", "v1", &all.v1.signed_value().encode());
    put("seal", "seal", &all.one.ofd.signed_value().at(&[0, 1]).encode());
    put("certificate", "signer", all.one.ofd.signed_value().at(&[1]).content());
    put("timestamp", "token", &all.one.ofd.signed_value().at(&[4, 0]).content()[1..]);
    put("cms", "token", &all.one.ofd.signed_value().at(&[4, 0]).content()[1..]);
    put("cms", "pdf", &super::revision::Pdf::of(&all.one.pdf).der());
    put("cms", "cades", &super::revision::Pdf::of(&all.cades).der());
    put("crl", "crl", &super::originals::revocation_list());
    put("image", "seal", include_bytes!("../../src/seal/demo/seal.png"));
    put("image", "photo", &std::fs::read("examples/photos/01.jpg").unwrap());
    put("layout", "attacked", include_bytes!("../layouts/attacked.xml"));
    for layout in ["scores", "form", "roster", "straddle", "wrong"] {
        put("layout", layout, &std::fs::read(format!("tests/layouts/{layout}.xml")).unwrap());
    }
    let rows = ["name,number\n张三,1\n", "{\"name\":\"张三\",\"number\":1}\n", "{\"name\":\"张三\"}"];
    for (kind, row) in (0u8..).zip(rows) {
        put("records", &kind.to_string(), &[&[kind], row.as_bytes()].concat());
    }
}
