//! The README's commands do what it says.
//!
//! Commands are taken out of the fenced blocks under their headings and run in the repository, with the built program in
//! place of `cargo run --release --`, a folder of the test's own in place of `out`, and fewer records.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::path::Path;
use std::process::Command;

/// The lines of the first fenced block under `heading`, without prompts and comments.
fn commands<'a>(readme: &'a str, heading: &str) -> Vec<&'a str> {
    let below = readme.lines().skip_while(|line| *line != heading).skip(1);
    let section = below.take_while(|line| !line.starts_with("## "));
    let block = section.skip_while(|line| !line.starts_with("```")).skip(1);
    block
        .take_while(|line| !line.starts_with("```"))
        .map(|line| line.trim_start_matches("$ ").trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

#[test]
fn the_first_command_makes_sealed_certificates() {
    let readme = readme();
    let command = commands(&readme, "## Make certificates")[0];
    let out = tempfile::tempdir().unwrap();
    let arguments = command.strip_prefix("cargo run --release -- ").expect("it is run by cargo");
    let words: Vec<&str> = arguments.split_whitespace().collect();
    let at = words.iter().position(|word| *word == "--out").expect("it says where to write");
    let ended = Command::new(env!("CARGO_BIN_EXE_certpress"))
        .args(&words[..=at])
        .arg(out.path())
        .args(&words[at + 2..])
        .args(["--limit", "12"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let files = std::fs::read_dir(out.path()).unwrap().count();
    assert_eq!(files, 2 * 12 + 2, "an OFD and a PDF for each record, the manifest and the catalogue");
}

#[test]
fn the_second_command_is_the_one_that_runs_this_test() {
    assert_eq!(commands(&readme(), "## Run the tests")[0], "cargo test");
}

#[test]
fn every_layout_and_record_file_that_the_readme_names_exists() {
    let readme = readme();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for word in readme.split(|c: char| c.is_whitespace() || "()[]`\"'".contains(c)) {
        let shipped = ["layouts/", "examples/", "fonts/"].iter().any(|folder| word.starts_with(folder));
        if shipped && !word.contains(['*', '…']) {
            assert!(root.join(word).exists(), "README.md names {word}, which is not there");
        }
    }
}
