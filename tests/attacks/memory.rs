//! What verification takes of memory, measured in a process of its own: bombs, and the largest files that are let in.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use certpress::{mark, verify};

use super::originals::{new_policy, originals};
use super::package::{LIST, PAGE, Parts, RECORD};
use super::photographs::png;
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
    if bytes.starts_with(b"\x89PNG") {
        assert_eq!(mark::scan(&bytes), Ok(Vec::new()));
    } else {
        // What comes again is remembered, which takes memory too.
        let policy = new_policy();
        (0..2).for_each(|_| drop(verify::file(&bytes, &policy)));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM:")).unwrap());
}

/// A package of stored parts, which can be as large as they say.
fn stored(parts: &Parts) -> Vec<u8> {
    Zip::of(parts.0.iter().map(|(name, data)| Entry::stored(name, data)).collect()).build()
}

fn elements(count: usize) -> Parts {
    let end = "</ofd:Signatures>";
    originals().one.ofd.clone().replace(LIST, end, &format!("{}{end}", "<ofd:x/>".repeat(count)))
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

/// A page whose only outline has so many sides.
fn sides(count: usize) -> Parts {
    let path = format!(
        "<ofd:PathObject ID=\"99999\" Boundary=\"0 0 9 9\" Stroke=\"false\" Fill=\"true\"><ofd:AbbreviatedData>M 0 0 {}</ofd:AbbreviatedData></ofd:PathObject></ofd:Layer>",
        "L 1 1 ".repeat(count)
    );
    originals().one.ofd.clone().replace(PAGE, "</ofd:Layer>", &path)
}

/// A record with so many more fields.
fn fields(count: usize) -> Parts {
    let more: String = (0..count).map(|i| format!("\"{i:x}\":0,")).collect();
    originals().one.ofd.clone().replace(RECORD, "\"fields\":{", &format!("\"fields\":{{{more}"))
}

#[test]
#[cfg(target_os = "linux")]
fn nothing_takes_more_than_it_may() {
    let one = &originals().one.ofd;
    let limits = new_policy().limits;
    let zeros = |count: usize| vec![0; count];
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
        ("as many sides as there may be", stored(&sides(limits.objects / 2 - 20_000))),
        ("twice as many sides", stored(&sides(limits.objects))),
        ("as many values as there may be", stored(&fields(240_000))),
        ("more of them", stored(&fields(300_000))),
        ("as many entries as there may be", {
            let mut zip = one.zip();
            zip.entries
                .extend((0..limits.entries - 40).map(|i| Entry::stored(&format!("Doc_0/Res/{i}.bin"), b"")));
            zip.build()
        }),
        ("a PDF", originals().one.pdf.clone()),
        ("as large a picture as there may be", png(8000, &zeros(64_000_000))),
    ];
    let peaks: Vec<(&str, u64)> = files.iter().map(|(name, bytes)| (*name, peak(bytes))).collect();
    assert!(peaks.iter().all(|(_, peak)| *peak <= MOST_KIB), "{peaks:#?}");
}

#[test]
#[cfg(target_os = "linux")]
fn many_threads_take_no_more_than_one_file_may() {
    const JOBS: usize = 6;
    let folder = tempfile::tempdir().unwrap();
    let hostile = stored(&glyphs(new_policy().limits.objects - 1000));
    (0..JOBS).for_each(|i| std::fs::write(folder.path().join(format!("{i}.ofd")), &hostile).unwrap());
    // What is told of the folder comes in groups of four for each thread; small files fill up the first, and then it waits for its input.
    let small = (JOBS..4 * JOBS).map(|i| folder.path().join(format!("{i}.pdf")));
    small.for_each(|path| std::fs::write(path, "no certificate").unwrap());
    let mut child = Command::new(env!("CARGO_BIN_EXE_certpress"))
        .args(["verify", "--json", "--jobs", &JOBS.to_string()])
        .args([folder.path(), Path::new("-")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines: Vec<String> = told.by_ref().map(Result::unwrap).take(4 * JOBS).collect();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(
        lines.iter().filter(|line| line.contains("\"verdict\":\"MALFORMED\"")).count(),
        3 * JOBS,
        "{lines:#?}"
    );
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    let peak: u64 = peak.unwrap();
    assert!(peak <= MOST_KIB, "{peak} KiB");
}
