//! What verification takes of memory, measured in a process of its own: bombs, and the largest files that are let in.

use std::path::Path;
use std::process::Command;

use certpress::verify;

use super::originals::{originals, policy};
use super::package::{LIST, PAGE, Parts};
use super::zip::{Entry, Zip};

/// The file to verify, in the process that is measured.
const FILE: &str = "CERTPRESS_TEST_MEMORY_FILE";
/// What all of it may take, program and file included.
const MOST_KIB: u64 = 256 << 10;

/// Peak memory of a process that verifies `bytes`, in KiB.
fn peak(bytes: &[u8]) -> u64 {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "memory::verifies_the_file_it_is_given", "--ignored", "--nocapture"])
        .env(FILE, file.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    let peak =
        said.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    peak.unwrap_or_else(|| panic!("{}: {said}{}", child.status, String::from_utf8_lossy(&child.stderr)))
}

#[test]
#[ignore = "run by the test below, in a process of its own"]
fn verifies_the_file_it_is_given() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let bytes = std::fs::read(Path::new(&path)).unwrap();
    verify::file(&bytes, policy());
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM:")).unwrap());
}

/// A package of stored parts, which can be as large as they say.
fn stored(parts: &Parts) -> Vec<u8> {
    Zip::of(parts.0.iter().map(|(name, data)| Entry::stored(name, data)).collect()).build()
}

fn glyphs(count: usize) -> Parts {
    let page = originals().one.ofd.text(PAGE);
    let start = page.find("<ofd:TextCode").unwrap();
    let end = start + page[start..].find("</ofd:TextCode>").unwrap() + "</ofd:TextCode>".len();
    // Every glyph is placed by an advance of its own, or all by one.
    let codes = format!(
        "<ofd:TextCode X=\"0\" Y=\"0\" DeltaX=\"g {} 1\">{}</ofd:TextCode>",
        count - 1,
        "样".repeat(count)
    );
    originals().one.ofd.clone().set(PAGE, format!("{}{codes}{}", &page[..start], &page[end..]))
}

#[test]
#[cfg(target_os = "linux")]
fn nothing_takes_more_than_it_may() {
    let one = &originals().one.ofd;
    let limits = policy().limits;
    let zeros = |count: usize| vec![0; count];
    let elements = |count: usize| {
        one.clone().replace(
            LIST,
            "</ofd:Signatures>",
            &format!("{}</ofd:Signatures>", "<ofd:x/>".repeat(count)),
        )
    };
    let files = [
        ("a certificate", one.build()),
        ("a bomb of a part", {
            let mut zip = one.zip();
            zip.entries.push(Entry::deflated("Doc_0/Res/bomb.bin", &zeros(64 << 20)));
            zip.build()
        }),
        ("the most of a part", stored(&one.clone().set("Doc_0/Res/large.bin", zeros(limits.part as usize)))),
        ("as many elements as there may be", stored(&elements(limits.nodes as usize - 100))),
        ("as many glyphs as there may be", stored(&glyphs(limits.objects - 1000))),
        ("as many entries as there may be", {
            let mut zip = one.zip();
            zip.entries
                .extend((0..limits.entries - 40).map(|i| Entry::stored(&format!("Doc_0/Res/{i}.bin"), b"")));
            zip.build()
        }),
        ("a PDF", originals().one.pdf.clone()),
    ];
    let peaks: Vec<(&str, u64)> = files.iter().map(|(name, bytes)| (*name, peak(bytes))).collect();
    assert!(peaks.iter().all(|(_, peak)| *peak <= MOST_KIB), "{peaks:#?}");
}
